//! Threads and their slot.

use crate::code::{self, guest_entry};
use crate::report::Test;
use core::ptr::with_exposed_provenance as pointer;
use core::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use platform::abi::signal;
use platform::{Errno, Platform, ThreadStart};

/// Blocks for slots to point to, with interrupt words that are 0.
static BLOCKS: [[AtomicU64; 2]; 16] = [const { [const { AtomicU64::new(0) }; 2] }; 16];

fn block(number: usize) -> usize {
    BLOCKS[number % BLOCKS.len()].as_ptr().expose_provenance()
}

/// What a test thread works on.
struct Work<'a, P> {
    host: &'a P,
    /// 0: not finished.
    done: AtomicU32,
    id: AtomicI32,
    stack: [AtomicUsize; 2],
    local: AtomicUsize,
    slot: AtomicUsize,
    mask: AtomicU64,
    leave: bool,
    touch_bytes: usize,
    in_register: bool,
}

impl<'a, P: Platform> Work<'a, P> {
    fn new(host: &'a P, in_register: bool) -> Self {
        Self {
            host,
            done: AtomicU32::new(0),
            id: AtomicI32::new(0),
            stack: [AtomicUsize::new(0), AtomicUsize::new(0)],
            local: AtomicUsize::new(0),
            slot: AtomicUsize::new(0),
            mask: AtomicU64::new(0),
            leave: false,
            touch_bytes: 0,
            in_register,
        }
    }

    fn start(&self, slot: usize, stack_bytes: usize) -> platform::Result<()> {
        self.host.thread_create(ThreadStart {
            entry: work::<P>,
            argument: core::ptr::from_ref(self).expose_provenance(),
            slot,
            stack_bytes,
            guard_bytes: self.host.page_bytes(),
        })
    }

    fn wait(&self) {
        while self.done.load(Ordering::Acquire) == 0 {
            let _ = self.host.futex_wait(&self.done, 0, None, 0);
        }
    }
}

