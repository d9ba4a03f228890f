//! Signals: Windows has none, so the process keeps masks, actions and pending signals itself.
//!
//! A signal is delivered on the thread it is for when that thread sends it to itself, unblocks it, or waits in a request that
//! signals interrupt; a thread that runs the guest's own code is stopped and sent into the handler ([`super::redirect`]).

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use platform::abi::signal;
use platform::{Errno, Result, SignalAction};
use windows_sys::Win32::Foundation::{CloseHandle, WAIT_TIMEOUT};
use windows_sys::Win32::System::IO::CancelSynchronousIo;
use windows_sys::Win32::System::Threading::{
    GetCurrentThread, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
    QueueUserAPC, Sleep, TerminateProcess, WaitForSingleObject, WakeByAddressAll,
};

use super::nt::{self, Handle, last_error};
use super::sync::Mutex;
use super::thread::ThreadWord;
use super::{console_events, fault, frame, process, redirect, start, thread};
use crate::pure::exit_code;

/// What signals know about a thread.
pub struct Task {
    /// Its number.
    pub id: i32,
    /// Another handle to it.
    pub handle: Option<Handle>,
    /// What it finds when it is sent into a handler.
    pub arrivals: frame::Arrivals,
    /// Blocked signals; bit `n - 1` is signal `n`.
    pub mask: AtomicU64,
    pending: AtomicU64,
    waits_on: AtomicUsize,
    in_request: AtomicBool,
}

static CURRENT: ThreadWord = ThreadWord::new();
static TASKS: Mutex<Vec<Arc<Task>>> = Mutex::new(Vec::new());
static PENDING: AtomicU64 = AtomicU64::new(0);
static ACTIONS: Mutex<[SignalAction; 65]> =
    Mutex::new([SignalAction { handler: signal::HANDLER_DEFAULT, mask: 0, flags: 0 }; 65]);

/// SIGKILL and SIGSTOP cannot be blocked, caught or ignored.
const UNTOUCHABLE: u64 = bit(signal::KILL) | bit(signal::STOP);

/// The bit of a signal.
pub const fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

/// Called once, before anything of the guest runs.
pub fn process_starts() {
    fault::install();
    console_events::listen();
    let (_, ignored) = start::inherited_signals();
    let mut actions = ACTIONS.lock();
    for number in 1..=signal::LAST {
        if ignored & bit(number) != 0
            && let Some(action) = actions.get_mut(number as usize)
        {
            action.handler = signal::HANDLER_IGNORE;
        }
    }
}

/// Makes the thread known on which `main` runs.
pub fn main_starts() {
    task().mask.store(start::inherited_signals().0 & !UNTOUCHABLE, Ordering::SeqCst);
}

/// Signals that are ignored now.
pub fn ignored() -> u64 {
    let actions = ACTIONS.lock();
    (1..=signal::LAST)
        .filter(|number| actions.get(*number as usize).is_some_and(|row| row.handler == signal::HANDLER_IGNORE))
        .fold(0, |all, number| all | bit(number))
}

/// Makes the calling thread known.
pub fn thread_starts() {
    task();
}

/// Forgets the calling thread.
pub fn thread_ends() {
    let pointer = CURRENT.get();
    if pointer != 0 {
        CURRENT.set(0);
        let id = thread::id();
        TASKS.lock().retain(|task| task.id != id);
        // SAFETY: the count that `task` leaked for this thread.
        drop(unsafe { Arc::from_raw(pointer as *const Task) });
    }
}

/// The calling thread; for a thread that the platform did not start it is made now.
pub fn task() -> &'static Task {
    let known = CURRENT.get();
    if known != 0 {
        // SAFETY: lives until the thread ends, and only the thread itself asks.
        return unsafe { &*(known as *const Task) };
    }
    // SAFETY: no arguments.
    let handle = nt::duplicate(unsafe { GetCurrentThread() }, false).ok();
    let task = Arc::new(Task {
        id: thread::id(),
        handle,
        arrivals: frame::Arrivals::new(),
        mask: AtomicU64::new(0),
        pending: AtomicU64::new(0),
        waits_on: AtomicUsize::new(0),
        in_request: AtomicBool::new(false),
    });
    TASKS.lock().push(task.clone());
    let pointer = Arc::into_raw(task);
    CURRENT.set(pointer as usize);
    // SAFETY: leaked until the thread ends.
    unsafe { &*pointer }
}

