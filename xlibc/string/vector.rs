//! Sixteen bytes at a time: SSE2 on x86_64, NEON on aarch64, both part of every such CPU.

pub use super::arch::{Mask, Vector};

/// Bytes in a [`Vector`].
pub const LANES: usize = 16;
