//! xload on Linux: a static-pie program without a C library.

#![no_std]
#![no_main]

use platform_linux::{Linux, start::Arguments};

static PLATFORM: Linux = Linux;
static LINKER: xload::Linker<Linux> = xload::Linker::new(&PLATFORM);
#[global_allocator]
static HEAP: xload::Heap<Linux> = xload::Heap::new(&PLATFORM);

/// The process: this platform and this loader.
struct Process;

impl loader_abi::Serve for Process {
    type Platform = Linux;
    type Loader = xload::Linker<Linux>;
    fn platform() -> &'static Linux {
        &PLATFORM
    }
    fn loader() -> &'static xload::Linker<Linux> {
        &LINKER
    }
}

platform_linux::program!(main);

fn main(arguments: Arguments) -> i32 {
    xload::run::<Process>(xload::Start {
        argument_count: arguments.count,
        arguments: arguments.values,
        environment: arguments.environment,
        descriptor: arguments.opened,
        preserved_argv0: arguments.keeps_name,
        interpreted: arguments.interpreted,
        executed: Some(platform_linux::start::open_executed),
        dynamic: arguments.dynamic,
        base: arguments.base,
    })
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    xload::panicked(&PLATFORM, info)
}
