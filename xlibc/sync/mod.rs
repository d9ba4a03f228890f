//! Locks over futex words, generic over the host. A word that nobody waits for is released without a request to the host.

mod futex;
mod lock;

pub use lock::{Lock, Locked};
