//! Waiting for descriptors.

use crate::code::guest_entry;
use crate::report::Test;
use core::ptr::with_exposed_provenance as pointer;
use core::sync::atomic::{AtomicU32, Ordering};
use platform::abi::{clock, open, poll, signal};
use platform::{Deadline, Errno, Fd, Platform, SignalAction, ThreadStart, Timespec, Wait};

const USER: i32 = 10;
const USER_BIT: u64 = 1 << (USER - 1);
static HANDLED: AtomicU32 = AtomicU32::new(0);

loader_abi::guest_fn! {
    unsafe fn note(_number: i32, _info: *const i32, _context: *const u8) {
        HANDLED.fetch_add(1, Ordering::Relaxed);
    }
}

/// A deadline this far away.
pub(crate) fn after_ns<P: Platform>(host: &P, ns: u64) -> Option<Deadline> {
    let now = host.clock(clock::MONOTONIC).ok()?;
    Some(Deadline { clock: clock::MONOTONIC, time: now.saturating_add_ns(ns) })
}

/// One look.
const NOW: Option<Deadline> = Some(Deadline { clock: clock::MONOTONIC, time: Timespec { seconds: 0, nanoseconds: 0 } });

pub(crate) fn item(fd: Fd, events: u16) -> Wait {
    // What was there before the call does not matter.
    Wait { fd, events, returned: 0x7fff }
}

struct Writer<'a, P> {
    host: &'a P,
    fd: Fd,
    done: AtomicU32,
}

guest_entry! {
    fn write_soon<P: Platform>(argument: usize) {
        // SAFETY: the case passes a `Writer` that lives until `done` is set.
        let writer = unsafe { &*pointer::<Writer<'_, P>>(argument) };
        if let Some(soon) = after_ns(writer.host, 30_000_000) {
            let _ = writer.host.sleep(soon);
        }
        let _ = writer.host.write(writer.fd, b"x");
        writer.done.store(1, Ordering::Release);
    }
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    if !t.have("wait_many", &host.wait_many(&mut [], NOW, None)) {
        return;
    }
    t.case("waiting", "for nothing", |t| {
        t.same("wait_many", "one look", host.wait_many(&mut [], NOW, None), Ok(0));
        for id in [clock::MONOTONIC, clock::REALTIME] {
            let before = t.need("clock", "now", host.clock(id))?;
            let deadline = Deadline { clock: id, time: before.saturating_add_ns(30_000_000) };
            t.same("wait_many", "until the deadline", host.wait_many(&mut [], Some(deadline), None), Ok(0));
            let after = t.need("clock", "then", host.clock(id))?;
            t.fact("not before the deadline", after >= deadline.time);
        }
        let unknown = Deadline { clock: 77, time: Timespec::default() };
        t.error("wait_many", "no such clock", host.wait_many(&mut [], Some(unknown), None), Errno::INVAL);
        let ancient = Deadline { clock: clock::REALTIME, time: Timespec { seconds: -5, nanoseconds: 1 } };
        t.same("wait_many", "before the epoch", host.wait_many(&mut [], Some(ancient), None), Ok(0));
        Ok(())
    });
    t.case("waiting", "for a pipe", |t| {
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        let mut items = [item(read, poll::IN), item(write, poll::OUT)];
        t.same("wait_many", "an empty pipe", host.wait_many(&mut items, None, None), Ok(1));
        t.equal("nothing to read, room to write", items.map(|item| item.returned), [0, poll::OUT]);
        t.same("wait_many", "nothing to read", host.wait_many(&mut items[..1], NOW, None), Ok(0));
        t.equal("nothing is told", items[0].returned, 0);
        t.same("write", "a byte", host.write(write, b"x"), Ok(1));
        let mut items = [item(read, poll::IN), item(write, poll::IN), item(-1, poll::IN), item(read, 0)];
        t.same("wait_many", "a byte", host.wait_many(&mut items, None, None), Ok(1));
        t.equal("it can be read", items.map(|item| item.returned), [poll::IN, 0, 0, 0]);
        t.same("read", "it is still there", host.read(read, &mut [0; 4]), Ok(1));
        t.close(write);
        let mut items = [item(read, 0), item(read, poll::IN)];
        t.same("wait_many", "nobody writes", host.wait_many(&mut items, None, None), Ok(2));
        t.fact("told unasked", items.iter().all(|item| item.returned & poll::HANG_UP != 0));
        t.close(read);
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        t.close(read);
        let mut items = [item(write, 0)];
        t.same("wait_many", "nobody reads", host.wait_many(&mut items, None, None), Ok(1));
        t.fact("told unasked", items[0].returned & poll::ERROR != 0);
        t.close(write);
        Ok(())
    });
    t.case("waiting", "for what is not open", |t| {
        let mut items = [item(900, poll::IN), item(-5, poll::IN)];
        t.same("wait_many", "no such descriptor", host.wait_many(&mut items, None, None), Ok(1));
        t.equal("told", items.map(|item| item.returned), [poll::INVALID, 0]);
        Ok(())
    });
    t.case("waiting", "for a file", |t| {
        let fd = t.make("waited-for")?;
        let mut items = [item(fd, poll::IN | poll::OUT)];
        t.same("wait_many", "never waits", host.wait_many(&mut items, None, None), Ok(1));
        t.equal("for either way", items[0].returned, poll::IN | poll::OUT);
        t.close(fd);
        t.remove("waited-for");
        Ok(())
    });
    t.case("waiting", "until somebody writes", |t| {
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        let writer = Writer { host, fd: write, done: AtomicU32::new(0) };
        let start = ThreadStart {
            entry: write_soon::<P>,
            argument: (&raw const writer).expose_provenance(),
            slot: 0,
            stack_bytes: 64 << 10,
            guard_bytes: 0,
        };
        t.need("thread_create", "one that writes", host.thread_create(start))?;
        let mut items = [item(read, poll::IN)];
        t.same("wait_many", "a byte to come", host.wait_many(&mut items, None, None), Ok(1));
        t.equal("it came", items[0].returned, poll::IN);
        while writer.done.load(Ordering::Acquire) == 0 {
            host.yield_now();
        }
        t.close(read);
        t.close(write);
        Ok(())
    });
    t.case("waiting", "with signals let through", |t| {
        t.native_only()?;
        let handler = SignalAction { handler: note as *const () as usize, mask: 0, flags: signal::SA_RESTART };
        let action = t.need("signal_action", "handle", host.signal_action(USER, Some(handler)))?;
        let mask = t.need("signal_mask", "block", host.signal_mask(signal::BLOCK, Some(USER_BIT)))?;
        HANDLED.store(0, Ordering::Relaxed);
        t.same("signal_send", "blocked", host.signal_send(0, host.thread_id(), USER), Ok(()));
        t.same("wait_many", "it stays blocked", host.wait_many(&mut [], after_ns(host, 20_000_000), None), Ok(0));
        t.equal("it waits", HANDLED.load(Ordering::Relaxed), 0);
        let through = mask & !USER_BIT;
        t.error("wait_many", "let through", host.wait_many(&mut [], None, Some(through)), Errno::INTR);
        t.equal("the handler ran", HANDLED.load(Ordering::Relaxed), 1);
        t.same("signal_mask", "as before", host.signal_mask(signal::BLOCK, None), Ok(mask | USER_BIT));
        t.need("signal_mask", "back", host.signal_mask(signal::SET_MASK, Some(mask)))?;
        t.need("signal_action", "back", host.signal_action(USER, Some(action)))?;
        Ok(())
    });
}
