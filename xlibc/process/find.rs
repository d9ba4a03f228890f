//! Finding a program as `execvp` does: POSIX.1-2024 `exec`.

use crate::rt::{Errno, Result, copy_parts};

/// `PATH_MAX` of the ABI: no path is longer.
const PATH_BYTES: usize = 4096;

/// Tries `attempt` on the candidates of `file` in `path` until one says something else than "not here"; `EACCES` is kept while
/// others are tried. A name with a slash is its own only candidate. An empty entry is the current directory, and what is longer
/// than any path is nowhere. Async-signal-safe where `attempt` is.
pub fn search<T>(file: &[u8], path: Option<&[u8]>, mut attempt: impl FnMut(&[u8]) -> Result<T>) -> Result<T> {
    /// Where to look without `PATH`.
    const DEFAULT: &[u8] = b"/usr/local/bin:/bin:/usr/bin";
    if file.is_empty() {
        return Err(Errno::NOENT);
    }
    if file.contains(&b'/') {
        return attempt(file);
    }
    let mut failure = Errno::NOENT;
    let mut candidate = [0; PATH_BYTES];
    for directory in path.unwrap_or(DEFAULT).split(|byte| *byte == b':') {
        let separator: &[u8] = if directory.is_empty() { b"" } else { b"/" };
        let length = directory.len() + separator.len() + file.len();
        let Some(candidate) = candidate.get_mut(..length) else { continue };
        copy_parts(candidate, &[directory, separator, file]);
        match attempt(candidate) {
            Err(Errno::NOENT | Errno::NOTDIR) => {}
            Err(Errno::ACCES) => failure = Errno::ACCES,
            result => return result,
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn candidates_come_in_order_and_eacces_is_kept() {
        let mut seen = Vec::new();
        let result = search(b"prog", Some(b"/a::/b"), |path| {
            seen.push(path.to_vec());
            Err::<(), _>(if path == b"prog" { Errno::ACCES } else { Errno::NOENT })
        });
        assert_eq!(result, Err(Errno::ACCES));
        assert_eq!(seen, [b"/a/prog".to_vec(), b"prog".to_vec(), b"/b/prog".to_vec()]);
        assert_eq!(search(b"x/prog", Some(b"/a"), |path| Ok(path.to_vec())), Ok(b"x/prog".to_vec()));
        assert_eq!(search(b"", None, |_| Ok(())), Err(Errno::NOENT));
        assert_eq!(search(b"p", Some(b"/a:/b"), |_| Err::<(), _>(Errno::NOEXEC)), Err(Errno::NOEXEC));
    }
}
