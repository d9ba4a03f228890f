//! The mode of the console's output, which outlives the process: it is changed for as long as the process runs.

use core::sync::atomic::{AtomicU64, Ordering};

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::Console::{
    ENABLE_PROCESSED_OUTPUT, ENABLE_VIRTUAL_TERMINAL_PROCESSING, GetConsoleMode, SetConsoleMode,
};

use super::nt::Handle;

/// The first output whose mode was changed, by a handle of its own, of which 32 bits count, and above it what the mode was. 0: none.
static CHANGED: AtomicU64 = AtomicU64::new(0);

/// Makes output understand escape sequences, as programs for terminals expect. Old consoles refuse it and stay as they are.
pub fn understand_sequences(output: &Handle) {
    let mut mode = 0;
    // SAFETY: one word is written.
    if unsafe { GetConsoleMode(output.raw(), &mut mode) } == 0 {
        return;
    }
    let wanted = mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    if wanted == mode {
        return;
    }
    // Before the change: what cannot be put back is left alone.
    let Ok(own) = output.duplicate(false) else { return };
    // SAFETY: no pointers.
    if unsafe { SetConsoleMode(output.raw(), wanted) } == 0 {
        return;
    }
    let changed = u64::from(mode) << 32 | u64::from(own.raw() as u32);
    if CHANGED.compare_exchange(0, changed, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
        core::mem::forget(own);
    }
}

/// Puts back what was changed, for whoever uses the console next. Takes no lock: the process ends.
pub fn restore() {
    let changed = CHANGED.swap(0, Ordering::SeqCst);
    if changed != 0 {
        let (output, mode) = (changed as u32 as usize as HANDLE, (changed >> 32) as u32);
        // SAFETY: the handle from above; no pointers.
        unsafe { SetConsoleMode(output, mode) };
    }
}
