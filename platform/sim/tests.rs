use platform::abi::{at, open};
use platform::{Errno, Files, Hook, Names, Operation, Process, Result, Time, Value, Wrapped};
use std::sync::Mutex;

use crate::{Sim, System};

const HERE: i32 = at::CURRENT_DIRECTORY;

#[test]
fn a_full_disk_takes_what_fits_then_refuses() {
    let sim = Sim::default();
    sim.limit_disk(5);
    let fd = sim.open(HERE, b"file", open::CREATE | open::WRITE_ONLY, 0o600).unwrap();
    assert_eq!(sim.write(fd, b"abcdefgh"), Ok(5));
    assert_eq!(sim.write(fd, b"f"), Err(Errno::NOSPC));
    assert_eq!(sim.file(b"/home/file").unwrap(), b"abcde");
}

#[test]
fn an_unlinked_file_lives_until_its_last_descriptor_closes() {
    let sim = Sim::default();
    let fd = sim.open(HERE, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
    sim.unlink(HERE, b"file", 0).unwrap();
    assert_eq!(sim.write(fd, b"still"), Ok(5));
    assert_eq!(sim.stat(fd, b"", at::EMPTY_PATH).unwrap().nlink, 0);
    let copy = sim.duplicate(fd, 0, false).unwrap();
    sim.close(fd).unwrap();
    let mut buffer = [0; 8];
    assert_eq!(sim.read_at(copy, &mut buffer, 0), Ok(5));
    sim.close(copy).unwrap();
    assert_eq!(sim.stat(HERE, b"file", 0), Err(Errno::NOENT));
}

#[test]
fn symlink_loops_end_in_eloop() {
    let sim = Sim::default();
    sim.symlink(b"b", HERE, b"a").unwrap();
    sim.symlink(b"a", HERE, b"b").unwrap();
    assert_eq!(sim.open(HERE, b"a", 0, 0), Err(Errno::LOOP));
    assert_eq!(sim.stat(HERE, b"a", at::SYMLINK_NOFOLLOW).unwrap().size, 1);
}

#[test]
fn a_fault_strikes_once_and_on_time() {
    let sim = Sim::default();
    sim.hook.fail_once("clock", 1, Errno::INTR);
    assert!(sim.clock(0).is_ok());
    assert_eq!(sim.clock(0), Err(Errno::INTR));
    assert!(sim.clock(0).is_ok());
}

/// Writes down what was asked for and what came back.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Hook for Log {
    fn after(&self, operation: Operation, arguments: &[Value<'_>], result: Result<Value<'_>>) {
        self.0.lock().unwrap().push(format!("{} {arguments:?} = {result:?}", operation.name));
    }
}

#[test]
fn a_hook_sees_arguments_and_results() {
    let host = Wrapped { inner: System::default(), hook: Log::default() };
    let fd = host.open(HERE, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
    host.write(fd, b"a\n").unwrap();
    let mut buffer = [0; 3];
    host.read_at(fd, &mut buffer, 1).unwrap();
    assert_eq!(host.close(9), Err(Errno::BADF));
    host.process_id();
    assert_eq!(
        *host.hook.0.lock().unwrap(),
        [
            "open [-100, \"file\", 66, 384] = Ok(3)",
            "write [3, \"a\\n\"] = Ok(2)",
            "read_at [3, \"\\n\\x00\\x00\", 1] = Ok(1)",
            "close [9] = Err(EBADF)",
            "process_id [] = Ok(42)",
        ]
    );
}
