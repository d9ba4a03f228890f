//! The operating system as the program sees it: the host's, but for the names of the process's own file, under which the host knows the
//! loader or nothing, and for starting programs of our own kind.

use core::convert::Infallible;
use core::ffi::CStr;
use core::marker::PhantomData;
use core::sync::atomic::AtomicU32;

use loader_abi::Serve;
use platform::abi::{at, file_type, open as open_flags};
use platform::{
    Accepted, Deadline, Facts, Fd, FileSystem, Files, Futex, Ids, Lock, Map, Memory, Names, Network, Piece, PieceMut,
    Process as _, Random, Received, Result, SignalAction, SignalOwner, Signals, Slot, Spawn, Stat, ThreadStart,
    Threads, Time, Timespec, Usage, Wait, Waiting, WindowSize,
};
use platform_operations::delegate;

use super::process::Process;
use crate::exec;
use crate::link::Linker;

/// The view of the process `S`.
pub(super) struct View<S>(PhantomData<fn() -> S>);

impl<S: Process> Serve for View<S> {
    type Platform = Self;
    type Modules = Linker<S::Host>;
    fn platform() -> &'static Self {
        &Self(PhantomData)
    }
    fn modules() -> &'static Linker<S::Host> {
        S::linker()
    }
}

impl<S: Process> Facts for View<S> {
    fn page_bytes(&self) -> usize {
        S::host().page_bytes()
    }
    fn thread_slot(&self) -> Slot {
        S::host().thread_slot()
    }
}

platform::memory_operations!(delegate, S::host(), impl<S: Process> Memory for View<S> {});
platform::time_operations!(delegate, S::host(), impl<S: Process> Time for View<S> {});
platform::threads_operations!(delegate, S::host(), impl<S: Process> Threads for View<S> {});
platform::futex_operations!(delegate, S::host(), impl<S: Process> Futex for View<S> {});
platform::signals_operations!(delegate, S::host(), impl<S: Process> Signals for View<S> {});
platform::random_operations!(delegate, S::host(), impl<S: Process> Random for View<S> {});
platform::network_operations!(delegate, S::host(), impl<S: Process> Network for View<S> {});
platform::waiting_operations!(delegate, S::host(), impl<S: Process> Waiting for View<S> {});

platform::files_operations!(
    delegate,
    S::host(),
    impl<S: Process> Files for View<S> {
        fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
            let file = if flags & open_flags::NO_FOLLOW == 0 { meant::<S>(path) } else { path };
            S::host().open(directory, file, flags, mode)
        }
        /// The own file's name is a link, also on a host that has no such name.
        fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
            let host = S::host();
            match own_file::<S>(path) {
                None => host.stat(directory, path, flags),
                Some(file) if flags & at::SYMLINK_NOFOLLOW == 0 => host.stat(directory, file, flags),
                Some(file) => host.stat(directory, path, flags).or_else(|_| {
                    let found = host.stat(directory, file, flags & !at::SYMLINK_NOFOLLOW)?;
                    Ok(Stat { mode: file_type::SYMLINK | 0o777, size: 0, blocks: 0, nlink: 1, ..found })
                }),
            }
        }
    }
);

platform::names_operations!(
    delegate,
    S::host(),
    impl<S: Process> Names for View<S> {
        fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
            S::host().access(directory, meant::<S>(path), mode, flags)
        }
        fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
            S::host().file_system(directory, meant::<S>(path), flags)
        }
        /// The own file's name leads to the program as the host knows it now, else as it was started.
        fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
            let host = S::host();
            let Some(file) = own_file::<S>(path) else { return host.read_link(directory, path, buffer) };
            let mut whole = [0; 4096];
            let flags = open_flags::PATH | open_flags::CLOSE_ON_EXEC;
            let found = host.open(at::CURRENT_DIRECTORY, file, flags, 0).and_then(|fd| {
                let path = host.descriptor_path(fd, &mut whole);
                // The descriptor only named a place.
                let _ = host.close(fd);
                path
            });
            let target = found.ok().and_then(|length| whole.get(..length)).unwrap_or(file);
            let length = target.len().min(buffer.len());
            for (to, from) in buffer.iter_mut().zip(target) {
                *to = *from;
            }
            Ok(length)
        }
    }
);

platform::process_operations!(
    delegate,
    S::host(),
    impl<S: Process> platform::Process for View<S> {
        fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible> {
            exec::exec(S::host(), meant::<S>(path), arguments, environment)
        }
        fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
            exec::spawn(S::host(), Spawn { path: meant::<S>(spawn.path), ..spawn })
        }
    }
);

/// The file that the guest means: its own program, where it says `/proc/self/exe`.
fn meant<S: Process>(path: &[u8]) -> &[u8] {
    own_file::<S>(path).unwrap_or(path)
}

/// The program, where the path is a name of the process's own file.
fn own_file<S: Process>(path: &[u8]) -> Option<&'static [u8]> {
    let process = path.strip_prefix(b"/proc/")?.strip_suffix(b"/exe")?;
    let own = match process {
        b"self" | b"thread-self" => true,
        // No process has a number with a zero in front.
        [b'1'..=b'9', ..] if process.iter().all(u8::is_ascii_digit) && process.len() < 10 => {
            process.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')) == S::host().process_id()
        }
        _ => false,
    };
    if own { S::linker().program_path() } else { None }
}
