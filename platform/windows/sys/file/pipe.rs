//! Pipes.

use core::ffi::c_void;
use core::ptr::{null, null_mut};

use platform::abi::{open as flag, poll, signal};
use platform::{Errno, Result, Stat, WindowSize};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_PIPE_BYTE_STREAM_MODE, FILE_PIPE_COMPLETE_OPERATION, FILE_PIPE_CONNECTED_STATE, FILE_PIPE_INFORMATION,
    FILE_PIPE_LOCAL_INFORMATION, FILE_PIPE_QUEUE_OPERATION, FileNameInformation, FilePipeInformation,
    FilePipeLocalInformation,
};
use windows_sys::Win32::System::Pipes::{CreatePipe, PeekNamedPipe};
use windows_sys::Win32::System::Threading::SleepEx;

use super::kind::{Kind, device};
use super::open_file::{Object, OpenFile, Readiness};
use crate::pure::inherit::RuntimeKind;
use crate::pure::pipe_room::{self, ATOMIC, CAPACITY};
use crate::pure::status::{from_status, nt as code};
use crate::pure::terminal_pipe;
use crate::sys::native::limited;
use crate::sys::native::nt::{self, Handle, last_error};
use crate::sys::native::once::Once;
use crate::sys::native::sync::Mutex;
use crate::sys::signal::delivery;
use crate::sys::signal::task::in_request;

/// One side of a pipe.
#[derive(Default)]
pub struct Pipe {
    /// Whether this process told the kernel not to wait.
    told: Mutex<bool>,
    /// Whether it leads to a terminal of Cygwin or MSYS.
    is_terminal: Once<bool>,
}

/// A new pipe: the side to read from and the side to write to. `non_blocking` is `O_NONBLOCK` or 0.
pub fn make(non_blocking: u32) -> Result<(OpenFile, OpenFile)> {
    let (mut read, mut write) = (null_mut(), null_mut());
    // SAFETY: both places are writable.
    if unsafe { CreatePipe(&mut read, &mut write, null(), CAPACITY as u32) } == 0 {
        return Err(last_error());
    }
    let (read, write) = (Handle::own(read).ok_or(Errno::MFILE)?, Handle::own(write).ok_or(Errno::MFILE)?);
    let reader = OpenFile::new(Some(read), Pipe::known(false), flag::READ_ONLY | non_blocking);
    let writer = OpenFile::new(Some(write), Pipe::known(false), flag::WRITE_ONLY | non_blocking);
    Ok((reader, writer))
}

impl Pipe {
    /// One of which that is known.
    pub fn known(is_terminal: bool) -> Self {
        Self { is_terminal: Once::of(is_terminal), ..Self::default() }
    }

    fn is_terminal(&self, file: &OpenFile) -> Result<bool> {
        /// The question waits for whoever is blocked in a request on the same side; for a terminal's nobody is.
        const MILLISECONDS: u32 = 100;
        let handle = file.handle()?.raw();
        Ok(*self.is_terminal.get(|| limited::within(MILLISECONDS, has_name_of_terminal, handle) == Some(1)))
    }

    /// Makes the kernel's side follow `O_NONBLOCK`. Not where the flag is set: that would wait behind a request of another
    /// process on the same side.
    fn follow(&self, file: &OpenFile) -> Result<()> {
        let wanted = file.non_blocking();
        let mut told = self.told.lock();
        if *told != wanted {
            let wait = if wanted { FILE_PIPE_COMPLETE_OPERATION } else { FILE_PIPE_QUEUE_OPERATION };
            let mode = FILE_PIPE_INFORMATION { ReadMode: FILE_PIPE_BYTE_STREAM_MODE, CompletionMode: wait };
            nt::set(file.handle()?, FilePipeInformation, &mode).map_err(from_status)?;
            *told = wanted;
        }
        Ok(())
    }
}

