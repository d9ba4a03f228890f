//! Memory of thread blocks. It is used for threads alone and never given back, so that a `pthread_t` of a thread that is gone
//! can be told from one of a thread that is there: `ESRCH`, where POSIX leaves the behaviour open.

use core::sync::atomic::Ordering;

use crate::malloc;
use crate::rt::{self, State, Thread};
use crate::sync::Locked;

/// So many blocks rest before the one that has rested longest is used again: the handle of a thread means another thread only
/// after as many have come and gone.
const RESTING: usize = 16;

/// Blocks of threads that are gone, the one that has rested longest first.
struct Queue {
    first: *const Thread,
    last: *const Thread,
    length: usize,
}
// SAFETY: addresses; the blocks of the queue belong to whoever holds its lock.
unsafe impl Send for Queue {}

static QUEUE: Locked<Queue> = Locked::new(Queue { first: core::ptr::null(), last: core::ptr::null(), length: 0 });

/// A block of zeros; null without memory.
pub fn obtain() -> *mut Thread {
    let rested = QUEUE.with(rt::host(), |queue| {
        // SAFETY: a block of the queue is alive, as all are.
        let first = unsafe { queue.first.as_ref() }.filter(|_| queue.length > RESTING)?;
        queue.first = first.next.get();
        queue.length -= 1;
        Some(core::ptr::from_ref(first).cast_mut())
    });
    let Some(block) = rested else { return malloc::allocate_zeroed(size_of::<Thread>()).cast() };
    // SAFETY: a block that nobody uses; zero bytes are a valid one.
    unsafe { block.write(Thread::ZERO) };
    block
}

/// Takes the block of a thread that is gone, for good: nobody may join it or send it signals any more. Calls nothing that
/// needs a block itself.
pub fn give_back(block: &Thread) {
    block.state.store(State::Gone as u32, Ordering::Release);
    if !block.is_allocated.get() {
        return;
    }
    block.next.set(core::ptr::null());
    QUEUE.with(rt::host(), |queue| {
        // SAFETY: as above.
        match unsafe { queue.last.as_ref() }.filter(|_| queue.length > 0) {
            Some(last) => last.next.set(block),
            None => queue.first = block,
        }
        queue.last = block;
        queue.length += 1;
    });
}
