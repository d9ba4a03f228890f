//! The table itself: a head, and a function for each operation of the platform and the loader.

use core::ffi::c_char;
use core::mem::{MaybeUninit, offset_of};
use core::sync::atomic::AtomicU32;

use core::convert::Infallible;
use core::ffi::CStr;
use platform::{
    Accepted, Deadline, Errno, Facts, Fd, FileSystem, Files, Futex, Ids, Lock, Map, Memory, Names, Network, Piece,
    PieceMut, Process, Random, Received, Result, SignalAction, SignalOwner, Signals, Slot, SlotBase, Spawn, Stat,
    ThreadStart, Threads, Time, Timespec, Usage, Wait, Waiting, WindowSize,
};

use crate::entry::{Entry, EntryAnswer};
use crate::guest_fn;
use crate::info::{AddressInfo, ObjectInfo, ObjectList, Resolved};
use crate::modules::Modules;
use crate::parameter::Wire;
use crate::result::{Stored, Word, refused};
use crate::serve::{ProcessStart, Serve};
use crate::spawn::SpawnRequest;

/// Version of the table. Within a version operations are only appended, so `size` tells what is there.
pub const VERSION: u32 = 3;

/// What the loader gives the C library.
#[repr(C)]
pub struct Host {
    /// Bytes of this table that are filled in.
    pub size: u32,
    /// [`VERSION`].
    pub version: u32,
    /// Page size in bytes.
    pub page_bytes: u32,
    /// Register of the thread slot: 0 = `fs` / `tpidr_el0`, 1 = `gs`.
    pub slot_base: u32,
    /// Bytes from that register to the slot.
    pub slot_offset: i64,
    /// The program's arguments, without those of the loader.
    pub argument_count: usize,
    /// `argument_count` strings and a null pointer.
    pub arguments: *const *const c_char,
    /// `NAME=value` strings and a null pointer.
    pub environment: *const *const c_char,
    /// The operations; null where the host does not have one.
    operations: Slots,
}

/// A function of some type: the operation of its slot says which.
pub(crate) type Function = unsafe extern "C" fn();
pub(crate) type Slots = [Option<Function>; COUNT];

platform::memory_operations!(platform_operations::wire, platform);
platform::files_operations!(platform_operations::wire, platform);
platform::names_operations!(platform_operations::wire, platform);
platform::time_operations!(platform_operations::wire, platform);
platform::threads_operations!(platform_operations::wire, platform);
platform::futex_operations!(platform_operations::wire, platform);
platform::process_operations!(platform_operations::wire, platform);
platform::signals_operations!(platform_operations::wire, platform);
platform::random_operations!(platform_operations::wire, platform);
platform::waiting_operations!(platform_operations::wire, platform);
platform::network_operations!(platform_operations::wire, platform);
modules_operations!(platform_operations::wire, modules);

/// The operations of each topic.
const TOPICS: [&[Entry]; 12] = [
    &memory::ENTRIES,
    &files::ENTRIES,
    &names::ENTRIES,
    &time::ENTRIES,
    &threads::ENTRIES,
    &futex::ENTRIES,
    &process::ENTRIES,
    &signals::ENTRIES,
    &random::ENTRIES,
    &waiting::ENTRIES,
    &network::ENTRIES,
    &modules::ENTRIES,
];

/// Slots of this version.
const COUNT: usize = count(false);
/// The first slots are operations that every host has; a table without them is refused.
pub(crate) const REQUIRED: u16 = count(true) as u16;
/// The operations by their slots. That each has one of its own, and none is left out, is checked here.
pub const OPERATIONS: [Entry; COUNT] = in_order();

const fn count(required: bool) -> usize {
    let (mut topic, mut count) = (0, 0);
    while topic < TOPICS.len() {
        let mut at = 0;
        while at < TOPICS[topic].len() {
            if !required || TOPICS[topic][at].required {
                count += 1;
            }
            at += 1;
        }
        topic += 1;
    }
    count
}

