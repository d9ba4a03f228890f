//! From the loader's own command line to the program, and from one program to the next.

mod builtin;
mod command;
mod environment;
mod process;
mod secure;
mod table;
mod view;

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::panic::PanicInfo;

use loader_abi::{Host, ProcessStart, strings};
use platform::{Crash, Errno, Fd, Files as _, Platform, Process as _, Result, Watch};

pub use process::Process;
pub use table::{ReadOnly, TablePlace};

use crate::error::{EXIT_CODE, Error, print, report};
use crate::files::{absolute, base_name, own_path};
use crate::link::{self, Opened, Program};
use crate::payload::{self, Payload, is_packed};
use crate::trace::{Asked, HELP, Trace};
use crate::{crash, debug};
use command::Command;
use environment::Environment;
use view::View;

/// How the process was started.
#[derive(Clone)]
pub struct Start {
    /// Number of the loader's own arguments.
    pub argument_count: usize,
    /// The loader's own arguments and a null pointer, for the life of the process.
    pub arguments: *const *const c_char,
    /// The environment and a null pointer, for the life of the process.
    pub environment: *const *const c_char,
    /// The program, where the host opened it (AT_EXECFD).
    pub descriptor: Option<Fd>,
    /// The arguments are the loader, the program's file, its argv[0] and the rest (binfmt_misc with flag P).
    pub preserved_argv0: bool,
    /// The program, where the host started the loader as the interpreter that the program's file names: all arguments are the
    /// program's own then.
    pub interpreted: Option<&'static CStr>,
    /// The program headers of that program in memory, where the host has mapped it as they say: it is used there.
    pub mapped: Option<&'static [u8]>,
    /// Opens the file that the host started, whatever its path leads to by now; where there is such a way.
    pub executed: Option<fn() -> Result<Fd>>,
    /// Address of the loader's own dynamic section, writable; 0 where there is none.
    pub dynamic: usize,
    /// Pages of the loader itself that nobody writes once debuggers know of it, `dynamic` among them (PT_GNU_RELRO); where there
    /// are such.
    pub read_only: Option<ReadOnly>,
    /// Asks the host to tell of a fault that ends the process; where there is such a way.
    pub watch: Option<Watch>,
    /// Address at which the loader itself was loaded, where that is not the one it was linked for.
    pub base: usize,
}

impl Start {
    /// What every host can tell, from strings that live as long as the process.
    pub fn from_strings(arguments: impl Iterator<Item = CString>, environment: impl Iterator<Item = CString>) -> Self {
        let arguments = leaked(arguments);
        Self::new(arguments.len() - 1, arguments.as_ptr(), leaked(environment).as_ptr())
    }

    /// What every host can tell.
    #[must_use]
    pub const fn new(
        argument_count: usize,
        arguments: *const *const c_char,
        environment: *const *const c_char,
    ) -> Self {
        Self {
            argument_count,
            arguments,
            environment,
            descriptor: None,
            preserved_argv0: false,
            interpreted: None,
            mapped: None,
            executed: None,
            watch: None,
            dynamic: 0,
            read_only: None,
            base: 0,
        }
    }
}

/// A list as C has it: pointers, the last one null.
fn leaked(strings: impl Iterator<Item = CString>) -> &'static [*const c_char] {
    Vec::leak(strings.map(|string| string.into_raw().cast_const()).chain([core::ptr::null()]).collect())
}

/// The life of the process: loads the program that the arguments name, runs it, ends with its exit code. What is wrong with it
/// goes to the standard error output, and the exit code is 127.
///
/// Called once, on the thread on which `main` shall run.
pub fn run<S: Process>(start: Start) -> ! {
    let platform = S::host();
    // SAFETY: first thing in the process, on its only thread; `Start` describes the dynamic section.
    unsafe { debug::publish(start.base, start.dynamic, start.mapped.is_none()) };
    let descriptor = match secure::hold_standard_streams(platform, start.descriptor) {
        Ok(descriptor) => descriptor,
        Err(_) => platform.exit(EXIT_CODE),
    };
    let start = Start { descriptor, ..start };
    // SAFETY: `Start` describes the lists.
    let (Ok(arguments), Ok(environment)) = (unsafe { (strings(start.arguments), strings(start.environment)) }) else {
        fail(platform, "not enough memory for the arguments");
    };
    let arguments = arguments.get(..start.argument_count).unwrap_or(&arguments);
    let found = match packed_program::<S>(&start, arguments) {
        Ok(Some(program)) => Ok((program, command::list(arguments.iter().copied()))),
        Ok(None) => asked_program(platform, &start, arguments),
        Err(error) => Err(error),
    };
    match found.and_then(|(opened, arguments)| prepare::<S>(&start, opened, arguments, &environment)) {
        Ok(program) => S::linker().start(program),
        Err(error) => fail(platform, error),
    }
}
fn fail<P: Platform>(platform: &P, what: impl core::fmt::Display) -> ! {
    report(platform, what);
    platform.exit(EXIT_CODE)
}

