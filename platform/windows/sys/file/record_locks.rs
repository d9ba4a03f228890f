//! `fcntl` and `flock` locks over `LockFileEx`.
//!
//! Locks of Windows also stop reading and writing of the locked bytes; POSIX's do not. So byte `n` is locked at `2^62 + n`,
//! where no file has content: the locks hold among programs of this platform only. What Windows cannot do in one step is
//! done in two, between which another process may get a lock: raising a read lock, and unlocking the middle of a write
//! lock. Waiting looks again every few milliseconds and does not detect deadlocks (EDEADLK).

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

use platform::abi::descriptor;
use platform::{Errno, Lock, Result};
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Storage::FileSystem::{
    LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, UnlockFileEx,
};
use windows_sys::Win32::System::IO::OVERLAPPED;
use windows_sys::Win32::System::Threading::SleepEx;

use super::kind::Kind;
use super::open_file::OpenFile;
use crate::pure::locks::{self, Held};
use crate::sys::native::file_id::{self, FileId};
use crate::sys::native::nt::{Handle, last_error};
use crate::sys::native::sync::Mutex;
use crate::sys::native::thread;
use crate::sys::process::identity;
use crate::sys::signal::delivery;

/// Where byte 0 of a file is locked.
const BASE: u64 = 1 << 62;
/// A process with record locks on a file also holds a shared lock on the byte here that its number gives: Windows does not
/// tell whose a lock is.
const HOLDERS: u64 = BASE - (1 << 33);
const HOLDERS_END: u64 = HOLDERS + (1 << 32);
/// Where `flock` locks.
const WHOLE: u64 = HOLDERS - 1;
/// Locked by who writes at the end of the file.
const END: u64 = WHOLE - 1;

fn own_holder() -> u64 {
    HOLDERS + u64::from(identity::id() as u32)
}

/// A file that this process has record locks on.
struct File {
    /// The record's number, which its open files keep: it is found again without a question.
    record: u64,
    id: FileId,
    /// Locks belong to an open file of Windows: always the same one here, whichever descriptor asks.
    handle: Handle,
    held: Vec<Held>,
}

static FILES: Mutex<Vec<File>> = Mutex::new(Vec::new());

fn overlapped(start: u64) -> OVERLAPPED {
    let mut place = OVERLAPPED::default();
    place.Anonymous.Anonymous.Offset = start as u32;
    place.Anonymous.Anonymous.OffsetHigh = (start >> 32) as u32;
    place
}

/// Locks a range of Windows; `EAGAIN` when another process has it.
fn take(handle: HANDLE, start: u64, end: u64, exclusive: bool) -> Result<()> {
    let mut place = overlapped(start);
    let length = end - start;
    let flags = LOCKFILE_FAIL_IMMEDIATELY | if exclusive { LOCKFILE_EXCLUSIVE_LOCK } else { 0 };
    // SAFETY: the structure lives during the call, which does not wait.
    let done = unsafe { LockFileEx(handle, flags, 0, length as u32, (length >> 32) as u32, &mut place) };
    if done != 0 { Ok(()) } else { Err(last_error()) }
}

fn give_back(handle: HANDLE, start: u64, end: u64) {
    let mut place = overlapped(start);
    let length = end - start;
    // SAFETY: as above. A range that is not locked is an error without effect.
    unsafe { UnlockFileEx(handle, 0, length as u32, (length >> 32) as u32, &mut place) };
}

impl File {
    fn take(&mut self, lock: Held) -> Result<()> {
        take(self.handle.raw(), BASE + lock.start, BASE + lock.end, lock.exclusive)?;
        self.held.push(lock);
        Ok(())
    }

    /// As long as there are locks, the process is one of the holders.
    fn hold(&self) {
        let own = own_holder();
        // Nobody else locks this byte for long: only who looks for holders.
        for _ in 0..100 {
            if take(self.handle.raw(), own, own + 1, false).is_ok() {
                break;
            }
            thread::yield_now();
        }
    }

    fn give_back(&mut self, lock: Held) {
        give_back(self.handle.raw(), BASE + lock.start, BASE + lock.end);
        if let Some(at) = self.held.iter().position(|held| *held == lock) {
            self.held.swap_remove(at);
        }
    }