const fn in_order() -> [Entry; COUNT] {
    let mut order = [memory::ENTRIES[0]; COUNT];
    let mut seen = [false; COUNT];
    let mut topic = 0;
    while topic < TOPICS.len() {
        let mut at = 0;
        while at < TOPICS[topic].len() {
            let entry = TOPICS[topic][at];
            assert!(!seen[entry.slot as usize], "two operations have the same slot");
            seen[entry.slot as usize] = true;
            order[entry.slot as usize] = entry;
            at += 1;
        }
        topic += 1;
    }
    order
}

impl Host {
    /// The table of `S`.
    pub fn serve<S: Serve>(start: ProcessStart) -> Self {
        let slot = S::platform().thread_slot();
        let mut operations = [None; COUNT];
        memory::fill::<S>(&mut operations);
        files::fill::<S>(&mut operations);
        names::fill::<S>(&mut operations);
        time::fill::<S>(&mut operations);
        threads::fill::<S>(&mut operations);
        futex::fill::<S>(&mut operations);
        process::fill::<S>(&mut operations);
        signals::fill::<S>(&mut operations);
        random::fill::<S>(&mut operations);
        waiting::fill::<S>(&mut operations);
        network::fill::<S>(&mut operations);
        modules::fill::<S>(&mut operations);
        Self {
            size: size_of::<Self>() as u32,
            version: VERSION,
            page_bytes: S::platform().page_bytes() as u32,
            slot_base: slot.base as u32,
            slot_offset: slot.offset as i64,
            argument_count: start.argument_count,
            arguments: start.arguments,
            environment: start.environment,
            operations,
        }
    }

    /// The bytes that a table has at least: the head, and the operations that every host has.
    pub const LEAST_SIZE: usize = offset_of!(Self, operations) + REQUIRED as usize * size_of::<Option<Function>>();

    /// Whether this library can use the table: its version, and all that every host has. Whoever uses another breaks the process.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.version == VERSION
            && self.size as usize >= Self::LEAST_SIZE
            && (0..REQUIRED).all(|slot| self.operation(slot).is_some())
    }

    /// The function in a slot, where the table has one: that of an older loader ends before, and a host need not have all.
    pub(crate) fn operation(&self, slot: u16) -> Option<Function> {
        let end = offset_of!(Self, operations) + (slot as usize + 1) * size_of::<Option<Function>>();
        if end > self.size as usize {
            return None;
        }
        *self.operations.get(slot as usize)?
    }

    /// As [`Host::operation`], for those that every host has.
    pub(crate) fn required(&self, slot: u16) -> Function {
        let found = self.operations.get(slot as usize).copied().flatten();
        // SAFETY: the library starts with no other table (`is_usable`).
        unsafe { found.unwrap_unchecked() }
    }
}

impl Facts for Host {
    fn page_bytes(&self) -> usize {
        self.page_bytes as usize
    }
    fn thread_slot(&self) -> Slot {
        let base = if self.slot_base == SlotBase::Gs as u32 { SlotBase::Gs } else { SlotBase::ThreadPointer };
        Slot { base, offset: self.slot_offset as isize }
    }
}

/// Starting programs with lists as C has them, which are not copied: a signal handler may do that.
impl Host {
    /// `execve`.
    ///
    /// # Safety
    /// The lists are null or lists of strings ended by a null pointer.
    pub unsafe fn exec_lists(
        &self,
        path: &[u8],
        arguments: *const *const c_char,
        environment: *const *const c_char,
    ) -> Errno {
        let Some(function) = self.operation(process::slots::exec) else { return Errno::NOSYS };
        // SAFETY: the table's contract: a function of this type is in that slot; caller contract.
        let word = unsafe {
            core::mem::transmute::<Function, process::functions::exec>(function)(path.into(), arguments, environment)
        };
        let Err(errno) = Result::<Infallible>::from_word(word);
        errno
    }
    /// `posix_spawn`.
    ///
    /// # Safety
    /// The pointers of the request are as its fields say.
    pub unsafe fn spawn_request(&self, request: &SpawnRequest) -> Result<i32> {
        let function = self.operation(process::slots::spawn).ok_or(Errno::NOSYS)?;
        // SAFETY: as above.
        Result::from_word(unsafe { core::mem::transmute::<Function, process::functions::spawn>(function)(request) })
    }
}

// SAFETY: the table is never written after it was made; the strings it points to belong to the process.
unsafe impl Sync for Host {}
// SAFETY: as above.
unsafe impl Send for Host {}
