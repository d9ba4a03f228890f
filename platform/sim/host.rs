//! The simulation as a platform.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use platform::abi::{at, clock, descriptor, mapping, open};
use platform::{
    Deadline, Errno, Fd, FileSystem, Ids, Lock, Map, Platform, Result, SignalAction, Slot, SlotBase, Stat, ThreadStart,
    Timespec, WindowSize,
};

use crate::disk::Body;
use crate::memory::PAGE;
use crate::open::Target;
use crate::{EPOCH_SECONDS, SLOT, Sim, State, files, names, signals};

impl Sim {
    /// The state for a request, unless it is to fail.
    pub(crate) fn meet(&self, method: &'static str) -> Result<std::sync::MutexGuard<'_, State>> {
        let mut state = self.state();
        state.faults.meet(method)?;
        let now = self.real_time(state.slept_ns);
        state.disk.set_now(now);
        Ok(state)
    }

    fn elapsed(&self, slept_ns: u64) -> u64 {
        self.started.elapsed().as_nanos() as u64 + slept_ns
    }

    fn real_time(&self, slept_ns: u64) -> Timespec {
        Timespec { seconds: EPOCH_SECONDS, nanoseconds: 0 }.saturating_add_ns(self.elapsed(slept_ns))
    }
}

impl Platform for Sim {
    fn page_bytes(&self) -> usize {
        PAGE
    }
    fn map(&self, request: Map) -> Result<usize> {
        let mut state = self.meet("map")?;
        if request.length == 0 {
            return Err(Errno::INVAL);
        }
        if request.flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0 {
            return Err(Errno::OPNOTSUPP);
        }
        let used = state.regions.used();
        if state.faults.memory_bytes.is_some_and(|limit| used + request.length > limit) {
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
        self.meet("unmap")?.regions.unmap(address, length)
    }
    fn protect(&self, address: usize, length: usize, _protection: u32) -> Result<()> {
        let state = self.meet("protect")?;
        if !address.is_multiple_of(PAGE) {
            return Err(Errno::INVAL);
        }
        if state.regions.covers(address, length) { Ok(()) } else { Err(Errno::NOMEM) }
    }

    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        files::open(self, directory, path, flags, mode)
    }
    fn close(&self, fd: Fd) -> Result<()> {
        files::close(self, fd)
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        files::read(self, fd, buffer)
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        files::write(self, fd, data)
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        files::seek(self, fd, offset, whence)
    }
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        files::stat(self, directory, path, flags)
    }
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        files::read_at(self, fd, buffer, offset)
    }
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        files::write_at(self, fd, data, offset)
    }
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        files::truncate(self, fd, length)
    }
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        files::allocate(self, fd, offset, length)
    }
    fn sync(&self, fd: Fd, _data_only: bool) -> Result<()> {
        let state = self.meet("sync")?;
        state.descriptors.get(fd).map(drop)?;
        state.node_of(fd).map(drop)
    }
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        let mut state = self.meet("duplicate")?;
        let description = state.descriptors.get(fd)?;
        state.descriptors.add(description, at_least, close_on_exec)
    }
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        files::duplicate_to(self, fd, target, close_on_exec)
    }
    fn descriptor_limit(&self) -> usize {
        crate::open::OPEN_MAX
    }
    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        self.meet("descriptor_flags")?.descriptors.close_on_exec(fd).map(u32::from)
    }
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        self.meet("set_descriptor_flags")?.descriptors.set_close_on_exec(fd, flags & descriptor::CLOSE_ON_EXEC != 0)
    }
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        let state = self.meet("status_flags")?;
        let flags = state.descriptors.get(fd)?.borrow().flags;
        Ok(flags & !(open::CREATE | open::EXCLUSIVE | open::TRUNCATE | open::CLOSE_ON_EXEC))
    }
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        files::set_status_flags(self, fd, flags)
    }
    fn lock(&self, fd: Fd, lock: Lock, _wait: bool) -> Result<()> {
        let state = self.meet("lock")?;
        let shared = state.descriptors.get(fd)?;
        if lock.kind > descriptor::LOCK_NONE || lock.start < 0 {
            return Err(Errno::INVAL);
        }
        // One process: no lock of another ever stands in the way.
        match lock.kind {
            descriptor::LOCK_NONE => Ok(()),
            kind => files::usable(&shared.borrow(), kind == descriptor::LOCK_WRITE),
        }
    }
    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        let state = self.meet("lock_query")?;
        state.descriptors.get(fd).map(drop)?;
        Ok(Lock { kind: descriptor::LOCK_NONE, ..lock })
    }
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        files::pipe(self, flags)
    }
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        let state = self.meet("terminal_size")?;
        match state.descriptors.get(fd)?.borrow().target {
            Target::Console(_) if state.descriptors.terminal => {
                Ok(WindowSize { rows: 24, columns: 80, ..WindowSize::default() })
            }
            _ => Err(Errno::NOTTY),
        }
    }
    fn copy(&self, target: Fd, source: Fd, offset: Option<&mut u64>, length: usize) -> Result<usize> {
        files::copy(self, target, source, offset, length)
    }

    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        names::access(self, directory, path, mode, flags)
    }
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        names::make_directory(self, directory, path, mode)
    }
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        names::unlink(self, directory, path, flags)
    }
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        names::rename(self, from_directory, from, to_directory, to)
    }
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        names::link(self, from_directory, from, to_directory, to, flags)
    }
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        names::symlink(self, target, directory, path)
    }
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        names::read_link(self, directory, path, buffer)
    }
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        names::set_mode(self, directory, path, mode, flags)
    }
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        names::set_owner(self, directory, path, uid, gid, flags)
    }
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        names::set_times(self, directory, path, times, flags)
    }
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        names::file_system(self, directory, path, flags)
    }
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        let mut state = self.meet("change_directory")?;
        let ino = state.find(directory, path, at::EMPTY_PATH)?;
        state.disk.names(ino)?;
        state.disk.current = ino;
        Ok(())
    }
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        let state = self.meet("current_directory")?;
        let path = state.disk.path(state.disk.current);
        buffer.get_mut(..path.len()).ok_or(Errno::RANGE)?.copy_from_slice(&path);
        Ok(path.len())
    }
    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(std::mem::replace(&mut self.meet("set_umask")?.umask, mask & 0o777))
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        names::read_directory(self, fd, buffer)
    }

    fn clock(&self, id: i32) -> Result<Timespec> {
        let state = self.meet("clock")?;
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
        self.meet("set_clock").and(Err(Errno::PERM))
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        drop(self.meet("sleep")?);
        if !matches!(deadline.clock, clock::REALTIME | clock::MONOTONIC) {
            return Err(Errno::INVAL);
        }
        let now = self.clock(deadline.clock)?;
        self.state().slept_ns += deadline.time.saturating_ns_since(now);
        Ok(())
    }

    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        /// More than an address space holds.
        const TOO_MUCH_STACK: usize = 1 << 47;
        drop(self.meet("thread_create")?);
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
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: 0 }
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

    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, _shared: bool) -> Result<()> {
        drop(self.meet("futex_wait")?);
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
        drop(self.meet("futex_wake")?);
        let mut wakes = crate::FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *wakes.entry(word.as_ptr() as usize).or_insert(0) += 1;
        crate::FUTEX_WOKEN.notify_all();
        Ok(0)
    }

    fn exit(&self, code: i32) -> ! {
        std::process::exit(code)
    }
    fn process_id(&self) -> i32 {
        42
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

    fn signal_action(&self, number: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        signals::signal_action(self, number, action)
    }
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        signals::signal_mask(self, how, mask)
    }
    fn signal_send(&self, process: i32, thread: i32, number: i32) -> Result<()> {
        signals::signal_send(self, process, thread, number)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        // xorshift64* (Vigna 2014): the same bytes in every run.
        let mut state = self.meet("random")?;
        for byte in buffer {
            state.random ^= state.random >> 12;
            state.random ^= state.random << 25;
            state.random ^= state.random >> 27;
            *byte = (state.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
        }
        Ok(())
    }
}
