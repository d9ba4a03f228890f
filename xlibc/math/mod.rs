//! `<math.h>`, `<fenv.h>`.
