//! Loads damaged files in this process: whatever happens, the loader says what is wrong or links them, and gives back all memory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::string::String;
use std::sync::{Mutex, MutexGuard};
use std::time::Instant;
use std::vec::Vec;
use std::{format, fs, vec};

use loader_abi::{Modules, ObjectInfo, ObjectList};
use platform::{Errno, Facts};

use super::lock::{Lock, Turn};
use super::*;
use crate::damage::{self, Patch, Random, Sample};
use crate::hosted::Hosted;
use crate::trace::Trace;

static PLATFORM: Hosted = Hosted::new();

/// The list for debuggers is one in the process.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn build(output: &Path, source: &str, more: &[&str]) -> bool {
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest");
    let made = Command::new("clang-19")
        .arg(format!("--target={}-unknown-linux-musl", std::env::consts::ARCH))
        .args(["-fuse-ld=lld", "-nostdlib", "-ffreestanding", "-O1", "-fPIC", "-Wl,--unresolved-symbols=ignore-all"])
        .args(["-Wl,-z,separate-loadable-segments", "-s", "-o"])
        .arg(output)
        .arg(guest.join(format!("{source}.c")))
        .args(more)
        .arg("-L")
        .arg(output.parent().unwrap())
        .status();
    made.is_ok_and(|status| status.success())
}

