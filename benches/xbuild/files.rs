//! One project of many small files, written for each build tool.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Sources, each with an object file of its own.
pub const SOURCES: u32 = 2000;
/// Each source includes one of them, and the one that all include.
const HEADERS: u32 = 20;

const FLAGS: [&str; 4] = ["-O2", "-Wall", "-Iinclude", "-MMD"];

/// Writes sources and the files of all tools; `compiler` is in the place of one.
pub fn write(folder: &Path, compiler: &str) -> Result<(), String> {
    for name in ["src", "include", "build"] {
        fs::create_dir_all(folder.join(name)).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let put = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    };
    put("include/all.h", "#define ALL 1\n")?;
    for number in 0..HEADERS {
        put(&format!("include/part{number}.h"), &format!("#define PART {number}\n"))?;
    }
    for number in 0..SOURCES {
        put(&source(number), &source_text(number, 0))?;
    }
    put("xbuild.json", &for_xbuild(compiler))?;
    put("build.ninja", &for_ninja(compiler))?;
    put("Makefile", &for_make(compiler))
}

/// The name of a source.
pub fn source(number: u32) -> String {
    format!("src/file{number}.c")
}

/// Its contents, which differ by version.
pub fn source_text(number: u32, version: u32) -> String {
    let part = number % HEADERS;
    format!(
        "#include \"all.h\"\n#include \"part{part}.h\"\n\nint file{number}(void)\n{{\n\treturn ALL + PART + {version};\n}}\n"
    )
}

fn for_xbuild(compiler: &str) -> String {
    let names: Vec<String> = (0..SOURCES).map(|number| format!("\"file{number}\"")).collect();
    let flags = FLAGS.map(|flag| format!("\"{flag}\"")).join(", ");
    format!(
        r#"{{
  "loop": {{ "FILE": [{}] }},
  "target": {{
    "build": {{ "targets": ["{{FILE}}.o"] }},
    "{{FILE}}.o": {{
      "exec": [["{compiler}", {flags}, "-MF", "{{DISTX_BUILD}}/{{FILE}}.d", "-c", "src/{{FILE}}.c", "-o", "{{DISTX_BUILD}}/{{FILE}}.o"]],
      "inputs": ["src/{{FILE}}.c"],
      "outputs": ["{{DISTX_BUILD}}/{{FILE}}.o"],
      "make-deps": "{{DISTX_BUILD}}/{{FILE}}.d"
    }}
  }}
}}
"#,
        names.join(", ")
    )
}

fn for_ninja(compiler: &str) -> String {
    let mut text = format!(
        "builddir = build\nrule cc\n  command = {compiler} {} -MF $out.d -c $in -o $out\n  depfile = $out.d\n  deps = gcc\n",
        FLAGS.join(" ")
    );
    let _ = (0..SOURCES).try_for_each(|number| writeln!(text, "build build/file{number}.o: cc src/file{number}.c"));
    text
}

/// Without built-in rules, which would cost it a search for each file.
fn for_make(compiler: &str) -> String {
    let objects: Vec<String> = (0..SOURCES).map(|number| format!("build/file{number}.o")).collect();
    format!(
        "MAKEFLAGS += -rR\nOBJECTS := {}\nall: $(OBJECTS)\nbuild/%.o: src/%.c\n\t{compiler} {} -MF $(@:.o=.d) -c $< -o $@\n-include $(wildcard build/*.d)\n",
        objects.join(" "),
        FLAGS.join(" ")
    )
}
