//! Memory of the guest that the platform itself reads or writes: it may not be there, which is `EFAULT` and no signal, as where
//! the kernel meets it.

use core::arch::naked_asm;

use platform::{Errno, Result};
use windows_sys::Win32::System::Diagnostics::Debug::CONTEXT;

/// Copies as many bytes as both have. `FAULT` where some of them are not there.
pub fn copy(to: &mut [u8], from: &[u8]) -> Result<()> {
    let count = to.len().min(from.len());
    // SAFETY: both are as long, and a fault ends the copy.
    let left = unsafe { copy_bytes(to.as_mut_ptr(), from.as_ptr(), 0, count) };
    if left == 0 { Ok(()) } else { Err(Errno::FAULT) }
}

/// A text in the buffer that was given for it; its length. `RANGE` where it does not fit.
pub fn answer(text: &[u8], buffer: &mut [u8]) -> Result<usize> {
    buffer.get_mut(..text.len()).ok_or(Errno::RANGE)?.copy_from_slice(text);
    Ok(text.len())
}

/// Fills the buffer with what `next` puts into pieces of it.
pub fn fill(buffer: &mut [u8], mut next: impl FnMut(&mut [u8]) -> Result<()>) -> Result<()> {
    let mut own = [0; 4096];
    for piece in buffer.chunks_mut(own.len()) {
        let own = own.get_mut(..piece.len()).unwrap_or_default();
        next(own)?;
        copy(piece, own)?;
    }
    Ok(())
}

/// Ends a copy that met a fault. `false`: the thread was not copying.
pub fn end_copy(context: &mut CONTEXT) -> bool {
    const REP_MOVSB_BYTES: u64 = 2;
    let copying = context.Rip == copy_bytes as *const () as u64;
    if copying {
        context.Rip += REP_MOVSB_BYTES;
    }
    copying
}

/// Copies `count` bytes; how many are left. Its first instruction is the only one that touches them.
///
/// # Safety
/// The bytes are there, or a fault may end the copy ([`end_copy`]).
#[unsafe(naked)]
unsafe extern "sysv64" fn copy_bytes(to: *mut u8, from: *const u8, unused: usize, count: usize) -> usize {
    naked_asm!("rep movsb", "mov rax, rcx", "ret")
}
