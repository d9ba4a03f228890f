//! The operating system: files, processes, signals, the terminal. Everything unsafe of this crate is here.
//!
//! The declarations are those of the `libc` crate for Linux; the C library below has the same types and values on every host, since our C
//! ABI is musl's. Paths are strings; one with a NUL in it names no file (`EINVAL`).

use alloc::ffi::CString;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char, c_int};
use core::mem::MaybeUninit;
use core::ptr;
use core::sync::atomic::{AtomicI32, Ordering};

/// An error number of C; it shows as the C library's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub c_int);

impl Errno {
    fn last() -> Self {
        // SAFETY: the address is valid in every thread.
        Self(unsafe { *libc::__errno_location() })
    }

    /// Whether it says that there is no such file.
    pub fn is_missing(self) -> bool {
        matches!(self.0, libc::ENOENT | libc::ENOTDIR)
    }

    /// Whether a program of another name may be what was meant.
    pub fn is_not_a_program(self) -> bool {
        matches!(self.0, libc::ENOENT | libc::ENOEXEC | libc::EACCES)
    }
}

impl core::fmt::Display for Errno {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // SAFETY: strerror gives a string that stays until its next call; there is one thread.
        let words = unsafe { CStr::from_ptr(libc::strerror(self.0)) };
        f.write_str(&words.to_string_lossy())
    }
}

/// What an operation gives.
pub type Result<T> = core::result::Result<T, Errno>;

fn c(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Errno(libc::EINVAL))
}

fn check(result: c_int) -> Result<c_int> {
    if result < 0 { Err(Errno::last()) } else { Ok(result) }
}

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Last change in ns since 1970.
    pub changed_ns: i64,
    /// Bytes.
    pub size: u64,
    /// A folder.
    pub is_folder: bool,
    /// Permission bits.
    pub mode: u32,
    /// Which file it is: device and number.
    pub identity: (u64, u64),
}

/// Names up to this many bytes become strings of C on the stack: a build looks at thousands of files.
const SHORT: usize = 256;

fn stat_with(path: &str, call: unsafe extern "C" fn(*const c_char, *mut libc::stat) -> c_int) -> Result<Stat> {
    let mut short = [0; SHORT];
    let long;
    let path = match short.get_mut(..path.len() + 1) {
        Some(room) => {
            room[..path.len()].copy_from_slice(path.as_bytes());
            match CStr::from_bytes_with_nul(room) {
                Ok(path) => path,
                Err(_) => return Err(Errno(libc::EINVAL)),
            }
        }
        None => {
            long = c(path)?;
            &*long
        }
    };
    let mut stat = MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: the string and the struct are valid for the call; all zeros are a valid value of it.
    let stat = unsafe {
        check(call(path.as_ptr(), stat.as_mut_ptr()))?;
        stat.assume_init()
    };
    Ok(Stat {
        changed_ns: stat.st_mtime.wrapping_mul(1_000_000_000).wrapping_add(stat.st_mtime_nsec),
        size: stat.st_size as u64,
        is_folder: stat.st_mode & libc::S_IFMT == libc::S_IFDIR,
        mode: stat.st_mode & 0o7777,
        identity: (stat.st_dev as _, stat.st_ino as _),
    })
}

/// `stat`.
pub fn stat(path: &str) -> Result<Stat> {
    stat_with(path, libc::stat)
}

/// `lstat`: of a link itself.
pub fn link_stat(path: &str) -> Result<Stat> {
    stat_with(path, libc::lstat)
}

/// What a file says of its size is believed up to here: it may grow or be sparse.
const MOST_AT_ONCE: usize = 64 << 20;

/// An open file, closed at the end.
pub struct File(c_int);

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: the descriptor is ours.
        unsafe { libc::close(self.0) };
    }
}

impl File {
    /// To read.
    pub fn open(path: &str) -> Result<File> {
        Self::with(path, libc::O_RDONLY, 0)
    }

    /// A new file, or an emptied one, whose writes go to its end; it can be read as well.
    pub fn create(path: &str, mode: u32) -> Result<File> {
        Self::with(path, libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND, mode)
    }

    /// One that is there, or an empty new one; what is in it stays.
    pub fn touch(path: &str) -> Result<File> {
        Self::with(path, libc::O_WRONLY | libc::O_CREAT, 0o666)
    }

