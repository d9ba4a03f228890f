//! Which root a command works with.

use anyhow::{Context, Result};
use distx_toolchain::target::Root;

use std::path::Path;

/// The packages lie beside the `bin` folder of this program.
pub fn beside_this_program() -> Result<Root> {
    let program = std::env::current_exe().and_then(std::fs::canonicalize).context("cannot find distx's own file")?;
    let folder = program.parent().and_then(Path::parent);
    Ok(Root(folder.context("distx must lie in the `bin` folder of a distx root")?.to_owned()))
}
