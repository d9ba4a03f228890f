//! Processes. The only part that uses the heap: lists of arguments.

use alloc::vec::Vec;
use core::convert::Infallible;
use core::ffi::{CStr, c_char};
use core::mem::size_of;
use platform::abi::{at, file_type, signal};
use platform::{Errno, Fd, Files, Ids, Names, Process, Result, Signals, Spawn, SpawnAction, Timespec, Usage};
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use rustix::pipe::{PipeFlags, pipe_with};

use crate::Linux;
use crate::blocking::blocking;
use crate::sys::{borrow, call, int, kernel, last, ours, stored, with_path};
use crate::{blocking, clone, executed, identity, signals};

/// A null-terminated list for `execve`.
fn list(strings: &[&CStr]) -> Result<Vec<*const c_char>> {
    let mut list = Vec::new();
    list.try_reserve_exact(strings.len() + 1).map_err(|_| Errno::NOMEM)?;
    list.extend(strings.iter().map(|string| string.as_ptr()));
    list.push(core::ptr::null());
    Ok(list)
}

fn execute(path: &[u8], arguments: &[*const c_char], environment: &[*const c_char]) -> Errno {
    let result: Result<()> = with_path(path, |path| {
        let lists = [arguments, environment].map(|list| list.as_ptr().expose_provenance());
        // SAFETY: both lists end with a null pointer.
        unsafe { call(kernel::__NR_execve, [path.as_ptr().expose_provenance(), lists[0], lists[1]]) }.map(drop)
    });
    result.err().unwrap_or(Errno::IO)
}

impl Process for Linux {
    fn exit(&self, code: i32) -> ! {
        last(kernel::__NR_exit_group, code)
    }

    fn terminate(&self, signal: i32) -> ! {
        signals::terminate(signal)
    }

    fn process_id(&self) -> i32 {
        rustix::process::getpid().as_raw_nonzero().get()
    }

    fn parent_id(&self) -> i32 {
        rustix::process::getppid().map_or(0, |process| process.as_raw_nonzero().get())
    }

    fn ids(&self) -> Ids {
        identity::ids()
    }

    fn is_secure(&self) -> bool {
        executed::is_secure()
    }

    fn name_process(&self, name: &[u8]) -> Result<()> {
        identity::set_name(name)
    }

    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible> {
        let lists = (list(arguments)?, list(environment)?);
        blocking::forget();
        Err(execute(path, &lists.0, &lists.1))
    }

    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
        let (arguments, environment) = (list(spawn.arguments)?, list(spawn.environment)?);
        let (errors, report) = pipe_with(PipeFlags::CLOEXEC).map_err(ours)?;
        let flags = MapFlags::PRIVATE | MapFlags::STACK | MapFlags::NORESERVE;
        let writable = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: new memory at an address of the kernel's choice.
        let base =
            unsafe { mmap_anonymous(core::ptr::null_mut(), CHILD_STACK_BYTES, writable, flags) }.map_err(ours)?;

        // No handler may run in the child while it shares this memory: everything is blocked until its handlers are reset.
        let before = Linux.signal_mask(signal::SET_MASK, Some(u64::MAX))?;
        let child = Child {
            spawn: &spawn,
            arguments: &arguments,
            environment: &environment,
            report: rustix::fd::AsRawFd::as_raw_fd(&report),
            mask: spawn.signal_mask.unwrap_or(before),
        };
        let end = base.expose_provenance() + CHILD_STACK_BYTES;
        // SAFETY: the stack is the child's alone; CLONE_VFORK keeps this frame, and so `child`, until it has left it.
        let pid = unsafe {
            let entry = run as extern "C" fn(*const Child<'_>) -> ! as usize;
            let stack = clone::seed(end, entry, core::ptr::from_ref(&child).expose_provenance());
            clone::clone((kernel::CLONE_VM | kernel::CLONE_VFORK | kernel::SIGCHLD) as usize, stack, 0)
        };
        let _ = Linux.signal_mask(signal::SET_MASK, Some(before));
        drop(report);
        let mut failed = [0; size_of::<i32>()];
        let length = if pid < 0 { Ok(0) } else { rustix::io::retry_on_intr(|| rustix::io::read(&errors, &mut failed)) };
        // SAFETY: the child has its program or is gone.
        let _ = unsafe { munmap(base, CHILD_STACK_BYTES) };
        if pid < 0 {
            return Err(Errno::from_number(-pid as i32));
        }
        if length == Ok(failed.len()) {
            // It ended at once: nobody else may see it.
            // SAFETY: no memory is involved.
            while unsafe { call(kernel::__NR_wait4, [pid as usize, 0, 0, 0]) } == Err(Errno::INTR) {}
            return Err(Errno::from_number(i32::from_ne_bytes(failed)));
        }
        Ok(pid as i32)
    }

    fn wait(&self, child: i32, options: u32) -> Result<(i32, i32)> {
        let mut status = 0_i32;
        let address = (&raw mut status).expose_provenance();
        // SAFETY: the kernel writes one int.
        let found = unsafe { blocking(kernel::__NR_wait4, [int(child), address, options as usize, 0]) }?;
        Ok((found as i32, if found == 0 { 0 } else { status }))
    }

