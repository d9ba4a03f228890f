//! `xbuild --sh`: a few commands of a shell for hosts that have none.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ffi::c_int;

use crate::os::{self, Errno, File};
use crate::paths;

const COMMANDS: [&str; 6] = ["mkdir", "rm", "cp", "touch", "cat", "echo"];

/// Runs a command, which writes to the descriptor `out`.
///
/// # Errors
/// What is wrong, as a sentence.
pub fn run(words: &[&str], out: c_int) -> Result<(), String> {
    let Some((command, arguments)) = words.split_first() else {
        return Err(format!("--sh needs a command: {}", COMMANDS.join(", ")));
    };
    let said = |error: String| format!("{command}: {error}");
    match *command {
        "mkdir" => operands(arguments, "p", 1).and_then(|(_, names)| each(&names, folders)),
        "rm" => operands(arguments, "rRf", 0).and_then(|(flags, names)| {
            let (whole, force) = (flags.contains(['r', 'R']), flags.contains('f'));
            if names.is_empty() && !force {
                return Err("needs the name of a file".into());
            }
            each(&names, |name| remove(name, whole, force))
        }),
        "cp" => operands(arguments, "rRpf", 2).and_then(|(flags, names)| copy_all(&names, flags.contains(['r', 'R']))),
        "touch" => operands(arguments, "", 1).and_then(|(_, names)| {
            each(&names, |name| File::touch(name).and_then(|file| file.touched()).map_err(about(name)))
        }),
        "cat" => operands(arguments, "", 1).and_then(|(_, names)| {
            each(&names, |name| os::read(name).and_then(|bytes| os::write(out, &bytes)).map_err(about(name)))
        }),
        "echo" => {
            let (end, words) = match arguments {
                [first, rest @ ..] if *first == "-n" => ("", rest),
                all => ("\n", all),
            };
            os::write(out, (words.join(" ") + end).as_bytes()).map_err(|error| error.to_string())
        }
        other => {
            let hint = recipe::suggest::hint(other, COMMANDS);
            return Err(format!("--sh has no command {other:?}{hint}; it has {}", COMMANDS.join(", ")));
        }
    }
    .map_err(said)
}

fn about(name: &str) -> impl Fn(Errno) -> String {
    move |error| format!("{name}: {error}")
}

/// All are tried; the first error is the result.
fn each(names: &[&str], work: impl Fn(&str) -> Result<(), String>) -> Result<(), String> {
    let results: Vec<_> = names.iter().map(|name| work(name)).collect();
    results.into_iter().collect()
}

/// The letters of the flags, and the other arguments, of which there are at least so many.
fn operands<'a>(arguments: &[&'a str], known: &str, least: usize) -> Result<(String, Vec<&'a str>), String> {
    let (mut flags, mut names, mut only_names) = (String::new(), Vec::new(), false);
    for argument in arguments {
        match argument.strip_prefix('-').filter(|rest| !only_names && !rest.is_empty()) {
            Some("-") => only_names = true,
            Some(letters) => match letters.chars().find(|letter| !known.contains(*letter)) {
                Some(letter) => return Err(format!("unknown flag -{letter}")),
                None => flags += letters,
            },
            None if argument.is_empty() => return Err("an empty name".into()),
            None => names.push(*argument),
        }
    }
    match names.len() < least {
        true if least == 2 => Err("needs a source and a destination".into()),
        true => Err("needs the name of a file".into()),
        false => Ok((flags, names)),
    }
}

/// Makes a folder and those above it; one that is there is fine.
pub fn folders(path: &str) -> Result<(), String> {
    let is_folder = |path: &str| os::stat(path).is_ok_and(|stat| stat.is_folder);
    let mut missing = Vec::new();
    let mut rest = Some(path);
    while let Some(at) = rest.filter(|at| !is_folder(at)) {
        missing.push(at);
        rest = paths::parent(at);
    }
    for folder in missing.into_iter().rev() {
        match os::mkdir(folder) {
            Err(_) if is_folder(folder) => {}
            other => other.map_err(about(folder))?,
        }
    }
    Ok(())
}

