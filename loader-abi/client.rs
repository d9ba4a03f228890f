//! The guest's side: the table as a platform again.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;
use core::sync::atomic::AtomicU32;

use platform::{
    Deadline, Errno, Fd, FileSystem, Ids, Lock, Map, Platform, Result, SignalAction, Slot, SlotBase, Spawn,
    SpawnAction, Stat, ThreadStart, Timespec, Usage, WindowSize,
};

use crate::table::{AddressInfo, Host, ObjectInfo, SpawnRequest, SpawnStep};
use crate::wire::{list, unword};

/// A request without an answer.
fn done(word: i64) -> Result<()> {
    unword(word).map(drop)
}

/// A request whose answer is stored through a pointer.
fn stored<T>(request: impl FnOnce(*mut T) -> i64) -> Result<T> {
    let mut out = MaybeUninit::uninit();
    done(request(out.as_mut_ptr()))?;
    // SAFETY: the table's contract: the answer is written when the request succeeds.
    Ok(unsafe { out.assume_init() })
}

/// A null pointer for `None`.
fn optional<T>(value: Option<&T>) -> *const T {
    value.map_or(core::ptr::null(), core::ptr::from_ref)
}

// SAFETY of the calls: pointers come from references and slices, so they are valid for their length; the functions are those
// of a table that `Host::serve` made, or of a loader that keeps the same contract.
macro_rules! call {
    ($host:ident . $name:ident ( $($argument:expr),* $(,)? )) => {{
        // SAFETY: see above.
        unsafe { ($host.$name)($($argument),*) }
    }};
}

