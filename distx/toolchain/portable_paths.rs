//! File names between Windows and portable programs, which know `/c/folder/file` and take a backslash for a letter.
//!
//! clang and lld of the package `llvm` are such programs: on Windows their arguments are rewritten on the way in, and what they write
//! for other tools (names of results, lists of dependencies) on the way out.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::options::{Argument, CLANG};

/// Options whose next word is text of the program, not a path.
const TEXT: [&str; 4] = ["-D", "-U", "--define-macro", "--undefine-macro"];

/// Variables with lists of folders for clang.
pub const LISTS: [&str; 5] = ["CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "LIBRARY_PATH"];

/// A command line for a portable clang or lld. Macros stay as they are: their text may end up in the program.
pub fn arguments(args: &[OsString]) -> Vec<OsString> {
    let mut is_text = false;
    let portable = args.iter().map(|word| {
        let text = word.to_str().unwrap_or_default();
        let stays = is_text || word.to_str().is_none() || TEXT.iter().any(|option| text.starts_with(option));
        is_text = !is_text && TEXT.contains(&text);
        if stays { word.clone() } else { argument(text).into() }
    });
    portable.collect()
}

/// A word: `C:\folder\file` becomes `/c/folder/file`, also in an option (`-IC:\x`, `-Wl,-Map,C:\x`).
pub fn argument(word: &str) -> String {
    let word = word.replace('\\', "/");
    let mut portable = String::with_capacity(word.len() + 1);
    let mut rest = word.as_str();
    let is_option = word.starts_with('-');
    while let Some((at, drive)) = drive(rest, is_option, portable.is_empty()) {
        portable.push_str(&rest[..at]);
        portable.extend(['/', drive.to_ascii_lowercase()]);
        rest = &rest[at + 2..];
    }
    portable + rest
}

/// Where the next drive stands. In an option it may follow the letters of its name, once, or a separator.
fn drive(text: &str, is_option: bool, first: bool) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let at = bytes.windows(3).enumerate().position(|(at, window)| {
        let begins = match at.checked_sub(1).and_then(|before| bytes.get(before)) {
            None => first,
            Some(before) => is_option && (first || matches!(before, b'=' | b',' | b';')),
        };
        begins && window[0].is_ascii_alphabetic() && window[1] == b':' && window[2] == b'/'
    })?;
    Some((at, char::from(bytes[at])))
}

/// A list of folders as Windows has it, `C:\a;D:\b`, becomes `/c/a:/d/b`.
pub fn list(text: &str) -> String {
    text.split(';').map(argument).collect::<Vec<_>>().join(":")
}

/// The name of a file that a portable program was told or tells, for this system.
pub fn host(name: OsString) -> PathBuf {
    match name.to_str().filter(|_| cfg!(windows)) {
        Some(text) => windows(text, &std::env::temp_dir().to_string_lossy()).into(),
        None => name.into(),
    }
}

/// `/c/folder/file` becomes `C:/folder/file`, and `/tmp` the folder for temporary files.
fn windows(text: &str, temporary: &str) -> String {
    match (text.strip_prefix("/tmp/"), text.as_bytes()) {
        (Some(name), _) => format!("{}/{name}", temporary.trim_end_matches(['/', '\\'])),
        (None, [b'/', drive, b'/', ..]) if drive.is_ascii_alphabetic() => {
            format!("{}:{}", char::from(drive.to_ascii_uppercase()), &text[2..])
        }
        _ => text.to_owned(),
    }
}

/// The file that clang writes a list of dependencies to, if it is asked for one.
pub fn dependency_file(args: &[OsString]) -> Option<PathBuf> {
    let args = CLANG.parse(args.to_vec());
    if !args.iter().any(|argument| matches!(argument.name(), "-MD" | "-MMD")) {
        return None;
    }
    let last = |option: &str| args.iter().rfind(|argument| argument.name() == option).and_then(Argument::value);
    let beside = |name: &OsStr| Path::new(name).with_extension("d");
    let source =
        || args.iter().filter_map(Argument::file).map(|file| beside(Path::new(file).file_name().unwrap_or(file)));
    last("-MF").map(PathBuf::from).or_else(|| last("-o").map(beside)).or_else(|| source().next())
}

/// A list of dependencies for make and ninja, with names as Windows knows them.
pub fn dependencies(text: &str) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut word = String::new();
    let mut before = '\n';
    for char in text.chars() {
        // A blank in a name has a backslash before it.
        if matches!(char, ' ' | '\n') && !(char == ' ' && before == '\\') {
            rewritten.push_str(&windows(&word, "/tmp"));
            rewritten.push(char);
            word.clear();
        } else {
            word.push(char);
        }
        before = char;
    }
    rewritten + &windows(&word, "/tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_windows_become_portable() {
        for (word, portable) in [
            (r"C:\Users\a b\x.c", "/c/Users/a b/x.c"),
            ("d:/x.c", "/d/x.c"),
            (r"src\x.c", "src/x.c"),
            (r"\\server\share\x", "//server/share/x"),
            (r"-IC:\include", "-I/c/include"),
            (r"--sysroot=C:\root", "--sysroot=/c/root"),
            (r"-ffile-prefix-map=C:\a=D:\b", "-ffile-prefix-map=/c/a=/d/b"),
            (r"-Wl,-Map,C:\a.map,-Tx.ld", "-Wl,-Map,/c/a.map,-Tx.ld"),
            ("https://host/x", "https://host/x"),
            ("-fdebug-prefix-map=/c/a=x", "-fdebug-prefix-map=/c/a=x"),
            ("C:", "C:"),
            ("-std=c++20", "-std=c++20"),
            ("", ""),
        ] {
            assert_eq!(argument(word), portable);
        }
        assert_eq!(list(r"C:\a;D:\b c;e"), "/c/a:/d/b c:e");
    }

    #[test]
    fn macros_stay_as_they_are() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let args = words(r#"-D P="C:\x" -DQ="D:\y" -D -D C:\a.c -o C:\a.o"#);
        assert_eq!(arguments(&args), words(r#"-D P="C:\x" -DQ="D:\y" -D -D /c/a.c -o /c/a.o"#));
    }

    #[test]
    fn the_file_of_dependencies_is_known() {
        for (args, file) in [
            ("-MD -MF b/x.d -c x.c -o b/x.o", Some("b/x.d")),
            ("-MMD -c x.c -o b/x.c.o", Some("b/x.c.d")),
            ("-MD -c src/x.c", Some("x.d")),
            ("-c x.c -MF x.d", None),
        ] {
            let args: Vec<OsString> = args.split(' ').map(OsString::from).collect();
            assert_eq!(dependency_file(&args), file.map(PathBuf::from));
        }
    }

    #[test]
    fn names_come_back() {
        for (name, windows) in [
            ("/c/x/a.o", "C:/x/a.o"),
            ("/tmp/a-1.o", r"C:\Temp/a-1.o"),
            ("a.o", "a.o"),
            ("//server/share/x", "//server/share/x"),
            ("/usr/include/x.h", "/usr/include/x.h"),
            ("/", "/"),
        ] {
            assert_eq!(super::windows(name, r"C:\Temp\"), windows);
        }
        if !cfg!(windows) {
            assert_eq!(host("/c/x".into()), PathBuf::from("/c/x"));
        }
        assert_eq!(
            dependencies("/c/x/a.o: /c/x/a\\ b.c \\\n  /d/y.h \\\n  inc/z.h\n/d/y.h:\n"),
            "C:/x/a.o: C:/x/a\\ b.c \\\n  D:/y.h \\\n  inc/z.h\nD:/y.h:\n"
        );
    }
}
