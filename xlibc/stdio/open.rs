//! Opening and closing streams.

use core::ffi::CStr;

use super::file::{Command, File};
use super::mode::Mode;
use super::registry;
use super::source::Source;
use super::stream::Stream;
use crate::rt::abi::{at, descriptor, open};
use crate::rt::{Errno, Result, blocking, host, uninterrupted};
use platform::{Files, Process, Spawn, SpawnAction};

/// Access of files that are made, less the umask.
const NEW_FILE_MODE: u32 = 0o666;

fn open_descriptor(path: &[u8], mode: &Mode) -> Result<i32> {
    blocking(|| host().open(at::CURRENT_DIRECTORY, path, mode.open_flags(), NEW_FILE_MODE))
}

/// `fopen`.
pub fn open_file(path: &[u8], mode: &[u8]) -> Result<*mut File> {
    let mode = Mode::parse(mode)?;
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    let fd = open_descriptor(path, &mode)?;
    registry::create(Stream::open(Source::Descriptor(fd), &mode))
}

/// `fdopen`. `EINVAL` when the descriptor does not allow the mode, `EBADF` when it is not open.
pub fn adopt(fd: i32, mode: &[u8]) -> Result<*mut File> {
    let mode = Mode::parse(mode)?;
    adjust(fd, &mode)?;
    // A failure leaves the descriptor to the caller: the stream takes it only once it exists.
    let file = registry::create(Stream::open(Source::Closed, &mode))?;
    // SAFETY: just made.
    unsafe { &*file }.lock().source = Source::Descriptor(fd);
    Ok(file)
}

/// Makes a descriptor fit a mode: tests its access, sets `O_APPEND` and close-on-exec where asked for.
fn adjust(fd: i32, mode: &Mode) -> Result<()> {
    let flags = host().status_flags(fd)?;
    let access = flags & open::ACCESS_MODE;
    if (mode.readable && access == open::WRITE_ONLY) || (mode.writable && access == open::READ_ONLY) {
        return Err(Errno::INVAL);
    }
    if mode.append && flags & open::APPEND == 0 {
        host().set_status_flags(fd, flags | open::APPEND)?;
    }
    if mode.close_on_exec {
        host().set_descriptor_flags(fd, descriptor::CLOSE_ON_EXEC)?;
    }
    Ok(())
}

/// `freopen`: the stream goes on with another file under the same descriptor, or (without a path) with another mode. On
/// failure it is closed, as the standard says; the caller frees it.
pub fn reopen(file: &File, path: Option<&[u8]>, mode: &[u8]) -> Result<()> {
    let mut stream = file.lock();
    let result = reopen_open(&mut stream, path, mode);
    match result {
        Ok(()) => file.reopened(stream.writable),
        // What failed first is what the caller hears about.
        Err(_) => drop(stream.close()),
    }
    result
}

fn reopen_open(stream: &mut Stream, path: Option<&[u8]>, mode: &[u8]) -> Result<()> {
    let mode = Mode::parse(mode)?;
    // C23 7.23.5.4p4: failure to flush or close the old file is ignored.
    let _ = stream.flush();
    let Some(path) = path else {
        let fd = stream.descriptor()?;
        adjust(fd, &mode).map_err(|errno| if errno == Errno::INVAL { Errno::BADF } else { errno })?;
        stream.reopen(&mode);
        return Ok(());
    };
    let fd = match stream.descriptor() {
        // The new file takes over the old descriptor, on which others may count (standard output, say).
        Ok(old) => {
            let new = open_descriptor(path, &mode)?;
            if new != old {
                let moved = host().duplicate_to(new, old, mode.close_on_exec);
                let _ = host().close(new);
                moved?;
            }
            old
        }
        Err(_) => {
            let _ = stream.source.close();
            open_descriptor(path, &mode)?
        }
    };
    stream.source = Source::Descriptor(fd);
    stream.reopen(&mode);
    Ok(())
}

/// `fclose`. The stream is gone whatever the result.
///
/// # Safety
/// `file` is an open stream that nobody uses afterwards.
pub unsafe fn close(file: *mut File) -> Result<()> {
    // SAFETY: caller contract.
    let open = unsafe { File::to_close(file) };
    // From now on the number of its descriptor may be another's.
    registry::note_command(open, None);
    // The lock waits for others that are still at it.
    let result = open.lock().close();
    // SAFETY: closed, and caller contract.
    unsafe { registry::destroy(file) };
    result
}

/// `popen`: a command of the host's shell, whose output is read or whose input is written. `EINVAL` for a mode other than r, w,
/// re and we, else what `pipe` or the start of a process gives.
pub fn open_command(command: &CStr, mode: &[u8], environment: &[&CStr]) -> Result<*mut File> {
    if !matches!(mode, b"r" | b"w" | b"re" | b"we") {
        return Err(Errno::INVAL);
    }
    let mode = Mode::parse(mode)?;
    let (read, write) = host().pipe(open::CLOSE_ON_EXEC)?;
    let (ours, theirs, standard) = if mode.readable { (read, write, 1) } else { (write, read, 0) };
    let file = match registry::create(Stream::open(Source::Descriptor(ours), &mode)) {
        Ok(file) => file,
        Err(errno) => {
            let _ = host().close(theirs);
            return Err(errno);
        }
    };
    let child = start_command(command, environment, theirs, standard);
    let _ = host().close(theirs);
    let child = child.and_then(|child| {
        // SAFETY: made above, and not closed.
        registry::note_command(unsafe { &*file }, Some(Command { child, descriptor: ours }));
        if !mode.close_on_exec {
            host().set_descriptor_flags(ours, 0)?;
        }
        Ok(())
    });
    match child {
        Ok(()) => Ok(file),
        Err(errno) => {
            // SAFETY: made above; nobody else knows it.
            let _ = unsafe { close(file) };
            Err(errno)
        }
    }
}

fn start_command(command: &CStr, environment: &[&CStr], theirs: i32, standard: i32) -> Result<i32> {
    let mut actions = alloc::vec::Vec::new();
    let mut complete = true;
    // POSIX.1-2024: streams of earlier commands are closed in the new one.
    registry::each_command(|other| {
        if other.descriptor != standard {
            complete &= actions.try_reserve(2).is_ok();
            if complete {
                actions.push(SpawnAction::Close { fd: other.descriptor });
            }
        }
    });
    if !complete || actions.try_reserve(2).is_err() {
        return Err(Errno::NOMEM);
    }
    // An equal descriptor would be closed on exec: one more step makes it another.
    let mut spare = None;
    let source = if theirs == standard {
        let other = host().duplicate(theirs, 3, true)?;
        spare = Some(other);
        other
    } else {
        theirs
    };
    actions.push(SpawnAction::Duplicate { fd: source, target: standard });
    let child = host().spawn(Spawn {
        path: crate::process::SHELL,
        arguments: &[c"sh", c"-c", command],
        environment,
        actions: &actions,
        signal_mask: None,
        default_signals: 0,
        process_group: None,
    });
    if let Some(spare) = spare {
        let _ = host().close(spare);
    }
    child
}

/// `pclose`: the command's wait status. `ECHILD` when it cannot be had.
///
/// # Safety
/// As for [`close`].
pub unsafe fn close_command(file: *mut File) -> Result<i32> {
    // SAFETY: caller contract.
    let command = registry::note_command(unsafe { File::to_close(file) }, None);
    // SAFETY: caller contract. The status is what counts.
    let _ = unsafe { close(file) };
    let command = command.ok_or(Errno::CHILD)?;
    uninterrupted(|| host().wait(command.child, 0)).map(|(_, status)| status)
}
