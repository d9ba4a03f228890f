//! The interrupt word of a thread, and `thread_interrupt`.

use core::mem::offset_of;
use core::ptr::with_exposed_provenance as pointer;
use core::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use platform::abi::{clock, futex, open, poll};
use platform::{Deadline, Errno, Fd, INTERRUPT_OFFSET, INTERRUPTED, Platform, Result, ThreadStart};

use crate::code::guest_entry;
use crate::report::Test;
use crate::waiting::{after_ns, item};

const MS: u64 = 1_000_000;
/// `LOCK_EX` of `flock`.
const EXCLUSIVE: u32 = 2;

/// What a thread's slot points to.
#[repr(C)]
#[derive(Default)]
struct Block {
    /// The library's own.
    _head: [AtomicU32; 2],
    word: AtomicU32,
}

const _: () = assert!(offset_of!(Block, word) == INTERRUPT_OFFSET);

/// What a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Read,
    Write,
    Poll,
    Endless,
    Sleep,
    Futex,
    Shared,
    Lock,
}

/// A thread that waits for something again and again.
struct Waiter<'a, P> {
    host: &'a P,
    block: Block,
    way: Way,
    fd: Fd,
    futex: AtomicU32,
    /// Its number; 0 until it runs.
    id: AtomicI32,
    /// Bytes read or written.
    bytes: AtomicU32,
    /// Interruptions noticed.
    interruptions: AtomicU32,
    /// An answer that is none of those expected, as its number.
    wrong: AtomicI32,
    stop: AtomicU32,
    done: AtomicU32,
}

impl<P: Platform> Waiter<'_, P> {
    /// Once.
    fn wait(&self) -> Result<usize> {
        let far = || after_ns(self.host, 3_600_000 * MS);
        match self.way {
            Way::Read => self.host.read(self.fd, &mut [0; 8]),
            Way::Write => self.host.write(self.fd, &[0; 4096]),
            Way::Poll => self.host.wait_many(&mut [item(self.fd, poll::IN)], far(), None),
            Way::Endless => self.host.wait_many(&mut [], None, None),
            Way::Sleep => far().map_or(Err(Errno::INVAL), |far| self.host.sleep(far).map(|()| 0)),
            Way::Futex => self.host.futex_wait(&self.futex, 0, far(), 0).map(|()| 0),
            Way::Lock => self.host.lock_file(self.fd, EXCLUSIVE).map(|()| 0),
            Way::Shared => self.host.futex_wait(&self.futex, 0, None, futex::SHARED).map(|()| 0),
        }
    }
}