fn prepare<S: Process>(
    start: &Start,
    opened: Opened,
    arguments: Vec<*const c_char>,
    environment: &[&'static CStr],
) -> core::result::Result<Program, Error> {
    let (platform, linker) = (S::host(), S::linker());
    let Environment { list, named, debug } = Environment::new(platform, start.environment, environment);
    if start.interpreted.is_none() {
        // The host took the loader for the program. Where the starter chose the path it is nothing to rely on.
        if !platform.is_secure() {
            linker.program.call_once(|| opened.path.clone());
        }
        if start.descriptor.is_none() && linker.payload.get().is_none_or(|payload| !payload.is_running) {
            // A name for people: a host need not have such.
            let _ = platform.name_process(base_name(&opened.path));
        }
    }
    let argument_count = arguments.len().saturating_sub(1);
    let table = Host::serve::<View<S>>(ProcessStart {
        argument_count,
        arguments: Vec::leak(arguments).as_ptr(),
        environment: list,
    });
    let table = table::seal(platform, start.read_only.clone(), table).map_err(|errno| {
        Error::new(&opened.path, format_args!("the host table cannot be made read-only: {errno:?}"))
    })?;
    linker.host.call_once(|| table);
    if let Some(watch) = start.watch {
        watch(crashed::<S>, &crash::STACK);
    }
    let trace = match debug.map(|words| Trace::parse(platform, words)) {
        None => Trace::OFF,
        Some(Asked::Trace(trace)) => trace,
        Some(Asked::Help) => {
            print(platform, 1, HELP.as_bytes());
            platform.exit(0)
        }
    };
    let opened = Opened { mapped: start.mapped, ..opened };
    let id = linker.load_program(opened, named, builtin::list::<S>(table), trace)?;
    if start.mapped.is_some() {
        // SAFETY: on the only thread; `Start` describes the dynamic section.
        unsafe { debug::publish_loader(&own_path(platform).unwrap_or_default(), start.base, start.dynamic) };
    }
    linker.program(id)
}

fn crashed<S: Process>(crash: &Crash) {
    crash::report(S::host(), S::linker(), crash);
}

/// The program that the own file holds; `None` where it holds none, or the loader is started for another one.
fn packed_program<S: Process>(
    start: &Start,
    arguments: &[&'static CStr],
) -> core::result::Result<Option<Opened>, Error> {
    let platform = S::host();
    // The kernel starts the loader for another file, too.
    if !is_packed() || start.interpreted.is_some() || start.descriptor.is_some() || start.preserved_argv0 {
        return Ok(None);
    }
    let is_running = arguments.first() != Some(&payload::PLAIN);
    if !is_running && platform.is_secure() {
        // Who started it chose the file, and would get it run with rights that only the packed program was given.
        return Err(Error::new(payload::PLAIN.to_bytes(), "a packed program with rights of its own runs no other"));
    }
    let (payload, opened) = Payload::read(platform, start.executed, is_running)?;
    let payload = S::linker().payload.call_once(|| payload);
    if is_running {
        let path = opened.path.clone();
        return payload.program(opened).map(Some).map_err(|errno| Error::new(&path, format_args!("{errno:?}")));
    }
    // The descriptor was only read from.
    let _ = platform.close(opened.fd);
    Ok(None)
}

/// The program that the command line asks for, and its arguments.
fn asked_program<P: Platform>(
    platform: &P,
    start: &Start,
    arguments: &[&'static CStr],
) -> core::result::Result<(Opened, Vec<*const c_char>), Error> {
    let command = match start.interpreted {
        Some(file) => Ok(command::run(file, arguments.iter().copied())),
        None => command::parse(arguments, start.preserved_argv0, start.descriptor.is_some()),
    };
    match command {
        Ok(Command::Run { file, arguments }) => Ok((open(platform, start, file.to_bytes())?, arguments)),
        Ok(Command::Print(text)) => {
            print(platform, 1, text.as_bytes());
            platform.exit(0)
        }
        Err(what) => fail(platform, what),
    }
}

/// Opens the program.
fn open<P: Platform>(platform: &P, start: &Start, path: &[u8]) -> core::result::Result<Opened, Error> {
    open_file(platform, start, path).map_err(|errno| match errno {
        Errno::NOENT => Error::new(path, "no such file"),
        errno => Error::new(path, format_args!("cannot be opened: {errno:?}")),
    })
}

fn open_file<P: Platform>(platform: &P, start: &Start, path: &[u8]) -> Result<Opened> {
    // Who started the process chose the path, and may have put another file there since the host looked.
    let executed = start.executed.filter(|_| platform.is_secure() && start.interpreted.is_some());
    match start.descriptor.map(Ok).or_else(|| executed.map(|open| open())) {
        Some(fd) => Opened::adopt(platform, fd?, &absolute(platform, path).unwrap_or_else(|| path.to_vec())),
        None => link::open(platform, path),
    }
}

/// For the panic handler of the loader's executables: says where, and ends the process.
pub fn panicked<P: Platform>(platform: &P, info: &PanicInfo<'_>) -> ! {
    if let Some(signal) = crash::reported(platform) {
        platform.terminate(signal);
    }
    fail(platform, info)
}
