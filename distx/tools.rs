//! Where the LLVM 19 programs are, and running them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The version of LLVM that everything is built with.
pub const LLVM_MAJOR: &str = "19";

/// Path of an LLVM program (`clang`, `ld.lld`, `llvm-strip`): Debian's directory, else `<name>-19` or `<name>` on PATH.
pub fn llvm(name: &str) -> Result<PathBuf> {
    let debian = Path::new("/usr/lib").join(format!("llvm-{LLVM_MAJOR}/bin")).join(name);
    if debian.is_file() {
        return Ok(debian);
    }
    on_path(&format!("{name}-{LLVM_MAJOR}"))
        .or_else(|| on_path(name))
        .with_context(|| format!("{name} of LLVM {LLVM_MAJOR} is not installed; `./x setup` does it"))
}

/// The first executable file called `name` on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Runs `program` to its end and returns its exit code; a signal is an error.
pub fn run(program: &Path, args: &[OsString], environment: &[(&str, String)]) -> Result<i32> {
    let status = Command::new(program)
        .args(args)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    match status.code() {
        Some(code) => Ok(code),
        None => bail!("{} was ended by a signal: {status}", program.display()),
    }
}

/// Replaces each `@file` by the file's words, as gcc and clang do: blanks separate, quotes and backslashes protect. A name
/// that cannot be read stays as it is.
pub fn expand_response_files(args: Vec<OsString>) -> Vec<OsString> {
    let mut expanded = Vec::with_capacity(args.len());
    let mut left = 10_000; // a file that names itself ends here
    let mut pending: Vec<OsString> = args.into_iter().rev().collect();
    while let Some(arg) = pending.pop() {
        let file = arg.to_str().and_then(|arg| arg.strip_prefix('@'));
        match file.filter(|_| left > 0).and_then(|file| std::fs::read_to_string(file).ok()) {
            Some(text) => {
                left -= 1;
                pending.extend(words(&text).into_iter().rev().map(OsString::from));
            }
            None => expanded.push(arg),
        }
    }
    expanded
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, quote) {
            ('\\', _) => word.get_or_insert_default().extend(chars.next()),
            (char, Some(open)) if char == open => quote = None,
            (char, Some(_)) => word.get_or_insert_default().push(char),
            ('"' | '\'', None) => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (char, None) if char.is_whitespace() => words.extend(word.take()),
            (char, None) => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_quoted_blanks() {
        assert_eq!(words("-a  'b c'\n\"d \\\" e\" f\\ g ''"), ["-a", "b c", "d \" e", "f g", ""]);
        assert!(words(" \n\t").is_empty());
    }

    #[test]
    fn response_files_nest_and_a_missing_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let (inner, outer) = (folder.path().join("inner"), folder.path().join("outer"));
        std::fs::write(&inner, "-c 'x y.c'").expect("written");
        std::fs::write(&outer, format!("-O2 @{}", inner.display())).expect("written");
        let args = vec![format!("@{}", outer.display()).into(), "@/nowhere/file".into()];
        assert_eq!(expand_response_files(args), ["-O2", "-c", "x y.c", "@/nowhere/file"]);
    }

    #[test]
    fn a_response_file_that_names_itself_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("loop");
        std::fs::write(&file, format!("@{}", file.display())).expect("written");
        assert_eq!(expand_response_files(vec![format!("@{}", file.display()).into()]).len(), 1);
    }
}
