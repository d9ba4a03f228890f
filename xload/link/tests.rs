//! Loads damaged files in this process: whatever happens, the loader says what is wrong or links them, and gives back all memory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard};
use std::{format, fs, vec};

use loader_abi::Loader;
use platform::Platform;

use super::*;
use crate::hosted::Hosted;

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
    let builtins = ["xload_write", "xload_exit", "xload_open", "xload_sym", "xload_errno"];
    let builtins = builtins.iter().map(|name| (name.as_bytes(), 0x1234)).collect();
    let result = linker.load_program(opened, None, builtins).and_then(|id| linker.program(id)).map(|_| {
        for index in 0.. {
            let Some(object) = linker.dl_object(index) else { break };
            let _ = linker.dl_address(object.base + 0x1000);
        }
        let _ = linker.dl_symbol(0, b"middle_sum", 0, &mut []);
    });
    let mut state = linker.state.lock();
    for id in state.order.clone() {
        state.remove(&PLATFORM, id);
    }
    result
}

fn mapped() -> usize {
    PLATFORM.mappings.load(core::sync::atomic::Ordering::Relaxed)
}

/// xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
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
    let rounds = std::env::var("XLOAD_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1000);
    let (mut random, mut linked) = (Random(0x9e37_79b9_7f4a_7c15), 0);
    for round in 0..rounds {
        let name = ["program", "libmiddle.so", "libbase.so"][round % 3];
        let good = fs::read(folder.join(name)).unwrap();
        let mut bad = good.clone();
        if random.below(16) == 0 {
            bad.truncate(random.below(good.len()));
        }
        for _ in 0..=random.below(6) {
            // The headers, the tables behind them, and the writable segments with the dynamic section.
            let area = [64, 0x400, 0x800, good.len()][random.below(4)];
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
                Err(error) => assert!(!error.what.is_empty() && !error.file.is_empty()),
            }
            assert_eq!(mapped(), 0, "round {round}: memory stays behind");
        }
        fs::remove_file(&place).unwrap();
        fs::write(&place, &good).unwrap();
    }
    PLATFORM.fixed.store(true, core::sync::atomic::Ordering::Relaxed);
    PLATFORM.files.store(true, core::sync::atomic::Ordering::Relaxed);
    // Some damage is harmless, but not all of it can be.
    assert!(linked > 0 && linked < 3 * rounds, "{linked} of {rounds} linked");
    fs::remove_dir_all(folder).unwrap();
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
