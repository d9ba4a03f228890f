//! Threads of the test process, and futexes among them.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use platform::{Deadline, Errno, Futex, Result, ThreadStart, Threads, Time};

use crate::system::{FUTEX_WOKEN, FUTEXES, SLOT, System};

impl Threads for System {
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        /// More than an address space holds.
        const TOO_MUCH_STACK: usize = 1 << 47;
        if start.stack_bytes >= TOO_MUCH_STACK {
            return Err(Errno::AGAIN);
        }
        let sim = crate::serve::sim();
        let run = move || {
            crate::serve::adopt(sim);
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
        static NEXT: AtomicI32 = AtomicI32::new(1);
        thread_local! { static ID: i32 = NEXT.fetch_add(1, Ordering::Relaxed) }
        ID.with(|id| *id)
    }
    fn set_thread_slot(&self, value: usize) {
        SLOT.set(value);
    }
    fn yield_now(&self) {
        std::thread::yield_now();
    }
    fn processor_count(&self) -> usize {
        2
    }
}

impl Futex for System {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, _shared: bool) -> Result<()> {
        let end = match deadline {
            Some(deadline) => {
                let left = deadline.time.saturating_ns_since(self.clock(deadline.clock)?);
                Some(Instant::now() + Duration::from_nanos(left.min(3_600_000_000_000)))
            }
            None => None,
        };
        let key = word.as_ptr() as usize;
        let mut wakes = FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if word.load(Ordering::SeqCst) != expected {
            return Err(Errno::AGAIN);
        }
        let seen = *wakes.entry(key).or_insert(0);
        loop {
            let left = end.map_or(Duration::from_secs(60), |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Errno::TIMEDOUT);
            }
            let woken = FUTEX_WOKEN.wait_timeout(wakes, left);
            wakes = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
            // Spurious wakes of the other waiters are within the contract: all waiters of a word return.
            if wakes.get(&key) != Some(&seen) {
                return Ok(());
            }
        }
    }
    fn futex_wake(&self, word: &AtomicU32, _count: u32, _shared: bool) -> Result<usize> {
        let mut wakes = FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *wakes.entry(word.as_ptr() as usize).or_insert(0) += 1;
        FUTEX_WOKEN.notify_all();
        Ok(0)
    }
}