    fn with(path: &str, flags: c_int, mode: u32) -> Result<File> {
        let path = c(path)?;
        loop {
            // SAFETY: the string is valid for the call.
            match check(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) }) {
                Err(Errno(libc::EINTR)) => {}
                other => return other.map(File),
            }
        }
    }

    /// The descriptor.
    pub fn descriptor(&self) -> c_int {
        self.0
    }

    /// Everything from the start on.
    pub fn contents(&self) -> Result<Vec<u8>> {
        // SAFETY: plain calls; all zeros are a valid `stat`; what is read goes into the room behind the vector's end, and becomes part of it.
        unsafe {
            if libc::lseek(self.0, 0, libc::SEEK_SET) < 0 && Errno::last().0 != libc::ESPIPE {
                return Err(Errno::last());
            }
            // A file of a known size is read at once.
            let mut stat = MaybeUninit::<libc::stat>::zeroed();
            let size = match libc::fstat(self.0, stat.as_mut_ptr()) {
                0 => usize::try_from(stat.assume_init().st_size).unwrap_or(0).min(MOST_AT_ONCE),
                _ => 0,
            };
            let mut all: Vec<u8> = Vec::with_capacity(size + 1);
            loop {
                if all.len() == all.capacity() {
                    all.reserve(1 << 16);
                }
                let room = all.spare_capacity_mut();
                match libc::read(self.0, room.as_mut_ptr().cast(), room.len()) {
                    0 => return Ok(all),
                    count if count > 0 => all.set_len(all.len() + count as usize),
                    _ if Errno::last().0 == libc::EINTR => {}
                    _ => return Err(Errno::last()),
                }
            }
        }
    }

    /// Makes it empty.
    pub fn clear(&self) -> Result<()> {
        // SAFETY: plain calls.
        unsafe {
            check(libc::ftruncate(self.0, 0))?;
            libc::lseek(self.0, 0, libc::SEEK_SET);
        }
        Ok(())
    }

    /// Sets the time of the last change to now.
    pub fn touched(&self) -> Result<()> {
        // SAFETY: null stands for now.
        check(unsafe { libc::futimens(self.0, ptr::null()) }).map(drop)
    }
}

/// Writes all of it to a descriptor.
pub fn write(descriptor: c_int, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        // SAFETY: the slice is valid for its length.
        match unsafe { libc::write(descriptor, bytes.as_ptr().cast(), bytes.len()) } {
            count if count >= 0 => bytes = &bytes[count as usize..],
            _ if Errno::last().0 == libc::EINTR => {}
            _ => return Err(Errno::last()),
        }
    }
    Ok(())
}

/// A whole file.
pub fn read(path: &str) -> Result<Vec<u8>> {
    File::open(path)?.contents()
}

/// Puts a file in the place of another at once: who looks sees the old one or the new one, whole.
pub fn replace(path: &str, contents: &[u8]) -> Result<()> {
    let partial = alloc::format!("{path}.{}.partial", process());
    let written = File::create(&partial, 0o666).and_then(|file| write(file.descriptor(), contents));
    let result = written.and_then(|()| rename(&partial, path));
    if result.is_err() {
        let _ = unlink(&partial);
    }
    result
}

