//! Children: what they inherit, how they end, and what stands in the way of their parent.

use crate::report::{Path, Test};
use core::ffi::CStr;
use platform::abi::{at, descriptor, open, signal, wait};
use platform::{Errno, Lock, Platform, Spawn, SpawnAction};

/// What a program that is given as [`crate::Context::program`] does first: with `--contract-child` as its first argument it
/// is a child of the suite; the answer is its exit code.
pub fn child<P: Platform>(host: &P, arguments: &[&CStr], environment: &[&CStr]) -> Option<i32> {
    let [_, mark, what, rest @ ..] = arguments else { return None };
    if mark.to_bytes() != b"--contract-child" {
        return None;
    }
    let say = |text: &[u8]| {
        let _ = host.write(1, text);
    };
    match (what.to_bytes(), rest) {
        (b"exit", []) => Some(7),
        (b"say", rest) => {
            for word in rest.iter().chain(environment) {
                say(word.to_bytes());
                say(b";");
            }
            Some(0)
        }
        // Echoes its input until the end.
        (b"echo", []) => {
            let mut buffer = [0; 64];
            while let Ok(length @ 1..) = host.read(0, &mut buffer) {
                say(&buffer[..length]);
            }
            Some(0)
        }
        // Whether a descriptor is open.
        (b"open", [number]) => {
            let number = number.to_str().ok()?.parse().ok()?;
            Some(i32::from(host.descriptor_flags(number).is_ok()))
        }
        (b"signal", [number]) => host.terminate(number.to_str().ok()?.parse().ok()?),
        (b"mask", []) => {
            let mask = host.signal_mask(signal::BLOCK, None).unwrap_or(0);
            Some(i32::from(mask & 1 << (signal::TERM - 1) != 0))
        }
        // A record lock on the file: 0 free, 1 taken.
        (b"lock", [path]) => {
            let fd = host.open(at::CURRENT_DIRECTORY, path.to_bytes(), open::READ_WRITE, 0).ok()?;
            let lock = Lock { start: 5, length: 1, kind: descriptor::LOCK_WRITE, process: 0 };
            match host.lock(fd, lock, false) {
                Ok(()) => Some(0),
                Err(Errno::AGAIN | Errno::ACCES) => {
                    let holder = host.lock_query(fd, lock).map_or(-1, |found| found.process);
                    Some(if holder == host.parent_id() { 1 } else { 2 })
                }
                Err(_) => Some(3),
            }
        }
        _ => Some(99),
    }
}

struct Child<'a> {
    words: &'a [&'a CStr],
    environment: &'a [&'a CStr],
    actions: &'a [SpawnAction<'a>],
    mask: Option<u64>,
}

impl<'a> Child<'a> {
    fn new(words: &'a [&'a CStr]) -> Self {
        Self { words, environment: &[], actions: &[], mask: None }
    }

    fn start<P: Platform>(&self, host: &P, program: &[u8]) -> platform::Result<i32> {
        let path = Path::new(program);
        let mut arguments = [c""; 8];
        arguments[0] = path.c_string();
        arguments[1] = c"--contract-child";
        arguments[2..][..self.words.len()].copy_from_slice(self.words);
        host.spawn(Spawn {
            path: program,
            arguments: &arguments[..2 + self.words.len()],
            environment: self.environment,
            actions: self.actions,
            signal_mask: self.mask,
            default_signals: 0,
            process_group: None,
        })
    }
}

