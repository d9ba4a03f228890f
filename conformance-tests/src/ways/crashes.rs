//! What the loader says of a program that a fault ends leads to the line of the source.

use std::process::Command;

use super::way::Way;
use crate::hosts::distx;
use crate::programs::ended_by;
use crate::run::{Outcome, quiet};

/// Where a frame is: file and offset.
fn frame(outcome: &Outcome, number: usize) -> Result<(&str, &str), String> {
    let start = format!("xload:   {number:2}  ");
    let line = outcome.said.lines().find_map(|line| line.strip_prefix(start.as_str()));
    let place = line.and_then(|line| line.split(' ').next()?.split_once('+'));
    place.ok_or_else(|| format!("{}: no frame {number} in:\n{}", outcome.ending(), outcome.said))
}

fn crashed(way: &Way<'_>, arguments: &[&str]) -> Result<Outcome, String> {
    let mut command = way.host.command(&way.path("program"));
    let outcome = way.finish(command.args(arguments).current_dir(&way.folder))?;
    match ended_by(way.host, &outcome, "11") {
        true => Ok(outcome),
        false => Err(format!("{}: {}", outcome.ending(), outcome.said)),
    }
}

/// The offsets of a report are what `addr2line` takes, for each file; without symbols file and offset are still there.
pub fn report_leads_to_the_line(way: &Way<'_>) -> Result<(), String> {
    way.write("deep.c", "volatile int *volatile place;\nint deep(int n)\n{\n\t*place = n;\n\treturn n + 1;\n}\n")?;
    way.write("main.c", "int deep(int);\nint main(int n, char **v)\n{\n\t(void)v;\n\treturn deep(n) + 1;\n}\n")?;
    way.compile("-g -O1 -shared -fPIC deep.c -o libdeep.so")?;
    way.compile("-g -O1 main.c -L. -ldeep -o program")?;
    let outcome = crashed(way, &[])?;
    for (number, name, line) in [(0, "libdeep.so", "deep.c:4"), (1, "program", "main.c:5")] {
        let (file, offset) = frame(&outcome, number)?;
        let mut resolve = Command::new(distx(way.root).join("bin/distx"));
        let resolved = way.finish(resolve.args(["addr2line", "-e", name, offset]).current_dir(&way.folder))?;
        if file != name || !resolved.said.trim_end().ends_with(line) {
            return Err(format!("{file}+{offset} is {}, not {name}, {line}", resolved.said));
        }
    }
    let offset = frame(&outcome, 1)?.1.to_owned();
    let mut strip = Command::new(distx(way.root).join("bin/distx"));
    quiet(strip.args(["strip", "program", "libdeep.so"]).current_dir(&way.folder), &way.folder, "strip")?;
    let outcome = crashed(way, &[])?;
    // What a library exports it still names.
    let named = outcome.said.contains(" (deep+0x") && !outcome.said.contains("(main+");
    if named && frame(&outcome, 0)?.0 == "libdeep.so" && frame(&outcome, 1)? == ("program", offset.as_str()) {
        Ok(())
    } else {
        Err(format!("stripped: {}", outcome.said))
    }
}

/// A program without standard error output ends as any other.
pub fn report_to_nobody(way: &Way<'_>) -> Result<(), String> {
    let text = "#include <fcntl.h>\n#include <unistd.h>\nint main(int n, char **v)\n{\n\tint to = v[1][0] == 'f' ? open(\"file\", O_CREAT | \
                O_WRONLY, 0600) : -1;\n\tclose(2);\n\tif (to >= 0 && dup2(to, 2) != 2)\n\t\treturn n;\n\t*(volatile int *)8 = \
                1;\n}\n";
    way.write("main.c", text)?;
    way.compile("-Wno-array-bounds main.c -o program")?;
    let outcome = crashed(way, &["closed"])?;
    if !outcome.said.is_empty() {
        return Err(format!("closed: {}", outcome.said));
    }
    let outcome = crashed(way, &["file"])?;
    let file = std::fs::read_to_string(way.path("file")).map_err(|error| error.to_string())?;
    if !outcome.said.is_empty() || !file.starts_with("xload: SIGSEGV at address 0x8\n") {
        return Err(format!("in a file: {file}; beside it: {}", outcome.said));
    }
    Ok(())
}
