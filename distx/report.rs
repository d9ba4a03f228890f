//! What people read: results on the standard output, complaints on the standard error output. Colours go to terminals only, unless
//! `NO_COLOR` or `CLICOLOR_FORCE` say otherwise.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use anstyle::{AnsiColor, Style};
use anyhow::Result;

/// Of errors and of what is missing.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Of warnings.
pub const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
/// Of what is as it should be.
pub const GOOD: Style = AnsiColor::Green.on_default();

/// Writes to the standard output; a reader that has gone (`distx list | head -1`) is no error.
pub fn print(text: impl Display) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// `distx: error: ...`
pub fn error(text: impl Display) {
    complain(BAD, "error", text);
}

/// `distx: warning: ...`
pub fn warn(text: impl Display) {
    complain(DOUBTFUL, "warning", text);
}

/// `distx: ...`, what is good to know.
pub fn note(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "distx: {text}");
}

fn complain(style: Style, kind: &str, text: impl Display) {
    // Nobody is left to hear that this cannot be written.
    let _ = writeln!(anstream::stderr(), "distx: {style}{kind}:{style:#} {text}");
}
