//! The thread block: everything the library keeps per thread, reached through one slot of the host's thread register.

use core::cell::Cell;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize};

use super::Arena;
use crate::types::{c_int, c_void};

/// PTHREAD_KEYS_MAX of the ABI.
pub const KEYS_MAX: usize = 128;

/// Where a thread stands between creation and the freeing of its block; held in [`Thread::state`], a futex word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum State {
    /// Runs and can be joined. Zero, so that the main thread's block starts right.
    Joinable = 0,
    /// Runs; frees its own block at the end.
    Detached = 1,
    /// Has ended; a joiner takes the result and frees the block.
    Exited = 2,
    /// Has ended, and was joined or detached: there is no such thread any more.
    Gone = 3,
}

/// One thread. Zero bytes are a valid initial state.
#[doc(alias = "struct __pthread")]
#[repr(C)]
pub struct Thread {
    /// C's `errno`.
    pub errno: Cell<c_int>,
    /// The host's number of the thread.
    pub id: Cell<c_int>,
    /// The word that hosts look at in every operation that can wait: [`platform::INTERRUPTED`] ends it.
    pub interrupt: AtomicU32,
    /// `uselocale`: address of the thread's locale, 0 for the global one.
    pub locale: Cell<usize>,
    /// Addresses of this thread's emulated TLS objects; index is the object's number less one.
    pub emutls: AtomicPtr<AtomicPtr<c_void>>,
    /// Entries of `emutls`.
    pub emutls_length: AtomicUsize,
    /// The next thread that has an `emutls` table.
    pub emutls_next: Cell<*const Thread>,
    /// Allocator cache of the thread, 0 until first used.
    pub heap: Cell<usize>,
    /// `pthread_setspecific`: the value, and the generation of the key that it was set for.
    pub keys: [Cell<(*mut c_void, usize)>; KEYS_MAX],
    /// Whether a value of `keys` was ever set.
    pub has_keys: Cell<bool>,
    /// Head of the list of `__cxa_thread_atexit_impl` registrations, latest first.
    pub destructors: Cell<*mut c_void>,
    /// Head of the list of `pthread_cleanup_push` registrations, latest first.
    pub cleanups: Cell<*mut c_void>,
    /// Head of the list of running `pthread_once` calls, innermost first.
    pub onces: Cell<*mut c_void>,
    /// [`State`].
    pub state: AtomicU32,
    /// A `sync::Lock` word: held until the thread has found out `id` and `stack`, while others use them, and while it gives up
    /// `id`.
    pub id_lock: AtomicU32,
    /// Whether the block came from the allocator, and may be another thread's later.
    pub is_allocated: Cell<bool>,
    /// The next one of the blocks that no thread has.
    pub next: Cell<*const Thread>,
    /// Where `emutls` and the objects lie.
    pub emutls_memory: Arena,
    /// What `pthread_join` gives.
    pub result: Cell<*mut c_void>,
    /// Start routine and its argument.
    pub start: Cell<Option<unsafe extern "C" fn(*mut c_void) -> *mut c_void>>,
    /// Argument of `start`.
    pub argument: Cell<*mut c_void>,
    /// Lowest address and end of the stack; 0 until known.
    pub stack: Cell<(usize, usize)>,
    /// Floating-point modes of the thread that made this one: a thread starts with them (POSIX.1-2024 `pthread_create`).
    pub floating: Cell<u64>,
    /// The signals that the thread blocks at its start.
    pub signal_mask: Cell<u64>,
    /// Guard bytes below the stack.
    pub guard_bytes: Cell<usize>,
    /// Message of the last failed `dl` call, NUL-terminated; `dl_pending` says that `dlerror` has not given it yet.
    pub dl_message: Cell<[u8; 256]>,
    /// See `dl_message`.
    pub dl_pending: Cell<bool>,
}

const _: () = assert!(core::mem::offset_of!(Thread, interrupt) == platform::INTERRUPT_OFFSET);

