//! What signals know about threads: which are blocked, which are pending.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use platform::abi::signal;
use windows_sys::Win32::System::IO::CancelSynchronousIo;
use windows_sys::Win32::System::Threading::{GetCurrentThread, QueueUserAPC, WakeByAddressAll};

use super::actions::{self, bit};
use super::frame::Arrivals;
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::sync::Mutex;
use crate::sys::native::thread_word::ThreadWord;
use crate::sys::native::{slot, thread};

/// What signals know about a thread.
pub struct Task {
    /// Its number.
    pub id: i32,
    /// Another handle to it.
    pub handle: Option<Handle>,
    /// What it finds when it is sent into a handler.
    pub arrivals: Arrivals,
    /// Blocked signals; bit `n - 1` is signal `n`.
    pub mask: AtomicU64,
    pending: AtomicU64,
    waits_on: AtomicUsize,
    in_request: AtomicBool,
    told: AtomicBool,
    /// An APC is queued for it that has not begun.
    called: AtomicBool,
}

static CURRENT: ThreadWord = ThreadWord::new();
static TASKS: Mutex<Vec<Arc<Task>>> = Mutex::new(Vec::new());
/// What waits for any thread that does not block it.
static PENDING: AtomicU64 = AtomicU64::new(0);

/// Forgets the calling thread.
pub fn forget() {
    let pointer = CURRENT.get();
    if pointer != 0 {
        CURRENT.set(0);
        let id = thread::id();
        TASKS.lock().retain(|task| task.id != id);
        // SAFETY: the count that `current` leaked for this thread.
        drop(unsafe { Arc::from_raw(pointer as *const Task) });
    }
}

/// The calling thread; for a thread that the platform did not start it is made now.
pub fn current() -> &'static Task {
    let known = CURRENT.get();
    if known != 0 {
        // SAFETY: lives until the thread ends, and only the thread itself asks.
        return unsafe { &*(known as *const Task) };
    }
    begin(0)
}

/// Makes the calling thread known, which blocks these signals.
pub fn begin(mask: u64) -> &'static Task {
    // SAFETY: no arguments.
    let handle = nt::duplicate(unsafe { GetCurrentThread() }, false).ok();
    let task = Arc::new(Task {
        id: thread::id(),
        handle,
        arrivals: Arrivals::new(),
        mask: AtomicU64::new(mask),
        pending: AtomicU64::new(0),
        waits_on: AtomicUsize::new(0),
        in_request: AtomicBool::new(false),
        told: AtomicBool::new(false),
        called: AtomicBool::new(false),
    });
    TASKS.lock().push(task.clone());
    let pointer = Arc::into_raw(task);
    CURRENT.set(pointer as usize);
    // SAFETY: leaked until the thread ends.
    unsafe { &*pointer }
}

/// Whether signals know the calling thread. Others are Windows' own.
pub fn is_known() -> bool {
    CURRENT.get() != 0
}

/// Where a fault goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FaultAction {
    /// Into the handler.
    Catch,
    /// To the default action.
    Default,
    /// To the end of the process, as a fault cannot be blocked or ignored.
    End,
}

impl Task {
    /// The futex word that the thread waits for, so that a signal can wake it; 0 for none.
    pub fn wait_on(&self, address: usize) {
        self.waits_on.store(address, Ordering::SeqCst);
    }

    /// The signals that wait to be delivered on it.
    pub fn waiting(&self) -> u64 {
        (self.pending.load(Ordering::SeqCst) | PENDING.load(Ordering::SeqCst)) & !self.mask.load(Ordering::SeqCst)
    }

    /// Where a fault with this signal goes.
    pub fn fault_action(&self, number: i32) -> FaultAction {
        if self.mask.load(Ordering::SeqCst) & bit(number) != 0 {
            return FaultAction::End;
        }
        match actions::handler_of(number) {
            signal::HANDLER_DEFAULT => FaultAction::Default,
            signal::HANDLER_IGNORE => FaultAction::End,
            _ => FaultAction::Catch,
        }
    }

    /// Sends it a signal, which waits.
    pub fn pend(&self, number: i32) {
        self.pending.fetch_or(bit(number), Ordering::SeqCst);
    }

