//! Scans of every short list of words, step by step against the C library of this machine.

use std::sync::{Mutex, MutexGuard, PoisonError};

use proptest::prelude::*;

use super::*;

/// The objects of the scan belong to the process.
fn alone() -> MutexGuard<'static, ()> {
    static SCAN: Mutex<()> = Mutex::new(());
    SCAN.lock().unwrap_or_else(PoisonError::into_inner)
}

mod host {
    use super::{c_char, c_int, option};
    unsafe extern "C" {
        pub static mut optarg: *mut c_char;
        pub static mut optind: c_int;
        pub static mut opterr: c_int;
        pub static mut optopt: c_int;
        pub fn getopt_long(
            count: c_int,
            words: *const *mut c_char,
            letters: *const c_char,
            long: *const option,
            index: *mut c_int,
        ) -> c_int;
        pub fn getopt_long_only(
            count: c_int,
            words: *const *mut c_char,
            letters: *const c_char,
            long: *const option,
            index: *mut c_int,
        ) -> c_int;
        pub fn getopt(count: c_int, words: *const *mut c_char, letters: *const c_char) -> c_int;
    }
}

#[test]
fn complaints_of_any_length_come_whole() {
    let sim = platform_sim::sim();
    complain([b"prog", b": unrecognized option: ", b"x", b"\n"]);
    let long = [b'l'; 600];
    complain([b"prog", b": option is ambiguous: ", &long, b"\n"]);
    let mut expected = b"prog: unrecognized option: x\nprog: option is ambiguous: ".to_vec();
    expected.extend(long);
    expected.push(b'\n');
    assert_eq!(sim.take_output(2), expected);
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// Only letters, in order.
    Letters,
    Long,
    LongOnly,
}

/// What one call gives: result, argument, the object that a long option stores into, and `optopt` where it tells of an error.
type Step = (c_int, Option<Vec<u8>>, c_int, Option<c_int>);

/// All calls until the end, `optind` then, and the order of the words.
type Scan = (Vec<Step>, c_int, Vec<Vec<u8>>);

/// A program's words and long options.
struct Program {
    words: Vec<*mut c_char>,
    texts: Vec<std::ffi::CString>,
    stored: c_int,
}

impl Program {
    fn new(words: &[&str]) -> Self {
        let texts: Vec<_> = ["p"].iter().chain(words).map(|word| std::ffi::CString::new(*word).unwrap()).collect();
        let mut pointers: Vec<_> = texts.iter().map(|text| text.as_ptr().cast_mut()).collect();
        pointers.push(core::ptr::null_mut());
        Self { words: pointers, texts, stored: 0 }
    }

    fn options(&mut self) -> [option; 7] {
        let flag = &raw mut self.stored;
        let none = core::ptr::null_mut();
        [
            option { name: c"alpha".as_ptr(), has_arg: 1, flag: none, val: 300 },
            option { name: c"also".as_ptr(), has_arg: 0, flag, val: 301 },
            option { name: c"beta".as_ptr(), has_arg: 2, flag: none, val: 302 },
            option { name: c"color".as_ptr(), has_arg: 2, flag: none, val: 303 },
            option { name: c"colour".as_ptr(), has_arg: 2, flag: none, val: 303 },
            option { name: c"a".as_ptr(), has_arg: 0, flag: none, val: 304 },
            option { name: core::ptr::null(), has_arg: 0, flag: none, val: 0 },
        ]
    }

    fn order(&self) -> Vec<Vec<u8>> {
        let count = self.texts.len();
        // SAFETY: the strings are `texts`.
        self.words[..count].iter().map(|word| unsafe { c_bytes(*word) }.to_vec()).collect()
    }
}

fn step(result: c_int, argument: *mut c_char, program: &mut Program, letter: c_int) -> Step {
    // SAFETY: null, or into the words of the program.
    let argument = (!argument.is_null()).then(|| unsafe { c_bytes(argument) }.to_vec());
    let error = matches!(result as u8, b'?' | b':').then_some(letter);
    (result, argument, core::mem::take(&mut program.stored), error)
}

