//! Programs of our own kind in a command for the host's shell. A host that does not know the kind would start such a file
//! without a loader, so each one that the command names gets the loader in front, as the person at the shell would write it.
//! A command that is only one program's name and arguments needs no shell: that works whatever the host's shell is.
//!
//! Only the structure of the command is read (POSIX.1-2024 XCU 2): where a word is a command's name. What depends on the shell's
//! own state, such as expansions, here-documents and loops over words, ends the search: the rest stays as it is.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use platform::{Errno, Fd, Platform, abi};

use super::kind::is_ours;
use crate::files::base_name;

/// Where a program of our own kind lies that a command names.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// Where the word says.
    There,
    /// Here, by way of `PATH`.
    At(Vec<u8>),
}

/// What to start instead of a shell with a command.
pub(super) enum Start {
    /// The program itself: the command is its name and arguments, and no shell is needed.
    Program {
        /// Where it lies.
        path: Vec<u8>,
        /// Its arguments, its name first.
        arguments: Vec<CString>,
    },
    /// The shell, with this command.
    Command(Vec<u8>),
}

/// What `sh -c COMMAND` starts where it names programs of our own kind; `None` for any other command, or when there is nothing to change.
pub(super) fn start<P: Platform>(
    platform: &P,
    directory: Fd,
    path: &[u8],
    arguments: &[&CStr],
    environment: &[&CStr],
    loader: impl FnOnce() -> Option<Vec<u8>>,
) -> Option<Start> {
    let [_, option, command] = arguments else { return None };
    if base_name(path) != b"sh" || option.to_bytes() != b"-c" {
        return None;
    }
    let is_program = |file: &[u8]| {
        let allowed = platform.access(directory, file, abi::access::EXECUTE, abi::at::EFFECTIVE_ACCESS);
        matches!(allowed, Ok(()) | Err(Errno::NOSYS)).then(|| is_ours(platform, directory, file).unwrap_or(false))
    };
    let search = environment.iter().find_map(|entry| entry.to_bytes().strip_prefix(b"PATH="));
    let find = |word: &[u8]| {
        if word.contains(&b'/') {
            return is_program(word).filter(|ours| *ours).map(|_| Found::There);
        }
        let folders = search?.split(|byte| *byte == b':');
        let mut candidates = folders.map(|folder| match folder {
            b"" => [b"./", word].concat(),
            folder => [folder, b"/", word].concat(),
        });
        // The first one is meant, whatever it is.
        let (file, ours) = candidates.find_map(|file| is_program(&file).map(|ours| (file, ours)))?;
        ours.then_some(Found::At(file))
    };
    if let Some(words) = words(command.to_bytes()) {
        let name = words.first()?;
        let path = match find(name)? {
            Found::There => name.clone(),
            Found::At(file) => file,
        };
        let arguments = words.into_iter().map(|word| CString::new(word).ok()).collect::<Option<_>>()?;
        return Some(Start::Program { path, arguments });
    }
    let mut loader = Some(loader);
    rewritten(command.to_bytes(), || loader.take().and_then(|loader| loader()), find).map(Start::Command)
}

/// The words of a command that is nothing but a name and arguments, whatever the shell's state.
fn words(command: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut words, mut rest) = (Vec::new(), command.trim_ascii());
    while let Some((byte, behind)) = rest.split_first() {
        match byte {
            b' ' | b'\t' => rest = behind,
            b'\n' | b';' | b'|' | b'&' | b'(' | b')' | b'<' | b'>' | b'#' => return None,
            _ => {
                let Word { text, value, assigns } = word(rest)?;
                if words.is_empty() && (assigns || is_structure(text)) {
                    return None;
                }
                words.push(value?);
                rest = rest.get(text.len()..)?;
            }
        }
    }
    Some(words).filter(|words| !words.is_empty())
}

/// Words of the shell itself that stand where a command's name does.
fn is_structure(text: &[u8]) -> bool {
    goes_on(text) || ends_search(text)
}

/// A command's name follows.
fn goes_on(text: &[u8]) -> bool {
    matches!(text, b"if" | b"then" | b"else" | b"elif" | b"while" | b"until" | b"do" | b"!" | b"{" | b"exec")
}

