//! Temporary files and names.

use super::file::File;
use super::mode::Mode;
use super::registry;
use super::source::Source;
use super::stream::Stream;
use crate::rt::abi::at;
use crate::rt::{Errno, Names, Result, host};
use crate::stdlib::file_names;

/// `P_tmpdir`.
pub const DIRECTORY: &[u8] = b"/tmp";

/// `tmpfile`: a file without a name, gone with its last descriptor.
pub fn open_temporary() -> Result<*mut File> {
    let mode = Mode::parse(b"w+")?;
    let mut name = *b"/tmp/tmpfile-XXXXXX";
    let fd = file_names::make_file(host(), &mut name, 0, 0)?;
    let file = registry::create(Stream::open(Source::Descriptor(fd), &mode));
    // Where the name cannot go while the file is open, the file is still a good one.
    let _ = host().unlink(at::CURRENT_DIRECTORY, &name, 0);
    file
}

/// The directory for `tempnam`: the first that can be written, of TMPDIR, the one asked for, and /tmp.
pub fn choose_directory<'a>(environment: Option<&'a [u8]>, wanted: Option<&'a [u8]>) -> &'a [u8] {
    use crate::rt::abi::access::{EXECUTE, WRITE};
    let usable =
        |path: &&[u8]| !path.is_empty() && host().access(at::CURRENT_DIRECTORY, path, WRITE | EXECUTE, 0).is_ok();
    [environment, wanted].into_iter().flatten().find(usable).unwrap_or(DIRECTORY)
}

/// `remove`: a file as by `unlink`, an empty directory as by `rmdir`.
pub fn remove(path: &[u8]) -> Result<()> {
    match host().unlink(at::CURRENT_DIRECTORY, path, 0) {
        // Linux says EISDIR for a directory, POSIX EPERM.
        Err(errno @ (Errno::ISDIR | Errno::PERM)) => {
            match host().unlink(at::CURRENT_DIRECTORY, path, at::REMOVE_DIRECTORY) {
                // A file after all: what was wrong with it is what counts.
                Err(Errno::NOTDIR) => Err(errno),
                result => result,
            }
        }
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform_sim::sim;

    #[test]
    fn a_file_that_may_not_go_says_so() {
        sim().put_file(b"/tmp/kept", b"");
        sim().hook.fail_once("unlink", 0, Errno::PERM);
        assert_eq!(remove(b"/tmp/kept"), Err(Errno::PERM));
        assert_eq!(remove(b"/tmp/kept"), Ok(()));
        sim().make_directory(at::CURRENT_DIRECTORY, b"/tmp/folder", 0o755).unwrap();
        assert_eq!(remove(b"/tmp/folder"), Ok(()));
        assert_eq!(remove(b"/tmp/folder"), Err(Errno::NOENT));
    }
}
