//! Futexes: the kernel's own.

use core::sync::atomic::AtomicU32;
use platform::abi::futex::SHARED;
use platform::{Deadline, Errno, Futex, Result};
use rustix::thread::futex;

use crate::Linux;
use crate::sys::ours;

fn private(shared: bool) -> futex::Flags {
    if shared { futex::Flags::empty() } else { futex::Flags::PRIVATE }
}

impl Futex for Linux {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, flags: u32) -> Result<()> {
        let mut flags = private(flags & SHARED != 0);
        let limit = match deadline {
            None => None,
            Some(Deadline { clock, time }) => {
                match clock {
                    platform::abi::clock::MONOTONIC => {}
                    platform::abi::clock::REALTIME => flags |= futex::Flags::CLOCK_REALTIME,
                    _ => return Err(Errno::INVAL),
                }
                // The kernel refuses a time before its epoch, which has simply passed.
                Some(futex::Timespec {
                    tv_sec: time.seconds.max(0),
                    tv_nsec: if time.seconds < 0 { 0 } else { time.nanoseconds },
                })
            }
        };
        // The bitset form takes absolute times.
        futex::wait_bitset(word, flags, expected, limit.as_ref(), core::num::NonZeroU32::MAX).map_err(ours)
    }

    fn futex_wake(&self, word: &AtomicU32, count: u32, shared: bool) -> Result<usize> {
        // The kernel reads the count as an int.
        futex::wake(word, private(shared), count.min(i32::MAX as u32)).map_err(ours)
    }
}
