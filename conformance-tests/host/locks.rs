//! Locks. Those of another process in the way are in `spawn`.

use crate::report::Test;
use platform::abi::{descriptor, open};
use platform::{Errno, Lock, Platform};

/// `flock` operations of the C ABI.
const SHARED: u32 = 1;
const EXCLUSIVE: u32 = 2;
const NO_WAIT: u32 = 4;
const UNLOCK: u32 = 8;

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    t.case("locks", "records belong to the process", |t| {
        let fd = t.make("file")?;
        let lock = Lock { start: 0, length: 10, kind: descriptor::LOCK_WRITE, process: 0 };
        t.same("lock", "for writing", host.lock(fd, lock, false), Ok(()));
        t.same("lock", "again", host.lock(fd, lock, true), Ok(()));
        let query = host.lock_query(fd, lock).map(|found| found.kind);
        t.same("lock_query", "own locks are not in the way", query, Ok(descriptor::LOCK_NONE));
        let rest = Lock { start: 10, length: 0, kind: descriptor::LOCK_READ, process: 0 };
        t.same("lock", "the rest for reading", host.lock(fd, rest, false), Ok(()));
        let all = Lock { start: 0, length: 0, kind: descriptor::LOCK_NONE, process: 0 };
        t.same("lock", "give back", host.lock(fd, all, false), Ok(()));
        t.error("lock", "no such kind", host.lock(fd, Lock { kind: 9, ..lock }, false), Errno::INVAL);
        t.error("lock", "before the start", host.lock(fd, Lock { start: -1, ..lock }, false), Errno::INVAL);
        t.close(fd);
        t.error("lock", "closed descriptor", host.lock(fd, lock, false), Errno::BADF);
        let fd = t.open("file", open::READ_ONLY)?;
        t.error("lock", "for writing on one for reading", host.lock(fd, lock, false), Errno::BADF);
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("locks", "whole files belong to the open file", |t| {
        let (one, two) = (t.make("file")?, t.open("file", open::READ_WRITE)?);
        t.same("lock_file", "exclusive", host.lock_file(one, EXCLUSIVE), Ok(()));
        t.error("lock_file", "the other must wait", host.lock_file(two, SHARED | NO_WAIT), Errno::AGAIN);
        t.same("lock_file", "to shared", host.lock_file(one, SHARED), Ok(()));
        t.same("lock_file", "shared by both", host.lock_file(two, SHARED | NO_WAIT), Ok(()));
        t.error("lock_file", "not exclusive then", host.lock_file(one, EXCLUSIVE | NO_WAIT), Errno::AGAIN);
        t.same("lock_file", "give back", host.lock_file(two, UNLOCK), Ok(()));
        t.close(one);
        t.same("lock_file", "closing gives back", host.lock_file(two, EXCLUSIVE | NO_WAIT), Ok(()));
        t.close(two);
        t.remove("file");
        Ok(())
    });
}