impl Object for Pipe {
    fn kind(&self) -> Kind {
        match self.is_terminal.known() {
            None => Kind::ForeignPipe,
            Some(true) => Kind::Terminal,
            Some(false) => Kind::Pipe,
        }
    }

    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        // Room for a larger read counts as taken until bytes come: writers that do not wait would find no room.
        const MOST: usize = CAPACITY - ATOMIC;
        let length = buffer.len().min(MOST);
        let buffer = buffer.get_mut(..length).unwrap_or_default();
        let handle = file.handle()?;
        loop {
            // A handle without the right to change it is asked first.
            if self.follow(file).is_err() && file.non_blocking() && waiting(handle) == Some(0) {
                return Err(Errno::AGAIN);
            }
            match in_request(Err(code::CANCELLED), || nt::read(handle, buffer, None)) {
                // A writer's empty message is not the end: look whether the other side is still there.
                Ok(0) if waiting(handle).is_some() => {}
                Err(code::PIPE_EMPTY) if file.non_blocking() => return Err(Errno::AGAIN),
                Err(code::PIPE_EMPTY) => pause(),
                Err(code::CANCELLED) => {}
                other => return other.map_err(from_status),
            }
            delivery::interrupted()?;
        }
    }

    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize> {
        let handle = file.handle()?;
        self.follow(file)?;
        let mut done = 0;
        loop {
            let rest = data.get(done..).unwrap_or_default();
            match pipe_room::fill(rest, |piece| in_request(Err(code::CANCELLED), || nt::write(handle, piece, None))) {
                Ok(0) if file.non_blocking() => return if done == 0 { Err(Errno::AGAIN) } else { Ok(done) },
                Ok(0) => pause(),
                Ok(count) => done += count,
                Err(code::CANCELLED) => {}
                Err(status) => {
                    let errno = from_status(status);
                    if errno == Errno::PIPE {
                        delivery::raise(signal::PIPE);
                    }
                    return if done == 0 { Err(errno) } else { Ok(done) };
                }
            }
            if done == data.len() || done > 0 && file.non_blocking() {
                return Ok(done);
            }
            if let Err(interrupted) = delivery::interrupted() {
                return if done == 0 { Err(interrupted) } else { Ok(done) };
            }
        }
    }

    fn look(&self, file: &OpenFile) -> u16 {
        let Ok(handle) = file.handle() else { return poll::ERROR };
        let about: nt::Status<FILE_PIPE_LOCAL_INFORMATION> = nt::query(handle, FilePipeLocalInformation);
        let is_open = about.is_ok_and(|about| about.NamedPipeState == FILE_PIPE_CONNECTED_STATE);
        let mut events = 0;
        if file.readable() {
            match waiting(handle) {
                Some(0) if is_open => {}
                Some(0) | None => events |= poll::HANG_UP,
                Some(_) if is_open => events |= poll::IN | poll::IN_NORMAL,
                Some(_) => events |= poll::IN | poll::IN_NORMAL | poll::HANG_UP,
            }
        }
        if file.writable() {
            match about {
                Ok(about) if is_open => {
                    if !tells_room() || about.WriteQuotaAvailable as usize >= ATOMIC {
                        events |= poll::OUT | poll::OUT_NORMAL;
                    }
                }
                // A write does not wait: it fails.
                _ => events |= poll::ERROR | poll::OUT | poll::OUT_NORMAL,
            }
        }
        events
    }

    /// The kernel has nothing to wait for on a handle for synchronous use, which children of Windows need.
    fn readiness(&self, _file: &OpenFile) -> Readiness {
        Readiness::Unknown
    }

    fn allocate(&self, _file: &OpenFile, _offset: u64, _length: u64) -> Result<()> {
        Err(Errno::SPIPE)
    }

    /// The size is not known: such a terminal does not tell programs of Windows.
    fn window_size(&self, file: &OpenFile) -> Result<WindowSize> {
        if self.is_terminal(file)? { Ok(WindowSize::default()) } else { Err(Errno::NOTTY) }
    }

    fn stat(&self, file: &OpenFile) -> Result<Stat> {
        let kind = if self.is_terminal(file)? { Kind::Terminal } else { Kind::Pipe };
        Ok(Stat { ino: file.handle()?.raw() as u64, ..device(kind) })
    }

    fn runtime_kind(&self) -> RuntimeKind {
        RuntimeKind::Pipe
    }
}

/// Whether this system tells how much room a pipe has: Wine says that there is none.
fn tells_room() -> bool {
    static TELLS: Once<bool> = Once::new();
    *TELLS.get(|| {
        make(0).is_ok_and(|(_reader, writer)| {
            let about = writer.handle().map(|handle| nt::query(handle, FilePipeLocalInformation));
            about.is_ok_and(|about: nt::Status<FILE_PIPE_LOCAL_INFORMATION>| {
                about.is_ok_and(|about| about.WriteQuotaAvailable > 0)
            })
        })
    })
}

/// Whether the name of a pipe is that of a terminal: 1 or 0.
unsafe extern "system" fn has_name_of_terminal(pipe: *mut c_void) -> u32 {
    /// The start of `FILE_NAME_INFORMATION`: longer names are others.
    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Name {
        bytes: u32,
        units: [u16; 126],
    }
    impl Default for Name {
        fn default() -> Self {
            Self { bytes: 0, units: [0; 126] }
        }
    }
    let Some(pipe) = Handle::own(pipe) else { return 0 };
    let name = nt::query::<Name>(&pipe, FileNameInformation);
    // Its owner closes it.
    core::mem::forget(pipe);
    let is = |name: Name| name.units.get(..name.bytes as usize / 2).is_some_and(terminal_pipe::is_terminal);
    u32::from(name.is_ok_and(is))
}

/// Waits a moment, or until a signal comes: another process made the kernel's side not wait, and this one may.
fn pause() {
    // SAFETY: no pointers.
    unsafe { SleepEx(1, 1) };
}

/// How many bytes wait in the pipe; `None` when the other side is gone.
fn waiting(handle: &Handle) -> Option<u32> {
    let mut count = 0;
    // SAFETY: only the count is asked for.
    let alive = unsafe { PeekNamedPipe(handle.raw(), null_mut(), 0, null_mut(), &mut count, null_mut()) };
    (alive != 0).then_some(count)
}