    /// Gives all locks back. The handle is a duplicate, so closing it alone would keep them.
    fn end(mut self) {
        if !self.held.is_empty() {
            while let Some(lock) = self.held.last().copied() {
                self.give_back(lock);
            }
            give_back(self.handle.raw(), own_holder(), own_holder() + 1);
        }
    }

    /// The number of a process that has locks on the file, the lowest of them; -1 when there is none now.
    fn holder(&self) -> i32 {
        let free = |start: u64, end: u64| {
            let handle = self.handle.raw();
            let got = start >= end || take(handle, start, end, true).is_ok();
            if got && start < end {
                give_back(handle, start, end);
            }
            got
        };
        let own = own_holder();
        for (mut start, mut end) in [(HOLDERS, own), (own + 1, HOLDERS_END)] {
            if free(start, end) {
                continue;
            }
            while end - start > 1 {
                let middle = start + (end - start) / 2;
                if free(start, middle) { start = middle } else { end = middle }
            }
            return (start - HOLDERS) as i32;
        }
        -1
    }

    /// Puts back what was given back only for a step; another process may have been faster.
    fn take_again(&mut self, again: &[Held]) {
        for lock in again {
            for _ in 0..100 {
                if self.take(*lock).is_ok() {
                    break;
                }
                thread::yield_now();
            }
        }
    }

    fn set(&mut self, start: u64, end: u64, exclusive: Option<bool>) -> Result<()> {
        let Some(exclusive) = exclusive else {
            let plan = locks::plan(&self.held, start, end);
            plan.release.iter().for_each(|lock| self.give_back(*lock));
            self.take_again(&plan.again);
            return Ok(());
        };
        let new = Held { start, end, exclusive };
        if self.held.contains(&new) {
            return Ok(());
        }
        let plan = locks::plan(&self.held, start, end);
        if !exclusive {
            // Windows lets the owner of a write lock put a read lock over it, and gives the write lock back first.
            self.take(new)?;
            plan.release.iter().for_each(|lock| self.give_back(*lock));
            self.take_again(&plan.again);
            return Ok(());
        }
        plan.release.iter().for_each(|lock| self.give_back(*lock));
        match self.take(new) {
            Ok(()) => {
                self.take_again(&plan.again);
                Ok(())
            }
            Err(errno) => {
                self.take_again(&plan.release);
                Err(errno)
            }
        }
    }
}

fn id_of(open: &OpenFile) -> FileId {
    FileId { volume: open.volume(), number: open.number() }
}

/// The record of an open file.
fn find(files: &[File], open: &OpenFile) -> Option<usize> {
    let known = open.locks.load(Ordering::Relaxed);
    if let Some(at) = files.iter().position(|file| file.record == known) {
        return Some(at);
    }
    let number = open.number();
    // The other half of the identity costs more.
    if number == 0 || files.iter().all(|file| file.id.number != number) {
        return None;
    }
    let (id, handle) = (id_of(open), open.handle().ok()?);
    let at = files.iter().position(|file| file.id == id && file_id::is_one(&file.handle, handle))?;
    open.locks.store(files.get(at)?.record, Ordering::Relaxed);
    Some(at)
}

/// The file's record stays, with its handle, until a descriptor of the file is closed: programs that lock do so again and again.
fn with_file<T>(open: &OpenFile, use_file: impl FnOnce(&mut File) -> Result<T>) -> Result<T> {
    if open.kind() != Kind::File {
        return Err(Errno::INVAL);
    }
    let mut files = FILES.lock();
    let at = match find(&files, open) {
        Some(at) => at,
        None => {
            static RECORDS: AtomicU64 = AtomicU64::new(1);
            let (record, id) = (RECORDS.fetch_add(1, Ordering::Relaxed), id_of(open));
            files.push(File { record, id, handle: open.handle()?.duplicate(false)?, held: Vec::new() });
            open.locks.store(record, Ordering::Relaxed);
            files.len() - 1
        }
    };
    let file = files.get_mut(at).ok_or(Errno::NOLCK)?;
    let held_before = !file.held.is_empty();
    let result = use_file(file);
    match (held_before, !file.held.is_empty()) {
        (false, true) => file.hold(),
        (true, false) => give_back(file.handle.raw(), own_holder(), own_holder() + 1),
        _ => {}
    }
    result
}

