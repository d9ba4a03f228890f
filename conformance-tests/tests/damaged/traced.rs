//! Running a program of this machine so that its faults can be told apart: those of the loader and those of the program.

use object::read::elf::ElfFile64;
use object::{Object, ObjectSymbol};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With an exit code.
    Code(i32),
    /// By a signal, or it was stopped when its time was over (`None`).
    Fault { signal: Option<i32>, of_loader: bool },
}

/// A loader, with the function in it that calls the program.
pub struct Loader {
    name: String,
    entering: Range<u64>,
}

impl Loader {
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        let file: ElfFile64<'_> = ElfFile64::parse(&*bytes).map_err(|error| error.to_string())?;
        let is_call = |name: &str| name.contains("9outermost4call");
        let call = file.symbols().find(|symbol| symbol.name().is_ok_and(is_call)).ok_or("no outermost::call")?;
        let entering = call.address()..call.address() + call.size();
        Ok(Self { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), entering })
    }

    /// Whether a stopped child is in the loader, which has not called the program yet: then no frame on the stack returns into that
    /// call, nor did one below, of a call that came back with registers that the loader did not leave.
    fn is_at_fault(&self, id: libc::pid_t) -> Option<bool> {
        let (pc, sp) = registers(id)?;
        let maps = std::fs::read_to_string(format!("/proc/{id}/maps")).ok()?;
        let number = |text: &str| u64::from_str_radix(text, 16).unwrap_or(0);
        let range = |line: &str| {
            let (start, end) = line.split(' ').next()?.split_once('-')?;
            Some(number(start)..number(end))
        };
        let is_own = |line: &&str| line.ends_with(&format!("/{}", self.name));
        let base = maps.lines().find(is_own).and_then(range)?.start;
        let of = |address| maps.lines().find(|line| range(line).is_some_and(|range| range.contains(&address)));
        // In the call itself the program has given back a stack that it was not given.
        if !of(pc).is_some_and(|line| is_own(&line)) || self.entering.contains(&pc.wrapping_sub(base)) {
            return Some(false);
        }
        let Some(stack) = of(sp).and_then(range) else { return Some(true) };
        let start = (sp & !7).saturating_sub(64 << 10).max(stack.start);
        let mut bytes = vec![0; ((stack.end - start) as usize).min(1 << 20)];
        File::open(format!("/proc/{id}/mem")).ok()?.read_exact_at(&mut bytes, start).ok()?;
        let words = bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default()));
        Some(!words.into_iter().any(|word| self.entering.contains(&word.wrapping_sub(base))))
    }
}

/// Program counter and stack pointer of a stopped child.
fn registers(id: libc::pid_t) -> Option<(u64, u64)> {
    // SAFETY: zero is a valid value of the C struct.
    let mut registers: libc::user_regs_struct = unsafe { std::mem::zeroed() };
    let mut area = libc::iovec { iov_base: (&raw mut registers).cast(), iov_len: size_of_val(&registers) };
    // SAFETY: a stopped child of ours, and a place for its registers.
    if unsafe { libc::ptrace(libc::PTRACE_GETREGSET, id, libc::NT_PRSTATUS, &raw mut area) } < 0 {
        return None;
    }
    #[cfg(target_arch = "x86_64")]
    return Some((registers.rip, registers.rsp));
    #[cfg(target_arch = "aarch64")]
    return Some((registers.pc, registers.sp));
}

/// Waits for the command's end. An alarm ends it after two minutes where nobody does.
pub fn run(loader: &Loader, command: &mut Command, limit: Duration) -> io::Result<Ending> {
    // SAFETY: async-signal-safe calls between fork and exec.
    unsafe {
        command.pre_exec(|| {
            libc::alarm(120);
            match libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) {
                0 => Ok(()),
                _ => Err(io::Error::last_os_error()),
            }
        });
    }
    let child = command.spawn()?;
    let id = child.id() as libc::pid_t;
    let begun = Instant::now();
    let mut executed = false;
    loop {
        let mut status = 0;
        // SAFETY: a child of ours, and a place for its status.
        let found = unsafe { libc::waitpid(id, &raw mut status, libc::WNOHANG | libc::__WALL) };
        if found < 0 {
            return Err(io::Error::last_os_error());
        }
        if found == 0 {
            if begun.elapsed() > limit {
                // SAFETY: a child of ours; the stop is seen by the next wait.
                unsafe { libc::kill(id, libc::SIGSTOP) };
            }
            std::thread::sleep(Duration::from_micros(300));
            continue;
        }
        if libc::WIFEXITED(status) {
            return Ok(Ending::Code(libc::WEXITSTATUS(status)));
        }
        if libc::WIFSIGNALED(status) {
            return Ok(Ending::Fault { signal: Some(libc::WTERMSIG(status)), of_loader: false });
        }
        let signal = libc::WSTOPSIG(status);
        // The exec stops so, and later a breakpoint between two functions, where a damaged pointer led.
        if signal != libc::SIGTRAP || std::mem::replace(&mut executed, true) {
            let of_loader = loader.is_at_fault(id).unwrap_or(false);
            // SAFETY: a child of ours, which is waited for.
            unsafe {
                libc::kill(id, libc::SIGKILL);
                libc::waitpid(id, &raw mut status, libc::__WALL);
            }
            return Ok(Ending::Fault { signal: (signal != libc::SIGSTOP).then_some(signal), of_loader });
        }
        // SAFETY: a child of ours, stopped by its exec.
        unsafe { libc::ptrace(libc::PTRACE_CONT, id, 0, 0) };
    }
}
