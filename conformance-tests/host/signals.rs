//! Signals.

use crate::code::guest_entry;
use crate::report::Test;
use core::ptr::{with_exposed_provenance as pointer, with_exposed_provenance_mut as pointer_mut};
use core::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use platform::abi::{clock, mapping, open, protection, signal};
use platform::{Deadline, Errno, Map, Platform, SignalAction, ThreadStart};

const USER: i32 = 10;
const OTHER_USER: i32 = 12;

const fn bit(number: i32) -> u64 {
    1 << (number - 1)
}

static COUNT: AtomicU32 = AtomicU32::new(0);
static NUMBER: AtomicI32 = AtomicI32::new(0);
static IN_INFO: AtomicI32 = AtomicI32::new(0);
static FAULT: AtomicUsize = AtomicUsize::new(0);
static FAULT_HOST: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

loader_abi::guest_fn! {
    unsafe fn note(number: i32, info: *const i32, context: *const u8) {
        COUNT.fetch_add(1, Ordering::Relaxed);
        NUMBER.store(number, Ordering::Relaxed);
        // SAFETY: the host passes a siginfo_t, whose first member is si_signo.
        IN_INFO.store(if context.is_null() { -1 } else { unsafe { info.read() } }, Ordering::Relaxed);
    }
}

/// Opens the page that was touched, so that the access succeeds when it is made again.
#[cfg(target_arch = "x86_64")]
unsafe extern "sysv64" fn open_page<P: Platform>(number: i32, info: *const usize, context: *const u8) {
    // SAFETY: as `mend`.
    unsafe { mend::<P>(number, info, context) }
}
/// Opens the page that was touched, so that the access succeeds when it is made again.
#[cfg(not(target_arch = "x86_64"))]
unsafe extern "C" fn open_page<P: Platform>(number: i32, info: *const usize, context: *const u8) {
    // SAFETY: as `mend`.
    unsafe { mend::<P>(number, info, context) }
}

/// # Safety
/// Called as a handler, with `FAULT_HOST` set.
unsafe fn mend<P: Platform>(number: i32, info: *const usize, _context: *const u8) {
    NUMBER.store(number, Ordering::Relaxed);
    // SAFETY: siginfo_t has si_addr at byte 16; the host is the one of the running case.
    let (address, host) = unsafe { (info.add(2).read(), &*FAULT_HOST.load(Ordering::Relaxed).cast::<P>()) };
    FAULT.store(address, Ordering::Relaxed);
    let page = host.page_bytes();
    if host.protect(address & !(page - 1), page, protection::READ | protection::WRITE).is_err() {
        host.exit(98);
    }
}

struct Sender<'a, P> {
    host: &'a P,
    thread: i32,
    done: AtomicU32,
}

