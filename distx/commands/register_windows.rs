//! `distx register` on Windows, which starts programs by the ending of their name and has nothing to register them with.

use anyhow::{Result, bail};

use crate::context::Context;

/// As on Linux.
#[derive(clap::Args)]
#[command(
    after_help = "Windows has no binfmt_misc: `distx exec PROG` runs a program, `distx pack PROG -o PROG.exe` makes one that starts by itself."
)]
pub struct Args {
    /// Print what would be written to the kernel, and write nothing
    #[arg(long)]
    print: bool,
}

/// Says what there is in its place.
pub fn register(_: &Args, _: &Context) -> Result<i32> {
    unavailable()
}

/// As [`register`].
pub fn unregister(_: &Context) -> Result<i32> {
    unavailable()
}

fn unavailable() -> Result<i32> {
    bail!(
        "Windows has no binfmt_misc: `distx exec PROG` runs a program, `distx pack PROG -o PROG.exe` makes one that starts by itself"
    )
}