macro_rules! one_path {
    ($($(#[$doc:meta])* $name:ident, $call:ident $(, $more:expr)?;)*) => {$(
        $(#[$doc])*
        pub fn $name(path: &str) -> Result<()> {
            let path = c(path)?;
            // SAFETY: the string is valid for the call.
            check(unsafe { libc::$call(path.as_ptr() $(, $more)?) }).map(drop)
        }
    )*};
}

one_path! {
    /// Removes a file.
    unlink, unlink;
    /// Removes an empty folder.
    rmdir, rmdir;
    /// Makes a folder.
    mkdir, mkdir, 0o777;
    /// Goes there.
    chdir, chdir;
}

/// Renames, also over a file that is there.
pub fn rename(from: &str, to: &str) -> Result<()> {
    let (from, to) = (c(from)?, c(to)?);
    // SAFETY: the strings are valid for the call.
    check(unsafe { libc::rename(from.as_ptr(), to.as_ptr()) }).map(drop)
}

/// The names in a folder, without `.` and `..`.
pub fn names(folder: &str) -> Result<Vec<String>> {
    let folder = c(folder)?;
    let mut names = Vec::new();
    // SAFETY: the stream is open until the end, and a record stays valid until the next is read.
    unsafe {
        let stream = libc::opendir(folder.as_ptr());
        if stream.is_null() {
            return Err(Errno::last());
        }
        loop {
            let record = libc::readdir(stream);
            if record.is_null() {
                break;
            }
            let name = CStr::from_ptr(ptr::addr_of!((*record).d_name).cast()).to_string_lossy();
            if name != "." && name != ".." {
                names.push(name.into_owned());
            }
        }
        libc::closedir(stream);
    }
    names.sort();
    Ok(names)
}

/// The current folder.
pub fn current_folder() -> Result<String> {
    let mut buffer = vec![0u8; 1 << 15];
    // SAFETY: the buffer is as long as said; the result is a string in it.
    unsafe {
        if libc::getcwd(buffer.as_mut_ptr().cast(), buffer.len()).is_null() {
            return Err(Errno::last());
        }
    }
    Ok(CStr::from_bytes_until_nul(&buffer).unwrap_or_default().to_string_lossy().into_owned())
}

/// The machine as `uname` names it: `x86_64`, `aarch64`.
pub fn machine() -> String {
    let mut names = MaybeUninit::<libc::utsname>::zeroed();
    // SAFETY: all zeros are a valid value, of empty strings.
    let names = unsafe {
        libc::uname(names.as_mut_ptr());
        names.assume_init()
    };
    let bytes = names.machine.map(|byte| byte as u8);
    CStr::from_bytes_until_nul(&bytes).unwrap_or_default().to_string_lossy().into_owned()
}

/// Processors that are on.
pub fn processors() -> usize {
    // SAFETY: a plain call.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) }).unwrap_or(1).max(1)
}

/// A variable of the environment.
pub fn variable(name: &str) -> Option<String> {
    let name = c(name).ok()?;
    // SAFETY: nothing changes the environment.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        (!value.is_null()).then(|| CStr::from_ptr(value).to_string_lossy().into_owned())
    }
}

/// Whether a descriptor is a terminal.
pub fn is_terminal(descriptor: c_int) -> bool {
    // SAFETY: a plain call.
    unsafe { libc::isatty(descriptor) == 1 }
}

/// Characters of a line of the terminal, if it says so.
pub fn terminal_width(descriptor: c_int) -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the struct is the one that the request fills.
    let result = unsafe { libc::ioctl(descriptor, libc::TIOCGWINSZ, &mut size) };
    (result == 0 && size.ws_col > 0).then_some(size.ws_col.into())
}

fn clock(which: libc::clockid_t) -> i64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the struct is valid.
    unsafe { libc::clock_gettime(which, &mut now) };
    now.tv_sec.wrapping_mul(1_000_000_000).wrapping_add(now.tv_nsec)
}

/// ns of a clock that only goes forward.
pub fn clock_ns() -> u64 {
    clock(libc::CLOCK_MONOTONIC) as u64
}

/// ns since 1970, as times of files are.
pub fn now_ns() -> i64 {
    clock(libc::CLOCK_REALTIME)
}

/// Our process id.
pub fn process() -> i32 {
    // SAFETY: a plain call.
    unsafe { libc::getpid() }
}

/// Children that run at the same time, at most.
pub const MOST_CHILDREN: usize = 256;

/// Their process ids, 0 where there is none: what the signal handler passes signals on to.
static CHILDREN: [AtomicI32; MOST_CHILDREN] = [const { AtomicI32::new(0) }; MOST_CHILDREN];
/// The signal that asked us to end, or 0.
static INTERRUPTED: AtomicI32 = AtomicI32::new(0);

/// The signal that asked us to end.
pub fn interrupted() -> Option<c_int> {
    Some(INTERRUPTED.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
}

extern "C" fn on_signal(signal: c_int) {
    INTERRUPTED.store(signal, Ordering::SeqCst);
    for child in &CHILDREN {
        let process = child.load(Ordering::SeqCst);
        if process > 0 {
            // SAFETY: kill may be called in a handler. It may set errno, which the code below does not read after a wait that succeeded.
            unsafe { libc::kill(process, signal) };
        }
    }
}

/// From here on SIGINT, SIGTERM and SIGHUP are passed on to the children, and [`interrupted`] tells.
pub fn catch_signals() {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all zeros are a valid value: an empty mask, no flags, so that waiting ends with EINTR.
    unsafe {
        (*action.as_mut_ptr()).sa_sigaction = on_signal as extern "C" fn(c_int) as usize;
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            libc::sigaction(signal, action.as_ptr(), ptr::null_mut());
        }
    }
}