guest_entry! {
    fn send_soon<P: Platform>(argument: usize) {
        // SAFETY: the case passes a `Sender` that lives until `done` is set.
        let sender = unsafe { &*pointer::<Sender<'_, P>>(argument) };
        let host = sender.host;
        // Again and again: the first may come before the other thread sleeps.
        for _ in 0..20 {
            if let Ok(now) = host.clock(clock::MONOTONIC) {
                let _ = host.sleep(Deadline { clock: clock::MONOTONIC, time: now.saturating_add_ns(20_000_000) });
            }
            let _ = host.signal_send(0, sender.thread, USER);
            if COUNT.load(Ordering::Relaxed) > 1 {
                break;
            }
        }
        sender.done.store(1, Ordering::Release);
    }
}

fn handler() -> SignalAction {
    SignalAction { handler: note as *const () as usize, mask: 0, flags: signal::SA_SIGINFO }
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    if !t.have("signal_action", &host.signal_action(USER, None)) {
        return;
    }
    let me = host.thread_id();
    let count = || COUNT.load(Ordering::Relaxed);

    t.case("signals", "actions", |t| {
        let ignore = SignalAction { handler: signal::HANDLER_IGNORE, mask: bit(OTHER_USER), flags: 0 };
        let first = t.need("signal_action", "set", host.signal_action(USER, Some(ignore)))?;
        t.equal("the default before", first.handler, signal::HANDLER_DEFAULT);
        t.same("signal_action", "asked for", host.signal_action(USER, None).map(|old| old.handler), Ok(ignore.handler));
        let old = host.signal_action(USER, Some(handler())).map(|old| (old.handler, old.mask));
        t.same("signal_action", "replaced", old, Ok((ignore.handler, ignore.mask)));
        let now = host.signal_action(USER, None).map(|now| (now.handler, now.flags & signal::SA_SIGINFO));
        t.same("signal_action", "a function", now, Ok((handler().handler, signal::SA_SIGINFO)));
        for number in [0, -1, 65, signal::KILL, signal::STOP] {
            t.error("signal_action", "cannot be set", host.signal_action(number, Some(ignore)), Errno::INVAL);
        }
        Ok(())
    });
    t.case("signals", "a handler runs", |t| {
        COUNT.store(0, Ordering::Relaxed);
        t.same("signal_send", "to this thread", host.signal_send(0, me, USER), Ok(()));
        t.equal("at once", count(), 1);
        t.equal("with its number", NUMBER.load(Ordering::Relaxed), USER);
        t.equal("which is in the information too", IN_INFO.load(Ordering::Relaxed), USER);
        t.same("signal_send", "to the process", host.signal_send(host.process_id(), 0, USER), Ok(()));
        t.equal("again", count(), 2);
        t.same("signal_send", "number 0 only asks", host.signal_send(host.process_id(), 0, 0), Ok(()));
        t.error("signal_send", "no such signal", host.signal_send(host.process_id(), 0, 65), Errno::INVAL);
        t.equal("nothing more", count(), 2);
        Ok(())
    });
    t.case("signals", "the mask", |t| {
        COUNT.store(0, Ordering::Relaxed);
        let before = t.need("signal_mask", "block", host.signal_mask(signal::BLOCK, Some(bit(USER))))?;
        t.same("signal_mask", "asked for", host.signal_mask(signal::BLOCK, None), Ok(before | bit(USER)));
        t.same("signal_send", "blocked", host.signal_send(0, me, USER), Ok(()));
        t.equal("it waits", count(), 0);
        let old = host.signal_mask(signal::UNBLOCK, Some(bit(USER)));
        t.same("signal_mask", "unblock", old, Ok(before | bit(USER)));
        t.equal("now it came", count(), 1);
        t.same("signal_mask", "set", host.signal_mask(signal::SET_MASK, Some(before)), Ok(before & !bit(USER)));
        t.error("signal_mask", "no such way", host.signal_mask(9, Some(0)), Errno::INVAL);
        Ok(())
    });
    t.case("signals", "once only", |t| {
        COUNT.store(0, Ordering::Relaxed);
        let once = SignalAction { flags: signal::SA_SIGINFO | signal::SA_RESETHAND, ..handler() };
        t.need("signal_action", "with SA_RESETHAND", host.signal_action(OTHER_USER, Some(once)))?;
        t.same("signal_send", "the one time", host.signal_send(0, me, OTHER_USER), Ok(()));
        t.equal("it ran", count(), 1);
        let now = host.signal_action(OTHER_USER, None).map(|now| now.handler);
        t.same("signal_action", "the default again", now, Ok(signal::HANDLER_DEFAULT));
        Ok(())
    });
    t.case("signals", "ignored", |t| {
        COUNT.store(0, Ordering::Relaxed);
        let ignore = SignalAction { handler: signal::HANDLER_IGNORE, ..SignalAction::default() };
        t.need("signal_action", "ignore", host.signal_action(USER, Some(ignore)))?;
        t.same("signal_send", "ignored", host.signal_send(0, me, USER), Ok(()));
        t.equal("nothing happens", count(), 0);
        Ok(())
    });
    t.case("signals", "a broken pipe", |t| {
        let ignore = SignalAction { handler: signal::HANDLER_IGNORE, ..SignalAction::default() };
        let before = t.need("signal_action", "ignore SIGPIPE", host.signal_action(signal::PIPE, Some(ignore)))?;
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        t.close(read);
        t.error("write", "nobody reads", host.write(write, b"x"), Errno::PIPE);
        COUNT.store(0, Ordering::Relaxed);
        t.need("signal_action", "handle SIGPIPE", host.signal_action(signal::PIPE, Some(handler())))?;
        t.error("write", "nobody reads", host.write(write, b"x"), Errno::PIPE);
        t.equal("the handler ran", count(), 1);
        t.close(write);
        t.need("signal_action", "back", host.signal_action(signal::PIPE, Some(before)))?;
        Ok(())
    });
    t.case("signals", "a handler ends a sleep", |t| {
        t.native_only()?;
        t.need("signal_action", "handle", host.signal_action(USER, Some(handler())))?;
        let sender = Sender { host, thread: me, done: AtomicU32::new(0) };
        let start = t.need("clock", "now", host.clock(clock::MONOTONIC))?;
        let late = Deadline { clock: clock::MONOTONIC, time: start.saturating_add_ns(5_000_000_000) };
        COUNT.store(0, Ordering::Relaxed);
        t.need(
            "thread_create",
            "one that sends",
            host.thread_create(ThreadStart {
                entry: send_soon::<P>,
                argument: (&raw const sender).expose_provenance(),
                slot: 0,
                stack_bytes: 64 << 10,
                guard_bytes: 0,
            }),
        )?;
        t.error("sleep", "interrupted", host.sleep(late), Errno::INTR);
        let word = AtomicU32::new(0);
        t.error("futex_wait", "interrupted", host.futex_wait(&word, 0, Some(late), 0), Errno::INTR);
        while sender.done.load(Ordering::Acquire) == 0 {
            host.yield_now();
        }
        // One may have come too late for both: it is taken here, not in the next case.
        t.need("signal_mask", "unchanged", host.signal_mask(signal::BLOCK, Some(0)))?;
        t.fact("handlers ran", count() >= 2);
        Ok(())
    });
    t.case("signals", "an access that fails is mended", |t| {
        t.native_only()?;
        let page = host.page_bytes();
        let request = Map {
            address: 0,
            length: page,
            protection: protection::NONE,
            flags: mapping::PRIVATE | mapping::ANONYMOUS,
            fd: -1,
            offset: 0,
        };
        let address = t.need("map", "inaccessible", host.map(request))?;
        FAULT_HOST.store(core::ptr::from_ref(host).cast_mut().cast(), Ordering::Relaxed);
        let mend = SignalAction { handler: open_page::<P> as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
        let before = t.need("signal_action", "handle SIGSEGV", host.signal_action(signal::SEGV, Some(mend)))?;
        // SAFETY: the handler makes the page accessible and the access is made again.
        unsafe { pointer_mut::<u8>(address + 100).write_volatile(1) };
        t.equal("the address is reported", FAULT.load(Ordering::Relaxed), address + 100);
        t.equal("as SIGSEGV", NUMBER.load(Ordering::Relaxed), signal::SEGV);
        t.need("signal_action", "back", host.signal_action(signal::SEGV, Some(before)))?;
        t.same("unmap", "the page", host.unmap(address, page), Ok(()));
        Ok(())
    });
    t.case("signals", "back to the defaults", |t| {
        for number in [USER, OTHER_USER] {
            let reset = host.signal_action(number, Some(SignalAction::default())).map(drop);
            t.same("signal_action", "the default", reset, Ok(()));
        }
        Ok(())
    });
}