guest_entry! {
    fn work<P: Platform>(argument: usize) {
        // SAFETY: `Work::start` passes a `Work` that lives until `done` is set.
        let work = unsafe { &*pointer::<Work<'_, P>>(argument) };
        let host = work.host;
        let local = 0_u8;
        work.local.store((&raw const local).addr(), Ordering::Relaxed);
        work.id.store(host.thread_id(), Ordering::Relaxed);
        if let Ok((low, end)) = host.thread_stack() {
            work.stack[0].store(low, Ordering::Relaxed);
            work.stack[1].store(end, Ordering::Relaxed);
        }
        if let Ok(mask) = host.signal_mask(signal::BLOCK, None) {
            work.mask.store(mask, Ordering::Relaxed);
        }
        if work.in_register {
            // SAFETY: the host's own slot on a thread it made.
            work.slot.store(unsafe { code::slot(host.thread_slot()) }, Ordering::Relaxed);
        }
        // Page by page downwards, as compiled code with stack probes touches its stack.
        let here = (&raw const local).cast_mut();
        for offset in (0..work.touch_bytes).step_by(1024) {
            // SAFETY: inside the stack that the thread asked for, below everything in use.
            unsafe { here.wrapping_sub(8192 + offset).write_volatile(1) };
        }
        let leave = work.leave;
        work.done.store(1, Ordering::Release);
        let _ = host.futex_wake(&work.done, 1, false);
        // `work` may be gone from here on.
        if leave {
            host.thread_exit();
        }
    }
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let in_register = t.context.native;

    t.case("threads", "the first thread", |t| {
        t.fact("there is a processor", host.processor_count() >= 1);
        host.yield_now();
        let local = 0_u8;
        let here = (&raw const local).addr();
        let (low, end) = t.need("thread_stack", "of this thread", host.thread_stack())?;
        t.fact("a local lies inside", low < here && here < end);
        t.fact("at least 64 KiB", end - low >= 64 << 10);
        t.fact("its id is positive", host.thread_id() > 0);
        t.equal("and stays", host.thread_id(), host.thread_id());
        Ok(())
    });
    t.case("threads", "the slot", |t| {
        t.native_only()?;
        // SAFETY: the host's slot.
        let before = unsafe { code::slot(host.thread_slot()) };
        host.set_thread_slot(block(3));
        // SAFETY: as above.
        t.equal("read through the register", unsafe { code::slot(host.thread_slot()) }, block(3));
        host.set_thread_slot(before);
        Ok(())
    });
    t.case("threads", "a new one", |t| {
        let work = Work { touch_bytes: 400 << 10, ..Work::new(host, in_register) };
        t.need("thread_create", "512 KiB of stack", work.start(block(5), 512 << 10))?;
        work.wait();
        let (low, end) = (work.stack[0].load(Ordering::Relaxed), work.stack[1].load(Ordering::Relaxed));
        let local = work.local.load(Ordering::Relaxed);
        if t.have("thread_stack", &host.thread_stack()) {
            t.fact("its local lies in its stack", low < local && local < end);
            t.fact("the stack has the size asked for", end - low >= 512 << 10);
        }
        t.fact("its id is its own", work.id.load(Ordering::Relaxed) != host.thread_id());
        if in_register {
            t.equal("the slot is set before it runs", work.slot.load(Ordering::Relaxed), block(5));
        }
        Ok(())
    });
    t.case("threads", "signals that its maker blocks", |t| {
        let blocked = 1 << (signal::INT - 1) | 1 << (signal::TERM - 1);
        let before = t.need("signal_mask", "two", host.signal_mask(signal::SET_MASK, Some(blocked)))?;
        let work = Work::new(host, in_register);
        let started = work.start(block(1), 64 << 10);
        t.need("signal_mask", "as before", host.signal_mask(signal::SET_MASK, Some(before)))?;
        t.need("thread_create", "one with a mask", started)?;
        work.wait();
        t.equal("are blocked in it", work.mask.load(Ordering::Relaxed), blocked);
        Ok(())
    });
    t.case("threads", "leaving from inside", |t| {
        let work = Work { leave: true, ..Work::new(host, in_register) };
        t.need("thread_create", "one that calls thread_exit", work.start(block(1), 64 << 10))?;
        work.wait();
        Ok(())
    });
    t.case("threads", "several at once", |t| {
        const COUNT: usize = 8;
        let works: [_; COUNT] = core::array::from_fn(|_| Work::new(host, in_register));
        for (index, work) in works.iter().enumerate() {
            t.need("thread_create", "one of eight", work.start(block(index), 64 << 10))?;
        }
        works.iter().for_each(Work::wait);
        let ids: [i32; COUNT] = core::array::from_fn(|index| works[index].id.load(Ordering::Relaxed));
        if in_register {
            let slots = works.iter().enumerate().all(|(index, work)| work.slot.load(Ordering::Relaxed) == block(index));
            t.fact("each has its own slot", slots);
        }
        t.fact("ids are positive", ids.iter().all(|id| *id > 0));
        Ok(())
    });
    t.case("threads", "they leave nothing behind", |t| {
        // 300 x 64 MiB is more than a process has if stacks stay.
        for round in 0..300 {
            let work = Work { leave: round % 2 == 0, ..Work::new(host, in_register) };
            t.need("thread_create", "one after the other", work.start(block(round), 64 << 20))?;
            work.wait();
        }
        Ok(())
    });
    t.case("threads", "a stack that cannot be", |t| {
        let work = Work::new(host, in_register);
        for bytes in [usize::MAX, usize::MAX / 2, 1 << 60] {
            let started = work.start(0, bytes);
            if started.is_ok() {
                work.wait();
            }
            t.error("thread_create", "no room", started, Errno::AGAIN);
        }
        Ok(())
    });
}
