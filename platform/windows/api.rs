//! The trait's methods, each one call into [`crate::sys`].

use core::convert::Infallible;
use core::ffi::CStr;
use core::sync::atomic::AtomicU32;

use platform::{
    Deadline, Errno, Facts, Fd, FileSystem, Files, Futex, Ids, Lock, Map, Memory, Names, Process, Random, Result,
    SignalAction, Signals, Slot, Spawn, Stat, ThreadStart, Threads, Time, Timespec, Usage, WindowSize,
};

use crate::sys::file::{copy, descriptors, names, open, places, record_locks, stat};
use crate::sys::memory::{changes, pages, views};
use crate::sys::native::{clock, exit, random, regions, stack, thread};
use crate::sys::process::{children, futex, identity, sleep, spawn, threads, usage};
use crate::sys::signal::{actions, delivery, send};

/// The Windows that runs this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Windows;

impl Facts for Windows {
    fn page_bytes(&self) -> usize {
        regions::PAGE
    }
    fn thread_slot(&self) -> Slot {
        threads::slot()
    }
}

impl Memory for Windows {
    fn map(&self, request: Map) -> Result<usize> {
        views::map(request)
    }
    fn random_place(&self) -> usize {
        random::place()
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        pages::unmap(address, length)
    }
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        pages::protect(address, length, protection)
    }
    fn remap(&self, address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
        changes::remap(address, old, new, flags, target)
    }
    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()> {
        changes::advise(address, length, advice)
    }
    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()> {
        changes::sync_map(address, length, flags)
    }
}

impl Files for Windows {
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        open::open(directory, path, flags, mode)
    }
    fn close(&self, fd: Fd) -> Result<()> {
        descriptors::close(fd)
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        descriptors::get(fd)?.read(buffer)
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        descriptors::get(fd)?.write(data)
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        descriptors::get(fd)?.seek(offset, whence)
    }
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        stat::stat(directory, path, flags)
    }
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        descriptors::get(fd)?.read_at(buffer, offset)
    }
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        descriptors::get(fd)?.write_at(data, offset)
    }
    fn write_two(&self, fd: Fd, first: &[u8], second: &[u8]) -> Result<usize> {
        descriptors::get(fd)?.write_two(first, second)
    }
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        descriptors::get(fd)?.truncate(length)
    }
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        descriptors::get(fd)?.allocate(offset, length)
    }
    fn sync(&self, fd: Fd, _data_only: bool) -> Result<()> {
        descriptors::get(fd)?.sync()
    }
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        descriptors::duplicate(fd, at_least, close_on_exec)
    }
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        descriptors::duplicate_to(fd, target, close_on_exec)
    }
    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        descriptors::flags(fd)
    }
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        descriptors::set_flags(fd, flags)
    }
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        Ok(descriptors::get(fd)?.status_flags())
    }
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        descriptors::get(fd)?.set_status_flags(flags)
    }
    fn descriptor_limit(&self) -> usize {
        crate::pure::slots::LIMIT
    }
    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()> {
        record_locks::set(&*descriptors::get(fd)?, lock, wait)
    }
    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        record_locks::query(&*descriptors::get(fd)?, lock)
    }
    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()> {
        record_locks::whole_file(&*descriptors::get(fd)?, operation)
    }
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        open::pipe(flags)
    }
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        descriptors::get(fd)?.window_size()
    }
    fn copy(&self, target: Fd, source: Fd, offset: Option<u64>, length: usize) -> Result<usize> {
        copy::copy(&*descriptors::get(target)?, &*descriptors::get(source)?, offset, length)
    }
}

impl Names for Windows {
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        stat::check_access(directory, path, mode, flags)
    }
    fn make_directory(&self, directory: Fd, path: &[u8], _mode: u32) -> Result<()> {
        names::make_directory(directory, path)
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
        stat::set_mode(directory, path, mode, flags)
    }
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        stat::set_owner(directory, path, uid, gid, flags)
    }
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        stat::set_times(directory, path, times, flags)
    }
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        stat::file_system(directory, path, flags)
    }
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        names::change_directory(directory, path)
    }
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        let current = places::current();
        buffer.get_mut(..current.len()).ok_or(Errno::RANGE)?.copy_from_slice(&current);
        Ok(current.len())
    }
    fn absolute_path(&self, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        let full = places::absolute(path);
        buffer.get_mut(..full.len()).ok_or(Errno::RANGE)?.copy_from_slice(&full);
        Ok(full.len())
    }
    fn descriptor_path(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let path = names::descriptor_path(fd)?;
        buffer.get_mut(..path.len()).ok_or(Errno::RANGE)?.copy_from_slice(&path);
        Ok(path.len())
    }
    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(open::set_umask(mask))
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        descriptors::get(fd)?.list(buffer)
    }
}

impl Time for Windows {
    fn clock(&self, clock: i32) -> Result<Timespec> {
        clock::get(clock)
    }
    fn clock_resolution(&self, clock: i32) -> Result<Timespec> {
        clock::resolution(clock)
    }
    fn set_clock(&self, clock: i32, time: Timespec) -> Result<()> {
        clock::set(clock, time)
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        sleep::sleep(deadline)
    }
}

impl Threads for Windows {
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        threads::create(start)
    }
    fn thread_exit(&self) -> ! {
        threads::exit()
    }
    fn thread_id(&self) -> i32 {
        thread::id()
    }
    fn thread_stack(&self) -> Result<(usize, usize)> {
        Ok(stack::bounds())
    }
    fn set_thread_slot(&self, value: usize) {
        threads::set_slot(value);
    }
    fn yield_now(&self) {
        thread::yield_now();
    }
    fn processor_count(&self) -> usize {
        threads::processor_count()
    }
}

impl Futex for Windows {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, shared: bool) -> Result<()> {
        futex::wait(word, expected, deadline, shared)
    }
    fn futex_wake(&self, word: &AtomicU32, count: u32, _shared: bool) -> Result<usize> {
        futex::wake(word, count)
    }
}

impl Process for Windows {
    fn exit(&self, code: i32) -> ! {
        exit::exit(code)
    }
    fn terminate(&self, signal: i32) -> ! {
        exit::terminate(signal)
    }
    fn process_id(&self) -> i32 {
        identity::id()
    }
    fn parent_id(&self) -> i32 {
        identity::parent_id()
    }
    fn ids(&self) -> Ids {
        identity::ids()
    }
    /// No file gives a process more rights than its starter has.
    fn is_secure(&self) -> bool {
        false
    }
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible> {
        spawn::exec(path, arguments, environment)
    }
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
        spawn::spawn(spawn)
    }
    fn wait(&self, process: i32, options: u32) -> Result<(i32, i32)> {
        children::wait(process, options)
    }
    fn usage(&self, who: i32) -> Result<Usage> {
        usage::of(who)
    }
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        identity::executable_path(buffer)
    }
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        identity::host_name(buffer)
    }
}

impl Signals for Windows {
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        actions::set(signal, action)
    }
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        delivery::mask(how, mask)
    }
    fn signal_send(&self, process: i32, thread: i32, signal: i32) -> Result<()> {
        send::send(process, thread, signal)
    }
}

impl Random for Windows {
    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        random::fill(buffer)
    }
}
