//! A platform over the C library of the machine that runs the tests. What a host may lack can be taken away.

use std::convert::Infallible;
use std::ffi::CStr;
use std::print;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::vec::Vec;

use platform::{
    Deadline, Errno, Facts, Fd, Files, Futex, Ids, Map, Memory, Names, Network, Process, Random, Result, Signals, Slot,
    SlotBase, Stat, Threads, Time, Timespec, Waiting, abi,
};

/// The machine, with less or more of what it can do.
#[derive(Debug)]
pub struct Hosted {
    /// Without: no mapping at a fixed address.
    pub fixed: AtomicBool,
    /// Without: no file in memory at all.
    pub files: AtomicBool,
    /// Without: no code of files, as on a file system mounted with `noexec`.
    pub execution: AtomicBool,
    /// Mappings that are there now, less what was there before.
    pub mappings: AtomicUsize,
}

impl Hosted {
    /// The machine with all it can do.
    #[allow(clippy::new_without_default, reason = "a constant")]
    pub const fn new() -> Self {
        Self {
            fixed: AtomicBool::new(true),
            files: AtomicBool::new(true),
            execution: AtomicBool::new(true),
            mappings: AtomicUsize::new(0),
        }
    }
}

fn last() -> Errno {
    Errno::from_number(std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
}

fn done(result: i32) -> Result<()> {
    if result < 0 { Err(last()) } else { Ok(()) }
}

fn count(result: isize) -> Result<usize> {
    if result < 0 { Err(last()) } else { Ok(result as usize) }
}

fn path(bytes: &[u8]) -> std::ffi::CString {
    std::ffi::CString::new(bytes).expect("paths have no NUL")
}

/// What the loader must never ask for.
fn check(protection: u32) {
    let both = abi::protection::WRITE | abi::protection::EXECUTE;
    assert!(protection & both != both, "writable and executable memory");
}

fn pointers(strings: &[&CStr]) -> Vec<*const libc::c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
}

impl Facts for Hosted {
    fn page_bytes(&self) -> usize {
        4096
    }
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: 0 }
    }
}

impl Memory for Hosted {
    fn map(&self, m: Map) -> Result<usize> {
        check(m.protection);
        let is_file = m.flags & abi::mapping::ANONYMOUS == 0;
        if is_file && !self.files.load(Ordering::Relaxed) {
            return Err(Errno::NODEV);
        }
        if is_file && m.protection & abi::protection::EXECUTE != 0 && !self.execution.load(Ordering::Relaxed) {
            return Err(Errno::PERM);
        }
        if m.flags & abi::mapping::FIXED != 0 && !self.fixed.load(Ordering::Relaxed) {
            return Err(Errno::INVAL);
        }
        let (protection, flags) = (m.protection as i32, m.flags as i32);
        // SAFETY: the loader's own mappings.
        let address = unsafe { libc::mmap(m.address as *mut _, m.length, protection, flags, m.fd, m.offset as i64) };
        if address == libc::MAP_FAILED {
            return Err(last());
        }
        if m.flags & abi::mapping::FIXED == 0 {
            self.mappings.fetch_add(1, Ordering::Relaxed);
        }
        Ok(address as usize)
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        self.mappings.fetch_sub(1, Ordering::Relaxed);
        // SAFETY: the loader's own mappings.
        done(unsafe { libc::munmap(address as *mut _, length) })
    }
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        check(protection);
        // The tests that take it away have no other code than that of files.
        if protection & abi::protection::EXECUTE != 0 && !self.execution.load(Ordering::Relaxed) {
            return Err(Errno::ACCES);
        }
        // SAFETY: the loader's own mappings.
        done(unsafe { libc::mprotect(address as *mut _, length, protection as i32) })
    }
}