    /// Ends its alertable wait, or the next one: it looks for signals and at its interrupt word afterwards. One APC that is still to run is
    /// enough for all who ask: a thread that got them faster than it takes them would not come out of its wait.
    pub fn end_wait(&self) {
        extern "system" fn begun(_: usize) {
            if is_known() {
                current().called.store(false, Ordering::SeqCst);
            }
        }
        let Some(handle) = &self.handle else { return };
        // SAFETY: the function takes any number.
        if !self.called.swap(true, Ordering::SeqCst) && unsafe { QueueUserAPC(Some(begun), handle.raw(), 0) } == 0 {
            self.called.store(false, Ordering::SeqCst);
        }
    }

    /// Ends its wait for a futex word, or its request that can be cancelled. Nothing of it stays for one that begins a moment later.
    pub fn end_marked_wait(&self) {
        let address = self.waits_on.load(Ordering::SeqCst);
        if address != 0 {
            // SAFETY: an address is only compared.
            unsafe { WakeByAddressAll(address as *const c_void) };
        }
        if let Some(handle) = self.handle.as_ref().filter(|_| self.in_request.load(Ordering::SeqCst)) {
            // SAFETY: cancelling touches requests that were marked for it.
            unsafe { CancelSynchronousIo(handle.raw()) };
        }
    }

    /// Asks it to look at its interrupt word.
    pub fn tell(&self) {
        self.told.store(true, Ordering::SeqCst);
    }

    /// Whether it waits, or may begin to, and has not looked at its interrupt word since it was told to.
    pub fn may_have_missed(&self) -> bool {
        self.told.load(Ordering::SeqCst)
            && (self.waits_on.load(Ordering::SeqCst) != 0 || self.in_request.load(Ordering::SeqCst))
    }

    /// The thread itself: it looks at its interrupt word now.
    pub fn looks(&self) {
        if self.told.load(Ordering::SeqCst) {
            self.told.store(false, Ordering::SeqCst);
        }
    }

    /// Takes a pending signal that is not blocked, the lowest number first.
    pub fn take(&self) -> Option<i32> {
        loop {
            let waiting = self.waiting();
            if waiting == 0 {
                return None;
            }
            let one = waiting & waiting.wrapping_neg();
            if self.pending.fetch_and(!one, Ordering::SeqCst) & one != 0
                || PENDING.fetch_and(!one, Ordering::SeqCst) & one != 0
            {
                return Some(one.trailing_zeros() as i32 + 1);
            }
        }
    }
}

/// Marks a request that `CancelSynchronousIo` may end for a signal or an interruption; `cancelled` when the thread is interrupted
/// already.
pub fn in_request<T>(cancelled: T, request: impl FnOnce() -> T) -> T {
    let task = current();
    // In this order: whoever sets the word afterwards sees the mark.
    task.in_request.store(true, Ordering::SeqCst);
    task.looks();
    let result = if slot::is_interrupted() { cancelled } else { request() };
    task.in_request.store(false, Ordering::SeqCst);
    result
}

/// The calling thread's blocked signals.
pub fn current_mask() -> u64 {
    current().mask.load(Ordering::SeqCst)
}

/// Sends the process a signal, which waits for a thread that does not block it.
pub fn pend_for_process(number: i32) {
    PENDING.fetch_or(bit(number), Ordering::SeqCst);
}

/// Whether no thread has taken such a signal yet.
pub fn pends_for_process(number: i32) -> bool {
    PENDING.load(Ordering::SeqCst) & bit(number) != 0
}

/// The thread with this number.
pub fn find(id: i32) -> Option<Arc<Task>> {
    TASKS.lock().iter().find(|task| task.id == id).cloned()
}

/// The first thread that does not block the signal.
pub fn first_open_to(number: i32) -> Option<Arc<Task>> {
    TASKS.lock().iter().find(|task| task.mask.load(Ordering::SeqCst) & bit(number) == 0).cloned()
}

/// Whether every thread blocks the signal.
pub fn all_block(number: i32) -> bool {
    let tasks = TASKS.lock();
    !tasks.is_empty() && tasks.iter().all(|task| task.mask.load(Ordering::SeqCst) & bit(number) != 0)
}
