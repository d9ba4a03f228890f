//! Start of the library: runs as its initialiser, before those of every other file.

use core::sync::atomic::AtomicPtr;

use crate::types::c_char;

/// `environ`, as C sees it: a plain pointer that programs may also assign.
#[export("environ")]
pub static ENVIRON: AtomicPtr<*mut c_char> = AtomicPtr::new(core::ptr::null_mut());

#[cfg(not(any(test, fuzzing)))]
#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

#[cfg(not(any(test, fuzzing)))]
extern "C" fn start() {
    use super::compatible::{Offered, refuse};
    use super::thread::MAIN;
    use super::{Threads, host};
    use core::sync::atomic::Ordering;
    let host = host();
    if !host.is_usable() {
        refuse(Offered { version: host.version, bytes: host.size });
    }
    super::guard::choose(host);
    super::set_floating_modes(super::DEFAULT_MODES);
    MAIN.0.id.set(host.thread_id());
    host.set_thread_slot(&raw const MAIN.0 as usize);
    ENVIRON.store(host.environment.cast_mut().cast(), Ordering::Release);
}