/// A folder with base, middle and program; `None` without clang-19.
fn three(test: &str) -> Option<PathBuf> {
    let folder = std::env::temp_dir().join(format!("xload-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let base = build(&folder.join("libbase.so"), "base", &["-shared", "-Wl,-soname,libbase.so"]);
    let middle = build(&folder.join("libmiddle.so"), "middle", &["-shared", "-Wl,-soname,libmiddle.so", "-lbase"]);
    let relr = "-Wl,-z,pack-relative-relocs";
    let program =
        build(&folder.join("program"), "program", &["-pie", "-Wl,-e,main", "-Wl,-E", relr, "-lmiddle", "-lbase"]);
    (base && middle && program).then_some(folder)
}

/// Loads the program without running anything of it, and takes it out again.
fn load(path: &Path) -> core::result::Result<(), crate::Error> {
    let linker = Linker::new(&PLATFORM);
    linker.state.lock().resolver = |resolver| resolver;
    let path = path.as_os_str().as_encoded_bytes();
    let opened = Opened::open(&PLATFORM, path).map_err(|errno| crate::Error::new(path, format_args!("{errno:?}")))?;
    let builtins = ["xload_write", "xload_exit", "xload_open", "xload_sym", "xload_errno", "xload_host"];
    let builtins = builtins.iter().map(|name| (name.as_bytes(), 0x1234)).collect();
    let root = path.iter().rposition(|byte| *byte == b'/').map(|at| path[..at].to_vec());
    let result = linker
        .load_program(opened, Named { root, ..Named::default() }, builtins, Trace::OFF)
        .and_then(|id| linker.program(id))
        .map(|_| {
            for index in 0.. {
                let Some(object) = linker.dl_object(index) else { break };
                let _ = linker.dl_address(object.base + 0x1000);
            }
            let _ = linker.dl_symbol(0, b"middle_sum", 0, &mut []);
        });
    let mut state = linker.state.lock();
    let all = state.order.clone();
    linker.remove(&mut state, &all);
    result
}

fn mapped() -> usize {
    PLATFORM.mappings.load(core::sync::atomic::Ordering::Relaxed)
}

#[test]
fn damaged_files_are_refused_or_linked() {
    let _alone = alone();
    let Some(folder) = three("damaged") else {
        std::eprintln!("skipped: clang-19 is not installed");
        return;
    };
    load(&folder.join("program")).unwrap();
    assert_eq!(mapped(), 0);
    let (linked, refused) = damage(&folder, &["program", "libmiddle.so", "libbase.so"], 1000);
    // Some damage is harmless, but not all of it can be.
    assert!(linked > 0 && refused > 0, "{linked} linked, {refused} refused");
    fs::remove_dir_all(folder).unwrap();
}

/// The C library and a program as `./x build` makes them.
#[test]
fn damaged_real_files_are_refused_or_linked() {
    let _alone = alone();
    let cpu = std::env::consts::ARCH;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let name = format!("distx.org_2024-xlibc-{cpu}/lib/libc.so");
    let distx = std::env::var_os("DISTX_ROOT").map_or_else(|| root.join("_distx"), PathBuf::from);
    let library = distx.join(&name);
    let folder = std::env::temp_dir().join(format!("xload-real-{}", std::process::id()));
    let copy = folder.join(&name);
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    let program = folder.join("program");
    let mut compile = Command::new(distx.join("bin/distx"));
    compile.args(["cc", "-xc", "-o"]).arg(&program).arg(root.join("examples/hello.c"));
    if fs::copy(library, copy).is_err() || !compile.status().is_ok_and(|status| status.success()) {
        std::eprintln!("skipped: nothing was built yet");
        fs::remove_dir_all(folder).unwrap();
        return;
    }
    load(&program).unwrap();
    assert_eq!(mapped(), 0);
    damage(&folder, &["program", &name], 100);
    fs::remove_dir_all(folder).unwrap();
}

/// Loads the program with one of the files damaged, in many ways; how often it could be linked all the same, and how often not.
/// `./x fuzz` asks for other and more damage.
fn damage(folder: &Path, names: &[&str], rounds: usize) -> (usize, usize) {
    let (seed, limit) = damage::effort();
    let (mut random, mut linked, mut refused, mut round, begun) = (Random(seed), 0, 0, 0, Instant::now());
    let files: Vec<(&str, Sample)> =
        names.iter().map(|name| (*name, Sample::new(fs::read(folder.join(name)).unwrap()))).collect();
    while round < rounds || begun.elapsed() < limit {
        let (name, good) = &files[round % files.len()];
        round += 1;
        let numbers: Vec<Patch> = (0..random.below(4)).map(|_| good.patch(&mut random)).collect();
        let mut bad = good.with(&numbers);
        let good = &good.bytes;
        if random.below(16) == 0 {
            bad.truncate(random.below(good.len()));
        }
        for _ in 0..random.below(if numbers.is_empty() { 7 } else { 2 }) {
            // The headers, the tables behind them, and the writable segments with the dynamic section.
            let area = [64, 0x400, 0x800, good.len() / 16, good.len()][random.below(5)];
            let at = random.below(area);
            let value = [0, 1, 8, 0x7f, 0xff, random.below(256)][random.below(6)] as u8;
            if let Some(byte) = bad.get_mut(at) {
                *byte = value;
            }
        }
        let place = folder.join(name);
        fs::write(&place, &bad).unwrap();
        for (fixed, files) in [(true, true), (false, true), (false, false)] {
            PLATFORM.fixed.store(fixed, core::sync::atomic::Ordering::Relaxed);
            PLATFORM.files.store(files, core::sync::atomic::Ordering::Relaxed);
            match load(&folder.join("program")) {
                Ok(()) => linked += 1,
                Err(error) => {
                    assert!(!error.what.is_empty() && !error.file.is_empty());
                    refused += 1;
                }
            }
            assert_eq!(mapped(), 0, "seed {seed:#x}, round {round}: memory stays behind");
        }
        fs::remove_file(&place).unwrap();
        fs::write(&place, good).unwrap();
    }
    PLATFORM.fixed.store(true, core::sync::atomic::Ordering::Relaxed);
    PLATFORM.files.store(true, core::sync::atomic::Ordering::Relaxed);
    (linked, refused)
}

#[test]
fn truncated_files_are_refused_or_linked() {
    let _alone = alone();
    let Some(folder) = three("truncated") else {
        std::eprintln!("skipped: clang-19 is not installed");
        return;
    };
    let program = folder.join("program");
    let good = fs::read(&program).unwrap();
    for length in (0..good.len()).filter(|length| *length < 0x500 || length % 61 == 0) {
        fs::write(&program, &good[..length]).unwrap();
        let _ = load(&program);
        assert_eq!(mapped(), 0, "{length}");
        fs::remove_file(&program).unwrap();
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_turn_can_be_taken_again_by_its_holder_only() {
    let turn = Turn::new(&PLATFORM);
    let counter = Lock::new(&PLATFORM, vec![0_usize]);
    let step = || {
        for _ in 0..200 {
            let _outer = turn.take();
            let _inner = turn.take();
            let before = counter.lock()[0];
            std::thread::yield_now();
            counter.lock()[0] = before + 1;
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(step);
        }
    });
    assert_eq!(counter.lock()[0], 800);
    assert_eq!(PLATFORM.page_bytes(), 4096);
}

/// What guest code printed.
static PRINTED: Mutex<String> = Mutex::new(String::new());

loader_abi::guest_fn! {
    unsafe fn guest_write(fd: i32, data: *const u8, length: usize) -> i64 {
        assert_eq!(fd, 1);
        // SAFETY: the guest passes a string and its length.
        let data = unsafe { core::slice::from_raw_parts(data, length) };
        PRINTED.lock().unwrap().push_str(&String::from_utf8_lossy(data));
        length as i64
    }
}

fn printed() -> String {
    core::mem::take(&mut PRINTED.lock().unwrap())
}

fn text(message: &[u8]) -> String {
    String::from_utf8_lossy(message.split(|byte| *byte == 0).next().unwrap()).into_owned()
}

#[test]
fn plugins_come_and_go() {
    let _alone = alone();
    let folder = std::env::temp_dir().join(format!("xload-plugins-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let helper = build(&folder.join("libhelper.so"), "helper", &["-shared", "-Wl,-soname,libhelper.so"]);
    let plugin = build(&folder.join("plugin.so"), "plugin", &["-shared", "-lhelper"]);
    let opener = build(&folder.join("opener"), "opener", &["-pie", "-Wl,-e,main", "-Wl,-E"]);
    if !(helper && plugin && opener) {
        std::eprintln!("skipped: clang-19 is not installed");
        return;
    }
    let linker = Linker::new(&PLATFORM);
    let opened = Opened::open(&PLATFORM, folder.join("opener").as_os_str().as_encoded_bytes()).unwrap();
    let names = ["xload_exit", "xload_open", "xload_sym", "xload_errno"];
    let mut builtins: Vec<Builtin> = names.iter().map(|name| (name.as_bytes(), 0)).collect();
    builtins.push((b"xload_write", guest_write as *const () as usize));
    let program = linker.load_program(opened, Named::default(), builtins, Trace::OFF).unwrap();
    linker.initialise(&[program]);
    let mut message = [0; 64];
    let mut open = |path: &str, flags: u32| {
        let caller = linker.state.lock().get(program).unwrap().mapping.at(0x1000);
        linker.dl_open(Some(path.as_bytes()), flags, caller, &mut message).map_err(|_| text(&message))
    };
    let symbol = |handle: usize, name: &str, caller: usize| {
        let mut message = [0; 64];
        linker.dl_symbol(handle, name.as_bytes(), caller, &mut message).map_err(|_| text(&message))
    };
    let closed = |handle: usize| {
        let mut message = [0; 64];
        linker.dl_close(handle, &mut message).map_err(|_| text(&message))
    };

    assert_eq!(open("nowhere.so", 2), Err("nowhere.so: library not found".into()));
    assert_eq!(open("plugin.so", 2 | 4), Err("plugin.so: not loaded".into()));
    let before = mapped();
    let handle = open("plugin.so", 2).unwrap();
    assert_eq!(printed(), "helper begins\nplugin begins\n");
    assert_eq!(open("plugin.so", 2 | 4), Ok(handle));
    assert_eq!(open(folder.join("plugin.so").to_str().unwrap(), 1), Ok(handle));
    let found = symbol(handle, "plugin_value", 0);
    let value = found.as_ref().unwrap().address;
    // A handle reaches what the file needs; the program does not see local files.
    assert!(symbol(handle, "helper", 0).is_ok());
    assert!(symbol(0, "plugin_value", 0).unwrap_err().ends_with("undefined symbol plugin_value"));
    assert_eq!(symbol(0, "plugin_value", value), found);
    assert!(symbol(usize::MAX, "plugin_value", value).is_err() && symbol(usize::MAX, "helper", value).is_ok());
    assert!(symbol(0x1234, "x", 0).unwrap_err().ends_with("invalid handle"));
    let found = linker.dl_address(value + 1).unwrap();
    // SAFETY: strings of the loaded file.
    let name = unsafe { core::ffi::CStr::from_ptr(found.symbol_name) };
    assert_eq!((name, found.symbol), (c"plugin_value", value));
    assert!(linker.dl_address(0x10).is_none());
    let last = (0..).map_while(|index| linker.dl_object(index)).last().unwrap();
    assert_eq!((last.loaded, last.unloaded), (3, 0));

    // Three opens take three closes. Who looks at the list keeps what was in it; who began later does not.
    let list = || linker.dl_objects().unwrap();
    let files = |list: ObjectList| {
        // SAFETY: the list was not given back yet; names are strings.
        let files = unsafe { core::slice::from_raw_parts(list.objects, list.count) };
        // SAFETY: as above.
        let name = |file: &ObjectInfo| unsafe { core::ffi::CStr::from_ptr(file.name) }.count_bytes();
        files.iter().map(name).collect::<Vec<_>>()
    };
    let (first, same) = (list(), list());
    assert_eq!((first.objects, first.count, files(first).len()), (same.objects, 3, 3));
    assert_eq!((closed(handle), closed(handle)), (Ok(()), Ok(())));
    assert_eq!(printed(), "");
    assert_eq!(closed(handle), Ok(()));
    assert_eq!(printed(), "plugin ends\n");
    let later = list();
    assert_eq!((files(later).len(), files(first).len()), (1, 3));
    assert_eq!(linker.dl_release(first.objects.addr()), Ok(()));
    assert!(mapped() > before && files(same).len() == 3);
    assert_eq!(linker.dl_release(same.objects.addr()), Ok(()));
    assert_eq!(linker.dl_release(same.objects.addr()), Err(Errno::INVAL));
    assert_eq!(linker.dl_release(later.objects.addr()), Ok(()));
    assert_eq!(closed(handle), Err("dlclose: invalid handle".into()));
    assert_eq!(mapped(), before);
    assert_eq!(linker.dl_object(0).map(|object| object.unloaded), Some(2));

    // RTLD_GLOBAL shows it to all, RTLD_NODELETE keeps it.
    let handle = open("plugin.so", 0x100 | 0x1000 | 2).unwrap();
    assert!(symbol(0, "helper", 0).is_ok());
    assert_eq!(closed(handle), Ok(()));
    assert_eq!(printed(), "helper begins\nplugin begins\n");
    linker.finalize();
    linker.finalize();
    assert_eq!(printed(), "plugin ends\n");
    let mut state = linker.state.lock();
    let all = state.order.clone();
    linker.remove(&mut state, &all);
    fs::remove_dir_all(folder).unwrap();
}
