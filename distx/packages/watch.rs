//! What happens while packages are fetched and installed, for those who show it.

use crate::Key;

/// Whom to tell what happens. Threads share it.
pub trait Watch: Sync {
    /// Something that people like to know.
    fn note(&self, text: &str);
    /// Something that they should.
    fn warn(&self, text: &str);
    /// `done` of `total` bytes of a package's archive are here.
    fn bytes(&self, key: &Key, done: u64, total: Option<u64>);
}
