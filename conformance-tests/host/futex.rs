//! Waiting for a word to change.

use crate::code::guest_entry;
use crate::report::Test;
use core::ptr::with_exposed_provenance as pointer;
use core::sync::atomic::{AtomicU32, Ordering};
use platform::abi::{clock, futex};
use platform::{Deadline, Errno, Platform, ThreadStart, Timespec};

struct Shared<'a, P> {
    host: &'a P,
    /// What the waiters wait for.
    gate: AtomicU32,
    arrived: AtomicU32,
    left: AtomicU32,
    turn: AtomicU32,
}

impl<'a, P: Platform> Shared<'a, P> {
    fn new(host: &'a P) -> Self {
        let zero = || AtomicU32::new(0);
        Self { host, gate: zero(), arrived: zero(), left: zero(), turn: zero() }
    }

    fn start(&self, entry: platform::GuestEntry) -> platform::Result<()> {
        self.host.thread_create(ThreadStart {
            entry,
            argument: core::ptr::from_ref(self).expose_provenance(),
            slot: 0,
            stack_bytes: 64 << 10,
            guard_bytes: self.host.page_bytes(),
        })
    }

    fn until(&self, word: &AtomicU32, value: u32) {
        loop {
            let now = word.load(Ordering::Acquire);
            if now == value {
                return;
            }
            let _ = self.host.futex_wait(word, now, None, 0);
        }
    }

    fn step(&self, word: &AtomicU32) {
        word.fetch_add(1, Ordering::AcqRel);
        let _ = self.host.futex_wake(word, u32::MAX, false);
    }
}

guest_entry! {
    fn pass_gate<P: Platform>(argument: usize) {
        // SAFETY: `Shared::start` passes one that lives until all have left.
        let shared = unsafe { &*pointer::<Shared<'_, P>>(argument) };
        shared.step(&shared.arrived);
        while shared.gate.load(Ordering::Acquire) == 0 {
            let _ = shared.host.futex_wait(&shared.gate, 0, None, 0);
        }
        shared.step(&shared.left);
    }
}

const ROUNDS: u32 = 2000;

guest_entry! {
    fn answer<P: Platform>(argument: usize) {
        // SAFETY: as above.
        let shared = unsafe { &*pointer::<Shared<'_, P>>(argument) };
        for round in 0..ROUNDS {
            shared.until(&shared.turn, 2 * round + 1);
            shared.step(&shared.turn);
        }
        shared.step(&shared.left);
    }
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    t.case("futex", "no waiting", |t| {
        let word = AtomicU32::new(5);
        for (shared, flags) in [(false, 0), (false, futex::NO_INTERRUPT), (true, futex::SHARED)] {
            t.error("futex_wait", "the word differs", host.futex_wait(&word, 4, None, flags), Errno::AGAIN);
            t.same("futex_wake", "nobody waits", host.futex_wake(&word, 1, shared), Ok(0));
            t.same("futex_wake", "nobody, all of them", host.futex_wake(&word, u32::MAX, shared), Ok(0));
        }
        Ok(())
    });
    t.case("futex", "deadlines", |t| {
        let word = AtomicU32::new(0);
        for id in [clock::MONOTONIC, clock::REALTIME] {
            let start = t.need("clock", "now", host.clock(id))?;
            let deadline = Deadline { clock: id, time: start.saturating_add_ns(20_000_000) };
            // A wake for no reason is allowed: wait again.
            let mut got = Ok(());
            while got == Ok(()) {
                got = host.futex_wait(&word, 0, Some(deadline), 0);
            }
            t.error("futex_wait", "until the deadline", got, Errno::TIMEDOUT);
            let end = t.need("clock", "after", host.clock(id))?;
            t.fact("not shorter", end >= deadline.time);
            let passed = Deadline { clock: id, time: start };
            t.error("futex_wait", "has passed", host.futex_wait(&word, 0, Some(passed), 0), Errno::TIMEDOUT);
            let ancient = Deadline { clock: id, time: Timespec { seconds: -1, nanoseconds: 0 } };
            t.error("futex_wait", "before the epoch", host.futex_wait(&word, 0, Some(ancient), 0), Errno::TIMEDOUT);
            t.error("futex_wait", "differs and passed", host.futex_wait(&word, 1, Some(passed), 0), Errno::AGAIN);
        }
        Ok(())
    });
    t.case("futex", "one wake for many", |t| {
        let shared = Shared::new(host);
        for _ in 0..4 {
            t.need("thread_create", "a waiter", shared.start(pass_gate::<P>))?;
        }
        shared.until(&shared.arrived, 4);
        shared.gate.store(1, Ordering::Release);
        let woken = t.need("futex_wake", "all", host.futex_wake(&shared.gate, u32::MAX, false))?;
        t.fact("not more than there are", woken <= 4);
        shared.until(&shared.left, 4);
        settle(host);
        Ok(())
    });
    t.case("futex", "turns", |t| {
        let shared = Shared::new(host);
        t.need("thread_create", "the other side", shared.start(answer::<P>))?;
        for round in 0..ROUNDS {
            shared.step(&shared.turn);
            shared.until(&shared.turn, 2 * round + 2);
        }
        shared.until(&shared.left, 1);
        t.equal("no wake was lost", shared.turn.load(Ordering::Relaxed), 2 * ROUNDS);
        settle(host);
        Ok(())
    });
}

/// The last thing that a thread does with shared words is to wake: let it finish before they go out of scope.
fn settle<P: Platform>(host: &P) {
    if let Ok(now) = host.clock(clock::MONOTONIC) {
        let _ = host.sleep(Deadline { clock: clock::MONOTONIC, time: now.saturating_add_ns(20_000_000) });
    }
}
