//! `<time.h>`: clocks, sleeping, calendar time, time zones, and times as text.
//!
//! `calendar`, `rule`, `tzif`, `zone`, `format` and `parse` are engines without state; `local` holds the process's time zone.

pub mod abi;
pub mod calendar;
mod database;
pub mod format;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod local;
pub mod names;
pub mod parse;
pub mod rule;
mod sleep;
pub mod tzif;
pub mod zone;

pub use calendar::tm;
pub use sleep::{sleep_c, sleep_for, sleep_until};
