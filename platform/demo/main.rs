//! The loader on the demonstration host: `xload_demo PROGRAM ARGUMENT...`

use std::ffi::CString;

use platform_demo::Demo;

static LINKER: xload::Linker<Demo> = xload::Linker::new(&Demo);

struct Process;

impl xload::Process for Process {
    type Host = Demo;
    fn linker() -> &'static xload::Linker<Demo> {
        &LINKER
    }
}

fn main() {
    // Strings of a process have no NUL.
    let arguments = std::env::args().filter_map(|argument| CString::new(argument).ok());
    let environment = std::env::vars().filter_map(|(name, value)| CString::new(format!("{name}={value}")).ok());
    xload::run::<Process>(xload::Start::from_strings(arguments, environment))
}
