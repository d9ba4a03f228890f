//! The layers of the sources: what may use what. See docs/architecture.md.

use conformance_tests::layers::circles::circles;
use conformance_tests::layers::{Source, is_abi, read};
use conformance_tests::waiting;
use std::path::Path;
use std::sync::OnceLock;

/// Which areas an area uses besides `rt`, `text` and `sync`: only ones that stand above it here, or that use none, so there are no
/// circles. A line more is a decision, not an accident.
const AREAS: [(&str, &[&str]); 15] = [
    // Registered thread_local objects are noted in memory of the heap.
    ("exit", &["malloc"]),
    // Variables of the environment choose locales.
    ("locale", &["environment"]),
    // isalpha_l and its kin take a locale.
    ("ctype", &["locale"]),
    // strcoll_l and its kin take a locale.
    ("string", &["locale"]),
    // The locale and NLSPATH say which file is opened.
    ("messages", &["environment", "locale"]),
    // An overflow ends as abort does.
    ("fortify", &["exit"]),
    // Where there is no data base of users, the environment names one.
    ("system", &["environment"]),
    // strftime_l takes a locale; TZ is in the environment.
    ("time", &["environment", "locale"]),
    // Thread blocks are from the heap; the last thread ends the process; thrd_sleep sleeps.
    ("pthread", &["exit", "malloc", "time"]),
    // Thread-local objects of an unloaded file go with it.
    ("dl", &["pthread"]),
    // A thread ends with its last context.
    ("ucontext", &["pthread"]),
    // PATH, and what a new program inherits.
    ("process", &["environment"]),
    ("stdlib", &["ctype", "environment", "locale"]),
    ("wchar", &["ctype", "locale", "string"]),
    ("stdio", &["ctype", "environment", "exit", "locale", "process", "stdlib", "string", "system"]),
];

/// Symbols that sources may take by name, where a path would not do.
const IMPORTS: [(&str, &str, &str); 6] = [
    ("xlibc/rt/host.rs", "xload_host", "the loader provides it"),
    ("xlibc/rt/compatible.rs", "xload_write", "what the loader provides whatever its table is"),
    ("xlibc/rt/compatible.rs", "xload_exit", "what the loader provides whatever its table is"),
    ("xlibc/rt/heap.rs", "malloc", "a program may replace it"),
    ("xlibc/rt/heap.rs", "realloc", "a program may replace it"),
    ("xlibc/rt/heap.rs", "free", "a program may replace it"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository")
}

fn xlibc() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| read(root(), "xlibc", &["cdylib", "export"]).expect("sources of xlibc"))
}

/// Everything that must not know which OS it runs on.
fn portable() -> impl Iterator<Item = &'static Source> {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    let others = SOURCES.get_or_init(|| {
        let folders: [(&str, &[&str]); 4] = [
            ("xlibc/cdylib", &[]),
            ("loader-abi", &[]),
            ("platform", &["linux", "windows", "sim"]),
            ("xload", &["linux", "windows", "tests"]),
        ];
        folders.iter().flat_map(|(folder, without)| read(root(), folder, without).expect(folder)).collect()
    });
    xlibc().iter().chain(others)
}

fn assert_none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// What a source of `xlibc` may use, by the first part of a path.
fn allowed(area: &str, used: &str) -> bool {
    let always = used == area || matches!(used, "types" | "export_c");
    match area {
        // The list of modules.
        "" => true,
        "text" | "types" => always,
        "rt" => always,
        "sync" => always || matches!(used, "rt" | "text"),
        _ => {
            let areas = AREAS.iter().find(|(name, _)| *name == area).map_or(&[][..], |(_, areas)| areas);
            always || matches!(used, "rt" | "text" | "sync") || areas.contains(&used)
        }
    }
}