fn remove(path: &str, whole: bool, force: bool) -> Result<(), String> {
    let stat = match os::link_stat(path) {
        Err(error) if force && error.is_missing() => return Ok(()),
        other => other.map_err(about(path))?,
    };
    if !stat.is_folder {
        return os::unlink(path).map_err(about(path));
    }
    if !whole {
        return Err(format!("{path}: is a folder; -r removes it"));
    }
    for name in os::names(path).map_err(about(path))? {
        remove(&format!("{path}/{name}"), whole, force)?;
    }
    os::rmdir(path).map_err(about(path))
}

fn copy_all(names: &[&str], whole: bool) -> Result<(), String> {
    let Some((target, sources)) = names.split_last() else { return Ok(()) };
    let into = os::stat(target).is_ok_and(|stat| stat.is_folder);
    if sources.len() > 1 && !into {
        return Err(format!("{target}: is not a folder, and several files go there"));
    }
    each(sources, |source| match into {
        true => copy(source, &format!("{target}/{}", paths::last(source)), whole),
        false => copy(source, target, whole),
    })
}

fn copy(from: &str, to: &str, whole: bool) -> Result<(), String> {
    let stat = os::stat(from).map_err(about(from))?;
    if os::stat(to).is_ok_and(|other| other.identity == stat.identity) {
        return Err(format!("{from} and {to} are one file"));
    }
    if !stat.is_folder {
        let bytes = os::read(from).map_err(about(from))?;
        let file = File::create(to, stat.mode).map_err(about(to))?;
        return os::write(file.descriptor(), &bytes).map_err(about(to));
    }
    if !whole {
        return Err(format!("{from}: is a folder; -r copies it"));
    }
    // Listed before it is made: a copy into itself must end.
    let names = os::names(from).map_err(about(from))?;
    folders(to)?;
    let inside = os::stat(to).map(|stat| stat.identity).ok();
    for name in names {
        let inner = format!("{from}/{name}");
        if os::stat(&inner).map(|stat| stat.identity).ok() != inside {
            copy(&inner, &format!("{to}/{name}"), whole)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    fn sh(folder: &Path, line: &str) -> Result<(), String> {
        let at = |word: &str| word.replace('@', folder.to_str().expect("UTF-8"));
        let out = File::create(&at("@/out"), 0o666).expect("file");
        let words: Vec<String> = line.split(' ').map(at).collect();
        run(&words.iter().map(String::as_str).collect::<Vec<_>>(), out.descriptor())
    }

    #[test]
    fn folders_and_files_are_made_copied_and_removed() {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        for line in [
            "mkdir @/a/b/c",
            "mkdir -p @/a/b @/d",
            "touch @/a/f @/a/b/g",
            "cp -r @/a @/d",
            "cp @/a/f @/a/b/g @/d",
            "cp @/a/f @/h",
            "rm -f @/none",
            "rm -rf @/a @/none",
        ] {
            assert_eq!(sh(folder.path(), line), Ok(()), "{line}");
        }
        for name in ["d/a/f", "d/a/b/g", "d/a/b/c", "d/f", "d/g", "h"] {
            assert!(at(name).exists(), "{name}");
        }
        assert!(!at("a").exists());
    }

    #[test]
    fn words_and_files_are_printed() {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("one"), "1\n").expect("write");
        for (line, expected) in
            [("echo a b", "a b\n"), ("echo -n a", "a"), ("echo", "\n"), ("cat @/one @/one", "1\n1\n")]
        {
            assert_eq!(sh(folder.path(), line), Ok(()), "{line}");
            assert_eq!(fs::read_to_string(at("out")).expect("read"), expected, "{line}");
        }
    }

    #[test]
    fn what_does_not_work_is_said() {
        let folder = tempfile::tempdir().expect("folder");
        fs::create_dir(folder.path().join("d")).expect("folder");
        fs::write(folder.path().join("f"), "").expect("write");
        for (line, expected) in [
            ("rm @/none", "No such file"),
            ("rm @/d", "is a folder; -r removes it"),
            ("rm", "needs the name of a file"),
            ("rm -x a", "unknown flag -x"),
            ("cp @/f", "needs a source and a destination"),
            ("cp @/d @/e", "is a folder; -r copies it"),
            ("cp @/f @/f", "are one file"),
            ("cp @/f @/f @/none", "is not a folder"),
            ("mkdir @/f/x", "mkdir: "),
            ("cat @/none", "No such file"),
            ("mkdri x", "did you mean \"mkdir\"?"),
        ] {
            assert!(sh(folder.path(), line).expect_err(line).contains(expected), "{line}");
        }
    }
}
