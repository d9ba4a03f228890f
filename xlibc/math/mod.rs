//! `<math.h>`, `<fenv.h>`.
//!
//! `double` and `float` come from crate `libm`, except what depends on the rounding mode or is missing there. `long double` is done in
//! integers, for x87's format and for binary128 alike. `math_errhandling` is MATH_ERREXCEPT: errno stays, exceptions are raised.

pub mod abi;
mod arch;
pub mod fenv;
pub mod gamma;
pub mod hyperbolic;
pub mod long_double;
pub mod nearest;
pub mod scale;