#[test]
fn dependencies_point_down() {
    let mut complaints = Vec::new();
    for source in xlibc() {
        for used in source.uses.iter().filter_map(|path| path.first()) {
            if !allowed(source.area(), used) {
                complaints.push(format!("{}: uses crate::{used}", source.name));
            }
        }
    }
    for (at, (area, list)) in AREAS.iter().enumerate() {
        for used in list.iter().filter(|used| AREAS[at..].iter().any(|(later, _)| later == *used)) {
            complaints.push(format!("{area} uses {used}, which stands below it in the list"));
        }
    }
    for (area, used) in AREAS.iter().flat_map(|(area, list)| list.iter().map(move |used| (area, used))) {
        let uses = |source: &Source| source.uses.iter().any(|path| path.first().is_some_and(|first| first == used));
        if !xlibc().iter().any(|source| source.area() == *area && uses(source)) {
            complaints.push(format!("{area} no longer uses {used}: take it from the list"));
        }
    }
    assert_none(complaints);
}

#[test]
fn only_rt_knows_the_host_table() {
    let others = xlibc().iter().filter(|source| source.area() != "rt");
    let uses =
        others.filter(|source| source.text.contains("loader_abi : :")).map(|source| source.name.clone()).collect();
    assert_none(uses);
}

#[test]
fn nothing_uses_what_c_sees() {
    let mut complaints = Vec::new();
    for source in xlibc() {
        for used in &source.uses {
            let [area, inner @ ..] = &used[..] else { continue };
            // `rt::abi` is the platform's list of constants.
            let is_own = source.is_abi() && area == source.area();
            if area != "rt"
                && inner.iter().any(|part| is_abi(part))
                && !is_own
                && source.module[1..] != [] as [String; 0]
            {
                complaints.push(format!("{}: uses crate::{}", source.name, used.join("::")));
            }
        }
        if source.module.iter().any(|part| part.starts_with("abi_")) {
            complaints.push(format!("{}: parts of what C sees lie in a folder abi/", source.name));
        }
        for name in &source.imports {
            let listed = IMPORTS.iter().any(|(file, symbol, _)| *file == source.name && symbol == name);
            if !listed && !name.starts_with("xlibc_") {
                complaints.push(format!("{}: takes {name} by its symbol", source.name));
            }
        }
    }
    assert_none(complaints);
}

#[test]
fn engines_without_unsafe_code_stay_so() {
    for file in [
        "xlibc/text/mod.rs",
        "xload/elf/mod.rs",
        "xtask/main.rs",
        "conformance-tests/src/lib.rs",
        "distx/main.rs",
        "distx/pack/lib.rs",
        "distx/recipe/lib.rs",
        "distx/toolchain/lib.rs",
    ] {
        let text = std::fs::read_to_string(root().join(file)).expect(file);
        assert!(text.lines().any(|line| line == "#![forbid(unsafe_code)]"), "{file}");
    }
}

#[test]
fn portable_code_knows_no_system() {
    let mut complaints = Vec::new();
    for source in portable() {
        for word in ["target_os", "target_family", "target_env", "cfg ( windows )", "cfg ( unix )"] {
            if source.text.contains(word) {
                complaints.push(format!("{}: {word}", source.name));
            }
        }
    }
    assert_none(complaints);
}

#[test]
fn nothing_is_left_undone_and_no_state_is_unguarded() {
    let mut complaints = Vec::new();
    for source in portable() {
        for words in ["static mut", "todo !", "unimplemented !", "dbg !"] {
            if has_words(&source.text, words) {
                complaints.push(format!("{}: {words}", source.name));
            }
        }
    }
    assert_none(complaints);
}

#[test]
fn requests_that_can_wait_go_through_one_seam() {
    let (mut complaints, mut through) = (Vec::new(), 0);
    for source in xlibc() {
        let (beside, seen) = waiting::requests(source).expect("sources are tokens");
        complaints.extend(beside.iter().map(|name| format!("{}: {name} beside rt::blocking", source.name)));
        through += seen;
    }
    assert_none(complaints);
    assert!(through >= 40, "only {through} requests were found");
}

