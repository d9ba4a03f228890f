//! A small host over Rust's standard library: console, memory, one thread, clocks, and files to read. docs/porting.md walks through it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{File, metadata};
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom, Write, stderr, stdin, stdout};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use platform::abi::{clock, file_type, mapping, open};
use platform::*;
use region::{Allocation, Protection, alloc, page, protect};

/// The operating system below Rust's standard library.
pub struct Demo;

thread_local! {
    static START: Instant = Instant::now();
    static OPEN: RefCell<BTreeMap<Fd, File>> = const { RefCell::new(BTreeMap::new()) };
    static REGIONS: RefCell<BTreeMap<usize, Allocation>> = const { RefCell::new(BTreeMap::new()) };
}

fn errno(error: Error) -> Errno {
    match error.kind() {
        ErrorKind::NotFound => Errno::NOENT,
        ErrorKind::PermissionDenied => Errno::ACCES,
        ErrorKind::InvalidFilename => Errno::NAMETOOLONG,
        ErrorKind::InvalidInput => Errno::INVAL,
        _ => Errno::IO,
    }
}

fn file<T>(fd: Fd, work: impl FnOnce(&mut File) -> std::io::Result<T>) -> Result<T> {
    OPEN.with_borrow_mut(|open| work(open.get_mut(&fd).ok_or(Errno::BADF)?).map_err(errno))
}

platform::one_thread!(Demo, page_bytes: page::size());

/// Bits of a protection are the C ABI's in the crate, too.
impl Memory for Demo {
    fn map(&self, Map { length, protection, flags, .. }: Map) -> Result<usize> {
        if length == 0 || flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0 {
            return Err(Errno::INVAL);
        } else if flags & mapping::ANONYMOUS == 0 {
            return Err(Errno::NODEV);
        }
        let made = alloc(length, Protection::from_bits_truncate(protection as usize)).map_err(|_| Errno::NOMEM)?;
        let address = made.as_ptr::<u8>().expose_provenance();
        REGIONS.with_borrow_mut(|regions| regions.insert(address, made));
        Ok(address)
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        let is_whole = |region: &mut Allocation| region.len() == length.next_multiple_of(page::size());
        REGIONS.with_borrow_mut(|regions| {
            regions.get_mut(&address).is_some_and(is_whole).then(|| drop(regions.remove(&address))).ok_or(Errno::INVAL)
        })
    }
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        address.is_multiple_of(page::size()).then_some(()).ok_or(Errno::INVAL)?;
        let start = std::ptr::with_exposed_provenance::<u8>(address);
        // SAFETY: the address space is the guest's.
        unsafe { protect(start, length, Protection::from_bits_truncate(protection as usize)) }.map_err(|_| Errno::NOMEM)
    }
}

impl Files for Demo {
    fn descriptor_limit(&self) -> usize {
        256
    }
    fn open(&self, _directory: Fd, path: &[u8], flags: u32, _mode: u32) -> Result<Fd> {
        if flags & (open::CREATE | open::TRUNCATE | open::ACCESS_MODE) != 0 {
            return Err(Errno::ROFS);
        }
        let opened = File::open(str::from_utf8(path).map_err(|_| Errno::NOENT)?).map_err(errno)?;
        OPEN.with_borrow_mut(|open| {
            let free = (3..self.descriptor_limit() as Fd).find(|fd| !open.contains_key(fd)).ok_or(Errno::MFILE)?;
            open.insert(free, opened);
            Ok(free)
        })
    }
    fn close(&self, fd: Fd) -> Result<()> {
        OPEN.with_borrow_mut(|open| open.remove(&fd)).map(drop).ok_or(Errno::BADF)
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        if fd == 0 { stdin().read(buffer).map_err(errno) } else { file(fd, |file| file.read(buffer)) }
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        let written = match fd {
            1 => stdout().write_all(data).and_then(|()| stdout().flush()),
            2 => stderr().write_all(data),
            _ => return Err(Errno::BADF),
        };
        written.map(|()| data.len()).map_err(errno)
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        let by_whence = [SeekFrom::Start(offset as u64), SeekFrom::Current(offset), SeekFrom::End(offset)];
        let to = *by_whence.get(whence as usize).ok_or(Errno::INVAL)?;
        if (0..3).contains(&fd) { Err(Errno::SPIPE) } else { file(fd, |file| file.seek(to)) }
    }
    fn stat(&self, directory: Fd, path: &[u8], _flags: u32) -> Result<Stat> {
        let found = match str::from_utf8(path) {
            Ok("") => file(directory, |file| file.metadata())?,
            path => metadata(path.map_err(|_| Errno::NOENT)?).map_err(errno)?,
        };
        let kind = if found.is_dir() { file_type::DIRECTORY } else { file_type::REGULAR };
        Ok(Stat { mode: kind | 0o555, size: found.len() as i64, nlink: 1, ..Stat::default() })
    }
}

impl Time for Demo {
    fn sleep(&self, end: Deadline) -> Result<()> {
        std::thread::sleep(Duration::from_nanos(end.time.saturating_ns_since(self.clock(end.clock)?)));
        Ok(())
    }
    fn clock(&self, id: i32) -> Result<Timespec> {
        let since = match id {
            clock::REALTIME => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            clock::MONOTONIC => START.with(Instant::elapsed),
            clock::PROCESS_CPU..=clock::BOOT_TIME => return Err(Errno::NOSYS),
            _ => return Err(Errno::INVAL),
        };
        Ok(Timespec { seconds: since.as_secs() as i64, nanoseconds: since.subsec_nanos().into() })
    }
}

/// Rust's library does not tell who the process belongs to: to nobody else than the one user of this host.
impl Process for Demo {
    fn exit(&self, code: i32) -> ! {
        std::process::exit(code)
    }
    fn process_id(&self) -> i32 {
        std::process::id() as i32
    }
    fn parent_id(&self) -> i32 {
        0
    }
    fn ids(&self) -> Ids {
        Ids::default()
    }
    fn is_secure(&self) -> bool {
        false
    }
}

impl Random for Demo {
    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        getrandom::fill(buffer).map_err(|_| Errno::IO)
    }
}

impl Names for Demo {}
impl Network for Demo {}
impl Signals for Demo {}
impl Waiting for Demo {}
