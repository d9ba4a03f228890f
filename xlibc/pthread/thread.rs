//! Starting, ending and joining threads.

use core::sync::atomic::{AtomicUsize, Ordering};

use platform::{Futex, Process, Signals, ThreadStart, Threads};

use super::arch::{self, Start};
use super::layout::pthread_attr_t;
use super::{blocks, cleanup, emutls, keys};
use crate::rt::{self, Errno, Result, State, Thread, abi, blocking};
use crate::sync::Lock;
use crate::types::{c_int, c_void};
use crate::{exit, malloc};

/// Stack of a thread without attributes.
pub const STACK_BYTES: usize = 1 << 20;
/// No stack is smaller, whatever the attribute says: a signal frame alone can be larger than PTHREAD_STACK_MIN.
const STACK_REAL_MIN: usize = 32 * 1024;

/// A thread as C names it: `pthread_t` and `thrd_t`.
pub type Handle = *mut Thread;

/// Threads of the program besides the first that have not ended, and whether the first has (then one less).
static RUNNING: AtomicUsize = AtomicUsize::new(1);

/// Starts a thread, whose handle is in `place` before it runs (C23 7.28.5.1). `AGAIN` when there is no room for its block or
/// stack; the handle means nothing then.
///
/// # Safety
/// `place` is valid for one write.
pub unsafe fn create(
    place: *mut Handle,
    attributes: &pthread_attr_t,
    start: Start,
    argument: *mut c_void,
) -> Result<()> {
    let host = rt::host();
    let block = blocks::obtain();
    if block.is_null() {
        return Err(Errno::AGAIN);
    }
    // SAFETY: a new block.
    let thread = unsafe { &*block };
    thread.is_allocated.set(true);
    thread.start.set(Some(start));
    thread.argument.set(argument);
    thread.guard_bytes.set(attributes.guard_bytes);
    thread.floating.set(rt::floating_modes());
    thread.locale.set(0);
    if attributes.detach != 0 {
        thread.state.store(State::Detached as u32, Ordering::Relaxed);
    }
    RUNNING.fetch_add(1, Ordering::Relaxed);
    // A handler of this thread that found the handle would wait for a thread that is not started yet.
    let started = rt::undisturbed(|mask| {
        // Until the thread knows its number.
        let id_lock = Lock::of(&thread.id_lock);
        id_lock.lock(host);
        // SAFETY: caller contract.
        unsafe { place.write(block) };
        // It starts with all signals blocked, too: without its number a handler there could not lock a mutex.
        thread.signal_mask.set(mask);
        let started = host.thread_create(ThreadStart {
            entry: run,
            argument: block as usize,
            slot: block as usize,
            stack_bytes: attributes.stack_bytes.max(STACK_REAL_MIN),
            guard_bytes: attributes.guard_bytes,
        });
        if started.is_err() {
            id_lock.unlock(host);
        }
        started
    });
    if started.is_err() {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
        blocks::give_back(thread);
        return Err(Errno::AGAIN);
    }
    Ok(())
}

/// Runs the work with the thread's number, which stays meanwhile; 0 when the thread has ended.
fn with_id<R>(thread: &Thread, work: impl FnOnce(c_int) -> R) -> R {
    // A handler that interrupts this and asks for the same thread would wait for the lock for ever.
    rt::undisturbed(|_| {
        let (host, id_lock) = (rt::host(), Lock::of(&thread.id_lock));
        id_lock.lock(host);
        let result = work(thread.id.get());
        id_lock.unlock(host);
        result
    })
}

/// First function of a new thread.
#[cfg(target_arch = "x86_64")]
extern "sysv64" fn run(_block: usize) {
    first();
}
/// First function of a new thread.
#[cfg(not(target_arch = "x86_64"))]
extern "C" fn run(_block: usize) {
    first();
}

fn first() -> ! {
    let (host, thread) = (rt::host(), rt::thread());
    rt::set_floating_modes(thread.floating.get());
    if let Ok(bounds) = host.thread_stack() {
        thread.stack.set(bounds);
    }
    thread.id.set(host.thread_id());
    Lock::of(&thread.id_lock).unlock(host);
    let _ = host.signal_mask(abi::signal::SET_MASK, Some(thread.signal_mask.get()));
    let result = match thread.start.get() {
        // SAFETY: the contract of `pthread_create`: the function takes this argument.
        Some(start) => unsafe { arch::call(thread.argument.get(), start) },
        None => core::ptr::null_mut(),
    };
    end_thread(result)
}

/// Ends the calling thread. The process ends with the last one (POSIX.1-2024 `pthread_exit`).
pub fn end_thread(result: *mut c_void) -> ! {
    let thread = rt::thread();
    cleanup::run_handlers(thread);
    exit::run_destructors(thread);
    keys::run_destructors(thread);
    if RUNNING.fetch_sub(1, Ordering::AcqRel) == 1 {
        exit::exit(0);
    }
    thread.result.set(result);
    let (here, (low, end)) = (core::ptr::from_ref(&result).addr(), thread.stack.get());
    if low == 0 || (low..end).contains(&here) {
        finish();
    }
    // A stack of the program's own is its again once a joiner knows of the end. All frames of the thread's are dead.
    let middle = (low + (end - low) / 2) & !15;
    // SAFETY: memory that only this thread uses, and does not return to.
    unsafe { arch::go_on(middle, finish) }
}

