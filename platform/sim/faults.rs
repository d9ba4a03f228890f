//! Faults on demand: an operation of a given name fails.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use platform::{Errno, Hook, Operation, Result, Value};

/// The operations that fail.
#[derive(Default)]
pub struct Faults(Mutex<HashMap<&'static str, Fault>>);

/// How one operation fails.
struct Fault {
    /// Calls that still succeed.
    left: usize,
    errno: Errno,
    /// Fails once only.
    once: bool,
}

impl Faults {
    fn all(&self) -> MutexGuard<'_, HashMap<&'static str, Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets an operation succeed `after` times, then fail once with `errno`.
    pub fn fail_once(&self, operation: &'static str, after: usize, errno: Errno) {
        self.all().insert(operation, Fault { left: after, errno, once: true });
    }

    /// Lets an operation succeed `after` times, then always fail with `errno`.
    pub fn fail_always(&self, operation: &'static str, after: usize, errno: Errno) {
        self.all().insert(operation, Fault { left: after, errno, once: false });
    }

    /// Ends all faults of an operation.
    pub fn heal(&self, operation: &'static str) {
        self.all().remove(operation);
    }
}

impl Hook for Faults {
    fn before(&self, operation: Operation, _: &[Value<'_>]) -> Result<()> {
        let mut all = self.all();
        let Some(fault) = all.get_mut(operation.name) else { return Ok(()) };
        if fault.left > 0 {
            fault.left -= 1;
            return Ok(());
        }
        let errno = fault.errno;
        if fault.once {
            all.remove(operation.name);
        }
        Err(errno)
    }
}