/// How a scan starts anew in the middle of another.
#[derive(Clone, Copy, Debug)]
enum Restart {
    Index,
    Reset,
}

fn ours(words: &[&str], letters: &std::ffi::CStr, way: Way, restart: Option<(usize, Restart)>) -> Scan {
    let mut program = Program::new(words);
    let options = program.options();
    let count = words.len() as c_int + 1;
    INDEX.store(0, Ordering::Relaxed);
    PRINT.store(0, Ordering::Relaxed);
    let (mut steps, mut restart, mut ended) = (Vec::new(), restart, false);
    for at in 0..200 {
        if let Some((_, how)) = restart.take_if(|(when, _)| *when == at || ended) {
            match how {
                Restart::Index => INDEX.store(0, Ordering::Relaxed),
                Restart::Reset => RESET.store(1, Ordering::Relaxed),
            }
        }
        let (list, null) = (program.words.as_ptr(), core::ptr::null_mut());
        // SAFETY: local strings and lists.
        let result = unsafe {
            match way {
                Way::Letters => getopt(count, list, letters.as_ptr()),
                Way::Long => getopt_long(count, list, letters.as_ptr(), options.as_ptr(), null),
                Way::LongOnly => getopt_long_only(count, list, letters.as_ptr(), options.as_ptr(), null),
            }
        };
        let argument = ARGUMENT.load(Ordering::Relaxed);
        steps.push(step(result, argument, &mut program, LETTER.load(Ordering::Relaxed)));
        ended = result == -1;
        if ended && restart.is_none() {
            return (steps, INDEX.load(Ordering::Relaxed), program.order());
        }
    }
    panic!("no end");
}

#[cfg(target_env = "gnu")]
fn theirs(words: &[&str], letters: &std::ffi::CStr, way: Way, restart: Option<usize>) -> Scan {
    let mut program = Program::new(words);
    let options = program.options();
    let count = words.len() as c_int + 1;
    let mut steps = Vec::new();
    // glibc's `getopt` permutes unless told otherwise.
    let marked = std::ffi::CString::new([b"+", letters.to_bytes()].concat()).unwrap();
    let (mut restart, mut ended) = (restart, false);
    for at in 0..200 {
        // SAFETY: local strings and lists; `alone` keeps the objects.
        unsafe {
            if at == 0 || restart.take_if(|when| *when == at || ended).is_some() {
                (host::optind, host::opterr) = (0, 0);
            }
            let (list, null) = (program.words.as_ptr(), core::ptr::null_mut());
            let result = match way {
                Way::Letters if letters.to_bytes().starts_with(b"-") => host::getopt(count, list, letters.as_ptr()),
                Way::Letters => host::getopt(count, list, marked.as_ptr()),
                Way::Long => host::getopt_long(count, list, letters.as_ptr(), options.as_ptr(), null),
                Way::LongOnly => host::getopt_long_only(count, list, letters.as_ptr(), options.as_ptr(), null),
            };
            steps.push(step(result, host::optarg, &mut program, host::optopt));
            ended = result == -1;
            if ended && restart.is_none() {
                return (steps, host::optind, program.order());
            }
        }
    }
    panic!("no end");
}

/// How many of the words are operands.
const OPERANDS: usize = 3;
const WORDS: [&str; 26] = [
    "x",
    "y",
    "-",
    "-a",
    "-b",
    "-ab",
    "-bc",
    "-abd",
    "-c",
    "-cx",
    "-d",
    "-dx",
    "-z",
    "-az",
    "--",
    "--also",
    "--al",
    "--alpha",
    "--alpha=1",
    "--bet",
    "--beta=",
    "--col",
    "--colour=2",
    "--zz",
    "-al",
    "-:",
];
const LETTERS: [&std::ffi::CStr; 5] = [c"abc:d::", c":abc:d::", c"-abc:d::", c"+:abc:d::", c"-:abc:d::"];
const WAYS: [Way; 3] = [Way::Letters, Way::Long, Way::LongOnly];

