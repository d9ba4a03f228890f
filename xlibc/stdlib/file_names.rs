//! Temporary names, and the parts of a path.

use crate::rt::abi::open;
use crate::rt::{Errno, Platform, Result, abi::at, blocking, copy_parts};

/// How often a taken name is replaced by another before giving up.
const ATTEMPTS: usize = 200;

/// The `XXXXXX` before the last `suffix` bytes of a template; `EINVAL` when they are not there.
pub fn wildcards(template: &mut [u8], suffix: usize) -> Result<&mut [u8]> {
    let end = template.len().checked_sub(suffix).ok_or(Errno::INVAL)?;
    let start = end.checked_sub(6).ok_or(Errno::INVAL)?;
    template.get_mut(start..end).filter(|marks| *marks == b"XXXXXX").ok_or(Errno::INVAL)
}

/// Fills the wildcards with other letters until `attempt` does not answer `EEXIST`. After a failure they are as they were.
pub fn make_unique<T>(
    host: &impl Platform,
    template: &mut [u8],
    suffix: usize,
    mut attempt: impl FnMut(&[u8]) -> Result<T>,
) -> Result<T> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    wildcards(template, suffix)?;
    let start = template.len() - suffix - 6;
    let letters = start..start + 6;
    let mut failure = Errno::EXIST;
    for _ in 0..ATTEMPTS {
        let mut random = [0; 6];
        if let Err(errno) = host.random(&mut random) {
            failure = errno;
            break;
        }
        let random = random.map(|byte| LETTERS[usize::from(byte % 64)]);
        copy_parts(template.get_mut(letters.clone()).unwrap_or_default(), &[&random]);
        match attempt(template) {
            Err(Errno::EXIST) => {}
            Err(errno) => {
                failure = errno;
                break;
            }
            made => return made,
        }
    }
    copy_parts(template.get_mut(letters).unwrap_or_default(), &[b"XXXXXX"]);
    Err(failure)
}

/// `mkostemps`: a new file, open for reading and writing.
pub fn make_file(host: &impl Platform, template: &mut [u8], suffix: usize, flags: u32) -> Result<i32> {
    let flags = (flags & !open::ACCESS_MODE) | open::READ_WRITE | open::CREATE | open::EXCLUSIVE;
    make_unique(host, template, suffix, |path| blocking(|| host.open(at::CURRENT_DIRECTORY, path, flags, 0o600)))
}

/// `mktemp`: a name that no file has at this moment.
pub fn find_free(host: &impl Platform, template: &mut [u8]) -> Result<()> {
    make_unique(host, template, 0, |path| match host.stat(at::CURRENT_DIRECTORY, path, at::SYMLINK_NOFOLLOW) {
        Ok(_) => Err(Errno::EXIST),
        Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(errno),
    })
}

/// The last name of a path (POSIX.1-2024 `basename`): its range in the path; `None` for an empty path.
pub fn last_name(path: &[u8]) -> Option<core::ops::Range<usize>> {
    if path.is_empty() {
        return None;
    }
    // Only slashes: the root.
    let Some(last) = path.iter().rposition(|byte| *byte != b'/') else { return Some(0..1) };
    let before = path.get(..last).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    Some(start..last + 1)
}

/// The bytes before the last name (POSIX.1-2024 `dirname`); `None` when there is no directory part.
pub fn directory_length(path: &[u8]) -> Option<usize> {
    let name = last_name(path)?;
    if path.iter().all(|byte| *byte == b'/') {
        return Some(1);
    }
    if name.start == 0 {
        return None;
    }
    // Slashes before the name belong to neither part, but a root stays.
    let before = path.get(..name.start).unwrap_or_default();
    Some(before.iter().rposition(|byte| *byte != b'/').map_or(1, |last| last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform_sim::Sim;

    #[test]
    fn parts_of_a_path_follow_posix() {
        for (path, directory, name) in [
            ("usr", ".", "usr"),
            ("usr/", ".", "usr"),
            ("", ".", "."),
            ("/", "/", "/"),
            ("//", "/", "/"),
            ("///", "/", "/"),
            ("/usr/", "/", "usr"),
            ("/usr/lib", "/usr", "lib"),
            ("//usr//lib//", "//usr", "lib"),
            ("/home//dwc//test", "/home//dwc", "test"),
            (".", ".", "."),
            ("a/.", "a", "."),
        ] {
            let bytes = path.as_bytes();
            assert_eq!(last_name(bytes).map_or(".", |range| &path[range]), name, "{path}");
            assert_eq!(directory_length(bytes).map_or(".", |length| &path[..length]), directory, "{path}");
        }
    }

    #[test]
    fn a_taken_name_is_replaced_and_a_failure_restores_the_template() {
        let sim = Sim::default();
        let mut template = *b"/tmp/aXXXXXX.c";
        let fd = make_file(&sim, &mut template, 2, 0).unwrap();
        assert!(fd >= 3 && template.ends_with(b".c") && !template.windows(6).any(|six| six == b"XXXXXX"));
        let mut calls = 0;
        let mut template = *b"XXXXXX";
        let second = make_unique(&sim, &mut template, 0, |_| {
            calls += 1;
            if calls < 3 { Err(Errno::EXIST) } else { Ok(calls) }
        });
        assert_eq!(second, Ok(3));
        let mut template = *b"/none/XXXXXX";
        assert_eq!(make_file(&sim, &mut template, 0, 0), Err(Errno::NOENT));
        assert_eq!(&template, b"/none/XXXXXX");
        assert_eq!(make_file(&sim, &mut b"/tmp/XXXXX".to_owned(), 0, 0), Err(Errno::INVAL));
        assert_eq!(make_file(&sim, &mut b"XXXXXX".to_owned(), 1, 0), Err(Errno::INVAL));
        assert_eq!(make_unique(&sim, &mut b"XXXXXX".to_owned(), 0, |_| Err::<(), _>(Errno::EXIST)), Err(Errno::EXIST));
        // Also when there is no randomness for a second try.
        sim.hook.fail_once("random", 1, Errno::IO);
        let mut template = *b"XXXXXX";
        assert_eq!(make_unique(&sim, &mut template, 0, |_| Err::<(), _>(Errno::EXIST)), Err(Errno::IO));
        assert_eq!(&template, b"XXXXXX");
    }
}
