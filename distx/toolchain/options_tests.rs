use std::process::Command;

use super::*;

fn parse(syntax: &Syntax, line: &str) -> Vec<(String, String)> {
    let parsed = syntax.parse(line.split_whitespace().map(OsString::from).collect());
    let name = |argument: &Argument| match argument.file() {
        Some(file) => (String::new(), file.to_string_lossy().into_owned()),
        None => (argument.name().to_owned(), argument.text().to_owned()),
    };
    parsed.iter().map(name).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_value_is_the_next_word_or_part_of_its_own() {
    for (line, expected) in [
        ("-Xlinker -static a.c", &[("-Xlinker", "-static"), ("", "a.c")][..]),
        ("-o -static -D_X=2 -D _Y=3", &[("-o", "-static"), ("-D", "_X=2"), ("-D", "_Y=3")]),
        ("-std=c99 --param a=b -x c", &[("-std", "c99"), ("--param", "a=b"), ("-x", "c")]),
        ("- -c -- -static", &[("", "-"), ("-c", ""), ("--", ""), ("", "-static")]),
        ("-o", &[("-o", "")]),
    ] {
        assert_eq!(parse(&CLANG, line), pairs(expected), "{line}");
    }
    for (line, expected) in [
        ("-oa -o b --output=c --output d -output e", &["a", "b", "c", "d", "e"][..]),
        ("-omagic -oformat elf", &["", "elf"]),
        ("-rpath -static --rpath -shared", &["-static", "-shared"]),
        ("-z now -znow", &["now", "now"]),
    ] {
        let values: Vec<_> = parse(&LLD, line).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, expected, "{line}");
    }
}

#[test]
fn letters_may_share_a_word() {
    for (line, expected) in [
        ("-gR .comment prog", &[("-R", ".comment"), ("", "prog")][..]),
        ("-R.comment prog", &[("-R", ".comment"), ("", "prog")]),
        ("-sgo out prog", &[("-o", "out"), ("", "prog")]),
        ("-gs prog", &[("-gs", ""), ("", "prog")]),
        ("--strip-debug --keep-symbol=main prog", &[("--strip-debug", ""), ("--keep-symbol", "main"), ("", "prog")]),
    ] {
        assert_eq!(parse(&STRIP, line), pairs(expected), "{line}");
    }
}

#[test]
fn the_words_stay_as_they_were() {
    for syntax in [&CLANG, &LLD, &STRIP, &OBJCOPY] {
        for line in ["-a -b c -R.x -R y --z=1 - -- -o", "-o a -l b -L c", "-o", ""] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let back: Vec<OsString> = syntax.parse(words.clone()).into_iter().flat_map(Argument::into_words).collect();
            assert_eq!(back, words, "{line}");
        }
    }
}

/// Standard output and error of an LLVM tool.
fn says(tool: &str, args: &[&str]) -> String {
    // Some tools write a file before they complain.
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(crate::tools::llvm(tool).expect("LLVM"));
    let output = command.args(args).current_dir(&folder).output().expect("runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An option that takes the next word swallows `--version`.
fn swallows(tool: &str, options: &[&str]) -> bool {
    let args: Vec<&str> = options.iter().flat_map(|option| [*option, "--version"]).collect();
    let text = says(tool, &args);
    !["LLVM version", "LLD ", "clang version"].iter().any(|version| text.contains(version))
}

/// The option of a line of a `--help` text, and what stands behind its name.
fn documented(line: &str) -> Option<(&str, &str)> {
    let option = line.strip_prefix("  ").filter(|option| option.starts_with('-'))?;
    let end = option.find([' ', '=', '<', '[']).unwrap_or(option.len());
    Some(option.split_at(end))
}

#[test]
fn every_option_of_the_tables_takes_a_value() {
    for (tool, syntax) in [("clang", &CLANG), ("ld.lld", &LLD), ("llvm-strip", &STRIP), ("llvm-objcopy", &OBJCOPY)] {
        // Ours, and one whose value is a command line of its own.
        let clear = |name: &&str| !["--target-arch", "--mllvm"].contains(name);
        let all: Vec<&str> = syntax.separate.iter().copied().filter(clear).collect();
        for options in all.chunks(16) {
            assert!(swallows(tool, options), "{tool}: one of {options:?} takes no value");
        }
    }
}

#[test]
fn every_documented_option_that_takes_a_value_is_in_the_tables() {
    let help = says("clang", &["--help-hidden"]);
    let separate: Vec<&str> =
        help.lines().filter_map(documented).filter(|(_, rest)| rest.starts_with(" <")).map(|(name, _)| name).collect();
    assert!(separate.len() > 50, "the help text has another form");
    for name in separate {
        assert!(CLANG.takes_next(name), "clang: {name}");
    }
    for (tool, syntax) in [("ld.lld", &LLD), ("llvm-strip", &STRIP), ("llvm-objcopy", &OBJCOPY)] {
        let help = says(tool, &["--help"]);
        let with_value = |rest: &str| rest.starts_with('=') || rest.starts_with(" <");
        let options: Vec<_> = help.lines().filter_map(documented).filter(|(_, rest)| with_value(rest)).collect();
        assert!(options.len() >= 5, "{tool}: the help text has another form");
        for (name, _) in options {
            assert!(syntax.takes_next(name) || !swallows(tool, &[name]), "{tool}: {name}");
        }
    }
}