impl Task {
    /// The futex word that the thread waits for, so that a signal can wake it; 0 for none.
    pub fn wait_on(&self, address: usize) {
        self.waits_on.store(address, Ordering::SeqCst);
    }

    fn waiting(&self) -> u64 {
        (self.pending.load(Ordering::SeqCst) | PENDING.load(Ordering::SeqCst)) & !self.mask.load(Ordering::SeqCst)
    }

    /// Takes a pending signal that is not blocked, the lowest number first.
    fn take(&self) -> Option<i32> {
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

/// Marks a request that `CancelSynchronousIo` may end for a signal.
pub fn in_request<T>(request: impl FnOnce() -> T) -> T {
    let task = task();
    task.in_request.store(true, Ordering::SeqCst);
    let result = request();
    task.in_request.store(false, Ordering::SeqCst);
    result
}

/// What came of delivering.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    /// No handler ran.
    Nothing,
    /// Only handlers that let requests go on (SA_RESTART).
    Restart,
    /// A handler that ends requests.
    Interrupt,
}

fn deliver() -> Ran {
    let task = task();
    let mut ran = Ran::Nothing;
    while let Some(number) = task.take() {
        match run(task, number, &mut frame::Info::user(number), &mut frame::Context::empty()) {
            None => {}
            Some(action) if action.flags & signal::SA_RESTART != 0 => {
                if ran == Ran::Nothing {
                    ran = Ran::Restart;
                }
            }
            Some(_) => ran = Ran::Interrupt,
        }
    }
    ran
}

/// Delivers all that is pending for the calling thread into the guest's code that `context` describes.
pub fn deliver_into(context: &mut frame::Context) {
    let task = task();
    while let Some(number) = task.take() {
        run(task, number, &mut frame::Info::user(number), context);
    }
}

/// `EINTR` when a signal handler ran now.
pub fn interrupted_always() -> Result<()> {
    if task().waiting() != 0 && deliver() != Ran::Nothing { Err(Errno::INTR) } else { Ok(()) }
}

/// `EINTR` when a signal handler without SA_RESTART ran now.
pub fn interrupted() -> Result<()> {
    if task().waiting() != 0 && deliver() == Ran::Interrupt { Err(Errno::INTR) } else { Ok(()) }
}

/// As [`interrupted`] after a console read that Ctrl-C ended: the thread that tells which signal may come a moment later.
pub fn interrupted_by_console() -> Result<()> {
    for _ in 0..20 {
        if task().waiting() != 0 {
            return interrupted();
        }
        // SAFETY: no pointers.
        unsafe { Sleep(5) };
    }
    Ok(())
}

/// Whether a signal's default action is to do nothing. Stopping is not possible here and so is nothing, too.
const fn is_ignored_by_default(number: i32) -> bool {
    matches!(number, signal::CHLD | signal::CONT | signal::URG | signal::WINCH | signal::STOP..=22)
}

/// Treats one signal on the calling thread; the action whose handler ran.
pub fn run(task: &Task, number: i32, info: &mut frame::Info, context: &mut frame::Context) -> Option<SignalAction> {
    let action = {
        let mut actions = ACTIONS.lock();
        let slot = actions.get_mut(number as usize)?;
        let action = *slot;
        if action.flags & signal::SA_RESETHAND != 0 && action.handler > signal::HANDLER_IGNORE {
            slot.handler = signal::HANDLER_DEFAULT;
        }
        action
    };
    match action.handler {
        signal::HANDLER_IGNORE => return None,
        signal::HANDLER_DEFAULT if is_ignored_by_default(number) => return None,
        signal::HANDLER_DEFAULT => process::terminate(number),
        _ => {}
    }
    let before = task.mask.load(Ordering::SeqCst);
    context.set_mask(before);
    let own = if action.flags & signal::SA_NODEFER == 0 { bit(number) } else { 0 };
    task.mask.store((before | action.mask | own) & !UNTOUCHABLE, Ordering::SeqCst);
    // SAFETY: the guest gave this address as a handler of this type.
    let handler = unsafe { core::mem::transmute::<usize, frame::Handler>(action.handler) };
    let floating = frame::Floating::set_aside();
    handler(number, info, context);
    floating.restore();
    // The handler may have changed the mask that its caller gets back.
    task.mask.store(context.mask() & !UNTOUCHABLE, Ordering::SeqCst);
    Some(action)
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

/// Where a fault with this signal goes.
pub fn fault_action(number: i32) -> FaultAction {
    if task().mask.load(Ordering::SeqCst) & bit(number) != 0 {
        return FaultAction::End;
    }
    match handler_of(number) {
        signal::HANDLER_DEFAULT => FaultAction::Default,
        signal::HANDLER_IGNORE => FaultAction::End,
        _ => FaultAction::Catch,
    }
}

/// `sigaction`.
pub fn action(number: i32, new: Option<SignalAction>) -> Result<SignalAction> {
    let at = usize::try_from(number).ok().filter(|at| (1..=64).contains(at)).ok_or(Errno::INVAL)?;
    if new.is_some() && UNTOUCHABLE & bit(number) != 0 {
        return Err(Errno::INVAL);
    }
    if new.is_some_and(|new| new.handler != signal::HANDLER_DEFAULT) {
        frame::prepare();
    }
    let old = {
        let mut actions = ACTIONS.lock();
        let slot = actions.get_mut(at).ok_or(Errno::INVAL)?;
        let old = *slot;
        if let Some(new) = new {
            *slot = new;
        }
        old
    };
    Ok(old)
}

/// How a signal is treated now.
pub fn handler_of(number: i32) -> usize {
    ACTIONS.lock().get(number as usize).map_or(signal::HANDLER_DEFAULT, |action| action.handler)
}

/// `pthread_sigmask`.
pub fn mask(how: u32, change: Option<u64>) -> Result<u64> {
    let task = task();
    let old = task.mask.load(Ordering::SeqCst);
    if let Some(change) = change {
        let new = match how {
            signal::BLOCK => old | change,
            signal::UNBLOCK => old & !change,
            signal::SET_MASK => change,
            _ => return Err(Errno::INVAL),
        };
        task.mask.store(new & !UNTOUCHABLE, Ordering::SeqCst);
        if task.waiting() != 0 {
            deliver();
        }
    }
    Ok(old)
}

/// The calling thread's blocked signals.
pub fn current_mask() -> u64 {
    task().mask.load(Ordering::SeqCst)
}

/// Sends the calling thread a signal, as a fault of its own request does (SIGPIPE).
pub fn raise(number: i32) {
    let task = task();
    task.pending.fetch_or(bit(number), Ordering::SeqCst);
    if task.waiting() != 0 {
        deliver();
    }
}

/// `kill` and `tgkill`.
pub fn send(process_id: i32, thread_id: i32, number: i32) -> Result<()> {
    if !(0..=signal::LAST).contains(&number) {
        return Err(Errno::INVAL);
    }
    if thread_id != 0 {
        let target = TASKS.lock().iter().find(|task| task.id == thread_id).cloned().ok_or(Errno::SRCH)?;
        return to_thread(&target, number);
    }
    match process_id {
        0 => to_process(number),
        own if own == process::id() => to_process(number),
        1.. => to_other(process_id, number),
        // Groups are not kept: only a lone process is one.
        group if group == -process::id() => to_process(number),
        _ => Err(Errno::SRCH),
    }
}

fn to_thread(target: &Arc<Task>, number: i32) -> Result<()> {
    match number {
        0 => return Ok(()),
        signal::KILL => process::terminate(number),
        signal::STOP => return Err(Errno::NOSYS),
        _ => {}
    }
    target.pending.fetch_or(bit(number), Ordering::SeqCst);
    if target.id == task().id {
        if target.waiting() != 0 {
            deliver();
        }
    } else {
        notify(target, number);
    }
    Ok(())
}

/// A signal for whichever thread does not block it: the calling one if it can be, else the first.
pub fn to_process(number: i32) -> Result<()> {
    match number {
        0 => return Ok(()),
        signal::KILL => process::terminate(number),
        signal::STOP => return Err(Errno::NOSYS),
        _ => {}
    }
    PENDING.fetch_or(bit(number), Ordering::SeqCst);
    let own = task();
    if own.waiting() & bit(number) != 0 {
        deliver();
        return Ok(());
    }
    let target = {
        let tasks = TASKS.lock();
        tasks.iter().find(|task| task.mask.load(Ordering::SeqCst) & bit(number) == 0).cloned()
    };
    if let Some(target) = target {
        notify(&target, number);
    }
    Ok(())
}

/// A signal that came from outside, on a thread of Windows: it must not run handlers of the guest itself.
pub fn from_outside(number: i32) {
    PENDING.fetch_or(bit(number), Ordering::SeqCst);
    let target = {
        let tasks = TASKS.lock();
        tasks.iter().find(|task| task.mask.load(Ordering::SeqCst) & bit(number) == 0).cloned()
    };
    if let Some(target) = target {
        notify(&target, number);
    }
}

/// Gets a thread's attention: ends its wait, or stops it in the guest's code. A thread in a request of the platform is asked
/// again until it takes the signal; one that stays there finds it at its next wait.
fn notify(target: &Task, number: i32) {
    const TRIES: u32 = 400;
    let Some(handle) = &target.handle else { return };
    extern "system" fn nothing(_: usize) {}
    // SAFETY: the function does nothing; it only ends an alertable wait.
    unsafe { QueueUserAPC(Some(nothing), handle.raw(), 0) };
    for attempt in 0..TRIES {
        if target.waiting() & bit(number) == 0 {
            return;
        }
        let address = target.waits_on.load(Ordering::SeqCst);
        // SAFETY: an address is only compared; cancelling touches requests that were marked for it.
        unsafe {
            if address != 0 {
                WakeByAddressAll(address as *const core::ffi::c_void);
            }
            if target.in_request.load(Ordering::SeqCst) {
                CancelSynchronousIo(handle.raw());
            }
        }
        if redirect::into_handler(target) {
            return;
        }
        // SAFETY: no pointers.
        unsafe { Sleep(u32::from(attempt > 10)) };
    }
}

/// Other processes: what the default action does, or nothing. Windows cannot call a handler in another process.
fn to_other(process_id: i32, number: i32) -> Result<()> {
    let rights = PROCESS_TERMINATE | PROCESS_SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION;
    // SAFETY: no pointers; the handle is checked and closed.
    unsafe {
        let raw = OpenProcess(rights, 0, process_id as u32);
        if raw.is_null() {
            return Err(match last_error() {
                Errno::INVAL => Errno::SRCH,
                Errno::ACCES => Errno::PERM,
                other => other,
            });
        }
        let alive = WaitForSingleObject(raw, 0) == WAIT_TIMEOUT;
        let result = match number {
            // A child that ended and was not waited for is still there for `kill`.
            _ if !alive => {
                if super::children::is_child(process_id) {
                    Ok(())
                } else {
                    Err(Errno::SRCH)
                }
            }
            0 => Ok(()),
            signal::STOP | signal::CONT => Err(Errno::NOSYS),
            _ if is_ignored_by_default(number) => Ok(()),
            _ if TerminateProcess(raw, exit_code::signaled(number)) != 0 => Ok(()),
            _ => Err(Errno::PERM),
        };
        CloseHandle(raw);
        result
    }
}
