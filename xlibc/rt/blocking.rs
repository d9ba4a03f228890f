//! The one seam for requests to the host that can wait: for files, time, other threads, children.
//!
//! A request that waits ends with `INTR` when a handler of a signal ran, unless the handler's action asked for a restart, which
//! is the host's part.

use super::{Errno, Result};

/// Asks the host for something that can wait.
#[inline(always)]
pub fn blocking<T>(request: impl FnOnce() -> Result<T>) -> Result<T> {
    request()
}

/// The same for what no signal may end: asked again after `INTR`.
#[inline]
pub fn uninterrupted<T>(mut request: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match blocking(&mut request) {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_interruption_is_tried_again() {
        let mut answers = [Err(Errno::INTR), Err(Errno::INTR), Ok(7), Err(Errno::IO)].into_iter();
        assert_eq!(blocking(|| answers.next().unwrap()), Err(Errno::INTR));
        assert_eq!(uninterrupted(|| answers.next().unwrap()), Ok(7));
        assert_eq!(uninterrupted(|| answers.next().unwrap()), Err(Errno::IO));
    }
}