#[cfg(target_env = "gnu")]
fn agree(words: &[&str]) {
    for letters in LETTERS {
        for way in WAYS {
            // A second mark in front of glibc's; and there `:` is a letter when it decides what one dash starts.
            if way == Way::Letters && letters.to_bytes().starts_with(b"+")
                || way == Way::LongOnly && words.contains(&"-:")
            {
                continue;
            }
            assert_eq!(
                ours(words, letters, way, None),
                theirs(words, letters, way, None),
                "{words:?} {letters:?} {way:?}"
            );
        }
    }
}

#[test]
#[cfg(target_env = "gnu")]
fn every_short_list_is_scanned_as_by_glibc() {
    let _alone = alone();
    agree(&[]);
    for first in WORDS {
        agree(&[first]);
        for second in WORDS {
            agree(&[first, second]);
            for third in WORDS {
                agree(&[first, second, third]);
            }
        }
    }
}

proptest! {
    #[test]
    #[cfg(target_env = "gnu")]
    fn longer_lists_are_scanned_as_by_glibc(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 4..10)) {
        let _alone = alone();
        agree(&words);
    }

    #[test]
    #[cfg(target_env = "gnu")]
    fn a_scan_starts_anew_anywhere(
        // Without operands: when they are moved is left open, and glibc does it late.
        words in prop::collection::vec(prop::sample::select(&WORDS[OPERANDS..WORDS.len() - 1]), 0..6),
        when in 1..4_usize,
        letters in prop::sample::select(&LETTERS[..]),
        way in prop::sample::select(&WAYS[1..]),
    ) {
        let _alone = alone();
        let expected = theirs(&words, letters, way, Some(when));
        prop_assert_eq!(&ours(&words, letters, way, Some((when, Restart::Index))), &expected);
        prop_assert_eq!(&ours(&words, letters, way, Some((when, Restart::Reset))), &expected);
    }
}

#[test]
fn options_end_where_the_words_end() {
    let _alone = alone();
    for words in [&[][..], &["x"], &["x", "y"]] {
        for letters in LETTERS {
            if letters.to_bytes().starts_with(b"-") {
                continue;
            }
            for way in WAYS {
                let (steps, end, _) = ours(words, letters, way, None);
                assert_eq!((steps.len(), end), (1, 1), "{words:?} {letters:?} {way:?}");
            }
        }
    }
    // A list may end before its count.
    let mut program = Program::new(&["x", "-a"]);
    program.words[2] = core::ptr::null_mut();
    let options = program.options();
    INDEX.store(0, Ordering::Relaxed);
    // SAFETY: local strings and lists.
    let result =
        unsafe { getopt_long(3, program.words.as_ptr(), c"a".as_ptr(), options.as_ptr(), core::ptr::null_mut()) };
    assert_eq!((result, INDEX.load(Ordering::Relaxed)), (-1, 1));
}

#[test]
fn operands_move_behind_the_options() {
    let _alone = alone();
    let words = ["one", "-bc", "3", "two", "--alpha", "4", "--", "-b"];
    let (steps, end, order) = ours(&words, c"abc:d::", Way::Long, None);
    let found: Vec<_> = steps.iter().map(|(result, argument, ..)| (*result, argument.as_deref())).collect();
    assert_eq!(found, [(98, None), (99, Some(&b"3"[..])), (300, Some(b"4")), (-1, None)]);
    assert_eq!(end, 6);
    assert_eq!(order, ["p", "-bc", "3", "--alpha", "4", "--", "one", "two", "-b"].map(|word| word.as_bytes().to_vec()));
}