guest_entry! {
    fn wait_often<P: Platform>(argument: usize) {
        // SAFETY: `with_waiter` passes one that lives until `done` is set.
        let waiter = unsafe { &*pointer::<Waiter<'_, P>>(argument) };
        waiter.id.store(waiter.host.thread_id(), Ordering::Release);
        while waiter.stop.load(Ordering::Acquire) == 0 {
            match waiter.wait() {
                Err(Errno::INTR) => {
                    if waiter.block.word.swap(0, Ordering::AcqRel) == INTERRUPTED {
                        waiter.interruptions.fetch_add(1, Ordering::Release);
                    }
                }
                // It may wake for no reason.
                Ok(0) if matches!(waiter.way, Way::Futex | Way::Shared) => {}
                Ok(bytes) if matches!(waiter.way, Way::Read | Way::Write) && bytes > 0 => {
                    waiter.bytes.fetch_add(bytes as u32, Ordering::Release);
                }
                Ok(_) => waiter.wrong.store(-1, Ordering::Release),
                Err(errno) => waiter.wrong.store(errno.number(), Ordering::Release),
            }
        }
        waiter.host.set_thread_slot(0);
        waiter.done.store(1, Ordering::Release);
    }
}

/// Sets the word, and tells the host.
fn interrupt<P: Platform>(waiter: &Waiter<'_, P>) -> Result<()> {
    waiter.block.word.store(INTERRUPTED, Ordering::SeqCst);
    waiter.host.thread_interrupt(waiter.id.load(Ordering::Acquire))
}

/// Whether it holds within ten seconds.
fn holds_soon<P: Platform>(host: &P, holds: impl Fn() -> bool) -> bool {
    let Some(end) = after_ns(host, 10_000 * MS) else { return false };
    loop {
        if holds() {
            return true;
        }
        if host.clock(clock::MONOTONIC).is_ok_and(|now| now >= end.time) {
            return false;
        }
        host.yield_now();
    }
}

/// Runs `work` while a thread waits in this way for `fd`.
fn with_waiter<P: Platform>(
    t: &mut Test<'_, P>,
    way: Way,
    fd: Fd,
    work: impl FnOnce(&mut Test<'_, P>, &Waiter<'_, P>),
) -> crate::report::Case {
    let host = t.host;
    let waiter = Waiter {
        host,
        block: Block::default(),
        way,
        fd,
        futex: AtomicU32::new(0),
        id: AtomicI32::new(0),
        bytes: AtomicU32::new(0),
        interruptions: AtomicU32::new(0),
        wrong: AtomicI32::new(0),
        stop: AtomicU32::new(0),
        done: AtomicU32::new(0),
    };
    let start = ThreadStart {
        entry: wait_often::<P>,
        argument: (&raw const waiter).expose_provenance(),
        slot: (&raw const waiter.block).expose_provenance(),
        stack_bytes: 64 << 10,
        guard_bytes: 0,
    };
    t.need("thread_create", "one that waits", host.thread_create(start))?;
    while waiter.id.load(Ordering::Acquire) == 0 {
        host.yield_now();
    }
    work(t, &waiter);
    waiter.stop.store(1, Ordering::Release);
    // Again and again: a request that was lost is reported by the case, it must not hold up the rest.
    while waiter.done.load(Ordering::Acquire) == 0 {
        let _ = interrupt(&waiter);
        host.yield_now();
    }
    t.equal("nothing but waiting", waiter.wrong.load(Ordering::Acquire), 0);
    Ok(())
}

/// One interruption of a thread that waits, then many at moments of all kinds: each ends one wait.
fn run_way<P: Platform>(t: &mut Test<'_, P>, way: Way, fd: Fd) -> crate::report::Case {
    let host = t.host;
    with_waiter(t, way, fd, |t, waiter| {
        let count = || waiter.interruptions.load(Ordering::Acquire);
        // Most likely it waits by then.
        if let Some(soon) = after_ns(host, 20 * MS) {
            let _ = host.sleep(soon);
        }
        t.same("thread_interrupt", "one that waits", interrupt(waiter), Ok(()));
        t.fact("it no longer waits", holds_soon(host, || count() == 1));
        let Some(end) = after_ns(host, 200 * MS) else { return };
        let mut wanted = 1;
        while host.clock(clock::MONOTONIC).is_ok_and(|now| now < end.time) {
            // From none to many times what it takes to begin to wait.
            for _ in 0..(wanted * 37) % 2048 {
                core::hint::spin_loop();
            }
            wanted += 1;
            if interrupt(waiter).is_err() || !holds_soon(host, || count() == wanted) {
                break;
            }
        }
        t.equal("each one is noticed", count(), wanted);
    })
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let me = host.thread_id();
    if !t.have("thread_interrupt", &host.thread_interrupt(me)) {
        return;
    }
    let block = Block::default();
    let address = (&raw const block).expose_provenance();
    t.case("interrupt", "threads", |t| {
        t.same("thread_interrupt", "one without a word", host.thread_interrupt(me), Ok(()));
        t.error("thread_interrupt", "no such thread", host.thread_interrupt(0x3fff_ffff), Errno::SRCH);
        for id in [0, -1, i32::MIN] {
            t.errors("thread_interrupt", "no thread's", host.thread_interrupt(id), &[Errno::SRCH, Errno::INVAL]);
        }
        Ok(())
    });
    t.case("interrupt", "the word is looked at first", |t| {
        let far = after_ns(host, 3_600_000 * MS);
        let word = AtomicU32::new(0);
        block.word.store(INTERRUPTED, Ordering::Relaxed);
        host.set_thread_slot(address);
        let waited = host.wait_many(&mut [], far, None);
        let slept = host.futex_wait(&word, 0, far, 0);
        let rested = far.map_or(Err(Errno::INVAL), |far| host.sleep(far));
        host.set_thread_slot(0);
        t.error("wait_many", "an hour", waited, Errno::INTR);
        t.error("futex_wait", "an hour", slept, Errno::INTR);
        t.error("sleep", "an hour", rested, Errno::INTR);
        Ok(())
    });
    t.case("interrupt", "what it leaves alone", |t| {
        let soon = || after_ns(host, 20 * MS);
        let word = AtomicU32::new(0);
        block.word.store(INTERRUPTED, Ordering::Relaxed);
        host.set_thread_slot(address);
        let locked = host.futex_wait(&word, 0, soon(), futex::NO_INTERRUPT);
        // Only this value counts.
        block.word.store(INTERRUPTED | 2, Ordering::Relaxed);
        let told = host.thread_interrupt(me);
        let slept = host.futex_wait(&word, 0, soon(), 0);
        let waited = host.wait_many(&mut [], soon(), None);
        let rested = soon().map_or(Err(Errno::INVAL), |soon| host.sleep(soon));
        host.set_thread_slot(0);
        t.error("futex_wait", "NO_INTERRUPT", locked, Errno::TIMEDOUT);
        t.same("thread_interrupt", "this thread", told, Ok(()));
        t.error("futex_wait", "another value", slept, Errno::TIMEDOUT);
        t.same("wait_many", "another value", waited, Ok(0));
        t.same("sleep", "another value", rested, Ok(()));
        Ok(())
    });
    t.case("interrupt", "nothing is taken or dropped", |t| {
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        t.same("write", "a byte", host.write(write, b"x"), Ok(1));
        block.word.store(INTERRUPTED, Ordering::Relaxed);
        host.set_thread_slot(address);
        let first = host.read(read, &mut [0; 4]);
        block.word.store(0, Ordering::Relaxed);
        let taken = if first == Err(Errno::INTR) { host.read(read, &mut [0; 4]) } else { first };
        host.set_thread_slot(0);
        t.same("read", "the byte, then or later", taken, Ok(1));
        t.close(read);
        t.close(write);
        Ok(())
    });
    t.case("interrupt", "waiting for words", |t| {
        run_way(t, Way::Futex, -1)?;
        run_way(t, Way::Shared, -1)
    });
    t.case("interrupt", "waiting for descriptors", |t| {
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        run_way(t, Way::Poll, read)?;
        run_way(t, Way::Endless, -1)?;
        t.close(read);
        t.close(write);
        Ok(())
    });
    t.case("interrupt", "sleeping, reading, writing", |t| {
        t.native_only()?;
        run_way(t, Way::Sleep, -1)?;
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        run_way(t, Way::Read, read)?;
        // It fills the pipe first.
        run_way(t, Way::Write, write)?;
        t.close(read);
        t.close(write);
        Ok(())
    });
    t.case("interrupt", "waiting for a lock", |t| {
        t.native_only()?;
        let (held, wanted) = (t.make("locked")?, t.open("locked", open::READ_WRITE)?);
        t.need("lock_file", "one open file", host.lock_file(held, EXCLUSIVE))?;
        run_way(t, Way::Lock, wanted)?;
        t.close(held);
        t.same("lock_file", "the other gets it in the end", host.lock_file(wanted, EXCLUSIVE), Ok(()));
        t.close(wanted);
        t.remove("locked");
        Ok(())
    });
    t.case("interrupt", "no byte is lost", |t| {
        t.native_only()?;
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        with_waiter(t, Way::Read, read, |t, waiter| {
            let Some(Deadline { time: end, .. }) = after_ns(host, 300 * MS) else { return };
            let (mut sent, mut round) = (0, 0);
            while host.clock(clock::MONOTONIC).is_ok_and(|now| now < end) {
                round += 1;
                let _ = interrupt(waiter);
                for _ in 0..(round * 37) % 512 {
                    core::hint::spin_loop();
                }
                sent += host.write(write, b"x").map_or(0, |bytes| bytes as u32);
                let read_all = || waiter.bytes.load(Ordering::Acquire) == sent;
                if round % 64 == 0 && !holds_soon(host, read_all) {
                    break;
                }
            }
            holds_soon(host, || waiter.bytes.load(Ordering::Acquire) == sent);
            t.equal("all that were written are read", waiter.bytes.load(Ordering::Acquire), sent);
        })?;
        t.close(read);
        t.close(write);
        Ok(())
    });
}
