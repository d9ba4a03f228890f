//! Futexes: the kernel's own.

use core::sync::atomic::AtomicU32;
use platform::abi::futex::{NO_INTERRUPT, SHARED};
use platform::{Deadline, Errno, Futex, Result};
use rustix::thread::futex;

use crate::Linux;
use crate::blocking::blocking;
use crate::sys::{call, kernel, ours};

impl Futex for Linux {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, flags: u32) -> Result<()> {
        let mut options = if flags & SHARED != 0 { 0 } else { kernel::FUTEX_PRIVATE_FLAG };
        let limit = match deadline {
            None => None,
            Some(Deadline { clock, time }) => {
                match clock {
                    platform::abi::clock::MONOTONIC => {}
                    platform::abi::clock::REALTIME => options |= kernel::FUTEX_CLOCK_REALTIME,
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
        let operation = kernel::FUTEX_WAIT_BITSET | options;
        let limit = limit.as_ref().map_or(0, |limit| core::ptr::from_ref(limit).expose_provenance());
        let address = word.as_ptr().expose_provenance();
        let arguments =
            [address, operation as usize, expected as usize, limit, 0, kernel::FUTEX_BITSET_MATCH_ANY as usize];
        // SAFETY: the kernel reads the word and the time.
        let ended = unsafe {
            if flags & NO_INTERRUPT != 0 {
                call(kernel::__NR_futex, arguments)
            } else {
                blocking(kernel::__NR_futex, arguments)
            }
        };
        ended.map(drop)
    }

    fn futex_wake(&self, word: &AtomicU32, count: u32, shared: bool) -> Result<usize> {
        // The kernel reads the count as an int.
        let flags = if shared { futex::Flags::empty() } else { futex::Flags::PRIVATE };
        futex::wake(word, flags, count.min(i32::MAX as u32)).map_err(ours)
    }
}
