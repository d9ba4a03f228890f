//! Threads of the test process.

use std::sync::atomic::{AtomicI32, Ordering};

use platform::{Errno, Result, ThreadStart, Threads};

use crate::slot::SLOT;
use crate::system::{SIGNAL_MASK, System};
use crate::{futex, schedule};

/// The number of the next thread.
static NEXT: AtomicI32 = AtomicI32::new(1);

impl Threads for System {
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        /// More than an address space holds.
        const TOO_MUCH_STACK: usize = 1 << 47;
        if start.stack_bytes >= TOO_MUCH_STACK {
            return Err(Errno::AGAIN);
        }
        let sim = crate::serve::sim();
        let mask = SIGNAL_MASK.get();
        let run = move || {
            crate::serve::adopt(sim);
            SIGNAL_MASK.set(mask);
            SLOT.set(start.slot);
            (start.entry)(start.argument);
        };
        std::thread::Builder::new().spawn(run).map(drop).map_err(|_| Errno::AGAIN)
    }
    fn thread_exit(&self) -> ! {
        // The frames below belong to the guest, so the thread cannot be unwound: it sleeps until the test ends.
        loop {
            std::thread::park();
        }
    }
    fn thread_id(&self) -> i32 {
        thread_local! { static ID: i32 = NEXT.fetch_add(1, Ordering::Relaxed) }
        ID.with(|id| *id)
    }
    fn set_thread_slot(&self, value: usize) {
        SLOT.set(value);
    }
    fn thread_interrupt(&self, thread: i32) -> Result<()> {
        if !(1..NEXT.load(Ordering::Relaxed)).contains(&thread) {
            return Err(Errno::SRCH);
        }
        if schedule::interrupt(thread).is_none() {
            futex::interrupt(thread);
        }
        Ok(())
    }
    fn yield_now(&self) {
        if !schedule::step() {
            std::thread::yield_now();
        }
    }
    fn processor_count(&self) -> usize {
        2
    }
}
