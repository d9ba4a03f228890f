//! The simulation as a platform.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use platform::abi::{clock, mapping};
use platform::{
    Deadline, Errno, Facts, Futex, Ids, Map, Memory, Process, Random, Result, Slot, SlotBase, ThreadStart, Threads,
    Time, Timespec,
};

use crate::disk::Body;
use crate::memory::PAGE;
use crate::{EPOCH_SECONDS, SLOT, State, System};

impl System {
    /// The state for a request.
    pub(crate) fn enter(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state();
        let now = self.real_time(state.slept_ns);
        state.disk.set_now(now);
        state
    }

    fn elapsed(&self, slept_ns: u64) -> u64 {
        self.started.elapsed().as_nanos() as u64 + slept_ns
    }

    fn real_time(&self, slept_ns: u64) -> Timespec {
        Timespec { seconds: EPOCH_SECONDS, nanoseconds: 0 }.saturating_add_ns(self.elapsed(slept_ns))
    }
}

impl Facts for System {
    fn page_bytes(&self) -> usize {
        PAGE
    }
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: 0 }
    }
}

impl Memory for System {
    fn map(&self, request: Map) -> Result<usize> {
        let mut state = self.enter();
        if request.length == 0 {
            return Err(Errno::INVAL);
        }
        if request.flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0 {
            return Err(Errno::OPNOTSUPP);
        }
        let used = state.regions.used();
        if state.limits.memory_bytes.is_some_and(|limit| used + request.length > limit) {
            return Err(Errno::NOMEM);
        }
        let anonymous = request.flags & mapping::ANONYMOUS != 0;
        if !request.offset.is_multiple_of(PAGE as u64) {
            return Err(Errno::INVAL);
        }
        if !anonymous && request.flags & mapping::SHARED != 0 {
            return Err(Errno::NOSYS);
        }
        let node = if anonymous { None } else { Some(state.node_of(request.fd)?) };
        let address = state.regions.map(request.length)?;
        if let Some(ino) = node {
            // SAFETY: the region was just made with this length.
            let pages = unsafe { std::slice::from_raw_parts_mut(address as *mut u8, request.length) };
            if let Body::Regular(data) = &state.disk.node(ino).body {
                let start = (request.offset as usize).min(data.len());
                let n = pages.len().min(data.len() - start);
                pages[..n].copy_from_slice(&data[start..start + n]);
            }
        }
        Ok(address)
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        self.enter().regions.unmap(address, length)
    }
    fn protect(&self, address: usize, length: usize, _protection: u32) -> Result<()> {
        let state = self.enter();
        if !address.is_multiple_of(PAGE) {
            return Err(Errno::INVAL);
        }
        if state.regions.covers(address, length) { Ok(()) } else { Err(Errno::NOMEM) }
    }
}

impl Time for System {
    fn clock(&self, id: i32) -> Result<Timespec> {
        let state = self.enter();
        match id {
            clock::REALTIME | clock::REALTIME_COARSE => Ok(self.real_time(state.slept_ns)),
            clock::MONOTONIC..=clock::MONOTONIC_RAW | clock::MONOTONIC_COARSE | clock::BOOT_TIME => {
                Ok(Timespec::default().saturating_add_ns(self.elapsed(state.slept_ns)))
            }
            _ => Err(Errno::INVAL),
        }
    }
    fn clock_resolution(&self, id: i32) -> Result<Timespec> {
        self.clock(id).map(|_| Timespec { seconds: 0, nanoseconds: 1 })
    }
    fn set_clock(&self, _clock: i32, _time: Timespec) -> Result<()> {
        Err(Errno::PERM)
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        if !matches!(deadline.clock, clock::REALTIME | clock::MONOTONIC) {
            return Err(Errno::INVAL);
        }
        let now = self.clock(deadline.clock)?;
        self.state().slept_ns += deadline.time.saturating_ns_since(now);
        Ok(())
    }
}

impl Threads for System {
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        /// More than an address space holds.
        const TOO_MUCH_STACK: usize = 1 << 47;
        if start.stack_bytes >= TOO_MUCH_STACK {
            return Err(Errno::AGAIN);
        }
        let sim = crate::sim();
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
        let mut wakes = crate::FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if word.load(Ordering::SeqCst) != expected {
            return Err(Errno::AGAIN);
        }
        let seen = *wakes.entry(key).or_insert(0);
        loop {
            let left = end.map_or(Duration::from_secs(60), |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Errno::TIMEDOUT);
            }
            let woken = crate::FUTEX_WOKEN.wait_timeout(wakes, left);
            wakes = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
            // Spurious wakes of the other waiters are within the contract: all waiters of a word return.
            if wakes.get(&key) != Some(&seen) {
                return Ok(());
            }
        }
    }
    fn futex_wake(&self, word: &AtomicU32, _count: u32, _shared: bool) -> Result<usize> {
        let mut wakes = crate::FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *wakes.entry(word.as_ptr() as usize).or_insert(0) += 1;
        crate::FUTEX_WOKEN.notify_all();
        Ok(0)
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
