//! Names of files and directories.

use platform_operations::operations;

use crate::{Errno, Fd, FileSystem, Result, Timespec};

/// Names of files and directories.
#[operations(names)]
pub trait Names: Sync {
    /// `faccessat`: `mode` is made of `access::*`.
    #[slot(56, optional)]
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()>;
    /// `mkdirat`.
    #[slot(57, optional)]
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()>;
    /// `unlinkat`; with `at::REMOVE_DIRECTORY` an empty directory.
    #[slot(58, optional)]
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()>;
    /// `renameat`: replaces an existing target in one step.
    #[slot(59, optional)]
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()>;
    /// `linkat`.
    #[slot(60, optional)]
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()>;
    /// `symlinkat`: `target` is stored as given.
    #[slot(61, optional)]
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()>;
    /// `readlinkat`: bytes of the target stored, cut off at the end of the buffer.
    #[slot(62, optional)]
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize>;
    /// `fchmodat`; with `at::EMPTY_PATH` `fchmod`.
    #[slot(63, optional)]
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()>;
    /// `fchownat`; `u32::MAX` leaves an id as it is.
    #[slot(64, optional)]
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()>;
    /// `utimensat`: access and modification time; `file_time::NOW` and `file_time::OMIT` in `nanoseconds`.
    #[slot(65, optional)]
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()>;
    /// `statvfs`; with `at::EMPTY_PATH` in `flags` `fstatvfs`.
    #[slot(66, optional)]
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem>;
    /// `chdir`; with an empty path `fchdir(directory)`.
    #[slot(67, optional)]
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()>;
    /// `getcwd` without the NUL: bytes stored; `ERANGE` when the buffer is too small.
    #[slot(68, optional)]
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize>;
    /// The path from the top of the guest's tree, beginning with `/`, whatever form of the host's it was given in; a relative one
    /// begins at the current directory. Nothing is looked up: `.`, `..` and links stay. Bytes stored; `ERANGE` when the buffer is
    /// too small, `ENOENT` where the current directory has no path.
    #[slot(69)]
    fn absolute_path(&self, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        let mut length = 0;
        if !path.starts_with(b"/") {
            length = self.current_directory(buffer)?;
            if !buffer.get(..length).is_some_and(|here| here.ends_with(b"/")) {
                *buffer.get_mut(length).ok_or(Errno::RANGE)? = b'/';
                length += 1;
            }
        }
        let end = length + path.len();
        buffer.get_mut(length..end).ok_or(Errno::RANGE)?.copy_from_slice(path);
        Ok(end)
    }
    /// The absolute path of what a descriptor is open on, without `.`, `..` and links: bytes stored. `ERANGE` when the buffer is too
    /// small, `ENOENT` where it has no name any more.
    #[slot(70, optional)]
    fn descriptor_path(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize>;
    /// `umask`: the mask before.
    #[slot(71, optional)]
    fn set_umask(&self, mask: u32) -> Result<u32>;
    /// Fills `buffer` with whole `struct dirent` records of the C ABI (ino u64, off i64, reclen u16, type u8, name, NUL,
    /// padding to 8) and returns the bytes used; 0 at the end. `off` is what `seek(fd, off, SET)` resumes after the record.
    #[slot(72, optional)]
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize>;
}
