//! Threads and their slot.

use alloc::boxed::Box;
use core::ffi::c_void;
use core::sync::atomic::Ordering;

use platform::{Errno, Facts, Result, Slot, SlotBase, ThreadStart, Threads};
use windows_sys::Win32::System::Threading::{
    ALL_PROCESSOR_GROUPS, CreateThread, ExitThread, GetActiveProcessorCount, GetCurrentProcess, GetProcessAffinityMask,
    STACK_SIZE_PARAM_IS_A_RESERVATION,
};

use crate::Windows;
use crate::pure::processors;
use crate::sys::native::nt::Handle;
use crate::sys::native::slot::GUEST;
use crate::sys::native::{regions, stack, thread};
use crate::sys::signal::{interrupt, task};

/// Sets the calling thread's slot.
fn set_slot(value: usize) {
    GUEST.set(value);
}

impl Facts for Windows {
    fn page_bytes(&self) -> usize {
        regions::PAGE
    }

    /// Where the guest's slot is.
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::Gs, offset: GUEST.offset() as isize }
    }
}

impl Threads for Windows {
    /// Starts a thread.
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        /// More than a process has addresses for; sums of larger ones would overflow in Windows' (and Wine's) code.
        const LARGEST_STACK: usize = 1 << 46;
        if start.stack_bytes > LARGEST_STACK {
            return Err(Errno::AGAIN);
        }
        let reserve = start.stack_bytes.max(64 << 10) + stack::BELOW;
        let packed = Box::into_raw(Box::new(New { start, mask: task::current().mask.load(Ordering::SeqCst) }));
        let flags = STACK_SIZE_PARAM_IS_A_RESERVATION;
        // SAFETY: the new thread owns `packed`.
        let raw = unsafe {
            CreateThread(core::ptr::null(), reserve, Some(entry), packed.cast(), flags, core::ptr::null_mut())
        };
        match Handle::own(raw) {
            Some(_) => Ok(()),
            None => {
                // SAFETY: no thread took it.
                drop(unsafe { Box::from_raw(packed) });
                Err(Errno::AGAIN)
            }
        }
    }

    fn thread_exit(&self) -> ! {
        exit()
    }

    fn thread_id(&self) -> i32 {
        thread::id()
    }

    fn thread_stack(&self) -> Result<(usize, usize)> {
        Ok(stack::bounds())
    }

    fn set_thread_slot(&self, value: usize) {
        set_slot(value);
    }

    fn yield_now(&self) {
        thread::yield_now();
    }

    fn thread_interrupt(&self, thread: i32) -> Result<()> {
        interrupt::send(thread)
    }

    /// Processors that the process may use.
    fn processor_count(&self) -> usize {
        let (mut process, mut system) = (0, 0);
        // SAFETY: two words are written; what does not work leaves them.
        unsafe { GetProcessAffinityMask(GetCurrentProcess(), &mut process, &mut system) };
        // SAFETY: no pointers.
        let all = unsafe { GetActiveProcessorCount(ALL_PROCESSOR_GROUPS) };
        processors::usable(process, system, all)
    }
}

/// What a new thread gets.
struct New {
    start: ThreadStart,
    /// The signals that its maker blocks (POSIX.1-2024 `pthread_create`).
    mask: u64,
}

unsafe extern "system" fn entry(packed: *mut c_void) -> u32 {
    // SAFETY: `thread_create` made it for this thread alone.
    let New { start, mask } = *unsafe { Box::from_raw(packed.cast::<New>()) };
    set_slot(start.slot);
    stack::commit();
    task::begin(mask);
    (start.entry)(start.argument);
    exit()
}

/// Ends the calling thread; the last one's end is the process's with code 0, as Windows does it.
fn exit() -> ! {
    extern "sysv64" fn end() -> ! {
        // SAFETY: Windows frees the stack. Nothing of ours on it is used by others.
        unsafe { ExitThread(0) }
    }
    task::forget();
    stack::go_home(end)
}
