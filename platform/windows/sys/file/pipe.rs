//! Pipes.

use core::ptr::null_mut;

use platform::abi::{open as flag, signal};
use platform::{Errno, Result, Stat};
use windows_sys::Win32::System::Pipes::{CreatePipe, PIPE_NOWAIT, PIPE_WAIT, PeekNamedPipe, SetNamedPipeHandleState};

use super::open_file::{Kind, Object, OpenFile, device};
use crate::pure::inherit::RuntimeKind;
use crate::pure::status::{self, from_status};
use crate::sys::native::nt::{self, Handle, last_error};
use crate::sys::signal::delivery;
use crate::sys::signal::task::in_request;

/// One side of a pipe.
pub struct Pipe;

/// A new pipe: the side to read from and the side to write to. `non_blocking` is `O_NONBLOCK` or 0.
pub fn make(non_blocking: u32) -> Result<(OpenFile, OpenFile)> {
    /// As on Linux.
    const CAPACITY: u32 = 65_536;
    let (mut read, mut write) = (null_mut(), null_mut());
    // SAFETY: both places are writable.
    if unsafe { CreatePipe(&mut read, &mut write, core::ptr::null(), CAPACITY) } == 0 {
        return Err(last_error());
    }
    let (read, write) = (Handle::own(read).ok_or(Errno::MFILE)?, Handle::own(write).ok_or(Errno::MFILE)?);
    let reader = OpenFile::new(Some(read), Pipe, flag::READ_ONLY | non_blocking);
    let writer = OpenFile::new(Some(write), Pipe, flag::WRITE_ONLY);
    writer.set_status_flags(non_blocking)?;
    Ok((reader, writer))
}

impl Object for Pipe {
    fn kind(&self) -> Kind {
        Kind::Pipe
    }

    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        loop {
            if file.non_blocking() && is_empty(file)? {
                return Err(Errno::AGAIN);
            }
            let handle = file.handle()?;
            match in_request(|| nt::read(handle, buffer, None)) {
                // A writer's empty message is not the end: look whether the other side is still there.
                Ok(0) if is_empty(file).is_ok_and(|empty| empty) => {}
                Err(status::nt::PIPE_EMPTY) => return Err(Errno::AGAIN),
                Err(status::nt::CANCELLED) => delivery::interrupted()?,
                other => return other.map_err(from_status),
            }
        }
    }

    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize> {
        loop {
            let handle = file.handle()?;
            match in_request(|| nt::write(handle, data, None)) {
                Ok(0) => return Err(Errno::AGAIN),
                Ok(count) => return Ok(count),
                Err(status::nt::CANCELLED) => delivery::interrupted()?,
                Err(status) => {
                    let errno = from_status(status);
                    if errno == Errno::PIPE {
                        delivery::raise(signal::PIPE);
                    }
                    return Err(errno);
                }
            }
        }
    }

    fn allocate(&self, _file: &OpenFile, _offset: u64, _length: u64) -> Result<()> {
        Err(Errno::SPIPE)
    }

    /// A pipe is not asked: the kernel would make the question wait for a reader that is blocked on it.
    fn stat(&self, file: &OpenFile) -> Result<Stat> {
        Ok(Stat { ino: file.handle()?.raw() as u64, ..device(Kind::Pipe) })
    }

    /// A full pipe makes writers wait, or not. Readers look first instead.
    fn set_non_blocking(&self, file: &OpenFile, on: bool) -> Result<()> {
        if !file.writable() {
            return Ok(());
        }
        let mode = if on { PIPE_NOWAIT } else { PIPE_WAIT };
        // SAFETY: one word is read.
        let done =
            unsafe { SetNamedPipeHandleState(file.handle()?.raw(), &mode, core::ptr::null(), core::ptr::null()) };
        if done == 0 { Err(last_error()) } else { Ok(()) }
    }

    fn runtime_kind(&self) -> RuntimeKind {
        RuntimeKind::Pipe
    }
}

/// True when nothing waits in the pipe and a writer is left.
fn is_empty(file: &OpenFile) -> Result<bool> {
    let mut waiting = 0;
    // SAFETY: only the count is asked for.
    let alive = unsafe {
        PeekNamedPipe(
            file.handle()?.raw(),
            core::ptr::null_mut(),
            0,
            core::ptr::null_mut(),
            &mut waiting,
            core::ptr::null_mut(),
        )
    };
    Ok(alive != 0 && waiting == 0)
}
