//! Threads.
//!
//! Own `clone`, not `origin`'s threads: those end only by returning from their function (`pthread_exit` ends them from
//! anywhere), free themselves only after a second call that may have to wait for them, and need the loader's TLS image.
//! Here one mapping holds guard, stack and control block; the thread unmaps it as its last act.

use core::mem::size_of;
use core::sync::atomic::Ordering;
use platform::{Errno, Facts, Places, Result, Slot, SlotBase, ThreadStart, Threads};
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mprotect, munmap};
use rustix::process::{Resource, getrlimit};

use crate::Linux;
use crate::clone::{clone, seed};
use crate::control::{Control, SLOT_OFFSET, current};
use crate::sys::{kernel, last};
use crate::{blocking, memory, report_stack, signals};

/// What a new thread runs, at the end of its stack.
#[repr(C)]
struct Launch {
    start: ThreadStart,
    /// Where the stack for reports lies.
    report: Option<usize>,
}

extern "C" fn run(launch: *const Launch) -> ! {
    // SAFETY: `create` left it on this stack, above all frames.
    let Launch { start, report } = unsafe { launch.read() };
    if let Some(low) = report {
        // SAFETY: it is part of this thread's mapping.
        unsafe { report_stack::adopt(low) };
    }
    (start.entry)(start.argument);
    exit()
}

/// Stacks of threads.
static STACKS: Places = Places::new();

impl Facts for Linux {
    fn page_bytes(&self) -> usize {
        rustix::param::page_size()
    }

    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: SLOT_OFFSET }
    }
}

impl Threads for Linux {
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        blocking::prepare();
        let page = rustix::param::page_size();
        let round = |bytes: usize| bytes.checked_next_multiple_of(page).ok_or(Errno::AGAIN);
        // Control block and launch lie above the stack that was asked for; alignment takes some. The stack for reports is on top.
        let report = report_stack::bytes();
        let extra = size_of::<Control>() + size_of::<Launch>() + 128 + report;
        let guard = round(start.guard_bytes)?;
        let stack = round(start.stack_bytes.checked_add(extra).ok_or(Errno::AGAIN)?)?;
        let total = guard.checked_add(stack).ok_or(Errno::AGAIN)?;

        // MAP_NORESERVE: stacks are large and mostly untouched.
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::STACK;
        let made = memory::map_apart(&STACKS, total, ProtFlags::READ | ProtFlags::WRITE, flags);
        let low = made.map_err(|_| Errno::AGAIN)?;
        let base = core::ptr::with_exposed_provenance_mut(low);
        // SAFETY: the new mapping; nobody knows it yet.
        if guard != 0 && unsafe { mprotect(base, guard, MprotectFlags::empty()) }.is_err() {
            // SAFETY: as above.
            let _ = unsafe { munmap(base, total) };
            return Err(Errno::AGAIN);
        }

        let end = low + total - report;
        let block = (end - size_of::<Control>()) & !(align_of::<Control>() - 1);
        // SAFETY: inside the new mapping, which is zero: a valid block.
        let control = unsafe { &*core::ptr::with_exposed_provenance::<Control>(block) };
        control.slot.store(start.slot, Ordering::Relaxed);
        control.mapping.store(low, Ordering::Relaxed);
        control.mapping_bytes.store(total, Ordering::Relaxed);
        control.stack_low.store(low + guard, Ordering::Relaxed);
        control.stack_end.store(block, Ordering::Relaxed);
        // It begins with the signals blocked that are here.
        control.deferred.store(current().deferred.load(Ordering::Relaxed), Ordering::Relaxed);
        let pointer = control.pointer(current().canary());

        let launch = (block - size_of::<Launch>()) & !15;
        // SAFETY: inside the new stack.
        let stack = unsafe {
            core::ptr::with_exposed_provenance_mut::<Launch>(launch)
                .write(Launch { start, report: (report != 0).then_some(end) });
            seed(launch, run as extern "C" fn(*const Launch) -> ! as usize, launch)
        };
        let flags = kernel::CLONE_VM
            | kernel::CLONE_FS
            | kernel::CLONE_FILES
            | kernel::CLONE_SIGHAND
            | kernel::CLONE_THREAD
            | kernel::CLONE_SYSVSEM
            | kernel::CLONE_SETTLS;
        // SAFETY: a stack and control block of its own, as `clone` wants.
        if unsafe { clone(flags as usize, stack, pointer) } < 0 {
            // SAFETY: no thread uses it.
            let _ = unsafe { munmap(base, total) };
            return Err(Errno::AGAIN);
        }
        Ok(())
    }

    fn thread_exit(&self) -> ! {
        exit()
    }

    fn thread_id(&self) -> i32 {
        rustix::thread::gettid().as_raw_nonzero().get()
    }

    fn thread_interrupt(&self, thread: i32) -> Result<()> {
        blocking::interrupt(thread)
    }

    fn thread_stack(&self) -> Result<(usize, usize)> {
        let control = current();
        let end = control.stack_end.load(Ordering::Relaxed);
        let low = control.stack_low.load(Ordering::Relaxed);
        if low != 0 {
            return Ok((low, end));
        }
        // The first thread: the kernel lets its stack grow to the limit that held when the program started.
        let limit = getrlimit(Resource::Stack).current.map_or(USUAL_STACK_BYTES, |bytes| bytes as usize);
        let page = rustix::param::page_size();
        let end = end.next_multiple_of(page);
        let low = end.saturating_sub(limit).next_multiple_of(page).max(page);
        control.stack_low.store(low, Ordering::Relaxed);
        control.stack_end.store(end, Ordering::Relaxed);
        Ok((low, end))
    }

    fn set_thread_slot(&self, value: usize) {
        current().slot.store(value, Ordering::Relaxed);
    }

    fn yield_now(&self) {
        rustix::thread::sched_yield();
    }

    fn processor_count(&self) -> usize {
        // EINVAL on machines with more processors than the set has bits: then the set is full.
        rustix::thread::sched_getaffinity(None).map_or(1024, |set| set.count() as usize).max(1)
    }
}

pub(crate) fn exit() -> ! {
    let control = current();
    let (mapping, bytes) = (control.mapping.load(Ordering::Relaxed), control.mapping_bytes.load(Ordering::Relaxed));
    if bytes == 0 {
        // The first thread: its stack belongs to the process.
        last(kernel::__NR_exit, 0)
    }
    // No handler may run on a stack that is gone.
    signals::block_all();
    // SAFETY: the mapping is this thread's own; after the first call nothing touches a stack.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        core::arch::asm!(
            "syscall",
            "xor edi, edi",
            "mov eax, 60",
            "syscall",
            "ud2",
            in("rax") 11, in("rdi") mapping, in("rsi") bytes,
            options(noreturn, nostack),
        );
        #[cfg(target_arch = "aarch64")]
        core::arch::asm!(
            "svc 0",
            "mov x0, xzr",
            "mov x8, 93",
            "svc 0",
            "brk 1",
            in("x8") 215, in("x0") mapping, in("x1") bytes,
            options(noreturn, nostack),
        );
    }
}

/// A stack limit that says nothing: what Linux gives without one.
const USUAL_STACK_BYTES: usize = 8 << 20;
