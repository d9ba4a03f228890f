//! Locks over futex words, generic over the host. A word that nobody waits for is released without a request to the host.
//!
//! Every type is `repr(C)`, made of atomics, and valid when all its bytes are zero, so that it can lie in C's objects
//! (`pthread_mutex_t` ...) and be shared between processes.

pub mod atomic;
mod barrier;
mod condvar;
mod futex;
mod lock;
mod mutex;
mod once;
mod rwlock;
mod semaphore;

pub use barrier::{Barrier, Serial};
pub use condvar::Condvar;
pub use lock::{Lock, Locked};
pub use mutex::{Kind, Mutex};
pub use once::{Enter, Once};
pub use rwlock::RwLock;
pub use semaphore::{Semaphore, VALUE_MAX};

#[cfg(test)]
mod interleavings;
#[cfg(test)]
mod tests;
