//! A child to start, as it travels through the table.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use platform::{Errno, Result, Spawn, SpawnAction};

use crate::lists::{list, strings};
use crate::parameter::{Bytes, Wire};
use crate::plain::C;

/// A step of [`SpawnRequest`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SpawnStep {
    /// 0 close `fd`, 1 duplicate `fd` to `target`, 2 open `path` as `fd`, 3 change the directory to `path`.
    pub kind: u32,
    pub fd: i32,
    pub target: i32,
    pub flags: u32,
    pub mode: u32,
    pub path: Bytes,
}

/// A child to start ([`platform::Spawn`]).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SpawnRequest {
    pub path: Bytes,
    pub arguments: *const *const c_char,
    pub environment: *const *const c_char,
    pub steps: *const SpawnStep,
    pub step_count: usize,
    pub default_signals: u64,
    pub signal_mask: u64,
    /// 1: `signal_mask` is set; 2: `process_group` is set.
    pub flags: u32,
    pub process_group: i32,
}

/// The request, and the lists that it points to.
pub(crate) struct Kept {
    request: SpawnRequest,
    _arguments: Vec<*const c_char>,
    _environment: Vec<*const c_char>,
    _steps: Vec<SpawnStep>,
}

/// The request in Rust's form, and its lists.
pub(crate) struct Received<'a> {
    request: SpawnRequest,
    arguments: Vec<&'a CStr>,
    environment: Vec<&'a CStr>,
    actions: Vec<SpawnAction<'a>>,
}

impl<'a> Wire for Spawn<'a> {
    type Form = *const SpawnRequest;
    type Kept = Kept;
    type Received = Received<'a>;
    const C: C = C::Input("struct xload_SpawnRequest");

    fn keep(self) -> Result<Kept> {
        let (arguments, environment) = (list(self.arguments)?, list(self.environment)?);
        let mut steps = Vec::new();
        steps.try_reserve_exact(self.actions.len()).map_err(|_| Errno::NOMEM)?;
        steps.extend(self.actions.iter().map(SpawnStep::from));
        let request = SpawnRequest {
            path: self.path.into(),
            arguments: arguments.as_ptr(),
            environment: environment.as_ptr(),
            steps: steps.as_ptr(),
            step_count: steps.len(),
            default_signals: self.default_signals,
            signal_mask: self.signal_mask.unwrap_or(0),
            flags: u32::from(self.signal_mask.is_some()) | u32::from(self.process_group.is_some()) << 1,
            process_group: self.process_group.unwrap_or(0),
        };
        Ok(Kept { request, _arguments: arguments, _environment: environment, _steps: steps })
    }
    fn form(kept: &mut Kept) -> *const SpawnRequest {
        &raw const kept.request
    }
    unsafe fn receive(form: *const SpawnRequest) -> Result<Received<'a>> {
        // SAFETY: caller contract.
        let (request, arguments, environment) = unsafe {
            let request = form.read();
            (request, strings(request.arguments)?, strings(request.environment)?)
        };
        let steps = if request.step_count == 0 {
            &[]
        } else {
            // SAFETY: caller contract.
            unsafe { core::slice::from_raw_parts(request.steps, request.step_count) }
        };
        let mut actions = Vec::new();
        actions.try_reserve_exact(steps.len()).map_err(|_| Errno::NOMEM)?;
        for step in steps {
            // SAFETY: caller contract.
            actions.push(unsafe { action(step)? });
        }
        Ok(Received { request, arguments, environment, actions })
    }
    unsafe fn lift(received: &mut Received<'a>) -> Self {
        let request = received.request;
        // SAFETY: caller contract: `received` outlives the use.
        let received: &'a Received<'a> = unsafe { &*core::ptr::from_mut(received) };
        Self {
            // SAFETY: caller contract.
            path: unsafe { request.path.get() },
            arguments: &received.arguments,
            environment: &received.environment,
            actions: &received.actions,
            signal_mask: (request.flags & 1 != 0).then_some(request.signal_mask),
            default_signals: request.default_signals,
            process_group: (request.flags & 2 != 0).then_some(request.process_group),
        }
    }
}

impl From<&SpawnAction<'_>> for SpawnStep {
    fn from(action: &SpawnAction<'_>) -> Self {
        let none = Self { kind: 0, fd: -1, target: -1, flags: 0, mode: 0, path: Bytes::from(&[][..]) };
        match *action {
            SpawnAction::Close { fd } => Self { kind: 0, fd, ..none },
            SpawnAction::Duplicate { fd, target } => Self { kind: 1, fd, target, ..none },
            SpawnAction::Open { fd, path, flags, mode } => Self { kind: 2, fd, flags, mode, path: path.into(), ..none },
            SpawnAction::ChangeDirectory { path } => Self { kind: 3, path: path.into(), ..none },
        }
    }
}

/// # Safety
/// The path of the step is as its fields say.
unsafe fn action<'a>(step: &SpawnStep) -> Result<SpawnAction<'a>> {
    let SpawnStep { fd, target, flags, mode, .. } = *step;
    // SAFETY: caller contract.
    let path = unsafe { step.path.get() };
    match step.kind {
        0 => Ok(SpawnAction::Close { fd }),
        1 => Ok(SpawnAction::Duplicate { fd, target }),
        2 => Ok(SpawnAction::Open { fd, path, flags, mode }),
        3 => Ok(SpawnAction::ChangeDirectory { path }),
        _ => Err(Errno::INVAL),
    }
}
