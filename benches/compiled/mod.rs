//! Programs that the benches build.

use std::path::Path;
use std::process::Command;

/// A path that commands can take as text.
pub fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{}: not UTF-8", path.display()))
}

/// Runs a compiler, of which the first word is the command.
pub fn compile(compiler: &[&str], source: &str, program: &str) -> Result<(), String> {
    let [first, rest @ ..] = compiler else { return Err("no compiler".into()) };
    let output = Command::new(first).args(rest).args([source, "-o", program]).output();
    let output = output.map_err(|error| format!("{first}: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
