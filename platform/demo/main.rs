//! The loader on the demonstration host: `xload_demo PROGRAM ARGUMENT...`

use std::ffi::{CString, c_char};

use platform_demo::Demo;

static LINKER: xload::Linker<Demo> = xload::Linker::new(&Demo);

struct Process;

impl xload::Process for Process {
    type Host = Demo;
    fn linker() -> &'static xload::Linker<Demo> {
        &LINKER
    }
}

/// A list as C has it, for the life of the process; a string with a NUL is left out.
fn list(strings: impl Iterator<Item = String>) -> &'static [*const c_char] {
    let strings = strings.filter_map(|string| CString::new(string).ok());
    strings.map(|string| string.into_raw().cast_const()).chain([std::ptr::null()]).collect::<Vec<_>>().leak()
}

fn main() {
    let arguments = list(std::env::args());
    let environment = list(std::env::vars().map(|(name, value)| format!("{name}={value}")));
    xload::run::<Process>(xload::Start::new(arguments.len() - 1, arguments.as_ptr(), environment.as_ptr()))
}
