//! Linux as a platform: system calls without a C library, on x86_64 and aarch64. No heap but in `exec` and `spawn`.
//!
//! Calls go through rustix's raw backend; `sys` has the few that it lacks. The clock is read through the vDSO.

#![no_std]

extern crate alloc;

mod clone;
mod control;
pub mod crash;
mod executed;
mod files;
mod identity;
mod memory;
mod names;
mod process;
mod random;
mod report_stack;
mod signals;
pub mod start;
mod sys;
mod threads;
mod time;

use core::convert::Infallible;
use core::ffi::CStr;
use core::sync::atomic::{AtomicU32, Ordering};

use platform::{
    Deadline, Facts, Fd, FileSystem, Files, Futex, Ids, Lock, Map, Memory, Names, Process, Random, Result,
    SignalAction, SignalOwner, Signals, Slot, SlotBase, Spawn, Stat, ThreadStart, Threads, Time, Timespec, Usage,
    WindowSize,
};

pub use executed::open_executed;

/// The operating system. Needs threads that [`program!`] or [`Platform::thread_create`] made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linux;

impl Facts for Linux {
    fn page_bytes(&self) -> usize {
        rustix::param::page_size()
    }
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: control::SLOT_OFFSET }
    }
}

impl Memory for Linux {
    fn map(&self, request: Map) -> Result<usize> {
        memory::map(request)
    }
    fn random_place(&self) -> usize {
        random::place()
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        memory::unmap(address, length)
    }
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        memory::protect(address, length, protection)
    }
    fn remap(&self, address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
        memory::remap(address, old, new, flags, target)
    }
    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()> {
        memory::advise(address, length, advice)
    }
    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()> {
        memory::sync_map(address, length, flags)
    }
}

impl Files for Linux {
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        files::open(directory, path, flags, mode)
    }
    fn close(&self, fd: Fd) -> Result<()> {
        files::close(fd)
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        files::read(fd, buffer)
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        files::write(fd, data)
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        files::seek(fd, offset, whence)
    }
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        files::stat(directory, path, flags)
    }
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        files::read_at(fd, buffer, offset)
    }
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        files::write_at(fd, data, offset)
    }
    fn write_two(&self, fd: Fd, first: &[u8], second: &[u8]) -> Result<usize> {
        files::write_two(fd, first, second)
    }
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        files::truncate(fd, length)
    }
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        files::allocate(fd, offset, length)
    }
    fn sync(&self, fd: Fd, data_only: bool) -> Result<()> {
        files::sync(fd, data_only)
    }
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        files::duplicate(fd, at_least, close_on_exec)
    }
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        files::duplicate_to(fd, target, close_on_exec)
    }
    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        files::descriptor_flags(fd)
    }
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        files::set_descriptor_flags(fd, flags)
    }
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        files::status_flags(fd)
    }
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        files::set_status_flags(fd, flags)
    }
    fn descriptor_limit(&self) -> usize {
        files::descriptor_limit()
    }
    fn signal_owner(&self, fd: Fd) -> Result<SignalOwner> {
        files::signal_owner(fd)
    }
    fn set_signal_owner(&self, fd: Fd, owner: SignalOwner) -> Result<()> {
        files::set_signal_owner(fd, owner)
    }
    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()> {
        files::lock(fd, lock, wait)
    }
    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        files::lock_query(fd, lock)
    }
    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()> {
        files::lock_file(fd, operation)
    }
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        files::pipe(flags)
    }
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        files::terminal_size(fd)
    }
    fn copy(&self, target: Fd, source: Fd, offset: Option<u64>, length: usize) -> Result<usize> {
        files::copy(target, source, offset, length)
    }
}

impl Names for Linux {
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        names::access(directory, path, mode, flags)
    }
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        names::make_directory(directory, path, mode)
    }
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        names::unlink(directory, path, flags)
    }
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        names::rename(from_directory, from, to_directory, to)
    }
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        names::link(from_directory, from, to_directory, to, flags)
    }
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        names::symlink(target, directory, path)
    }
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        names::read_link(directory, path, buffer)
    }
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        names::set_mode(directory, path, mode, flags)
    }
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        names::set_owner(directory, path, uid, gid, flags)
    }
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        names::set_times(directory, path, times, flags)
    }
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        names::file_system(directory, path, flags)
    }
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        names::change_directory(directory, path)
    }
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        names::current_directory(buffer)
    }
    fn descriptor_path(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        names::descriptor_path(fd, buffer)
    }
    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(names::set_umask(mask))
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        files::read_directory(fd, buffer)
    }
}

impl Time for Linux {
    fn clock(&self, clock: i32) -> Result<Timespec> {
        time::now(clock)
    }
    fn clock_resolution(&self, clock: i32) -> Result<Timespec> {
        time::resolution(clock)
    }
    fn set_clock(&self, clock: i32, time: Timespec) -> Result<()> {
        time::set(clock, time)
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        time::sleep(deadline)
    }
}

impl Threads for Linux {
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        threads::create(start)
    }
    fn thread_exit(&self) -> ! {
        threads::exit()
    }
    fn thread_id(&self) -> i32 {
        rustix::thread::gettid().as_raw_nonzero().get()
    }
    fn thread_stack(&self) -> Result<(usize, usize)> {
        Ok(threads::stack())
    }
    fn set_thread_slot(&self, value: usize) {
        control::current().slot.store(value, Ordering::Relaxed);
    }
    fn yield_now(&self) {
        rustix::thread::sched_yield();
    }
    fn processor_count(&self) -> usize {
        threads::processor_count()
    }
}

impl Futex for Linux {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, shared: bool) -> Result<()> {
        threads::wait(word, expected, deadline, shared)
    }
    fn futex_wake(&self, word: &AtomicU32, count: u32, shared: bool) -> Result<usize> {
        threads::wake(word, count, shared)
    }
}

impl Process for Linux {
    fn exit(&self, code: i32) -> ! {
        sys::last(sys::kernel::__NR_exit_group, code)
    }
    fn terminate(&self, signal: i32) -> ! {
        signals::terminate(signal)
    }
    fn process_id(&self) -> i32 {
        rustix::process::getpid().as_raw_nonzero().get()
    }
    fn parent_id(&self) -> i32 {
        rustix::process::getppid().map_or(0, |process| process.as_raw_nonzero().get())
    }
    fn ids(&self) -> Ids {
        identity::ids()
    }
    fn is_secure(&self) -> bool {
        executed::is_secure()
    }
    fn name_process(&self, name: &[u8]) -> Result<()> {
        identity::set_name(name)
    }
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible> {
        process::exec(path, arguments, environment)
    }
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
        process::spawn(spawn)
    }
    fn wait(&self, process: i32, options: u32) -> Result<(i32, i32)> {
        process::wait(process, options)
    }
    fn usage(&self, who: i32) -> Result<Usage> {
        process::usage(who)
    }
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        process::executable_path(buffer)
    }
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        identity::host_name(buffer)
    }
}

impl Signals for Linux {
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        signals::action(signal, action)
    }
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        signals::mask(how, mask)
    }
    fn signal_send(&self, process: i32, thread: i32, signal: i32) -> Result<()> {
        signals::send(process, thread, signal)
    }
}

impl Random for Linux {
    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        random::fill(buffer)
    }
}
