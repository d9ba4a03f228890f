//! xload on Linux: a static-pie program without a C library.

#![no_std]
#![no_main]

use platform_linux::{Linux, start::Arguments};

static PLATFORM: Linux = Linux;
static LINKER: xload::Linker<Linux> = xload::Linker::new(&PLATFORM);
/// Among the pages that the linker lays out for PT_GNU_RELRO.
#[unsafe(link_section = ".data.rel.ro.table")]
static TABLE: xload::TablePlace = xload::TablePlace::new();
#[global_allocator]
static HEAP: xload::Heap<Linux> = xload::Heap::new(&PLATFORM);

/// The process: this platform and this loader.
struct Process;

impl xload::Process for Process {
    type Host = Linux;
    fn linker() -> &'static xload::Linker<Linux> {
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
        mapped: arguments.mapped,
        executed: Some(platform_linux::open_executed),
        watch: Some(platform_linux::crash::watch),
        dynamic: arguments.dynamic,
        read_only: Some(xload::ReadOnly { pages: arguments.read_only, table: &TABLE }),
        base: arguments.base,
    })
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    xload::panicked(&PLATFORM, info)
}