/// What follows is no command, or another one each time.
fn ends_search(text: &[u8]) -> bool {
    matches!(text, b"for" | b"case" | b"function" | b"alias" | b"cd")
}

/// In single quotes, for the shell.
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut quoted = alloc::vec![b'\''];
    for byte in text {
        match byte {
            b'\'' => quoted.extend_from_slice(b"'\\''"),
            byte => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

/// A word of a command.
struct Word<'c> {
    /// As it is written.
    text: &'c [u8],
    /// What it means; `None` where that depends on the shell's state.
    value: Option<Vec<u8>>,
    /// Begins with `NAME=`.
    assigns: bool,
}

/// The word at the beginning of the text; `None` where it holds another command, or does not end.
fn word(text: &[u8]) -> Option<Word<'_>> {
    let (mut value, mut known, mut assigns, mut plain) = (Vec::new(), true, false, true);
    let mut at = 0;
    while let Some(byte) = text.get(at).copied() {
        let next = text.get(at + 1).copied();
        match byte {
            b' ' | b'\t' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' | b'<' | b'>' => break,
            b'`' => return None,
            b'$' if matches!(next, Some(b'(' | b'{' | b'\'' | b'"')) => return None,
            b'$' | b'*' | b'?' | b'[' => known = false,
            b'~' if at == 0 => known = false,
            b'\\' => {
                value.push(next.filter(|next| *next != b'\n')?);
                at += 1;
                plain = false;
            }
            b'\'' => {
                let rest = text.get(at + 1..)?;
                let end = rest.iter().position(|byte| *byte == b'\'')?;
                value.extend_from_slice(rest.get(..end)?);
                at += end + 1;
                plain = false;
            }
            b'"' => {
                plain = false;
                loop {
                    at += 1;
                    match (*text.get(at)?, text.get(at + 1).copied()) {
                        (b'"', _) => break,
                        (b'`', _) | (b'$', Some(b'(' | b'{')) | (b'\\', Some(b'\n')) => return None,
                        (b'$', _) => known = false,
                        (b'\\', Some(next @ (b'$' | b'`' | b'"' | b'\\'))) => {
                            value.push(next);
                            at += 1;
                        }
                        (byte, _) => value.push(byte),
                    }
                }
            }
            byte => {
                let is_name = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
                assigns |= byte == b'=' && plain && is_name(&value) && !value.is_empty();
                value.push(byte);
            }
        }
        at += 1;
    }
    Some(Word { text: text.get(..at)?, value: known.then_some(value), assigns })
}

