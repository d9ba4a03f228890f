//! The mode of the console's output, which outlives the process: it is changed for as long as the process runs.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use windows_sys::Win32::System::Console::{
    ENABLE_PROCESSED_OUTPUT, ENABLE_VIRTUAL_TERMINAL_PROCESSING, GetConsoleMode, SetConsoleMode,
};

use super::nt::Handle;

/// The output whose mode was changed, by a handle of its own, and what it was.
static OUTPUT: AtomicPtr<core::ffi::c_void> = AtomicPtr::new(null_mut());
static BEFORE: AtomicU32 = AtomicU32::new(0);

/// Makes output understand escape sequences, as programs for terminals expect. Old consoles refuse it and stay as they are.
pub fn understand_sequences(output: &Handle) {
    let mut mode = 0;
    // SAFETY: one word is written.
    if unsafe { GetConsoleMode(output.raw(), &mut mode) } == 0 {
        return;
    }
    let wanted = mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    // SAFETY: no pointers.
    if wanted == mode || unsafe { SetConsoleMode(output.raw(), wanted) } == 0 {
        return;
    }
    let Ok(own) = output.duplicate(false) else { return };
    BEFORE.store(mode, Ordering::SeqCst);
    if OUTPUT.compare_exchange(null_mut(), own.raw(), Ordering::SeqCst, Ordering::SeqCst).is_ok() {
        core::mem::forget(own);
    }
}

/// Puts back what was changed, for whoever uses the console next. Takes no lock: the process ends.
pub fn restore() {
    let output = OUTPUT.swap(null_mut(), Ordering::SeqCst);
    if !output.is_null() {
        // SAFETY: the handle from above; no pointers.
        unsafe { SetConsoleMode(output, BEFORE.load(Ordering::SeqCst)) };
    }
}
