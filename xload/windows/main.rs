//! xload on Windows: a console program without the C runtime.

#![cfg_attr(windows, no_std)]
#![cfg_attr(windows, no_main)]

#[cfg(not(windows))]
fn main() {
    // Built for another host only by commands over the whole workspace.
    eprintln!("xload_windows runs on Windows");
    std::process::exit(127);
}

#[cfg(windows)]
mod program {
    extern crate alloc;

    use alloc::ffi::CString;
    use alloc::vec::Vec;
    use core::ffi::{CStr, c_char};

    use platform::Process as _;
    use platform_windows::{Strings, Windows};

    static PLATFORM: Windows = Windows;
    static LINKER: xload::Linker<Windows> = xload::Linker::new(&PLATFORM);
    #[global_allocator]
    static HEAP: xload::Heap<Windows> = xload::Heap::new(&PLATFORM);

    /// The process: this platform and this loader.
    struct Process;

    impl xload::Process for Process {
        type Host = Windows;
        /// Asked for at the begin of every request of the program.
        fn linker() -> &'static xload::Linker<Windows> {
            platform_windows::stack::follow();
            &LINKER
        }
    }

    /// Where Windows starts the process.
    #[unsafe(no_mangle)]
    extern "system" fn mainCRTStartup() -> ! {
        platform_windows::run_main(main)
    }

    fn main() -> i32 {
        let (arguments, environment) = (platform_windows::arguments(), platform_windows::environment());
        set_root(&environment);
        xload::run::<Process>(xload::Start {
            watch: Some(platform_windows::watch),
            ..xload::Start::new(arguments.count, list(&arguments), environment.list)
        })
    }

    /// The arguments. What Windows calls a packed program, when a person clicks it, is a path that programs do not understand: theirs
    /// has slashes.
    fn list(arguments: &Strings) -> *const *const c_char {
        let is_of_windows = |name: &[u8]| name.contains(&b'\\');
        if !xload::is_packed() || !arguments.iter().next().is_some_and(is_of_windows) {
            return arguments.list;
        }
        let mut path = [0; 4096];
        let length = PLATFORM.executable_path(&mut path).unwrap_or(0);
        match CString::new(path.get(..length).unwrap_or_default()) {
            Ok(own) if length != 0 => {
                let others = arguments.iter_c().skip(1).map(CStr::as_ptr);
                let list = [own.into_raw().cast_const()].into_iter().chain(others).chain([core::ptr::null()]);
                list.collect::<Vec<_>>().leak().as_ptr()
            }
            _ => arguments.list,
        }
    }

    /// The guest's `/` is `$XLOAD_ROOT`, else the root in which this executable lies as `/<package>/bin/<name>`; for a packed
    /// program, which lies anywhere, the top of its drive or share.
    fn set_root(environment: &Strings) {
        let root = environment.iter().find_map(|variable| variable.strip_prefix(b"XLOAD_ROOT="));
        if let Some(root) = root.filter(|root| !root.is_empty()) {
            return platform_windows::set_root(root);
        }
        let mut path = [0; 4096];
        let Ok(length) = PLATFORM.executable_path(&mut path) else { return };
        let path = path.get(..length).unwrap_or_default();
        if xload::is_packed() {
            return platform_windows::set_root(top(path));
        }
        let mut root = path;
        for _ in 0..3 {
            let end = root.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            root = root.get(..end).unwrap_or_default();
        }
        // An executable that lies higher up has the top of its drive as root.
        platform_windows::set_root(if root.len() < 2 { top(path) } else { root });
    }

    /// `/c` of `/c/folder/file`, `//server/share` of `//server/share/folder/file`.
    fn top(path: &[u8]) -> &[u8] {
        let names = if path.starts_with(b"//") { 4 } else { 2 };
        let slash = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').nth(names - 1);
        path.get(..slash.map_or(path.len(), |(at, _)| at)).unwrap_or_default()
    }

    #[panic_handler]
    fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
        xload::panicked(&PLATFORM, info)
    }
}