impl Platform for Host {
    fn page_bytes(&self) -> usize {
        self.page_bytes as usize
    }
    fn map(&self, m: Map) -> Result<usize> {
        unword(call!(self.map(m.address, m.length, m.protection, m.flags, m.fd, m.offset)))
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        done(call!(self.unmap(address, length)))
    }
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        done(call!(self.protect(address, length, protection)))
    }
    fn remap(&self, address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
        unword(call!(self.remap(address, old, new, flags, target)))
    }
    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()> {
        done(call!(self.advise(address, length, advice)))
    }
    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()> {
        done(call!(self.sync_map(address, length, flags)))
    }

    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        unword(call!(self.open(directory, path.as_ptr(), path.len(), flags, mode))).map(|fd| fd as Fd)
    }
    fn close(&self, fd: Fd) -> Result<()> {
        done(call!(self.close(fd)))
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        unword(call!(self.read(fd, buffer.as_mut_ptr(), buffer.len())))
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        unword(call!(self.write(fd, data.as_ptr(), data.len())))
    }
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        unword(call!(self.read_at(fd, buffer.as_mut_ptr(), buffer.len(), offset)))
    }
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        unword(call!(self.write_at(fd, data.as_ptr(), data.len(), offset)))
    }
    fn write_two(&self, fd: Fd, first: &[u8], second: &[u8]) -> Result<usize> {
        unword(call!(self.write_two(fd, first.as_ptr(), first.len(), second.as_ptr(), second.len())))
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        unword(call!(self.seek(fd, offset, whence))).map(|at| at as u64)
    }
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        stored(|out| call!(self.stat(directory, path.as_ptr(), path.len(), flags, out)))
    }
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        done(call!(self.truncate(fd, length)))
    }
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        done(call!(self.allocate(fd, offset, length)))
    }
    fn sync(&self, fd: Fd, data_only: bool) -> Result<()> {
        done(call!(self.sync(fd, u32::from(data_only))))
    }
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        unword(call!(self.duplicate(fd, at_least, u32::from(close_on_exec)))).map(|fd| fd as Fd)
    }
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        done(call!(self.duplicate_to(fd, target, u32::from(close_on_exec))))
    }
    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        unword(call!(self.descriptor_flags(fd))).map(|flags| flags as u32)
    }
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        done(call!(self.set_descriptor_flags(fd, flags)))
    }
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        unword(call!(self.status_flags(fd))).map(|flags| flags as u32)
    }
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        done(call!(self.set_status_flags(fd, flags)))
    }
    fn descriptor_limit(&self) -> usize {
        call!(self.descriptor_limit())
    }
    fn signal_owner(&self, fd: Fd) -> Result<i32> {
        stored(|out| call!(self.signal_owner(fd, out)))
    }
    fn set_signal_owner(&self, fd: Fd, owner: i32) -> Result<()> {
        done(call!(self.set_signal_owner(fd, owner)))
    }
    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()> {
        done(call!(self.lock(fd, &raw const lock, u32::from(wait))))
    }
    fn lock_query(&self, fd: Fd, mut lock: Lock) -> Result<Lock> {
        done(call!(self.lock_query(fd, &raw mut lock)))?;
        Ok(lock)
    }
    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()> {
        done(call!(self.lock_file(fd, operation)))
    }
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        let [read, write] = stored(|out| call!(self.pipe(flags, out)))?;
        Ok((read, write))
    }
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        stored(|out| call!(self.terminal_size(fd, out)))
    }
    fn copy(&self, target: Fd, source: Fd, offset: Option<&mut u64>, length: usize) -> Result<usize> {
        let offset = offset.map_or(core::ptr::null_mut(), core::ptr::from_mut);
        unword(call!(self.copy(target, source, offset, length)))
    }

    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        done(call!(self.access(directory, path.as_ptr(), path.len(), mode, flags)))
    }
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        done(call!(self.make_directory(directory, path.as_ptr(), path.len(), mode)))
    }
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        done(call!(self.unlink(directory, path.as_ptr(), path.len(), flags)))
    }
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        done(call!(self.rename(from_directory, from.as_ptr(), from.len(), to_directory, to.as_ptr(), to.len())))
    }
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        done(call!(self.link(from_directory, from.as_ptr(), from.len(), to_directory, to.as_ptr(), to.len(), flags)))
    }
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        done(call!(self.symlink(target.as_ptr(), target.len(), directory, path.as_ptr(), path.len())))
    }
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        unword(call!(self.read_link(directory, path.as_ptr(), path.len(), buffer.as_mut_ptr(), buffer.len())))
    }
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        done(call!(self.set_mode(directory, path.as_ptr(), path.len(), mode, flags)))
    }
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        done(call!(self.set_owner(directory, path.as_ptr(), path.len(), uid, gid, flags)))
    }
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        done(call!(self.set_times(directory, path.as_ptr(), path.len(), &raw const times, flags)))
    }
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        stored(|out| call!(self.file_system(directory, path.as_ptr(), path.len(), flags, out)))
    }
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        done(call!(self.change_directory(directory, path.as_ptr(), path.len())))
    }
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        unword(call!(self.current_directory(buffer.as_mut_ptr(), buffer.len())))
    }
    fn set_umask(&self, mask: u32) -> Result<u32> {
        unword(call!(self.set_umask(mask))).map(|mask| mask as u32)
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        unword(call!(self.read_directory(fd, buffer.as_mut_ptr(), buffer.len())))
    }

    fn clock(&self, clock: i32) -> Result<Timespec> {
        stored(|out| call!(self.clock(clock, out)))
    }
    fn clock_resolution(&self, clock: i32) -> Result<Timespec> {
        stored(|out| call!(self.clock_resolution(clock, out)))
    }
    fn set_clock(&self, clock: i32, time: Timespec) -> Result<()> {
        done(call!(self.set_clock(clock, &raw const time)))
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        done(call!(self.sleep(&raw const deadline)))
    }

    fn thread_create(&self, t: ThreadStart) -> Result<()> {
        done(call!(self.thread_create(t.entry, t.argument, t.slot, t.stack_bytes, t.guard_bytes)))
    }
    fn thread_exit(&self) -> ! {
        call!(self.thread_exit())
    }
    fn thread_id(&self) -> i32 {
        call!(self.thread_id())
    }
    fn thread_stack(&self) -> Result<(usize, usize)> {
        let [low, end] = stored(|out| call!(self.thread_stack(out)))?;
        Ok((low, end))
    }
    fn thread_slot(&self) -> Slot {
        let base = if self.slot_base == 1 { SlotBase::Gs } else { SlotBase::ThreadPointer };
        Slot { base, offset: self.slot_offset as isize }
    }
    fn set_thread_slot(&self, value: usize) {
        call!(self.set_thread_slot(value));
    }
    fn yield_now(&self) {
        call!(self.yield_now());
    }
    fn processor_count(&self) -> usize {
        call!(self.processor_count())
    }

    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, shared: bool) -> Result<()> {
        done(call!(self.futex_wait(word.as_ptr(), expected, optional(deadline.as_ref()), u32::from(shared))))
    }
    fn futex_wake(&self, word: &AtomicU32, count: u32, shared: bool) -> Result<usize> {
        unword(call!(self.futex_wake(word.as_ptr(), count, u32::from(shared))))
    }

    fn exit(&self, code: i32) -> ! {
        call!(self.exit(code))
    }
    fn terminate(&self, signal: i32) -> ! {
        call!(self.terminate(signal))
    }
    fn process_id(&self) -> i32 {
        call!(self.process_id())
    }
    fn parent_id(&self) -> i32 {
        call!(self.parent_id())
    }
    fn ids(&self) -> Ids {
        let mut ids = Ids::default();
        call!(self.ids(&raw mut ids));
        ids
    }
    fn is_secure(&self) -> bool {
        call!(self.is_secure()) != 0
    }
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Errno {
        let (Ok(arguments), Ok(environment)) = (list(arguments), list(environment)) else { return Errno::NOMEM };
        // SAFETY: both lists end with a null pointer.
        unsafe { self.exec_lists(path, arguments.as_ptr(), environment.as_ptr()) }
    }
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
        let (arguments, environment) = (list(spawn.arguments)?, list(spawn.environment)?);
        let mut steps = Vec::new();
        steps.try_reserve_exact(spawn.actions.len()).map_err(|_| Errno::NOMEM)?;
        steps.extend(spawn.actions.iter().map(SpawnStep::from));
        let request = SpawnRequest {
            path: spawn.path.as_ptr(),
            path_length: spawn.path.len(),
            arguments: arguments.as_ptr(),
            environment: environment.as_ptr(),
            steps: steps.as_ptr(),
            step_count: steps.len(),
            default_signals: spawn.default_signals,
            signal_mask: spawn.signal_mask.unwrap_or(0),
            flags: u32::from(spawn.signal_mask.is_some()) | u32::from(spawn.process_group.is_some()) << 1,
            process_group: spawn.process_group.unwrap_or(0),
        };
        // SAFETY: the lists end with a null pointer; paths and steps are slices.
        unsafe { self.spawn_request(&request) }
    }
    fn wait(&self, process: i32, options: u32) -> Result<(i32, i32)> {
        let mut status = 0;
        let process = unword(call!(self.wait(process, options, &raw mut status)))?;
        Ok((process as i32, status))
    }
    fn usage(&self, who: i32) -> Result<Usage> {
        stored(|out| call!(self.usage(who, out)))
    }
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        unword(call!(self.executable_path(buffer.as_mut_ptr(), buffer.len())))
    }
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        unword(call!(self.host_name(buffer.as_mut_ptr(), buffer.len())))
    }

    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        stored(|old| call!(self.signal_action(signal, optional(action.as_ref()), old)))
    }
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        stored(|old| call!(self.signal_mask(how, optional(mask.as_ref()), old)))
    }
    fn signal_send(&self, process: i32, thread: i32, signal: i32) -> Result<()> {
        done(call!(self.signal_send(process, thread, signal)))
    }

    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        done(call!(self.random(buffer.as_mut_ptr(), buffer.len())))
    }
}