/// Starts a child and waits for its end.
fn ends<P: Platform>(t: &mut Test<'_, P>, program: &[u8], child: &Child<'_>, what: &str, status: i32) {
    let host = t.host;
    match child.start(host, program) {
        Ok(process) => t.same("wait", what, host.wait(process, 0), Ok((process, status))),
        Err(errno) => t.same("spawn", what, Err(errno), Ok(())),
    }
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let Some(program) = t.context.program else { return };
    if !t.have("spawn", &Child::new(&[c"exit"]).start(host, b"/none")) {
        return;
    }
    t.case("spawn", "how a child ends", |t| {
        let process = t.need("spawn", "itself", Child::new(&[c"exit"]).start(host, program))?;
        t.fact("its number is another", process > 0 && process != host.process_id());
        t.same("wait", "its exit code", host.wait(process, 0), Ok((process, wait::exited(7))));
        t.error("wait", "only once", host.wait(process, 0), Errno::CHILD);
        ends(t, program, &Child::new(&[c"signal", c"15"]), "ended by a signal", wait::signaled(signal::TERM));
        Ok(())
    });
    t.case("spawn", "what is not there", |t| {
        let path = t.path("none");
        t.error("spawn", "no such file", Child::new(&[c"exit"]).start(host, path.bytes()), Errno::NOENT);
        t.error("wait", "no child is left of it", host.wait(-1, 0), Errno::CHILD);
        Ok(())
    });
    t.case("spawn", "arguments and environment", |t| {
        let output = t.path("output");
        let flags = open::WRITE_ONLY | open::CREATE | open::TRUNCATE;
        let actions = [SpawnAction::Open { fd: 1, path: output.bytes(), flags, mode: 0o644 }];
        let child = Child {
            environment: &[c"A=1", c"B=two words"],
            actions: &actions,
            ..Child::new(&[c"say", c"", c"\"quoted\\\"", c"\xc3\xbcmlaut"])
        };
        ends(t, program, &child, "says what it was given", wait::exited(0));
        t.holds("output", b";\"quoted\\\";\xc3\xbcmlaut;A=1;B=two words;");
        t.remove("output");
        Ok(())
    });
    t.case("spawn", "pipes to and from a child", |t| {
        let (their_input, our_output) = t.need("pipe", "in", host.pipe(open::CLOSE_ON_EXEC))?;
        let (our_input, their_output) = t.need("pipe", "out", host.pipe(open::CLOSE_ON_EXEC))?;
        let actions = [
            SpawnAction::Duplicate { fd: their_input, target: 0 },
            SpawnAction::Duplicate { fd: their_output, target: 1 },
        ];
        let started = Child { actions: &actions, ..Child::new(&[c"echo"]) }.start(host, program);
        t.close(their_input);
        t.close(their_output);
        let process = t.need("spawn", "with pipes", started)?;
        t.same("wait", "it still runs", host.wait(process, wait::NO_HANG), Ok((0, 0)));
        t.same("write", "to it", host.write(our_output, b"ping"), Ok(4));
        let mut buffer = [0; 16];
        t.same("read", "from it", host.read(our_input, &mut buffer), Ok(4));
        t.equal("what it said", &buffer[..4], b"ping");
        t.close(our_output);
        t.same("read", "it has ended", host.read(our_input, &mut buffer), Ok(0));
        t.close(our_input);
        t.same("wait", "any child", host.wait(-1, 0), Ok((process, wait::exited(0))));
        Ok(())
    });
    t.case("spawn", "which descriptors stay open", |t| {
        t.make_with("file", b"")?;
        let (kept, closed) = (t.open("file", open::READ_ONLY)?, t.open("file", open::READ_ONLY | open::CLOSE_ON_EXEC)?);
        for (fd, target, stays) in [(kept, 70, 1), (closed, 71, 0)] {
            t.same("duplicate_to", "a known number", host.duplicate_to(fd, target, fd == closed), Ok(()));
            let number = if target == 70 { c"70" } else { c"71" };
            ends(t, program, &Child::new(&[c"open", number]), "inherited or not", wait::exited(stays));
        }
        let close = [SpawnAction::Close { fd: 70 }];
        let child = Child { actions: &close, ..Child::new(&[c"open", c"70"]) };
        ends(t, program, &child, "closed on the way", wait::exited(0));
        // Onto itself: inherited although it is closed on exec.
        let keep = [SpawnAction::Duplicate { fd: 71, target: 71 }];
        let child = Child { actions: &keep, ..Child::new(&[c"open", c"71"]) };
        ends(t, program, &child, "kept on the way", wait::exited(1));
        for fd in [kept, closed, 70, 71] {
            t.close(fd);
        }
        t.remove("file");
        Ok(())
    });
    t.case("spawn", "a step that fails", |t| {
        let none = t.path("none/file");
        let actions = [SpawnAction::Open { fd: 1, path: none.bytes(), flags: open::READ_ONLY, mode: 0 }];
        let started = Child { actions: &actions, ..Child::new(&[c"exit"]) }.start(host, program);
        t.error("spawn", "cannot open", started, Errno::NOENT);
        let actions = [SpawnAction::Duplicate { fd: 9999, target: 1 }];
        let started = Child { actions: &actions, ..Child::new(&[c"exit"]) }.start(host, program);
        t.error("spawn", "cannot duplicate", started, Errno::BADF);
        Ok(())
    });
    t.case("spawn", "in another directory", |t| {
        let path = t.path("dir");
        t.need("make_directory", "new", host.make_directory(at::CURRENT_DIRECTORY, path.bytes(), 0o755))?;
        let flags = open::WRITE_ONLY | open::CREATE;
        let actions = [
            SpawnAction::ChangeDirectory { path: path.bytes() },
            SpawnAction::Open { fd: 1, path: b"output", flags, mode: 0o644 },
        ];
        ends(t, program, &Child { actions: &actions, ..Child::new(&[c"say", c"x"]) }, "there", wait::exited(0));
        t.holds("dir/output", b"x;");
        t.remove("dir/output");
        t.remove_directory("dir");
        Ok(())
    });
    t.case("spawn", "the signal mask", |t| {
        if !t.have("signal_mask", &host.signal_mask(signal::BLOCK, None)) {
            return Ok(());
        }
        for (mask, blocked) in [(Some(1 << (signal::TERM - 1)), 1), (Some(0), 0), (None, 0)] {
            ends(t, program, &Child { mask, ..Child::new(&[c"mask"]) }, "as asked for", wait::exited(blocked));
        }
        Ok(())
    });
    t.case("spawn", "locks of another process", |t| {
        let fd = t.make("file")?;
        let path = t.path("file");
        let lock = Lock { start: 0, length: 10, kind: descriptor::LOCK_WRITE, process: 0 };
        if !t.have("lock", &host.lock(fd, lock, false)) {
            t.close(fd);
            t.remove("file");
            return Ok(());
        }
        let words = [c"lock", path.c_string()];
        let child = Child::new(&words);
        ends(t, program, &child, "in the way, and the holder known", wait::exited(1));
        let free = Lock { kind: descriptor::LOCK_NONE, ..lock };
        t.same("lock", "give back", host.lock(fd, free, false), Ok(()));
        ends(t, program, &child, "no longer in the way", wait::exited(0));
        t.close(fd);
        t.remove("file");
        Ok(())
    });
}
