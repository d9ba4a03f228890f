//! Waiting for descriptors: look, sleep until something about a descriptor changes, look again.

use std::sync::atomic::{AtomicU32, Ordering};

use platform::abi::{clock, futex, poll, signal};
use platform::{Deadline, Errno, Fd, Futex, Result, Signals, Time, Wait, Waiting};

use crate::open::{PIPE_BYTES, Target, usable};
use crate::slot::is_interrupted;
use crate::system::{HANDLED, State, System};

/// Changes with what descriptors are ready for, while somebody waits: threads that wait sleep on it.
static CHANGES: AtomicU32 = AtomicU32::new(0);
static WAITERS: AtomicU32 = AtomicU32::new(0);

/// Wakes those that wait when it is dropped: after the state is unlocked, where it was made before the lock was taken.
pub(crate) struct Changed<'a>(pub &'a System);

impl Drop for Changed<'_> {
    fn drop(&mut self) {
        if WAITERS.load(Ordering::SeqCst) != 0 {
            CHANGES.fetch_add(1, Ordering::SeqCst);
            let _ = self.0.futex_wake(&CHANGES, u32::MAX, false);
        }
    }
}

impl State {
    /// Everything that can be told of a descriptor now.
    fn events(&self, fd: Fd) -> u16 {
        let Ok(shared) = self.descriptors.get(fd) else { return poll::INVALID };
        let description = shared.borrow();
        let (input, output) = (poll::IN | poll::IN_NORMAL, poll::OUT | poll::OUT_NORMAL);
        let either = |condition: bool, events: u16| if condition { events } else { 0 };
        let there = match &description.target {
            Target::Node(_) => input | output,
            Target::Console(0) => either(!self.descriptors.console_input.is_empty(), input),
            Target::Console(_) => output,
            Target::PipeRead(pipe) => {
                let pipe = pipe.borrow();
                either(!pipe.bytes.is_empty(), input) | either(pipe.writers == 0, poll::HANG_UP)
            }
            Target::PipeWrite(pipe) => {
                let pipe = pipe.borrow();
                either(pipe.bytes.len() < PIPE_BYTES, output) | either(pipe.readers == 0, poll::ERROR)
            }
        };
        let opened =
            either(usable(&description, false).is_ok() || matches!(description.target, Target::Node(_)), input)
                | either(usable(&description, true).is_ok() || matches!(description.target, Target::Node(_)), output);
        there & (opened | poll::ERROR | poll::HANG_UP)
    }
}

impl System {
    /// Looks at each item.
    fn look(&self, items: &mut [Wait]) -> usize {
        let state = self.enter();
        for item in &mut *items {
            let told = item.events | poll::ERROR | poll::HANG_UP | poll::INVALID;
            item.returned = if item.fd < 0 { 0 } else { state.events(item.fd) & told };
        }
        items.iter().filter(|item| item.returned != 0).count()
    }

    fn wait_for_change(&self, items: &mut [Wait], deadline: Option<Deadline>) -> Result<usize> {
        loop {
            let seen = CHANGES.load(Ordering::SeqCst);
            let found = self.look(items);
            if found != 0 {
                return Ok(found);
            }
            match self.futex_wait(&CHANGES, seen, deadline, futex::SHARED) {
                Err(Errno::TIMEDOUT) => return Ok(self.look(items)),
                Err(errno @ Errno::INTR) => return Err(errno),
                _ => {}
            }
        }
    }
}

impl Waiting for System {
    fn wait_many(&self, items: &mut [Wait], deadline: Option<Deadline>, mask: Option<u64>) -> Result<usize> {
        if let Some(deadline) = deadline {
            if !matches!(deadline.clock, clock::REALTIME | clock::MONOTONIC) {
                return Err(Errno::INVAL);
            }
            self.clock(deadline.clock)?;
        }
        if is_interrupted() {
            return Err(Errno::INTR);
        }
        let handled = HANDLED.get();
        let before = mask.map(|mask| self.signal_mask(signal::SET_MASK, Some(mask))).transpose()?;
        WAITERS.fetch_add(1, Ordering::SeqCst);
        let result = if HANDLED.get() == handled { self.wait_for_change(items, deadline) } else { Err(Errno::INTR) };
        WAITERS.fetch_sub(1, Ordering::SeqCst);
        if before.is_some() {
            self.signal_mask(signal::SET_MASK, before)?;
        }
        result
    }
}
