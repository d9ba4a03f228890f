//! `getopt` (POSIX.1-2024) and `<getopt.h>` (GNU, BSD).

use core::sync::atomic::{AtomicI32, AtomicPtr, AtomicUsize, Ordering};

use crate::environment;
use crate::rt::{Files, blocking, c_bytes, host};
use crate::stdlib::options::{
    Argument, Found, Long, Move, Place, Position, Request, next, next_behind_operands, quiet,
};
use crate::types::{c_char, c_int};

/// Plain objects of the ABI that the program reads and assigns; the functions are for one thread at a time.
macro_rules! objects {
    ($($(#[$doc:meta])* $symbol:literal $name:ident: $type:ty = $value:expr;)*) => {$(
        $(#[$doc])*
        #[export($symbol)]
        pub static $name: $type = $value;
    )*};
}
objects! {
    /// The argument of the option found.
    "optarg" ARGUMENT: AtomicPtr<c_char> = AtomicPtr::new(core::ptr::null_mut());
    /// The next argument to look at.
    "optind" INDEX: AtomicI32 = AtomicI32::new(1);
    /// Whether errors are printed.
    "opterr" PRINT: AtomicI32 = AtomicI32::new(1);
    /// The letter of an option with an error.
    "optopt" LETTER: AtomicI32 = AtomicI32::new(0);
    /// BSD: not 0 starts a new scan.
    "optreset" RESET: AtomicI32 = AtomicI32::new(0);
}

/// The next letter in a group of letters.
static GROUP: AtomicUsize = AtomicUsize::new(0);

/// GNU `struct option`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "GNU's names")]
pub struct option {
    pub name: *const c_char,
    pub has_arg: c_int,
    pub flag: *mut c_int,
    pub val: c_int,
}

const _: () = assert!(size_of::<option>() == 32);

/// POSIX.1-2024: the letter, `?` for an error, `:` for a missing argument when the specification starts so, -1 at the end.
///
/// # Safety
/// `count` strings at `arguments`, `specification` a string; one thread at a time.
#[export]
pub unsafe extern "C" fn getopt(count: c_int, arguments: *const *mut c_char, specification: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { scan(count, arguments, specification, core::ptr::null(), core::ptr::null_mut(), Options::Letters) }
}

/// GNU: also long options. Operands move behind the options unless the specification starts with `+` or `-`, or
/// POSIXLY_CORRECT is set.
///
/// # Safety
/// As for `getopt`; `long` ends with an entry of zeros; `index` is null or valid for one write; the pointers of `arguments` can
/// be exchanged.
#[export]
pub unsafe extern "C" fn getopt_long(
    count: c_int,
    arguments: *const *mut c_char,
    specification: *const c_char,
    long: *const option,
    index: *mut c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { scan(count, arguments, specification, long, index, Options::Long) }
}

/// GNU: long options may start with one dash.
///
/// # Safety
/// As for `getopt_long`.
#[export]
pub unsafe extern "C" fn getopt_long_only(
    count: c_int,
    arguments: *const *mut c_char,
    specification: *const c_char,
    long: *const option,
    index: *mut c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { scan(count, arguments, specification, long, index, Options::LongOnly) }
}

/// Which function scans.
#[derive(Clone, Copy, PartialEq)]
enum Options {
    /// `getopt`, which stops at the first operand.
    Letters,
    /// `getopt_long`.
    Long,
    /// `getopt_long_only`.
    LongOnly,
}

/// One step of the scan.
///
/// # Safety
/// As for `getopt_long`; `long` may be null.
unsafe fn scan(
    count: c_int,
    arguments: *const *mut c_char,
    specification: *const c_char,
    long: *const option,
    long_index: *mut c_int,
    kind: Options,
) -> c_int {
    // Both ways to start anew, before anything looks at where the last scan stood.
    if RESET.swap(0, Ordering::Relaxed) != 0 || INDEX.load(Ordering::Relaxed) <= 0 {
        GROUP.store(0, Ordering::Relaxed);
        INDEX.store(1, Ordering::Relaxed);
    }
    ARGUMENT.store(core::ptr::null_mut(), Ordering::Relaxed);
    let count = usize::try_from(count).unwrap_or(0);
    let word = |at: usize| {
        // SAFETY: caller contract; a null pointer ends the list early.
        let word = if at < count { unsafe { *arguments.add(at) } } else { core::ptr::null_mut() };
        // SAFETY: caller contract.
        if word.is_null() { None } else { Some(unsafe { c_bytes(word) }) }
    };
    let entry = |at: usize| {
        // SAFETY: caller contract; the engine asks in order, and no further than the entry of zeros.
        let entry = unsafe { &*long.add(at) };
        let argument = [Argument::None, Argument::Required, Argument::Optional];
        let argument = *argument.get(entry.has_arg as usize).unwrap_or(&Argument::None);
        let result = (entry.val, entry.flag.addr());
        // SAFETY: caller contract.
        if entry.name.is_null() { None } else { Some(Long { name: unsafe { c_bytes(entry.name) }, argument, result }) }
    };
    // SAFETY: caller contract.
    let specification = unsafe { c_bytes(specification) };
    let mut position =
        Position { index: INDEX.load(Ordering::Relaxed) as usize, letter: GROUP.load(Ordering::Relaxed) };
    let first = position.index;
    let options = (!long.is_null()).then_some(&entry as &dyn Fn(usize) -> _);
    let request = Request { argument: &word, specification, long: options, single: kind == Options::LongOnly };
    let in_order = kind == Options::Letters
        || matches!(specification, [b'+' | b'-', ..])
        // SAFETY: `environ` is a list by the ABI's contract.
        || unsafe { environment::value(b"POSIXLY_CORRECT") }.is_some();
    let (found, moved) = match in_order {
        true => (next(&request, &mut position), None),
        false => next_behind_operands(&request, &mut position),
    };
    INDEX.store(position.index as c_int, Ordering::Relaxed);
    GROUP.store(position.letter, Ordering::Relaxed);
    let subject = word(moved.map_or(first, |moved| moved.first + moved.operands)).unwrap_or_default();
    let argument = |place: Option<Place>| match place {
        // SAFETY: the engine gives places inside the arguments.
        Some((word, byte)) => unsafe { (*arguments.add(word)).add(byte) },
        None => core::ptr::null_mut(),
    };
    let complain = |text: &[u8], what: &[u8]| {
        if PRINT.load(Ordering::Relaxed) != 0 && !quiet(specification) {
            complain([word(0).unwrap_or_default(), text, what, b"\n"]);
        }
    };
    let result = match found {
        Found::End => -1,
        Found::Operand => {
            ARGUMENT.store(argument(Some((position.index, 0))), Ordering::Relaxed);
            INDEX.store(position.index as c_int + 1, Ordering::Relaxed);
            1
        }
        Found::Letter { letter, argument: place } => {
            ARGUMENT.store(argument(place), Ordering::Relaxed);
            // C leaves optopt alone here, GNU sets it: harmless, and programs use it.
            LETTER.store(letter.into(), Ordering::Relaxed);
            letter.into()
        }
        Found::Long { index, argument: place } => {
            ARGUMENT.store(argument(place), Ordering::Relaxed);
            // SAFETY: the engine gives numbers of entries; `long_index` by caller contract.
            unsafe { take_long(long.add(index), index, long_index) }
        }
        Found::UnknownLetter(letter) => {
            LETTER.store(letter.into(), Ordering::Relaxed);
            complain(b": unrecognized option: ", &[letter]);
            b'?'.into()
        }
        Found::MissingArgument(letter) => {
            LETTER.store(letter.into(), Ordering::Relaxed);
            complain(b": option requires an argument: ", &[letter]);
            if quiet(specification) { b':'.into() } else { b'?'.into() }
        }
        Found::UnknownLong | Found::AmbiguousLong => {
            LETTER.store(0, Ordering::Relaxed);
            let unknown = found == Found::UnknownLong;
            complain(if unknown { b": unrecognized option: " } else { b": option is ambiguous: " }, subject);
            b'?'.into()
        }
        Found::UnwantedArgument(index) | Found::MissingLongArgument(index) => {
            // SAFETY: the engine gives numbers of entries.
            let value = unsafe { (*long.add(index)).val };
            LETTER.store(value, Ordering::Relaxed);
            let missing = matches!(found, Found::MissingLongArgument(_));
            complain(
                if missing { b": option requires an argument: " } else { b": option does not take an argument: " },
                subject,
            );
            if missing && quiet(specification) { b':'.into() } else { b'?'.into() }
        }
    };
    if let Some(Move { first, operands, taken }) = moved {
        // SAFETY: caller contract: GNU's function exchanges the pointers in spite of its prototype.
        let words = unsafe { core::slice::from_raw_parts_mut(arguments.cast_mut().add(first), operands + taken) };
        words.rotate_left(operands.min(words.len()));
    }
    result
}

/// What a long option gives: its value, or 0 after storing it where the entry says.
///
/// # Safety
/// `entry` is an entry of the program's list, `long_index` null or valid for one write.
unsafe fn take_long(entry: *const option, index: usize, long_index: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    let entry = unsafe { &*entry };
    if !long_index.is_null() {
        // SAFETY: caller contract.
        unsafe { long_index.write(index as c_int) };
    }
    LETTER.store(entry.val, Ordering::Relaxed);
    if entry.flag.is_null() {
        return entry.val;
    }
    // SAFETY: the program's own object.
    unsafe { entry.flag.write(entry.val) };
    0
}

/// Prints an error to standard error, in one write where it is not very long.
fn complain(parts: [&[u8]; 4]) {
    let mut line = [0; 512];
    let mut used = 0;
    for part in parts {
        if part.len() > line.len() - used {
            // There is nobody to tell that the complaint cannot be told.
            let _ = blocking(|| host().write(2, line.get(..used).unwrap_or_default()));
            used = 0;
        }
        match line.get_mut(used..used + part.len()) {
            Some(place) => {
                place.copy_from_slice(part);
                used += part.len();
            }
            None => {
                let _ = blocking(|| host().write(2, part));
            }
        }
    }
    let _ = blocking(|| host().write(2, line.get(..used).unwrap_or_default()));
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
