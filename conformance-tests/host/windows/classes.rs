//! Information classes that a file system or an older Windows does not have.

use alloc::format;

use platform::Files;
use platform::abi::{at, file_type};
use platform_windows::injection::{Answer, Request, inject};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[("stat without its own class", stat)];

/// Numbers of the kernel's: `FileStatInformation` and `STATUS_INVALID_INFO_CLASS`.
const FILE_STAT: i32 = 68;
const INVALID_INFO_CLASS: i32 = 0xC000_0003_u32 as i32;

fn stat(place: &Place) -> Outcome {
    place.file("a", b"four")?;
    inject(Request::Query(FILE_STAT), Answer::Status(INVALID_INFO_CLASS), 1);
    let found = place.host.stat(at::CURRENT_DIRECTORY, &place.path("a"), 0).map_err(|errno| format!("{errno:?}"))?;
    expect("size", found.size, 4)?;
    expect("type", found.mode & 0o170_000, file_type::REGULAR)?;
    expect("content", place.content("a"), Ok(b"four".to_vec()))?;
    expect("unlink", place.unlink("a"), Ok(()))
}