/// Environments and arguments in C's form: pointers into the strings, a null at the end.
fn pointers(strings: &[CString]) -> Vec<*mut c_char> {
    strings.iter().map(|text| text.as_ptr().cast_mut()).chain([ptr::null_mut()]).collect()
}

/// Starts a program: `path` has a slash, or is looked for in `PATH`. `extra` goes into the environment. With `output` both of the child's
/// outputs go there and its input is empty; else it has ours.
pub fn spawn(path: &str, arguments: &[&str], extra: &[(&str, &str)], output: Option<&File>) -> Result<i32> {
    unsafe extern "C" {
        static environ: *const *const c_char;
    }
    let program = c(path)?;
    let strings = arguments.iter().map(|text| c(text)).collect::<Result<Vec<_>>>()?;
    let own = extra.iter().map(|(name, value)| c(&alloc::format!("{name}={value}"))).collect::<Result<Vec<_>>>()?;
    let mut environment = Vec::new();
    // SAFETY: nothing changes the environment; it ends with a null, its strings stay.
    unsafe {
        let mut at = environ;
        while !at.is_null() && !(*at).is_null() {
            let entry = CStr::from_ptr(*at).to_bytes();
            let name = entry.split(|byte| *byte == b'=').next().unwrap_or_default();
            if !extra.iter().any(|(own, _)| own.as_bytes() == name) {
                environment.push((*at).cast_mut());
            }
            at = at.add(1);
        }
    }
    environment.extend(pointers(&own));
    let arguments = pointers(&strings);
    let mut actions = MaybeUninit::<libc::posix_spawn_file_actions_t>::zeroed();
    let mut process = 0;
    // SAFETY: all strings and arrays live until the call is over; the actions are initialised before use and destroyed after it.
    let result = unsafe {
        let actions = actions.as_mut_ptr();
        libc::posix_spawn_file_actions_init(actions);
        if let Some(output) = output {
            libc::posix_spawn_file_actions_addopen(actions, 0, c"/dev/null".as_ptr(), libc::O_RDONLY, 0);
            libc::posix_spawn_file_actions_adddup2(actions, output.descriptor(), 1);
            libc::posix_spawn_file_actions_adddup2(actions, output.descriptor(), 2);
        }
        let result = libc::posix_spawnp(
            &mut process,
            program.as_ptr(),
            actions,
            ptr::null(),
            arguments.as_ptr(),
            environment.as_ptr(),
        );
        libc::posix_spawn_file_actions_destroy(actions);
        result
    };
    if result != 0 {
        return Err(Errno(result));
    }
    if let Some(free) = CHILDREN.iter().find(|child| child.load(Ordering::SeqCst) == 0) {
        free.store(process, Ordering::SeqCst);
    }
    // One that was being started while a signal came has not been told.
    if let Some(signal) = interrupted() {
        // SAFETY: the child is ours and has not been waited for.
        unsafe { libc::kill(process, signal) };
    }
    Ok(process)
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Code(c_int),
    /// By this signal.
    Signal(c_int),
}

/// Waits until one of these children has ended.
pub fn wait() -> Result<(i32, End)> {
    let mut status = 0;
    loop {
        // SAFETY: the integer is valid.
        match check(unsafe { libc::waitpid(-1, &mut status, 0) }) {
            Err(Errno(libc::EINTR)) => {}
            Err(error) => return Err(error),
            Ok(process) => {
                for child in CHILDREN.iter().filter(|child| child.load(Ordering::SeqCst) == process) {
                    child.store(0, Ordering::SeqCst);
                }
                let end = match libc::WIFSIGNALED(status) {
                    true => End::Signal(libc::WTERMSIG(status)),
                    false => End::Code(libc::WEXITSTATUS(status)),
                };
                return Ok((process, end));
            }
        }
    }
}

/// Ends at once after a message: for what must not happen.
pub fn abort(message: &str) -> ! {
    let _ = write(2, message.as_bytes());
    // SAFETY: a plain call.
    unsafe { libc::abort() }
}