/// The command with the loader's path in front of what `find` finds.
fn rewritten(
    command: &[u8],
    mut loader: impl FnMut() -> Option<Vec<u8>>,
    mut find: impl FnMut(&[u8]) -> Option<Found>,
) -> Option<Vec<u8>> {
    let mut path = None;
    let (mut out, mut rest) = (Vec::new(), command);
    // A command's name comes next; the target of a redirection does.
    let (mut begins, mut target) = (true, false);
    while let Some((byte, behind)) = rest.split_first() {
        match byte {
            b' ' | b'\t' => {}
            b'\n' | b';' | b'|' | b'&' | b'(' => begins = true,
            b')' => begins = false,
            b'<' if behind.starts_with(b"<") => break,
            b'<' | b'>' => {
                out.push(*byte);
                rest = behind;
                if let Some((more @ (b'&' | b'>' | b'|'), behind)) = rest.split_first() {
                    out.push(*more);
                    rest = behind;
                }
                target = true;
                continue;
            }
            b'#' => break,
            _ => {
                let Some(Word { text, value, assigns }) = word(rest) else { break };
                let behind = rest.get(text.len()..).unwrap_or_default();
                // `2>file`: the number belongs to what follows.
                let is_number = text.iter().all(u8::is_ascii_digit) && matches!(behind.first(), Some(b'<' | b'>'));
                if target {
                    target = false;
                } else if begins && !is_number && !assigns {
                    begins = false;
                    match text {
                        text if goes_on(text) => begins = true,
                        text if ends_search(text) => break,
                        text => {
                            if let Some(found) = value.as_deref().and_then(&mut find) {
                                if path.is_none() {
                                    path = Some(quoted(&loader()?));
                                }
                                let file = if let Found::At(file) = found { quoted(&file) } else { text.to_vec() };
                                let path = path.as_deref().unwrap_or_default();
                                out.extend([path, b" --argv0 ", text, b" -- ", &file].into_iter().flatten());
                                rest = behind;
                                continue;
                            }
                        }
                    }
                }
                out.extend_from_slice(text);
                rest = behind;
                continue;
            }
        }
        out.push(*byte);
        rest = behind;
    }
    out.extend_from_slice(rest);
    path.is_some().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    fn with_loader(command: &str) -> Option<String> {
        let find = |word: &[u8]| match word {
            b"./prog" | b"/a b/prog" | b"/it's" => Some(Found::There),
            b"prog" => Some(Found::At(b"/bin/prog".to_vec())),
            _ => None,
        };
        let made = rewritten(command.as_bytes(), || Some(b"/x'y/xload".to_vec()), find);
        made.map(|made| String::from_utf8(made).unwrap())
    }

    #[test]
    fn programs_get_the_loader_in_front() {
        let mark = |text: &str| {
            text.replace("@./prog", r"'/x'\''y/xload' --argv0 ./prog -- ./prog")
                .replace("@prog", r"'/x'\''y/xload' --argv0 prog -- '/bin/prog'")
                .replace(r#"@"/a b/prog""#, r#"'/x'\''y/xload' --argv0 "/a b/prog" -- "/a b/prog""#)
                .replace(r"@/a\ b/prog", r"'/x'\''y/xload' --argv0 /a\ b/prog -- /a\ b/prog")
                .replace(r#"@"/it's""#, r#"'/x'\''y/xload' --argv0 "/it's" -- "/it's""#)
        };
        let cases = [
            "@./prog",
            "@prog x 'y z' $HOME *",
            r#"@"/a b/prog" "a b""#,
            r"@/a\ b/prog",
            r#"@"/it's" a"#,
            "  @prog >out 2>&1",
            "A=1 B='x y' @./prog prog",
            "2>/dev/null @prog",
            "<in @prog|@prog>out;@prog&@prog",
            "echo prog && @prog || @./prog",
            "if @prog; then exec @./prog; else ! @prog; fi",
            "(@prog; { @prog; })",
            "@prog\n@./prog # prog",
            "@prog; echo $(prog); prog",
            "@prog; cd x && ./prog",
            "@prog <<prog\nprog\nprog",
            "@prog ${x:-prog}; prog",
            "@prog `prog`; prog",
        ];
        for case in cases {
            assert_eq!(with_loader(&case.replace('@', "")).as_deref(), Some(mark(case).as_str()), "{case}");
        }
    }

    #[test]
    fn only_a_name_and_arguments_need_no_shell() {
        let cut = |command: &str| words(command.as_bytes());
        let list = |words: &[&str]| Some(words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>());
        assert_eq!(cut(" ./prog a 'b  c' \"d'\"e\\ f '' x=1\n"), list(&["./prog", "a", "b  c", "d'e f", "", "x=1"]));
        assert_eq!(cut(r#""C:\dir\prog" if"#), list(&[r"C:\dir\prog", "if"]));
        for command in [
            "", " ", "a;b", "a|b", "a&", "(a)", "a >b", "a 2>&1", "a <b", "a $x", "a *", "~/a", "a #b", "a\nb",
            "x=1 a", "exec a", "cd a", "! a", "a 'b", "a `b`", "a ${b}", "a [b]",
        ] {
            assert_eq!(cut(command), None, "{command}");
        }
    }

    #[test]
    fn what_is_no_program_of_ours_stays() {
        let cases = [
            "",
            "ls prog",
            "echo prog",
            ">prog",
            "'prog",
            "\"prog",
            "\\",
            "$prog",
            "pro*g",
            "~/prog",
            "x=prog",
            "#prog",
            "$(prog)",
            "`prog`",
            "\"$(prog)\"",
            "for prog in prog; do prog; done",
            "case prog in prog) ;; esac",
            "<<prog",
        ];
        for case in cases {
            assert_eq!(with_loader(case), None, "{case}");
        }
    }
}
