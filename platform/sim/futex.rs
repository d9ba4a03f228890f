//! Futexes among threads of the test process: a wake reaches as many as it says, those that have slept longest. Threads of a
//! run (`schedule.rs`) have their own.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use platform::abi::futex::NO_INTERRUPT;
use platform::{Deadline, Errno, Futex, Result, Threads, Time};

use crate::choices::Sleep;
use crate::schedule;
use crate::slot::{interrupt_word, is_set};
use crate::system::System;

/// Who sleeps, longest first. One list for all simulations: the words are addresses of the one test process, and threads of
/// different tests may share a lock of the library.
struct Sleepers {
    list: Vec<Sleeper>,
    next: u64,
}

struct Sleeper {
    word: usize,
    number: u64,
    /// Who it is, and its interrupt word unless that does not count.
    thread: i32,
    interrupt: usize,
    is_interrupted: bool,
}

/// A thread looks at its interrupt word again.
pub(crate) fn interrupt(thread: i32) {
    for sleeper in &mut sleepers().list {
        sleeper.is_interrupted |= sleeper.thread == thread && is_set(sleeper.interrupt);
    }
    WOKEN.notify_all();
}

static SLEEPERS: Mutex<Sleepers> = Mutex::new(Sleepers { list: Vec::new(), next: 0 });
/// Somebody has left the list.
static WOKEN: Condvar = Condvar::new();

fn sleepers() -> MutexGuard<'static, Sleepers> {
    SLEEPERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many threads sleep on the word.
#[cfg(test)]
pub fn asleep_on(word: &AtomicU32) -> usize {
    sleepers().list.iter().filter(|sleeper| sleeper.word == word.as_ptr().addr()).count()
}

impl Futex for System {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, flags: u32) -> Result<()> {
        let left_ns = match deadline {
            Some(deadline) => Some(deadline.time.saturating_ns_since(self.clock(deadline.clock)?)),
            None => None,
        };
        let interrupt = if flags & NO_INTERRUPT == 0 { interrupt_word() } else { 0 };
        let thread = self.thread_id();
        if let Some(now) = schedule::now_ns() {
            let end_ns = left_ns.map(|left| now.saturating_add(left));
            let sleep = Sleep { word: word.as_ptr().addr(), end_ns, thread, interrupt };
            return schedule::wait(word, expected, sleep).unwrap_or(Ok(()));
        }
        let mut sleepers = sleepers();
        if word.load(Ordering::SeqCst) != expected {
            return Err(Errno::AGAIN);
        }
        if is_set(interrupt) {
            return Err(Errno::INTR);
        }
        let number = sleepers.next;
        sleepers.next += 1;
        sleepers.list.push(Sleeper { word: word.as_ptr().addr(), number, thread, interrupt, is_interrupted: false });
        let is_asleep = |sleepers: &mut Sleepers| {
            sleepers.list.iter().any(|sleeper| sleeper.number == number && !sleeper.is_interrupted)
        };
        let (mut sleepers, timed_out) = match left_ns {
            None => (WOKEN.wait_while(sleepers, is_asleep).unwrap_or_else(PoisonError::into_inner), false),
            Some(left_ns) => {
                let woken = WOKEN.wait_timeout_while(sleepers, Duration::from_nanos(left_ns), is_asleep);
                let (sleepers, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
                (sleepers, timeout.timed_out())
            }
        };
        // A wake, which takes it off the list, counts before an interruption: it was meant for this one.
        let left = sleepers.list.iter().position(|sleeper| sleeper.number == number);
        match left.map(|at| sleepers.list.remove(at).is_interrupted) {
            None => Ok(()),
            Some(true) => Err(Errno::INTR),
            Some(false) => {
                if timed_out {
                    Err(Errno::TIMEDOUT)
                } else {
                    Ok(())
                }
            }
        }
    }

    fn futex_wake(&self, word: &AtomicU32, count: u32, _shared: bool) -> Result<usize> {
        let word = word.as_ptr().addr();
        if let Some(woken) = schedule::wake(word, count) {
            return Ok(woken);
        }
        let mut woken = 0;
        sleepers().list.retain(|sleeper| {
            let stays = sleeper.word != word || woken == count as usize;
            woken += usize::from(!stays);
            stays
        });
        WOKEN.notify_all();
        Ok(woken)
    }
}
