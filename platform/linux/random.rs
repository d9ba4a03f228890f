//! Randomness: bytes, and places in memory.

use core::sync::atomic::{AtomicUsize, Ordering};
use platform::{Random, Result};

use crate::Linux;
use crate::sys::{call, kernel, ours};

impl Random for Linux {
    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        fill(buffer)
    }
}

pub(crate) fn fill(mut buffer: &mut [u8]) -> Result<()> {
    while !buffer.is_empty() {
        match rustix::rand::getrandom(&mut *buffer, rustix::rand::GetRandomFlags::empty()) {
            Ok(length) => buffer = &mut buffer[length..],
            // Only large requests are interrupted.
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(ours(errno)),
        }
    }
    Ok(())
}

/// A place to ask for, 0 for a process that wants the same addresses in every run, as under a debugger (`personality`).
pub(crate) fn place() -> usize {
    const QUERY: usize = 0xffff_ffff;
    const ADDR_NO_RANDOMIZE: usize = 0x004_0000;
    static PERSONALITY: AtomicUsize = AtomicUsize::new(QUERY);
    let mut personality = PERSONALITY.load(Ordering::Relaxed);
    if personality == QUERY {
        // SAFETY: only asks.
        personality = unsafe { call(kernel::__NR_personality, [QUERY]) }.unwrap_or(0);
        PERSONALITY.store(personality, Ordering::Relaxed);
    }
    let mut word = [0; 8];
    if personality & ADDR_NO_RANDOMIZE != 0 || fill(&mut word).is_err() {
        return 0;
    }
    platform::random_place(u64::from_ne_bytes(word))
}