impl Thread {
    /// A block whose bytes are zero.
    #[allow(clippy::declare_interior_mutable_const, reason = "the initial value of blocks, never used in place")]
    pub const ZERO: Self = {
        // SAFETY: zero is a valid value of every field: numbers, null pointers, `None`, `false`, `State::Joinable`.
        unsafe { core::mem::zeroed() }
    };
}

/// The main thread's block.
#[cfg(not(any(test, fuzzing)))]
pub(super) struct Main(pub Thread);
// SAFETY: only the main thread touches the unsynchronised fields; others use `state`, which is atomic.
#[cfg(not(any(test, fuzzing)))]
unsafe impl Sync for Main {}
#[cfg(not(any(test, fuzzing)))]
pub(super) static MAIN: Main = Main(Thread::ZERO);

/// The calling thread's block.
#[cfg(not(any(test, fuzzing)))]
#[inline]
pub fn thread() -> &'static Thread {
    let block = slot();
    if block == 0 {
        return foreign();
    }
    // SAFETY: the slot holds the address of a block that lives as long as its thread.
    unsafe { &*(block as *const Thread) }
}

/// The calling thread's block in a unit test: the one in the simulated slot, or a new one.
#[cfg(any(test, fuzzing))]
pub fn thread() -> &'static Thread {
    use super::Threads;
    std::thread_local! { static BLOCK: Cell<Option<&'static Thread>> = const { Cell::new(None) } }
    BLOCK.with(|block| {
        let known = block.get().unwrap_or_else(|| {
            let slot = platform_sim::slot() as *const Thread;
            // SAFETY: the slot holds null or the block that `thread_create` was given.
            let made = unsafe { slot.as_ref() }.unwrap_or_else(|| Box::leak(Box::new(Thread::ZERO)));
            made.id.set(super::host().thread_id());
            made
        });
        block.set(Some(known));
        known
    })
}

/// The word in the thread slot, 0 on a thread that the library has not seen.
#[cfg(all(not(any(test, fuzzing)), target_arch = "x86_64"))]
#[inline]
fn slot() -> usize {
    let host = super::host();
    let block: usize;
    if host.slot_base == 0 {
        // SAFETY: the table's contract: a readable word at this offset on every thread.
        unsafe {
            core::arch::asm!("mov {}, fs:[{}]", out(reg) block, in(reg) host.slot_offset,
                options(nostack, preserves_flags, readonly));
        }
    } else {
        // SAFETY: as above.
        unsafe {
            core::arch::asm!("mov {}, gs:[{}]", out(reg) block, in(reg) host.slot_offset,
                options(nostack, preserves_flags, readonly));
        }
    }
    block
}

/// The word in the thread slot, 0 on a thread that the library has not seen.
#[cfg(all(not(any(test, fuzzing)), target_arch = "aarch64"))]
#[inline]
fn slot() -> usize {
    let base: isize;
    // SAFETY: reads the thread register, nothing else.
    unsafe { core::arch::asm!("mrs {}, tpidr_el0", out(reg) base, options(nostack, nomem, preserves_flags)) };
    // SAFETY: the table's contract: a readable word at this offset on every thread.
    unsafe { *((base + super::host().slot_offset as isize) as *const usize) }
}

/// Gives a thread that the host made (a console handler, a pool) a block of its own. It is not freed: nobody is told when
/// such a thread ends.
#[cfg(not(any(test, fuzzing)))]
#[cold]
fn foreign() -> &'static Thread {
    use super::{Memory, Process, Threads, abi, host};
    let request = platform::Map {
        address: 0,
        length: super::whole_pages(size_of::<Thread>()),
        protection: abi::protection::READ | abi::protection::WRITE,
        flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
        fd: -1,
        offset: 0,
    };
    let Ok(address) = host().map(request) else { host().terminate(abi::signal::ABRT) };
    super::set_floating_modes(super::DEFAULT_MODES);
    // SAFETY: fresh zeroed memory, large enough, aligned to a page; zero is a valid block.
    let block = unsafe { &*(address as *const Thread) };
    // Before a signal handler can see the block.
    block.id.set(host().thread_id());
    host().set_thread_slot(address);
    block
}
