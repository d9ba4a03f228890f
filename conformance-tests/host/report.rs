//! Counting checks, and the place where they keep their files.

use core::fmt::{self, Debug, Write};
use platform::abi::{at, open};
use platform::{Errno, Fd, Platform, Result};

/// What the suite needs to know of the place it runs in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// A directory in which the suite makes, and at the end removes, one of its own.
    pub scratch: &'a [u8],
    /// Path of a program that the host can start and that calls [`crate::child`] first; `None`: starting is not tested.
    pub program: Option<&'a [u8]>,
    /// The program runs on the host itself, not in a simulation: signals interrupt it, memory is protected, code that it
    /// writes can run, and the thread slot lies at the register that the host names.
    pub native: bool,
}

/// Outcome of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Checks that held.
    pub passed: u32,
    /// Checks that did not; each has printed a line.
    pub failed: u32,
    /// Methods that the host does not have.
    pub absent: u32,
}

impl Totals {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.absent += other.absent;
    }

    /// The closing line.
    pub fn print(self, write_line: &mut dyn FnMut(&str)) {
        let mut line = Line::new();
        let _ = write!(line, "{} passed, {} failed, {} absent", self.passed, self.failed, self.absent);
        write_line(line.text());
    }
}

/// The rest of a case cannot run: what it needs has failed (and was reported) or is absent (and is listed).
pub(crate) struct Stop;

/// Result of a case.
pub(crate) type Case = core::result::Result<(), Stop>;

/// The running suite.
pub(crate) struct Test<'a, P> {
    pub host: &'a P,
    pub context: Context<'a>,
    directory: Path,
    write_line: &'a mut dyn FnMut(&str),
    totals: Totals,
    /// The host makes no directories, and refuses to make files: cases that need one are not run.
    read_only: bool,
    absent: [&'static str; 96],
    family: &'static str,
    case: &'static str,
}

impl<'a, P: Platform> Test<'a, P> {
    pub fn new(host: &'a P, context: Context<'a>, write_line: &'a mut dyn FnMut(&str)) -> Self {
        let (directory, totals) = (Path::new(context.scratch), Totals::default());
        Self { host, context, directory, write_line, totals, read_only: false, absent: [""; 96], family: "", case: "" }
    }

    /// Makes the suite's own directory. `false`: it cannot be made.
    pub fn enter(&mut self) -> bool {
        let mut random = [0; 4];
        self.family = "suite";
        self.case = "start";
        let filled = self.host.random(&mut random);
        self.same("random", "some bytes", filled, Ok(()));
        let mut name = Line::new();
        let _ = write!(name, "host-contract-{:08x}", u32::from_ne_bytes(random));
        self.directory = Path::new(self.context.scratch).join(name.text().as_bytes());
        let made = self.host.make_directory(at::CURRENT_DIRECTORY, self.directory.bytes(), 0o755);
        self.read_only = !self.have("make_directory", &made);
        self.read_only || self.need("make_directory", "own directory", made).is_ok()
    }

    /// Removes it: everything that a case made must be gone. Where it is not, the directory with what is left.
    pub fn leave(&mut self) -> Option<Path> {
        if self.read_only {
            return None;
        }
        self.family = "suite";
        self.case = "end";
        let gone = self.host.unlink(at::CURRENT_DIRECTORY, self.directory.bytes(), at::REMOVE_DIRECTORY);
        self.same("unlink", "every case has removed what it made", gone, Ok(()));
        gone.is_err().then_some(self.directory)
    }

    pub fn finish(&mut self) -> Totals {
        let totals = self.finish_part();
        if totals.absent != 0 {
            let mut line = Line::new();
            let _ = write!(line, "absent:");
            for method in self.absent.into_iter().take_while(|method| !method.is_empty()) {
                let _ = write!(line, " {method}");
            }
            (self.write_line)(line.text());
        }
        totals
    }

    pub fn finish_part(&self) -> Totals {
        self.totals
    }

    /// A file or directory of the suite's own.
    pub fn path(&self, name: &str) -> Path {
        self.directory.join(name.as_bytes())
    }

    /// One case: a sequence of checks that stops at what it cannot do without.
    pub fn case(&mut self, family: &'static str, name: &'static str, body: impl FnOnce(&mut Self) -> Case) {
        self.family = family;
        self.case = name;
        let _ = body(self);
    }

    /// The answer of `method` equals `want`.
    pub fn same<T: PartialEq + Debug>(&mut self, method: &'static str, what: &str, got: Result<T>, want: Result<T>) {
        if self.have(method, &got) {
            let holds = got == want;
            self.count(holds, format_args!("{method}: {what}: got {got:?}, want {want:?}"));
        }
    }

    /// `method` fails with this error.
    pub fn error<T: Debug>(&mut self, method: &'static str, what: &str, got: Result<T>, want: Errno) {
        self.errors(method, what, got, &[want]);
    }

    /// `method` fails with one of these errors: where POSIX leaves a choice.
    pub fn errors<T: Debug>(&mut self, method: &'static str, what: &str, got: Result<T>, want: &[Errno]) {
        if self.have(method, &got) {
            let holds = matches!(&got, Err(errno) if want.contains(errno));
            self.count(holds, format_args!("{method}: {what}: got {got:?}, want an error of {want:?}"));
        }
    }

    /// `method` succeeds, whatever it answers; the case needs the answer.
    pub fn need<T: Debug>(
        &mut self,
        method: &'static str,
        what: &str,
        got: Result<T>,
    ) -> core::result::Result<T, Stop> {
        if !self.have(method, &got) {
            return Err(Stop);
        }
        self.count(got.is_ok(), format_args!("{method}: {what}: got {got:?}, want success"));
        got.map_err(|_| Stop)
    }

