//! `posix_spawn_file_actions_t` and `posix_spawnattr_t` of the C ABI.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::rt::{Errno, Result, SpawnStep, heap};
use crate::types::{c_int, c_short, c_void, sigset_t};
use platform::SpawnAction;

/// The steps as the host takes them, and the paths that they point to.
#[derive(Debug, Default)]
struct Steps {
    list: Vec<SpawnStep>,
    paths: Vec<Vec<u8>>,
}

/// `posix_spawn_file_actions_t`: a list that grows.
#[derive(Debug)]
#[repr(C)]
pub struct posix_spawn_file_actions_t {
    pad: [c_int; 2],
    steps: *mut Steps,
    room: [c_int; 16],
}

const _: () = assert!(size_of::<posix_spawn_file_actions_t>() == 80);

impl posix_spawn_file_actions_t {
    /// No steps.
    pub const EMPTY: Self = Self { pad: [0; 2], steps: core::ptr::null_mut(), room: [0; 16] };

    /// The steps in order.
    pub fn steps(&self) -> &[SpawnStep] {
        // SAFETY: `push` made the list, and it lives until `clear`.
        unsafe { self.steps.as_ref() }.map_or(&[], |steps| &steps.list)
    }

    /// Adds a step, with a copy of its path. `ENOMEM`.
    pub fn push(&mut self, action: SpawnAction<'_>) -> Result<()> {
        if self.steps.is_null() {
            self.steps = Box::into_raw(heap::boxed(Steps::default())?);
        }
        // SAFETY: made above or by an earlier call.
        let Steps { list, paths } = unsafe { &mut *self.steps };
        list.try_reserve(1).map_err(|_| Errno::NOMEM)?;
        paths.try_reserve(1).map_err(|_| Errno::NOMEM)?;
        let mut step = SpawnStep::from(&action);
        if let SpawnAction::Open { path, .. } | SpawnAction::ChangeDirectory { path } = action {
            let mut copy = Vec::new();
            copy.try_reserve_exact(path.len()).map_err(|_| Errno::NOMEM)?;
            copy.extend_from_slice(path);
            step.path = copy[..].into();
            paths.push(copy);
        }
        list.push(step);
        Ok(())
    }

    /// Frees the steps.
    pub fn clear(&mut self) {
        if !self.steps.is_null() {
            // SAFETY: `push` made the list; it is not used again.
            drop(unsafe { Box::from_raw(self.steps) });
            self.steps = core::ptr::null_mut();
        }
    }
}

/// `posix_spawnattr_t`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct posix_spawnattr_t {
    pub flags: c_int,
    pub process_group: c_int,
    pub defaults: sigset_t,
    pub mask: sigset_t,
    scheduling: [c_int; 2],
    function: *mut c_void,
    room: [u8; 56],
}

const _: () = assert!(size_of::<posix_spawnattr_t>() == 336);

impl posix_spawnattr_t {
    pub const SET_PROCESS_GROUP: c_short = 2;
    pub const SET_DEFAULTS: c_short = 4;
    pub const SET_MASK: c_short = 8;
    /// POSIX_SPAWN_RESETIDS, POSIX_SPAWN_USEVFORK: there is nothing to reset, and nothing to choose.
    pub const WITHOUT_EFFECT: c_short = 1 | 64;

    /// As `posix_spawnattr_init` leaves it.
    pub const INITIAL: Self = Self {
        flags: 0,
        process_group: 0,
        defaults: sigset_t { bits: [0; 16] },
        mask: sigset_t { bits: [0; 16] },
        scheduling: [0; 2],
        function: core::ptr::null_mut(),
        room: [0; 56],
    };

    fn has(&self, flag: c_short) -> bool {
        self.flags & c_int::from(flag) != 0
    }

    /// The mask to set, if any.
    pub fn wanted_mask(&self) -> Option<u64> {
        self.has(Self::SET_MASK).then_some(self.mask.bits[0])
    }

    /// The signals to set to their default.
    pub fn wanted_defaults(&self) -> u64 {
        if self.has(Self::SET_DEFAULTS) { self.defaults.bits[0] } else { 0 }
    }

    /// The process group to set, if any.
    pub fn wanted_group(&self) -> Option<c_int> {
        self.has(Self::SET_PROCESS_GROUP).then_some(self.process_group)
    }
}
