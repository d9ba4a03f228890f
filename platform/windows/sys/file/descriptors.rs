//! The process's descriptors.

use alloc::sync::Arc;
use alloc::vec::Vec;

use platform::abi::descriptor;
use platform::{Errno, Fd, Result};

use super::open_file::OpenFile;
use crate::pure::slots::Slots;
use crate::sys::native::sync::Mutex;

/// What a number stands for.
pub struct Descriptor {
    /// The open file, shared by all its duplicates.
    pub file: Arc<OpenFile>,
    /// Not for children.
    pub close_on_exec: bool,
}

static TABLE: Mutex<Slots<Descriptor>> = Mutex::new(Slots::new());

fn with<T>(use_table: impl FnOnce(&mut Slots<Descriptor>) -> T) -> T {
    use_table(&mut TABLE.lock())
}

/// The process begins with this descriptor. A number that does not fit stays closed.
pub fn inherit(fd: Fd, file: OpenFile) {
    let _number_out_of_range =
        with(|slots| slots.replace(fd, Descriptor { file: Arc::new(file), close_on_exec: false }));
}

/// The open file of a descriptor.
pub fn get(fd: Fd) -> Result<Arc<OpenFile>> {
    with(|slots| slots.get(fd).map(|descriptor| descriptor.file.clone()))
}

/// Puts an open file under the lowest free number from `at_least` on.
pub fn add(at_least: Fd, file: Arc<OpenFile>, close_on_exec: bool) -> Result<Fd> {
    with(|slots| slots.insert(at_least, Descriptor { file, close_on_exec }))
}

/// `close`.
pub fn close(fd: Fd) -> Result<()> {
    // Dropped outside the lock: the last one closes the handle.
    let taken = with(|slots| slots.remove(fd))?;
    taken.file.descriptor_closed();
    Ok(())
}

/// `fcntl` F_DUPFD.
pub fn duplicate(fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
    with(|slots| {
        let file = slots.get(fd)?.file.clone();
        slots.insert(at_least, Descriptor { file, close_on_exec })
    })
}

/// `dup3`.
pub fn duplicate_to(fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
    if fd == target {
        return Err(Errno::INVAL);
    }
    let old = with(|slots| {
        let file = slots.get(fd)?.file.clone();
        slots.replace(target, Descriptor { file, close_on_exec })
    })?;
    if let Some(old) = old {
        old.file.descriptor_closed();
    }
    Ok(())
}

/// `fcntl` F_GETFD.
pub fn flags(fd: Fd) -> Result<u32> {
    with(|slots| slots.get(fd).map(|found| if found.close_on_exec { descriptor::CLOSE_ON_EXEC } else { 0 }))
}

/// `fcntl` F_SETFD.
pub fn set_flags(fd: Fd, flags: u32) -> Result<()> {
    with(|slots| slots.get_mut(fd).map(|found| found.close_on_exec = flags & descriptor::CLOSE_ON_EXEC != 0))
}

/// All descriptors with their numbers, lowest first; the last value is close-on-exec.
pub fn all() -> Vec<(Fd, Arc<OpenFile>, bool)> {
    with(|slots| slots.iter().map(|(fd, found)| (fd, found.file.clone(), found.close_on_exec)).collect())
}