/// Starting programs with lists as C has them, which are not copied: a signal handler may do that.
impl Host {
    /// `execve`.
    ///
    /// # Safety
    /// The lists are null or lists of strings ended by a null pointer.
    pub unsafe fn exec_lists(
        &self,
        path: &[u8],
        arguments: *const *const c_char,
        environment: *const *const c_char,
    ) -> Errno {
        let word = call!(self.exec(path.as_ptr(), path.len(), arguments, environment));
        unword(word).err().unwrap_or(Errno::IO)
    }
    /// `posix_spawn`.
    ///
    /// # Safety
    /// The pointers of the request are as its fields say.
    pub unsafe fn spawn_request(&self, request: &SpawnRequest) -> Result<i32> {
        unword(call!(self.spawn(core::ptr::from_ref(request)))).map(|process| process as i32)
    }
}

/// The loader's part, as [`crate::Loader`] describes it; a failure leaves its text in `message`, NUL-terminated.
impl Host {
    /// `dlopen`.
    pub fn dl_open(&self, path: Option<&[u8]>, flags: u32, caller: usize, message: &mut [u8]) -> Result<usize> {
        let (data, length) = path.map_or((core::ptr::null(), 0), |path| (path.as_ptr(), path.len()));
        unword(call!(self.dl_open(data, length, flags, caller, message.as_mut_ptr(), message.len())))
    }
    /// `dlclose`.
    pub fn dl_close(&self, handle: usize, message: &mut [u8]) -> Result<()> {
        done(call!(self.dl_close(handle, message.as_mut_ptr(), message.len())))
    }
    /// `dlsym`.
    pub fn dl_symbol(&self, handle: usize, name: &[u8], caller: usize, message: &mut [u8]) -> Result<usize> {
        let (data, length) = (message.as_mut_ptr(), message.len());
        stored(|out| call!(self.dl_symbol(handle, name.as_ptr(), name.len(), caller, out, data, length)))
    }
    /// `dladdr`.
    pub fn dl_address(&self, address: usize) -> Option<AddressInfo> {
        stored(|out| call!(self.dl_address(address, out))).ok()
    }
    /// The loaded file with this number.
    pub fn dl_object(&self, index: usize) -> Option<ObjectInfo> {
        stored(|out| call!(self.dl_object(index, out))).ok()
    }
    /// Runs the finalisers of all loaded files.
    pub fn finalize(&self) {
        call!(self.finalize());
    }
    /// Keeps the file that the address lies in until the process ends.
    pub fn dl_pin(&self, address: usize) {
        call!(self.dl_pin(address));
    }
    /// Keeps all files: the process ends.
    pub fn dl_keep(&self) {
        call!(self.dl_keep());
    }
}

impl From<&SpawnAction<'_>> for SpawnStep {
    fn from(action: &SpawnAction<'_>) -> Self {
        let none = Self { kind: 0, fd: -1, target: -1, flags: 0, mode: 0, path: core::ptr::null(), path_length: 0 };
        match *action {
            SpawnAction::Close { fd } => Self { kind: 0, fd, ..none },
            SpawnAction::Duplicate { fd, target } => Self { kind: 1, fd, target, ..none },
            SpawnAction::Open { fd, path, flags, mode } => {
                Self { kind: 2, fd, flags, mode, path: path.as_ptr(), path_length: path.len(), ..none }
            }
            SpawnAction::ChangeDirectory { path } => {
                Self { kind: 3, path: path.as_ptr(), path_length: path.len(), ..none }
            }
        }
    }
}
