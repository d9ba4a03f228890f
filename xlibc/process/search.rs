//! Finding a program as `execvp` does: POSIX.1-2024 `exec`.

use alloc::vec::Vec;

use crate::rt::{Errno, Result};

/// Tries `attempt` on the candidates of `file` in `path` until one says something else than "not here"; `EACCES` is kept while
/// others are tried. A name with a slash is its own only candidate.
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
    let mut candidate = Vec::new();
    for directory in path.unwrap_or(DEFAULT).split(|byte| *byte == b':') {
        candidate.clear();
        candidate.try_reserve(directory.len() + file.len() + 1).map_err(|_| Errno::NOMEM)?;
        // An empty entry is the current directory.
        if !directory.is_empty() {
            candidate.extend_from_slice(directory);
            candidate.push(b'/');
        }
        candidate.extend_from_slice(file);
        match attempt(&candidate) {
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
