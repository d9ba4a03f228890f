//! Random bytes.

use platform_operations::operations;

use crate::Result;

/// Random bytes.
#[operations(random)]
pub trait Random: Sync {
    /// Fills the whole buffer from the host's cryptographic generator.
    #[slot(23)]
    fn random(&self, buffer: &mut [u8]) -> Result<()>;
}
