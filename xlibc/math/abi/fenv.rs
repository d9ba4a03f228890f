//! `<fenv.h>`: what C sees.

use crate::math::fenv::{self, Environment, Exceptions, Flags, Rounding};
use crate::types::c_int;

/// The exceptions of an argument; C ignores other bits.
fn exceptions(mask: c_int) -> Exceptions {
    Exceptions(mask as u32 & Exceptions::ALL.0)
}

/// The environment behind a pointer, which may be `FE_DFL_ENV`.
///
/// # Safety
/// `environment` is `FE_DFL_ENV` or valid.
unsafe fn from_c(environment: *const Environment) -> Environment {
    // SAFETY: caller contract.
    if environment.addr() == usize::MAX { Environment::DEFAULT } else { unsafe { *environment } }
}

/// C23 7.6.4.1. Always 0.
#[export]
pub extern "C" fn feclearexcept(mask: c_int) -> c_int {
    fenv::clear(exceptions(mask));
    0
}

/// C23 7.6.4.3. Always 0.
#[export]
pub extern "C" fn feraiseexcept(mask: c_int) -> c_int {
    fenv::raise(exceptions(mask));
    0
}

/// C23 7.6.4.7.
#[export]
pub extern "C" fn fetestexcept(mask: c_int) -> c_int {
    (fenv::raised().0 & mask as u32) as c_int
}

/// C23 7.6.4.2. Always 0.
///
/// # Safety
/// `flags` is writable.
#[export]
pub unsafe extern "C" fn fegetexceptflag(flags: *mut Flags, mask: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { *flags = fetestexcept(mask) as Flags };
    0
}

/// C23 7.6.4.6. Always 0.
///
/// # Safety
/// `flags` is readable.
#[export]
pub unsafe extern "C" fn fesetexceptflag(flags: *const Flags, mask: c_int) -> c_int {
    // SAFETY: caller contract.
    let wanted = u32::from(unsafe { *flags });
    let mask = exceptions(mask).0;
    fenv::clear(Exceptions(mask & !wanted));
    fenv::raise(Exceptions(mask & wanted));
    0
}

/// C23 7.6.5.1.
#[export]
pub extern "C" fn fegetround() -> c_int {
    fenv::rounding().to_c()
}

/// C23 7.6.5.5. -1 for an invalid mode; then nothing changes.
#[export]
pub extern "C" fn fesetround(mode: c_int) -> c_int {
    match Rounding::from_c(mode) {
        Some(mode) => {
            fenv::set_rounding(mode);
            0
        }
        None => -1,
    }
}

/// The macro `FLT_ROUNDS` (C23 5.2.5.3.3).
#[export]
pub extern "C" fn __flt_rounds() -> c_int {
    match fenv::rounding() {
        Rounding::TowardZero => 0,
        Rounding::ToNearest => 1,
        Rounding::Upward => 2,
        Rounding::Downward => 3,
    }
}

/// C23 7.6.6.1. Always 0.
///
/// # Safety
/// `to` is writable.
#[export]
pub unsafe extern "C" fn fegetenv(to: *mut Environment) -> c_int {
    // SAFETY: caller contract.
    unsafe { *to = Environment::current() };
    0
}

/// C23 7.6.6.3. Always 0.
///
/// # Safety
/// `from` is `FE_DFL_ENV` or an environment.
#[export]
pub unsafe extern "C" fn fesetenv(from: *const Environment) -> c_int {
    // SAFETY: caller contract.
    unsafe { from_c(from) }.install();
    0
}

/// C23 7.6.6.2. Always 0.
///
/// # Safety
/// `to` is writable.
#[export]
pub unsafe extern "C" fn feholdexcept(to: *mut Environment) -> c_int {
    let environment = Environment::current();
    // SAFETY: caller contract.
    unsafe { *to = environment };
    environment.held().install();
    0
}

/// C23 7.6.6.4. Always 0.
///
/// # Safety
/// `from` is `FE_DFL_ENV` or an environment.
#[export]
pub unsafe extern "C" fn feupdateenv(from: *const Environment) -> c_int {
    let raised = fenv::raised();
    // SAFETY: caller contract.
    unsafe { from_c(from) }.install();
    fenv::raise(raised);
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_and_exceptions_are_kept_and_restored() {
        let all = Exceptions::ALL.0 as c_int;
        let (invalid, inexact) = (Exceptions::INVALID.0 as c_int, Exceptions::INEXACT.0 as c_int);
        let mut saved = Environment::DEFAULT;
        let mut flags = 0;
        // SAFETY: locals.
        unsafe {
            assert_eq!(fegetenv(&mut saved), 0);
            for mode in [Rounding::Upward, Rounding::Downward, Rounding::TowardZero, Rounding::ToNearest] {
                assert_eq!((fesetround(mode.to_c()), fegetround()), (0, mode.to_c()));
            }
            assert_eq!((fesetround(1), fegetround(), __flt_rounds()), (-1, 0, 1));
            feclearexcept(all);
            assert_eq!(fetestexcept(all), 0);
            feraiseexcept(invalid | inexact);
            assert_eq!((fetestexcept(all), fetestexcept(invalid)), (invalid | inexact, invalid));
            fegetexceptflag(&mut flags, all);
            feclearexcept(invalid);
            assert_eq!(fetestexcept(all), inexact);
            fesetexceptflag(&flags, invalid);
            assert_eq!(fetestexcept(all), invalid | inexact);
            let mut held = Environment::DEFAULT;
            fesetround(Rounding::Upward.to_c());
            feholdexcept(&mut held);
            assert_eq!((fetestexcept(all), fegetround()), (0, Rounding::Upward.to_c()));
            feraiseexcept(Exceptions::OVERFLOW.0 as c_int);
            feupdateenv(&held);
            assert_eq!(fetestexcept(all), invalid | inexact | Exceptions::OVERFLOW.0 as c_int);
            fesetenv(core::ptr::without_provenance(usize::MAX));
            assert_eq!((fetestexcept(all), fegetround()), (0, 0));
            fesetenv(&saved);
        }
    }
}