impl Files for Hosted {
    fn open(&self, directory: Fd, name: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        // SAFETY: a string.
        let fd = unsafe { libc::openat(directory, path(name).as_ptr(), flags as i32, mode) };
        done(fd).map(|()| fd)
    }
    fn close(&self, fd: Fd) -> Result<()> {
        // SAFETY: the loader's own descriptor.
        done(unsafe { libc::close(fd) })
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        // SAFETY: the buffer's memory.
        count(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) })
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        // SAFETY: the slice's memory.
        count(unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) })
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        // SAFETY: no memory is touched.
        count(unsafe { libc::lseek(fd, offset, whence as i32) } as isize).map(|at| at as u64)
    }
    fn stat(&self, directory: Fd, name: &[u8], flags: u32) -> Result<Stat> {
        // SAFETY: zero is a valid value of the C struct.
        let mut found: libc::stat = unsafe { std::mem::zeroed() };
        // SAFETY: a string and a place for the answer.
        done(unsafe { libc::fstatat(directory, path(name).as_ptr(), &raw mut found, flags as i32) })?;
        Ok(Stat { dev: found.st_dev, ino: found.st_ino, mode: found.st_mode, size: found.st_size, ..Stat::default() })
    }
    fn descriptor_limit(&self) -> usize {
        // SAFETY: no memory is touched.
        unsafe { libc::sysconf(libc::_SC_OPEN_MAX) as usize }
    }
}

impl Names for Hosted {
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        let here = std::env::current_dir().map_err(|_| Errno::NOENT)?.into_os_string().into_encoded_bytes();
        buffer.get_mut(..here.len()).ok_or(Errno::RANGE)?.copy_from_slice(&here);
        Ok(here.len())
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        // SAFETY: the buffer's memory.
        count(unsafe { libc::syscall(libc::SYS_getdents64, fd, buffer.as_mut_ptr(), buffer.len()) } as isize)
    }
}

impl Time for Hosted {
    fn clock(&self, _: i32) -> Result<Timespec> {
        Err(Errno::NOSYS)
    }
}

impl Threads for Hosted {
    fn thread_exit(&self) -> ! {
        unreachable!("tests have one thread")
    }
    fn thread_id(&self) -> i32 {
        // SAFETY: no memory is touched.
        unsafe { libc::gettid() }
    }
    fn set_thread_slot(&self, _: usize) {}
    fn yield_now(&self) {
        std::thread::yield_now();
    }
    fn processor_count(&self) -> usize {
        1
    }
}

impl Futex for Hosted {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, _: Option<Deadline>, _: u32) -> Result<()> {
        while word.load(Ordering::Relaxed) == expected {
            std::thread::yield_now();
        }
        Ok(())
    }
    fn futex_wake(&self, _: &AtomicU32, _: u32, _: bool) -> Result<usize> {
        Ok(0)
    }
}

impl Process for Hosted {
    fn exit(&self, code: i32) -> ! {
        // The test reads what is mapped at the end.
        if std::env::var_os("SHOW_MAPPINGS").is_some() {
            print!("{}", std::fs::read_to_string("/proc/self/maps").unwrap_or_default());
        }
        std::process::exit(code)
    }
    fn process_id(&self) -> i32 {
        // SAFETY: no memory is touched.
        unsafe { libc::getpid() }
    }
    fn parent_id(&self) -> i32 {
        // SAFETY: no memory is touched.
        unsafe { libc::getppid() }
    }
    fn ids(&self) -> Ids {
        // SAFETY: no memory is touched.
        unsafe { Ids { uid: libc::getuid(), euid: libc::geteuid(), gid: libc::getgid(), egid: libc::getegid() } }
    }
    fn is_secure(&self) -> bool {
        false
    }
    fn exec(&self, file: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible> {
        let (file, arguments, environment) = (path(file), pointers(arguments), pointers(environment));
        // SAFETY: strings and null-terminated lists of strings.
        unsafe { libc::execve(file.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
        Err(last())
    }
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        let here = std::env::current_exe().map_err(|_| Errno::NOENT)?.into_os_string().into_encoded_bytes();
        buffer.get_mut(..here.len()).ok_or(Errno::RANGE)?.copy_from_slice(&here);
        Ok(here.len())
    }
}

impl Network for Hosted {}
impl Signals for Hosted {}

impl Waiting for Hosted {}

impl Random for Hosted {
    fn random(&self, _: &mut [u8]) -> Result<()> {
        Err(Errno::NOSYS)
    }
}