/// The rest of [`end_thread`], where no code of the program runs any more.
extern "C" fn finish() -> ! {
    let (host, thread) = (rt::host(), rt::thread());
    // No signal handler may run from here on: it would need the block.
    let _ = host.signal_mask(abi::signal::SET_MASK, Some(u64::MAX));
    emutls::free_all(thread);
    malloc::release_thread(thread);
    // Nobody sends a signal to the number any more once it may belong to another thread.
    let id_lock = Lock::of(&thread.id_lock);
    id_lock.lock(host);
    thread.id.set(0);
    id_lock.unlock(host);
    let running = State::Joinable as u32;
    // From here on a joiner may give the block back, unless the thread is detached and does it.
    match thread.state.compare_exchange(running, State::Exited as u32, Ordering::AcqRel, Ordering::Acquire) {
        // Nothing to do about a failure. It may wake a joiner of the thread that has the block by then, which looks again.
        Ok(_) => drop(host.futex_wake(&thread.state, i32::MAX as u32, false)),
        Err(_) => {
            host.set_thread_slot(0);
            blocks::give_back(thread);
        }
    }
    host.thread_exit()
}

/// Waits for the end of a thread, and gives its result. `DEADLK` for oneself, `INVAL` for a detached one, `SRCH` for one that
/// is gone.
///
/// # Safety
/// `thread` came from `create` or is a running thread.
pub unsafe fn join(thread: Handle) -> Result<*mut c_void> {
    let host = rt::host();
    if core::ptr::eq(thread, rt::thread()) {
        return Err(Errno::DEADLK);
    }
    // SAFETY: caller contract: blocks stay.
    let block = unsafe { &*thread };
    loop {
        match block.state.load(Ordering::Acquire) {
            state if state == State::Exited as u32 => {
                let result = block.result.get();
                if leave(block) {
                    return Ok(result);
                }
            }
            state if state == State::Detached as u32 => return Err(Errno::INVAL),
            state if state == State::Gone as u32 => return Err(Errno::SRCH),
            // Also after a signal: pthread_join never fails with EINTR.
            state => drop(blocking(|| host.futex_wait(&block.state, state, None, abi::futex::NO_INTERRUPT))),
        }
    }
}

/// Gives back the block of a thread that has ended, if nobody else does.
fn leave(block: &Thread) -> bool {
    let (from, to) = (State::Exited as u32, State::Gone as u32);
    let is_first = block.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok();
    if is_first {
        blocks::give_back(block);
    }
    is_first
}

/// Lets a thread give its block back by itself. `INVAL` when it is detached already, `SRCH` for one that is gone.
///
/// # Safety
/// As for [`join`].
pub unsafe fn detach(thread: Handle) -> Result<()> {
    // SAFETY: caller contract: blocks stay.
    let block = unsafe { &*thread };
    let (from, to) = (State::Joinable as u32, State::Detached as u32);
    match block.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(()),
        Err(state) if state == State::Exited as u32 && leave(block) => Ok(()),
        Err(state) if state == State::Detached as u32 => Err(Errno::INVAL),
        Err(_) => Err(Errno::SRCH),
    }
}

/// Sends a signal to a thread of the process; 0 only checks. A thread that has ended and was not joined takes it without
/// effect (POSIX.1-2024 `pthread_kill`); one that is gone is `SRCH`.
///
/// # Safety
/// As for [`join`].
pub unsafe fn kill(thread: Handle, signal: c_int) -> Result<()> {
    let host = rt::host();
    if !(0..=abi::signal::LAST).contains(&signal) {
        return Err(Errno::INVAL);
    }
    // SAFETY: caller contract.
    let block = unsafe { &*thread };
    if core::ptr::eq(thread, rt::thread()) {
        return host.signal_send(host.process_id(), block.id.get(), signal);
    }
    with_id(block, |id| match id {
        0 if block.state.load(Ordering::Acquire) == State::Gone as u32 => Err(Errno::SRCH),
        0 => Ok(()),
        _ if signal == 0 => Ok(()),
        _ => host.signal_send(host.process_id(), id, signal),
    })
}

/// Describes a running thread. `SRCH` for one that is gone.
///
/// # Safety
/// As for [`join`].
pub(super) unsafe fn describe(thread: Handle) -> Result<pthread_attr_t> {
    let host = rt::host();
    // SAFETY: caller contract.
    let block = unsafe { &*thread };
    if block.state.load(Ordering::Acquire) == State::Gone as u32 {
        return Err(Errno::SRCH);
    }
    let known = match core::ptr::eq(thread, rt::thread()) {
        true => host.thread_stack()?,
        false => with_id(block, |_| block.stack.get()),
    };
    if known.1 == 0 {
        // Only the thread itself can ask the host.
        return Err(Errno::OPNOTSUPP);
    }
    Ok(pthread_attr_t {
        stack_bytes: known.1 - known.0,
        stack_end: known.1,
        guard_bytes: block.guard_bytes.get(),
        detach: c_int::from(block.state.load(Ordering::Relaxed) == State::Detached as u32),
        ..pthread_attr_t::default()
    })
}
