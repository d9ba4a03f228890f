//! Who the process is: its users and groups, its name, the name of the machine.

use platform::{Errno, Ids, Result};
use rustix::process;

use crate::sys::{call, kernel};

pub(crate) fn ids() -> Ids {
    Ids {
        uid: process::getuid().as_raw(),
        euid: process::geteuid().as_raw(),
        gid: process::getgid().as_raw(),
        egid: process::getegid().as_raw(),
    }
}

pub(crate) fn host_name(buffer: &mut [u8]) -> Result<usize> {
    let names = rustix::system::uname();
    let name = names.nodename().to_bytes();
    buffer.get_mut(..name.len()).ok_or(Errno::RANGE)?.copy_from_slice(name);
    Ok(name.len())
}

/// The kernel keeps 15 bytes of it.
pub(crate) fn set_name(name: &[u8]) -> Result<()> {
    const PR_SET_NAME: usize = 15;
    let mut kept = [0_u8; 16];
    for (to, from) in kept.iter_mut().take(15).zip(name) {
        *to = *from;
    }
    // SAFETY: the kernel reads the 16 bytes.
    unsafe { call(kernel::__NR_prctl, [PR_SET_NAME, kept.as_ptr().expose_provenance()]) }.map(drop)
}
