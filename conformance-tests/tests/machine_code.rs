//! `cargo test -p conformance-tests --test machine_code`: what the compiler made of
//! libc.so, as it ships.

use conformance_tests::clang::Cpu;
use conformance_tests::hosts::{distx, is_quick};
use conformance_tests::machine_code::{Functions, forbidden, read};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

/// Loops that the compiler likes to turn into calls of the very functions that hold them.
const BLOCKS: [&str; 26] = [
    "memcpy", "memmove", "memset", "memcmp", "bcmp", "bcopy", "bzero", "memchr", "memrchr", "mempcpy", "memccpy",
    "strlen", "strnlen", "strchr", "strrchr", "strcmp", "strncmp", "strcpy", "strncpy", "strcat", "wmemcpy",
    "wmemmove", "wmemset", "wmemcmp", "wmemchr", "wcslen",
];

/// Functions so simple that nothing in them can go wrong, or that must work when everything else has.
const SIMPLE: [&str; 68] = [
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "bcmp",
    "bcopy",
    "bzero",
    "memchr",
    "memrchr",
    "mempcpy",
    "memccpy",
    "strlen",
    "strnlen",
    "strchr",
    "strchrnul",
    "strrchr",
    "strcmp",
    "strncmp",
    "strcasecmp",
    "strncasecmp",
    "strcpy",
    "stpcpy",
    "strncpy",
    "stpncpy",
    "strlcpy",
    "strlcat",
    "strcat",
    "strncat",
    "strspn",
    "strcspn",
    "strpbrk",
    "strsep",
    "strtok_r",
    "strerror",
    "strverscmp",
    "wcslen",
    "wcscpy",
    "wcscmp",
    "wmemcpy",
    "isalpha",
    "isdigit",
    "isspace",
    "toupper",
    "abs",
    "labs",
    "ffs",
    "div",
    "ldiv",
    "atoi",
    "atol",
    "strtol",
    "strtoul",
    "strtoll",
    "a64l",
    "rand",
    "getenv",
    "basename",
    "dirname",
    "_Exit",
    "abort",
    "raise",
    "sigemptyset",
    "sigaddset",
    "pthread_self",
    "pthread_mutex_lock",
    "pthread_mutex_unlock",
    "pthread_getspecific",
    "__errno_location",
];

/// The only functions that may call panic code: their name, or a part of it if it is a mangled one, and why.
const MAY_PANIC: [(&str, &str); 16] = [
    ("5alloc7raw_vec", "growing a vector where room was reserved before, which the compiler does not see"),
    ("3num3imp7dec2flt", "core's own reader of numbers, with tables that it indexes"),
    ("3net6parser", "core's own reader of internet addresses, with lists that it fills"),
    ("inet_pton", "as 3net6parser"),
    ("7unicode12unicode_data", "core's tables of characters"),
    ("unicode_properties", "a crate's tables of characters"),
    ("5xlibc5wchar5width", "a crate's tables of widths"),
    ("6memchr6memmem", "a crate's search, whose index checks the compiler does not see through"),
    ("5xlibc6malloc", "the heap's tables, indexed by what they hold: damaged, they stop the program"),
    ("fmod", "libm's own"),
    ("fmodf", "libm's own"),
    ("iswlower", "as unicode_data"),
    ("iswlower_l", "as unicode_data"),
    ("iswupper", "as unicode_data"),
    ("iswupper_l", "as unicode_data"),
    ("__assert_fail", "it is there to stop the program"),
];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    let trials = Cpu::ALL.into_iter().flat_map(|cpu| trials(root, cpu)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

type Check = fn(&Functions, Cpu) -> Vec<String>;

fn trials(root: &Path, cpu: Cpu) -> Vec<Trial> {
    let library = distx(root).join(format!("distx.org_2024-xlibc-{}/lib/libc.so", cpu.name()));
    let missing = match (library.exists(), is_quick(root)) {
        (false, _) => Some("libc.so is not built"),
        (true, true) => Some("not what ships: ./x test --release"),
        (true, false) => None,
    };
    let code = Arc::new(OnceLock::new());
    let checks: [(&str, Check); 4] = [
        ("no function of memory or strings calls itself", calls_itself),
        ("simple functions reach no panic", panics),
        ("panic code is called where it is decided", panic_callers),
        ("no red zone, no x18", forbidden),
    ];
    let trials = checks.into_iter().map(|(name, check)| {
        let (code, library) = (Arc::clone(&code), library.clone());
        let trial = Trial::test(format!("{name} {}", cpu.name()), move || {
            let functions =
                code.get_or_init(|| read(&library)).as_ref().map_err(|error| Failed::from(error.as_str()))?;
            let complaints = check(functions, cpu);
            if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n").into()) }
        });
        match missing {
            Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
            None => trial,
        }
    });
    trials.collect()
}

fn calls_itself(functions: &Functions, _: Cpu) -> Vec<String> {
    let is_wrong =
        |name: &str| functions.get(name).is_none() || functions.reached(name).contains(functions.first_name(name));
    let wrong = BLOCKS.iter().filter(|name| is_wrong(name));
    wrong.map(|name| format!("{name} is not there, or calls itself")).collect()
}

fn is_panic(name: &str) -> bool {
    ["core9panicking", "rust_begin_unwind", "unwrap_failed", "slice_index_fail", "alloc7raw_vec12handle_error"]
        .iter()
        .any(|part| name.contains(part))
}

fn panics(functions: &Functions, _: Cpu) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in SIMPLE {
        if functions.get(name).is_none() {
            complaints.push(format!("{name} is not there"));
        } else if let Some(panic) = functions.reached(name).into_iter().find(|name| is_panic(name)) {
            complaints.push(format!("{name} reaches {panic}"));
        }
    }
    complaints
}

fn is_named(name: &str, part: &str) -> bool {
    name == part || name.starts_with('_') && name.contains(part)
}

fn panic_callers(functions: &Functions, _: Cpu) -> Vec<String> {
    let callers = functions
        .code
        .iter()
        .filter(|(name, function)| !is_panic(name) && function.callees.iter().any(|callee| is_panic(callee)));
    let undecided = callers.filter(|(name, _)| !MAY_PANIC.iter().any(|(part, _)| is_named(name, part)));
    undecided
        .map(|(name, function)| {
            let panics: Vec<_> = function.callees.iter().filter(|callee| is_panic(callee)).cloned().collect();
            format!("{name} calls {}", panics.join(", "))
        })
        .collect()
}