    /// Says that the case does not run in a simulation.
    pub fn native_only(&mut self) -> Case {
        if self.context.native {
            return Ok(());
        }
        let mut line = Line::new();
        let _ = write!(line, "not run in a simulation: {} / {}", self.family, self.case);
        (self.write_line)(line.text());
        Err(Stop)
    }

    /// Something that is no answer of a single method.
    pub fn fact(&mut self, what: &str, holds: bool) {
        self.count(holds, format_args!("{what}"));
    }

    /// A value that is no answer of a single method.
    pub fn equal<T: PartialEq + Debug>(&mut self, what: &str, got: T, want: T) {
        let holds = got == want;
        self.count(holds, format_args!("{what}: got {got:?}, want {want:?}"));
    }

    /// Notes an absent method.
    pub fn have<T>(&mut self, method: &'static str, got: &Result<T>) -> bool {
        match got {
            Err(Errno::NOSYS) => {}
            Err(Errno::ROFS) if self.read_only => return false,
            _ => return true,
        }
        let used = self.totals.absent as usize;
        if !self.absent[..used].contains(&method)
            && let Some(free) = self.absent.get_mut(used)
        {
            *free = method;
            self.totals.absent += 1;
        }
        false
    }

    fn count(&mut self, holds: bool, what: fmt::Arguments<'_>) {
        if holds {
            self.totals.passed += 1;
            return;
        }
        self.totals.failed += 1;
        let mut line = Line::new();
        let _ = write!(line, "FAIL {} / {}: {what}", self.family, self.case);
        (self.write_line)(line.text());
    }

    // ---- steps that many cases begin with ----

    /// Opens a file of the suite's own; 0 extra flags make it anew for reading and writing.
    pub fn make(&mut self, name: &str) -> core::result::Result<Fd, Stop> {
        let path = self.path(name);
        let flags = open::READ_WRITE | open::CREATE | open::TRUNCATE;
        let opened = self.host.open(at::CURRENT_DIRECTORY, path.bytes(), flags, 0o644);
        self.need("open", "a new file", opened)
    }

    /// A closed file with this content.
    pub fn make_with(&mut self, name: &str, data: &[u8]) -> Case {
        let fd = self.make(name)?;
        let written = self.host.write(fd, data);
        self.same("write", "a small file in one piece", written, Ok(data.len()));
        self.close(fd);
        Ok(())
    }

    pub fn open(&mut self, name: &str, flags: u32) -> core::result::Result<Fd, Stop> {
        if self.read_only {
            return Err(Stop);
        }
        let path = self.path(name);
        let opened = self.host.open(at::CURRENT_DIRECTORY, path.bytes(), flags, 0o644);
        self.need("open", "a file that exists", opened)
    }

    pub fn close(&mut self, fd: Fd) {
        let closed = self.host.close(fd);
        self.same("close", "an open descriptor", closed, Ok(()));
    }

    pub fn remove(&mut self, name: &str) {
        let path = self.path(name);
        let gone = self.host.unlink(at::CURRENT_DIRECTORY, path.bytes(), 0);
        self.same("unlink", "a file", gone, Ok(()));
    }

    pub fn remove_directory(&mut self, name: &str) {
        let path = self.path(name);
        let gone = self.host.unlink(at::CURRENT_DIRECTORY, path.bytes(), at::REMOVE_DIRECTORY);
        self.same("unlink", "an empty directory", gone, Ok(()));
    }

    /// The file, from its start, holds exactly these bytes.
    pub fn holds(&mut self, name: &str, want: &[u8]) {
        let path = self.path(name);
        let mut buffer = [0; 256];
        let got = self.host.open(at::CURRENT_DIRECTORY, path.bytes(), open::READ_ONLY, 0).and_then(|fd| {
            let length = self.host.read(fd, &mut buffer);
            self.host.close(fd)?;
            length
        });
        let got = got.map(|length| &buffer[..length]);
        self.same("read", "the whole file", got, Ok(want));
    }
}

/// A path of at most 511 bytes; longer ones are cut, which the checks then show.
#[derive(Clone, Copy)]
pub(crate) struct Path {
    bytes: [u8; 512],
    length: usize,
}

impl Path {
    pub fn new(path: &[u8]) -> Self {
        Self { bytes: [0; 512], length: 0 }.with(path)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The path with a NUL behind it.
    pub fn c_string(&self) -> &core::ffi::CStr {
        core::ffi::CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }

    pub fn join(&self, name: &[u8]) -> Self {
        if self.bytes().ends_with(b"/") { self.with(name) } else { self.with(b"/").with(name) }
    }

    fn with(mut self, more: &[u8]) -> Self {
        let room = self.bytes.len() - 1 - self.length;
        let more = &more[..more.len().min(room)];
        self.bytes[self.length..][..more.len()].copy_from_slice(more);
        self.length += more.len();
        self
    }
}

/// A line of text without a heap; cut at its end.
pub(crate) struct Line {
    bytes: [u8; 1024],
    length: usize,
}

impl Line {
    pub fn new() -> Self {
        Self { bytes: [0; 1024], length: 0 }
    }

    pub fn text(&self) -> &str {
        let bytes = &self.bytes[..self.length];
        core::str::from_utf8(bytes)
            .unwrap_or_else(|cut| core::str::from_utf8(&bytes[..cut.valid_up_to()]).unwrap_or(""))
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let length = text.len().min(self.bytes.len() - self.length);
        self.bytes[self.length..][..length].copy_from_slice(&text.as_bytes()[..length]);
        self.length += length;
        Ok(())
    }
}
