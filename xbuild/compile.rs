//! Commands of compilers: which they are, what people read of them, and `compile_commands.json`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::files::Files;
use crate::paths::last;
use crate::project::Target;

/// Endings of sources.
const SOURCES: [&str; 14] = ["c", "cc", "cpp", "cxx", "c++", "C", "cppm", "ixx", "m", "mm", "s", "S", "f90", "cu"];
/// Names of compilers, behind a prefix such as `x86_64-distx-`, before a version such as `-19` and `.exe`.
const COMPILERS: [&str; 6] = ["clang", "clang++", "cc", "c++", "gcc", "g++"];

/// Whether the program of a command is a compiler of C or C++.
pub fn is_compiler(program: &str) -> bool {
    let name = last(program);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let name = match name.rsplit_once('-') {
        Some((before, version)) if !version.is_empty() && version.bytes().all(|c| c.is_ascii_digit() || c == b'.') => {
            before
        }
        _ => name,
    };
    let name = name.rsplit_once('-').map_or(name, |(_, name)| name);
    COMPILERS.contains(&name)
}

/// The source of a command that compiles one to an object file.
pub fn source<'a>(command: &[&'a str]) -> Option<&'a str> {
    let (program, arguments) = command.split_first()?;
    if !is_compiler(program) || !arguments.contains(&"-c") {
        return None;
    }
    let is_source = |name: &str| {
        !name.starts_with('-') && name.rsplit_once('.').is_some_and(|(_, ending)| SOURCES.contains(&ending))
    };
    // The value of an option is not one: -MF a.c, -o a.c
    let valued = |at: usize| at > 0 && matches!(arguments[at - 1], "-o" | "-MF" | "-MT" | "-MQ" | "-include" | "-I");
    arguments.iter().enumerate().find(|(at, name)| is_source(name) && !valued(*at)).map(|(_, name)| *name)
}

/// What a command makes, by its `-o`.
pub fn output<'a>(command: &[&'a str]) -> Option<&'a str> {
    let at = command.iter().position(|argument| *argument == "-o")?;
    command.get(at + 1).copied()
}

/// A command in two words: its program, and its source, else its result, else the target.
pub fn label(target: &Target<'_>, files: &Files<'_>, command: &[&str]) -> String {
    let program = command.first().map_or("", |program| last(program));
    let object = source(command)
        .or_else(|| output(command).map(last))
        .or(target.outputs.first().map(|id| last(files.path(*id))));
    format!("{program} {}", object.unwrap_or(target.name))
}

/// A command as a line that a shell of Unix reads.
pub fn line(command: &[&str]) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./=+:,@%^".contains(c);
    let word = |word: &&str| match word.is_empty() || !word.chars().all(is_plain) {
        true => format!("'{}'", word.replace('\'', "'\\''")),
        false => String::from(*word),
    };
    command.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The text of `compile_commands.json`; `None` where nothing is compiled.
pub fn database(targets: &[Target<'_>], folder: &str) -> Option<String> {
    let mut text = String::new();
    for command in targets.iter().flat_map(|target| &target.exec) {
        let Some(source) = source(command) else { continue };
        let arguments: Vec<String> = command.iter().map(|argument| json(argument)).collect();
        text += if text.is_empty() { "[\n" } else { ",\n" };
        text += &format!(
            "{{\"directory\": {}, \"file\": {}, \"arguments\": [{}]",
            json(folder),
            json(source),
            arguments.join(", ")
        );
        if let Some(output) = output(command) {
            text += &format!(", \"output\": {}", json(output));
        }
        text.push('}');
    }
    (!text.is_empty()).then(|| text + "\n]\n")
}

/// A string of JSON.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Folder;

    fn words(line: &str) -> Vec<&str> {
        line.split(' ').collect()
    }

    #[test]
    fn compilers_are_known_by_their_names() {
        for name in [
            "clang",
            "/x/clang++",
            "x86_64-distx-cc",
            "clang-19",
            "c++",
            "g++-13.2",
            "C:/bin/clang.exe",
            "aarch64-linux-gnu-gcc",
        ] {
            assert!(is_compiler(name), "{name}");
        }
        for name in ["clang-format", "ld", "xcc", "ccache", "clang-tidy-19", ""] {
            assert!(!is_compiler(name), "{name}");
        }
    }

    #[test]
    fn the_source_is_found_among_options() {
        assert_eq!(source(&words("cc -MF a.c -c b/main.cpp -o x.c")), Some("b/main.cpp"));
        assert_eq!(source(&words("cc main.c -o x")), None);
        assert_eq!(source(&words("ar -c main.c")), None);
    }

    #[test]
    fn editors_get_a_database() {
        let command = ["cc", "-c", "-DA=\"\\x\"", "a.c", "-o", "a.o"].to_vec();
        let target = Target {
            name: "a",
            at: recipe::Position { line: 1, column: 1 },
            exec: alloc::vec![words("mkdir b"), command],
            targets: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            depfiles: Vec::new(),
            env: Vec::new(),
        };
        let text = database(core::slice::from_ref(&target), "/p").expect("a command");
        assert_eq!(
            text,
            "[\n{\"directory\": \"/p\", \"file\": \"a.c\", \"arguments\": [\"cc\", \"-c\", \"-DA=\\\"\\\\x\\\"\", \"a.c\", \"-o\", \"a.o\"], \"output\": \"a.o\"}\n]\n"
        );
        assert!(recipe::json::parse(text.as_bytes()).is_ok());
        let folder = Folder::current().expect("a folder");
        let files = Files::new(&folder);
        assert_eq!(label(&target, &files, &target.exec[0]), "mkdir a");
        assert_eq!(label(&target, &files, &target.exec[1]), "cc a.c");
        assert_eq!(database(&[], "/p"), None);
    }

    #[test]
    fn a_command_is_shown_as_a_shell_takes_it() {
        assert_eq!(line(&["a", "b c", "", "it's"]), "a 'b c' '' 'it'\\''s'");
    }
}