/// `fcntl` F_SETLK and F_SETLKW.
pub fn set(open: &OpenFile, lock: Lock, wait: bool) -> Result<()> {
    let (start, end) = locks::range(lock.start, lock.length).ok_or(Errno::INVAL)?;
    let exclusive = match lock.kind {
        descriptor::LOCK_READ if !open.readable() => return Err(Errno::BADF),
        descriptor::LOCK_WRITE if !open.writable() => return Err(Errno::BADF),
        descriptor::LOCK_READ => Some(false),
        descriptor::LOCK_WRITE => Some(true),
        descriptor::LOCK_NONE => None,
        _ => return Err(Errno::INVAL),
    };
    retry(wait, || with_file(open, |file| file.set(start, end, exclusive)))
}

fn retry(wait: bool, attempt: impl Fn() -> Result<()>) -> Result<()> {
    let mut milliseconds = 1;
    loop {
        match attempt() {
            Err(Errno::AGAIN) if wait => {}
            other => return other,
        }
        // SAFETY: no pointers. Alertable: a signal ends the wait.
        unsafe { SleepEx(milliseconds, 1) };
        delivery::interrupted()?;
        milliseconds = (milliseconds * 2).min(16);
    }
}

/// `fcntl` F_GETLK. The range told is the one asked about. Where several processes have locks on the file, the one told is
/// one of them and perhaps not the one in the way.
pub fn query(open: &OpenFile, lock: Lock) -> Result<Lock> {
    let (start, end) = locks::range(lock.start, lock.length).ok_or(Errno::INVAL)?;
    let exclusive = match lock.kind {
        descriptor::LOCK_READ => false,
        descriptor::LOCK_WRITE => true,
        _ => return Err(Errno::INVAL),
    };
    with_file(open, |file| {
        let handle = file.handle.raw();
        for (start, end) in locks::gaps(&file.held, start, end) {
            let (start, end) = (BASE + start, BASE + end);
            let free = |exclusive| {
                let got = take(handle, start, end, exclusive).is_ok();
                if got {
                    give_back(handle, start, end);
                }
                got
            };
            if !free(exclusive) {
                let kind = if exclusive && free(false) { descriptor::LOCK_READ } else { descriptor::LOCK_WRITE };
                return Ok(Lock { kind, process: file.holder(), ..lock });
            }
        }
        Ok(Lock { kind: descriptor::LOCK_NONE, ..lock })
    })
}

/// POSIX.1-2024 close: all record locks of the process on the file go with any of its descriptors.
pub fn forget(open: &OpenFile) {
    let mut files = FILES.lock();
    if open.kind() == Kind::File
        && !files.is_empty()
        && let Some(at) = find(&files, open)
    {
        files.swap_remove(at).end();
    }
}

/// The end of a file, locked: neither Wine nor the file systems of networks find it and write there in one step. What cannot be
/// locked is written to all the same.
pub struct End(Option<HANDLE>);

impl End {
    /// Waits for it. The handle stays open meanwhile.
    pub fn lock(file: &Handle) -> Self {
        let mut place = overlapped(END);
        // SAFETY: the structure lives during the call, which on a synchronous handle ends when the lock is there.
        let done = unsafe { LockFileEx(file.raw(), LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &mut place) };
        Self((done != 0).then(|| file.raw()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(handle) = self.0 {
            give_back(handle, END, END + 1);
        }
    }
}

/// `flock`: the lock belongs to the open file, as all locks of Windows do.
pub fn whole_file(open: &OpenFile, operation: u32) -> Result<()> {
    const SHARED: u32 = 1;
    const EXCLUSIVE: u32 = 2;
    const NO_WAIT: u32 = 4;
    const UNLOCK: u32 = 8;
    if open.kind() != Kind::File {
        return Err(Errno::INVAL);
    }
    let raw = open.handle()?.raw();
    let wanted = match operation & !NO_WAIT {
        SHARED => 1,
        EXCLUSIVE => 2,
        UNLOCK => 0,
        _ => return Err(Errno::INVAL),
    };
    retry(operation & NO_WAIT == 0, || {
        let mut held = open.flock.lock();
        if *held == wanted {
            return Ok(());
        }
        if *held != 0 {
            give_back(raw, WHOLE, WHOLE + 1);
            *held = 0;
        }
        if wanted != 0 {
            take(raw, WHOLE, WHOLE + 1, wanted == 2)?;
        }
        *held = wanted;
        Ok(())
    })
}
