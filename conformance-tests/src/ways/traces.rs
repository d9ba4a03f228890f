//! What the loader shows of its work: `XLOAD_DEBUG`.

use super::way::{Way, expect};
use crate::run::Outcome;

fn start(way: &Way<'_>, words: &str) -> Result<Outcome, String> {
    way.finish(way.host.command(&way.path("program")).env("XLOAD_DEBUG", words).current_dir(&way.folder))
}

/// Each word shows its own lines, and none shows nothing.
pub fn shown_by_words(way: &Way<'_>) -> Result<(), String> {
    way.write("own.c", "int own(void) { return 3; }\n")?;
    let main = "#include <dlfcn.h>\n#include <stdio.h>\nint own(void); __attribute__((weak)) int gone(void);\nint main(void)\n{\n\t\
                return printf(\"says\\n\") == 5 && !gone && dlsym(0, \"own\") ? own() : 1;\n}\n";
    way.write("main.c", main)?;
    way.compile("-shared -fPIC own.c -o libown.so")?;
    way.compile("main.c -L. -lown -o program")?;
    let parts: [(&str, &[&str]); 3] = [
        (
            "files",
            &[
                "libown.so is looked for, asked for by ",
                "xload: files:   found ",
                "/libown.so lies at 0x",
                "/program lies at 0x",
                "/libown.so is initialised",
                "/program is finalised",
            ],
        ),
        (
            "symbols",
            &["own of program in program\n", "own of program in libown.so\n", "printf of program in libc.so\n"],
        ),
        (
            "bindings",
            &[
                "own of program is of libown.so\n",
                "printf of program is of libc.so\n",
                "xload_host of libc.so is of the loader\n",
                "gone of program is of nothing, as it is weak\n",
                "own of dlsym is of libown.so\n",
            ],
        ),
    ];
    let mut all = String::new();
    for (word, parts) in parts {
        let outcome = start(way, word)?;
        expect(&outcome, 3, parts)?;
        let own = format!("xload: {word}: ");
        let other = outcome.said.lines().find(|line| !line.starts_with(own.as_str()) && *line != "says");
        if let Some(line) = other {
            return Err(format!("{word}: {line}"));
        }
        all += &format!("{word},");
    }
    let outcome = start(way, &all)?;
    expect(&outcome, 3, &["xload: files: ", "xload: symbols: ", "xload: bindings: "])?;
    let outcome = start(way, "file,bindings")?;
    expect(&outcome, 3, &["xload: XLOAD_DEBUG: unknown word file; ", "xload: bindings: "])?;
    let outcome = start(way, "help")?;
    expect(&outcome, 0, &["files ", "symbols ", "bindings "])?;
    if outcome.said.contains("says") {
        return Err("the program ran".into());
    }
    match start(way, "")? {
        outcome if outcome.said == "says\n" => Ok(()),
        outcome => Err(outcome.said),
    }
}
