//! What the operating system remembers, and what tests do to it.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Instant;

use crate::disk::Disk;
use crate::faults::Faults;
use crate::open::Descriptors;
use crate::regions::Regions;
use crate::schedule;
use platform::{SignalAction, Timespec, Wrapped};

/// The simulated operating system, with faults on demand.
pub type Sim = Wrapped<System, Faults>;

/// The operating system without faults.
pub struct System {
    state: Mutex<State>,
    pub(crate) started: Instant,
}

/// How much there is.
#[derive(Default)]
pub(crate) struct Limits {
    /// Most bytes one read or write moves.
    pub transfer_bytes: Option<usize>,
    /// Most bytes all files together may hold.
    pub disk_bytes: Option<usize>,
    /// Most bytes all mappings together may hold.
    pub memory_bytes: Option<usize>,
}

/// What the operating system remembers.
pub(crate) struct State {
    pub disk: Disk,
    pub descriptors: Descriptors,
    pub limits: Limits,
    pub regions: Regions,
    /// Nanoseconds that sleeping has added to the clocks.
    pub slept_ns: u64,
    pub umask: u32,
    pub secure: bool,
    pub random: u64,
    pub signals: HashMap<i32, SignalAction>,
    pub pending: u64,
}

thread_local! {
    /// The signals that this thread blocks.
    pub(crate) static SIGNAL_MASK: Cell<u64> = const { Cell::new(0) };
    /// Handlers of signals that this thread has run.
    pub(crate) static HANDLED: Cell<u64> = const { Cell::new(0) };
}

/// Realtime at the start of every simulation: 2025-01-02 03:04:05 UTC.
pub const EPOCH_SECONDS: i64 = 1_735_787_045;

impl System {
    /// A fresh system: `/`, `/tmp`, `/dev`, `/home` (the current directory); descriptors 0, 1 and 2 open on a console.
    #[must_use]
    pub fn new() -> Self {
        let mut disk = Disk::new(Timespec { seconds: EPOCH_SECONDS, nanoseconds: 0 });
        for directory in [b"/tmp".as_slice(), b"/dev", b"/home"] {
            disk.make_directory_at_start(directory);
        }
        Self {
            state: Mutex::new(State {
                descriptors: Descriptors::with_console(),
                disk,
                limits: Limits::default(),
                regions: Regions::default(),
                slept_ns: 0,
                umask: 0o022,
                secure: false,
                random: 0x9E37_79B9_7F4A_7C15,
                signals: HashMap::new(),
                pending: 0,
            }),
            started: Instant::now(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes what was written to the console: descriptor 1 for standard output, 2 for standard error.
    pub fn take_output(&self, fd: i32) -> Vec<u8> {
        let mut state = self.state();
        let output = if fd == 2 { &mut state.descriptors.console_error } else { &mut state.descriptors.console_output };
        std::mem::take(output)
    }

    /// Whether descriptors 0 to 2 are a terminal (80 x 24); they are not at the start.
    pub fn set_terminal(&self, terminal: bool) {
        self.state().descriptors.terminal = terminal;
    }

    /// Whether the process may do more than its starter; it may not at the start.
    pub fn set_secure(&self, secure: bool) {
        self.state().secure = secure;
    }

    /// Puts a file on the disk.
    ///
    /// # Panics
    /// When the path has no parent directory.
    pub fn put_file(&self, path: &[u8], data: &[u8]) {
        let mut state = self.state();
        state.disk.put_file(path, data);
    }

    /// The contents of a file on the disk.
    #[must_use]
    pub fn file(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.state().disk.contents(path)
    }

    /// Descriptors that are open now.
    #[must_use]
    pub fn open_descriptors(&self) -> usize {
        self.state().descriptors.count()
    }

    /// Lets every read and write move at most this many bytes.
    pub fn limit_transfers(&self, bytes: usize) {
        self.state().limits.transfer_bytes = Some(bytes);
    }

    /// Makes the disk full once all files together hold this many bytes.
    pub fn limit_disk(&self, bytes: usize) {
        self.state().limits.disk_bytes = Some(bytes);
    }

    /// Makes `map` fail with `ENOMEM` once all mappings together hold this many bytes.
    pub fn limit_memory(&self, bytes: usize) {
        self.state().limits.memory_bytes = Some(bytes);
    }
}

impl System {
    /// The state for a request.
    pub(crate) fn enter(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state();
        let now = self.real_time(state.slept_ns);
        state.disk.set_now(now);
        state
    }

    pub(crate) fn elapsed(&self, slept_ns: u64) -> u64 {
        schedule::now_ns().unwrap_or_else(|| self.started.elapsed().as_nanos() as u64) + slept_ns
    }

    pub(crate) fn real_time(&self, slept_ns: u64) -> Timespec {
        Timespec { seconds: EPOCH_SECONDS, nanoseconds: 0 }.saturating_add_ns(self.elapsed(slept_ns))
    }
}

impl Default for System {
    fn default() -> Self {
        Self::new()
    }
}
