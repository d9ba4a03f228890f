//! The process, what never changes of it, and its random bytes.

use platform::{Errno, Facts, Ids, Network, Process, Random, Result, Slot, SlotBase};

use crate::regions::PAGE;
use crate::system::System;

impl Facts for System {
    fn page_bytes(&self) -> usize {
        PAGE
    }
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: 0 }
    }
}

impl Process for System {
    fn exit(&self, code: i32) -> ! {
        std::process::exit(code)
    }
    fn process_id(&self) -> i32 {
        42
    }
    fn parent_id(&self) -> i32 {
        1
    }
    fn ids(&self) -> Ids {
        Ids { uid: 1000, euid: 1000, gid: 1000, egid: 1000 }
    }
    fn is_secure(&self) -> bool {
        self.state().secure
    }
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        let name = b"sim";
        buffer.get_mut(..name.len()).ok_or(Errno::RANGE)?.copy_from_slice(name);
        Ok(name.len())
    }
}

/// A simulation has no network yet.
impl Network for System {}

impl Random for System {
    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        // xorshift64* (Vigna 2014): the same bytes in every run.
        let mut state = self.enter();
        for byte in buffer {
            state.random ^= state.random >> 12;
            state.random ^= state.random << 25;
            state.random ^= state.random >> 27;
            *byte = (state.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
        }
        Ok(())
    }
}
