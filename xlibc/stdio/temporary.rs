//! Temporary files and names.

use super::file::File;
use super::mode::Mode;
use super::source::Source;
use super::stream::Stream;
use crate::rt::abi::{at, open};
use crate::rt::{Errno, Platform, Result, host};

/// `P_tmpdir`.
pub const DIRECTORY: &[u8] = b"/tmp";
/// Names tried before giving up: far more than chance needs.
const TRIES: usize = 100;
const RANDOM_BYTES: usize = 6;
const LETTERS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// Puts random letters at the end of a name.
fn randomize(name: &mut [u8]) -> Result<()> {
    let mut random = [0; RANDOM_BYTES];
    host().random(&mut random)?;
    for (place, byte) in name.iter_mut().rev().zip(random) {
        if let Some(letter) = LETTERS.get(usize::from(byte & 63)) {
            *place = *letter;
        }
    }
    Ok(())
}

/// `tmpfile`: a file without a name, gone with its last descriptor.
pub fn open_temporary() -> Result<*mut File> {
    let mode = Mode::parse(b"w+")?;
    let mut name = *b"/tmp/tmpfile-......";
    let flags = open::READ_WRITE | open::CREATE | open::EXCLUSIVE;
    for _ in 0..TRIES {
        randomize(&mut name)?;
        match host().open(at::CURRENT_DIRECTORY, &name, flags, 0o600) {
            Err(Errno::EXIST) => {}
            Err(errno) => return Err(errno),
            Ok(fd) => {
                let file = File::create(Stream::open(Source::Descriptor(fd), &mode));
                // Where the name cannot go while the file is open, the file is still a good one.
                let _ = host().unlink(at::CURRENT_DIRECTORY, &name, 0);
                return file;
            }
        }
    }
    Err(Errno::EXIST)
}

/// Completes `name`, whose end is random, to one that no file has. The path is `name` itself.
pub fn find_free_name(name: &mut [u8]) -> Result<()> {
    for _ in 0..TRIES {
        randomize(name)?;
        if host().stat(at::CURRENT_DIRECTORY, name, at::SYMLINK_NOFOLLOW) == Err(Errno::NOENT) {
            return Ok(());
        }
    }
    Err(Errno::EXIST)
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
        Err(Errno::ISDIR | Errno::PERM) => host().unlink(at::CURRENT_DIRECTORY, path, at::REMOVE_DIRECTORY),
        result => result,
    }
}
