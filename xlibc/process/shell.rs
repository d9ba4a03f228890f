//! `system`: a command for the host's shell.

use core::ffi::CStr;

use crate::rt::abi::signal;
use crate::rt::{Errno, Platform, Result, uninterrupted};
use platform::{SignalAction, Spawn};

/// The shell of POSIX. A host without one has no such file, and `system` says so.
pub const SHELL: &[u8] = b"/bin/sh";

/// Whether there is a shell: `system(NULL)`.
pub fn exists(host: &impl Platform) -> bool {
    use crate::rt::abi::{access, at};
    host.access(at::CURRENT_DIRECTORY, SHELL, access::EXECUTE, 0).is_ok()
}

/// POSIX.1-2024 `system`: runs the command and waits; its wait status. While it runs, SIGINT and SIGQUIT are ignored and
/// SIGCHLD is blocked in the caller, not in the command.
pub fn run(host: &impl Platform, command: &CStr, environment: &[&CStr]) -> Result<i32> {
    const CHILD: u64 = 1 << (signal::CHLD - 1);
    let ignore = SignalAction { handler: signal::HANDLER_IGNORE, mask: 0, flags: 0 };
    let saved = [signal::INT, signal::QUIT].map(|number| (number, host.signal_action(number, Some(ignore))));
    let mask = host.signal_mask(signal::BLOCK, Some(CHILD));
    let defaults = saved.iter().fold(0, |set, (number, before)| match before {
        Ok(before) if before.handler != signal::HANDLER_IGNORE => set | 1 << (number - 1),
        _ => set,
    });
    let child = host.spawn(Spawn {
        path: SHELL,
        arguments: &[c"sh", c"-c", command],
        environment,
        actions: &[],
        signal_mask: mask.ok(),
        default_signals: defaults,
        process_group: None,
    });
    let status = match child {
        Ok(child) => uninterrupted(|| host.wait(child, 0)).map(|(_, status)| status),
        // "As if the command language interpreter had terminated using exit(127)".
        Err(Errno::NOENT | Errno::ACCES | Errno::NOEXEC) => Ok(127 << 8),
        Err(errno) => Err(errno),
    };
    for (number, before) in saved {
        if let Ok(before) = before {
            // It was accepted before, so it is again.
            let _ = host.signal_action(number, Some(before));
        }
    }
    if let Ok(mask) = mask {
        let _ = host.signal_mask(signal::SET_MASK, Some(mask));
    }
    status
}
