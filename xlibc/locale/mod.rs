//! `<locale.h>`, `<langinfo.h>`, `<nl_types.h>`.