    fn usage(&self, who: i32) -> Result<Usage> {
        // SAFETY: the kernel fills one `rusage`.
        let found: kernel::rusage = unsafe {
            stored(|out: *mut kernel::rusage| call(kernel::__NR_getrusage, [int(who), out.expose_provenance()]))
        }?;
        let time =
            |time: kernel::__kernel_old_timeval| Timespec { seconds: time.tv_sec, nanoseconds: time.tv_usec * 1000 };
        Ok(Usage {
            user: time(found.ru_utime),
            system: time(found.ru_stime),
            maxrss: found.ru_maxrss,
            minflt: found.ru_minflt,
            majflt: found.ru_majflt,
            inblock: found.ru_inblock,
            oublock: found.ru_oublock,
            nvcsw: found.ru_nvcsw,
            nivcsw: found.ru_nivcsw,
        })
    }

    /// Looks at the path that was executed before it asks `/proc`, which takes ten times as long.
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        let is_file = |path: &&CStr| {
            Linux
                .stat(at::CURRENT_DIRECTORY, path.to_bytes(), at::SYMLINK_NOFOLLOW)
                .is_ok_and(|found| found.mode & file_type::MASK == file_type::REGULAR)
        };
        let path = match executed::interpreter_path() {
            Some(path) => Some(path.ok_or(Errno::NOENT)?),
            None => executed::own_path().filter(is_file),
        };
        match path {
            Some(path) => {
                let path = path.to_bytes();
                buffer.get_mut(..path.len()).ok_or(Errno::RANGE)?.copy_from_slice(path);
                Ok(path.len())
            }
            None => match Linux.read_link(at::CURRENT_DIRECTORY, b"/proc/self/exe", buffer)? {
                // It may have been cut off.
                length if length == buffer.len() => Err(Errno::RANGE),
                length => Ok(length),
            },
        }
    }

    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        identity::host_name(buffer)
    }
}

/// What the child of `spawn` needs, in memory that it shares with the waiting parent (or, where an emulator makes a copying
/// fork of it, has its own copy of: so the error travels through a pipe).
struct Child<'a> {
    spawn: &'a Spawn<'a>,
    arguments: &'a [*const c_char],
    environment: &'a [*const c_char],
    report: Fd,
    mask: u64,
}

/// The child runs no more than paths on its stack need (4 KiB each).
const CHILD_STACK_BYTES: usize = 64 << 10;

extern "C" fn run(child: *const Child<'_>) -> ! {
    // SAFETY: `spawn` passes one that it keeps.
    let child = unsafe { &*child };
    let mut report = child.report;
    let errno = prepare(child, &mut report)
        .err()
        .unwrap_or_else(|| execute(child.spawn.path, child.arguments, child.environment));
    // Not `Linux.write`: it looks at the interrupt word of the parent.
    let _ = borrow(report).map(|report| rustix::io::write(report, &errno.number().to_ne_bytes()));
    last(kernel::__NR_exit_group, 127)
}

fn prepare(child: &Child<'_>, report: &mut Fd) -> Result<()> {
    signals::reset(child.spawn.default_signals)?;
    if let Some(group) = child.spawn.process_group {
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_setpgid, [0, int(group)]) }?;
    }
    for action in child.spawn.actions {
        step(action, report)?;
    }
    Linux.signal_mask(signal::SET_MASK, Some(child.mask)).map(drop)
}

/// One file action. The report moves away from a descriptor that the guest wants for itself.
fn step(action: &SpawnAction<'_>, report: &mut Fd) -> Result<()> {
    let wanted = match *action {
        SpawnAction::Close { fd } | SpawnAction::Open { fd, .. } => fd,
        SpawnAction::Duplicate { fd, .. } if fd == *report => return Err(Errno::BADF),
        SpawnAction::Duplicate { target, .. } => target,
        SpawnAction::ChangeDirectory { .. } => -1,
    };
    if wanted == *report {
        *report = Linux.duplicate(*report, 0, true)?;
        Linux.close(wanted)?;
    }
    match *action {
        // POSIX.1-2024 posix_spawn_file_actions_addclose: a descriptor that is not open is no error.
        SpawnAction::Close { fd } => match Linux.close(fd) {
            Err(Errno::BADF) => Ok(()),
            other => other,
        },
        // Onto itself: the descriptor is inherited (POSIX.1-2024 posix_spawn_file_actions_adddup2).
        SpawnAction::Duplicate { fd, target } if fd == target => Linux.set_descriptor_flags(fd, 0),
        SpawnAction::Duplicate { fd, target } => Linux.duplicate_to(fd, target, false),
        SpawnAction::Open { fd, path, flags, mode } => {
            let _ = Linux.close(fd);
            let opened = Linux.open(at::CURRENT_DIRECTORY, path, flags, mode)?;
            if opened != fd {
                Linux.duplicate_to(opened, fd, flags & platform::abi::open::CLOSE_ON_EXEC != 0)?;
                Linux.close(opened)?;
            }
            Ok(())
        }
        SpawnAction::ChangeDirectory { path } => Linux.change_directory(at::CURRENT_DIRECTORY, path),
    }
}
