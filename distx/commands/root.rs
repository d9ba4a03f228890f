//! `distx root`: where the packages are.

use anyhow::Result;

use crate::context::Context;
use crate::report;

/// Prints the path.
pub fn run(context: &Context) -> Result<i32> {
    report::print(format!("{}\n", context.root()?.0.display()))?;
    Ok(0)
}
