//! The locale that the user asks for, POSIX.1-2024 8.2.

use super::name::{CATEGORIES, Name};
use crate::environment;

const VARIABLES: [&[u8]; CATEGORIES] =
    [b"LC_CTYPE", b"LC_NUMERIC", b"LC_TIME", b"LC_COLLATE", b"LC_MONETARY", b"LC_MESSAGES"];

/// A variable of the environment that is not empty.
fn variable(name: &[u8]) -> Option<&'static [u8]> {
    // SAFETY: `environ` is a list of strings by its contract; callers use the value at once.
    unsafe { environment::value(name) }.filter(|value| !value.is_empty())
}

/// What the environment asks for in a category: LC_ALL, else the variable of the category, else LANG, else "C". `None` if the
/// name there is no locale here.
pub(super) fn name(category: usize) -> Option<Name> {
    let own = VARIABLES.get(category)?;
    match variable(b"LC_ALL").or_else(|| variable(own)).or_else(|| variable(b"LANG")) {
        Some(value) => Name::parse(value),
        None => Some(Name::C),
    }
}
