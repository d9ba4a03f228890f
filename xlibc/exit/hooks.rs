//! What areas of the library want done when the process ends in order: streams to be flushed.

use core::sync::atomic::{AtomicPtr, Ordering};

/// More than there are areas with something to do.
static HOOKS: [AtomicPtr<()>; 4] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 4];

/// Runs `hook` at `exit`, after all handlers and finalisers. Adding it again changes nothing.
pub fn add_hook(hook: fn()) {
    let hook = hook as *mut ();
    for place in &HOOKS {
        match place.compare_exchange(core::ptr::null_mut(), hook, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return,
            Err(known) if known == hook => return,
            Err(_) => {}
        }
    }
}

/// Runs the hooks in the order in which they were added.
pub fn run() {
    for place in &HOOKS {
        let hook = place.load(Ordering::Acquire);
        if !hook.is_null() {
            // SAFETY: only `add_hook` stores there.
            unsafe { core::mem::transmute::<*mut (), fn()>(hook)() };
        }
    }
}
