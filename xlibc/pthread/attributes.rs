//! `pthread_attr_t`: what a thread is started with.

use super::layout::pthread_attr_t;
use super::thread::STACK_BYTES;
use crate::rt::{Errno, Platform, Result};
use crate::types::c_int;

/// PTHREAD_STACK_MIN of the ABI.
const STACK_MIN: usize = 2048;
/// More than any host has.
const BYTES_MAX: usize = usize::MAX / 4;

const SCHED_OTHER: c_int = 0;
const SCHED_FIFO: c_int = 1;
const SCHED_RR: c_int = 2;

impl pthread_attr_t {
    /// What a null attribute pointer means.
    pub fn new(host: &impl Platform) -> Self {
        Self { stack_bytes: STACK_BYTES, guard_bytes: host.page_bytes(), ..Self::default() }
    }

    /// `INVAL` below PTHREAD_STACK_MIN.
    pub fn set_stack_bytes(&mut self, bytes: usize) -> Result<()> {
        if !(STACK_MIN..=BYTES_MAX).contains(&bytes) {
            return Err(Errno::INVAL);
        }
        self.stack_bytes = bytes;
        Ok(())
    }

    /// 0 for none.
    pub fn set_guard_bytes(&mut self, bytes: usize) -> Result<()> {
        if bytes > BYTES_MAX {
            return Err(Errno::INVAL);
        }
        self.guard_bytes = bytes;
        Ok(())
    }

    /// PTHREAD_CREATE_JOINABLE or PTHREAD_CREATE_DETACHED.
    pub fn set_detach(&mut self, detach: c_int) -> Result<()> {
        self.detach = flag(detach)?;
        Ok(())
    }

    /// PTHREAD_INHERIT_SCHED or PTHREAD_EXPLICIT_SCHED.
    pub fn set_inherit(&mut self, inherit: c_int) -> Result<()> {
        self.inherit = flag(inherit)?;
        Ok(())
    }

    /// PTHREAD_SCOPE_SYSTEM only: every thread is one of the host's.
    pub fn set_scope(&mut self, scope: c_int) -> Result<()> {
        match flag(scope)? {
            0 => Ok(()),
            _ => Err(Errno::OPNOTSUPP),
        }
    }

    /// SCHED_OTHER only.
    pub fn set_policy(&mut self, policy: c_int) -> Result<()> {
        match policy {
            SCHED_OTHER => Ok(()),
            SCHED_FIFO | SCHED_RR => Err(Errno::OPNOTSUPP),
            _ => Err(Errno::INVAL),
        }
    }

    /// 0 only, the one priority of SCHED_OTHER.
    pub fn set_priority(&mut self, priority: c_int) -> Result<()> {
        if priority != 0 {
            return Err(Errno::OPNOTSUPP);
        }
        Ok(())
    }

    /// Lowest address and size of the stack that the attributes describe; `INVAL` when they describe none.
    pub fn stack(&self) -> Result<(usize, usize)> {
        if self.stack_end == 0 {
            return Err(Errno::INVAL);
        }
        Ok((self.stack_end - self.stack_bytes, self.stack_bytes))
    }
}

/// 0 or 1, as many attributes are; else `INVAL`.
pub(super) fn flag(value: c_int) -> Result<c_int> {
    if value == 0 || value == 1 { Ok(value) } else { Err(Errno::INVAL) }
}
