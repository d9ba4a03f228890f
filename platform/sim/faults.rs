//! Faults on demand: a request of a given name fails, transfers are cut short, the disk is full, memory runs out.

use std::collections::HashMap;

use platform::{Errno, Result};

use crate::Sim;

/// What is to go wrong.
#[derive(Default)]
pub(crate) struct Faults {
    /// Method name -> (calls that still succeed, error, times it fails; 0 = for ever).
    failing: HashMap<&'static str, (usize, Errno, usize)>,
    /// Most bytes one read or write moves.
    pub transfer_limit: Option<usize>,
    /// Most bytes all files together may hold.
    pub disk_bytes: Option<usize>,
    /// Most bytes all mappings together may hold.
    pub memory_bytes: Option<usize>,
}

impl Faults {
    /// The error that a call of `method` meets now.
    pub fn meet(&mut self, method: &'static str) -> Result<()> {
        let Some((left, errno, times)) = self.failing.get_mut(method) else { return Ok(()) };
        if *left > 0 {
            *left -= 1;
            return Ok(());
        }
        let errno = *errno;
        if *times == 1 {
            self.failing.remove(method);
        } else {
            *times = times.saturating_sub(1);
        }
        Err(errno)
    }
}

impl Sim {
    /// Lets `method` of `Platform` succeed `after` times, then fail once with `errno`.
    pub fn fail_once(&self, method: &'static str, after: usize, errno: Errno) {
        self.state().faults.failing.insert(method, (after, errno, 1));
    }

    /// Lets `method` of `Platform` succeed `after` times, then always fail with `errno`.
    pub fn fail_always(&self, method: &'static str, after: usize, errno: Errno) {
        self.state().faults.failing.insert(method, (after, errno, 0));
    }

    /// Ends all faults of `method`.
    pub fn heal(&self, method: &'static str) {
        self.state().faults.failing.remove(method);
    }

    /// Lets every read and write move at most this many bytes.
    pub fn limit_transfers(&self, bytes: usize) {
        self.state().faults.transfer_limit = Some(bytes);
    }

    /// Makes the disk full once all files together hold this many bytes.
    pub fn limit_disk(&self, bytes: usize) {
        self.state().faults.disk_bytes = Some(bytes);
    }

    /// Makes `map` fail with `ENOMEM` once all mappings together hold this many bytes.
    pub fn limit_memory(&self, bytes: usize) {
        self.state().faults.memory_bytes = Some(bytes);
    }
}