/// Sources of `xlibc` besides `rt` and the folders `arch` that ask which CPU they are for.
const CPU_SPECIFIC: [(&str, &str); 8] = [
    ("xlibc/lib.rs", "a lint"),
    ("xlibc/types.rs", "C's types"),
    ("xlibc/dl/abi.rs", "entries that pass their return address on"),
    ("xlibc/pthread/thread.rs", "the calling convention of hosts"),
    ("xlibc/setjmp/abi.rs", "nothing but assembly"),
    ("xlibc/stdlib/numbers/mod.rs", "how long double is returned"),
    ("xlibc/ucontext/abi.rs", "nothing but assembly"),
    ("xlibc/text/float.rs", "the format of long double"),
];

#[test]
fn generic_code_does_not_ask_for_the_cpu() {
    let asks = |source: &Source| source.text.contains("target_arch");
    let may = |source: &Source| source.area() == "rt" || source.module.iter().any(|part| part == "arch");
    let listed = |name: &str| CPU_SPECIFIC.iter().any(|(file, _)| *file == name);
    let asking = xlibc().iter().filter(|source| asks(source) && !may(source));
    let mut complaints: Vec<_> = asking
        .filter(|source| !listed(&source.name))
        .map(|source| format!("{}: asks for the CPU outside of a folder arch", source.name))
        .collect();
    for (file, _) in CPU_SPECIFIC {
        if !xlibc().iter().any(|source| source.name == file && asks(source)) {
            complaints.push(format!("{file} no longer asks for the CPU: take it from the list"));
        }
    }
    assert_none(complaints);
}

/// Whether the words stand in the text as tokens of their own; `'static mut` is a lifetime.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| text[..at].ends_with(' ') && !text[..at].ends_with("' "))
}

/// Crates whose files are laid out bottom-up, and what lies in their folders but belongs to others.
const WITHOUT_CIRCLES: [(&str, &[&str]); 19] = [
    ("conformance-tests/host", &["guest", "linux", "windows"]),
    ("conformance-tests/host/windows", &[]),
    ("conformance-tests/src", &[]),
    ("distx", &["pack", "packages", "recipe", "toolchain"]),
    ("distx/pack", &[]),
    ("distx/packages", &["tests"]),
    ("distx/recipe", &[]),
    ("distx/toolchain", &[]),
    ("loader-abi", &[]),
    ("platform", &["demo", "linux", "operations", "sim", "windows"]),
    ("platform/demo", &["tests"]),
    ("platform/linux", &[]),
    ("platform/operations", &[]),
    ("platform/sim", &[]),
    ("platform/windows", &[]),
    ("xbuild", &["program"]),
    ("xlibc", &["cdylib", "export"]),
    ("xload", &["linux", "tests", "windows"]),
    ("xtask", &[]),
];

#[test]
fn files_form_no_circles() {
    let complaints = WITHOUT_CIRCLES.iter().flat_map(|(folder, without)| {
        let sources = read(root(), folder, without).expect(folder);
        assert!(!sources.is_empty(), "{folder}: no sources");
        circles(&sources)
    });
    assert_none(complaints.collect());
}

#[test]
fn hosts_use_the_platform_only() {
    let mut complaints = Vec::new();
    for (folder, others) in [("platform/linux", &[][..]), ("platform/windows", &[]), ("platform/sim", &["loader_abi"])]
    {
        for source in read(root(), folder, &[]).expect(folder) {
            for package in packages().iter().filter(|package| !others.contains(&package.as_str())) {
                if package != "platform" && has_words(&source.text, &format!("{package} : :")) {
                    complaints.push(format!("{}: uses {package}", source.name));
                }
            }
        }
    }
    assert_none(complaints);
}

/// Our own packages, as paths name them.
fn packages() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    let blocks = text.split("[[package]]").skip(1);
    // A package with a source is from elsewhere.
    let own = blocks.filter(|block| !block.contains("\nsource = "));
    let names = own.filter_map(|block| block.split_once("name = \"")?.1.split_once('"'));
    names.map(|(name, _)| name.replace('-', "_")).collect()
}
