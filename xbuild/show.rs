//! What people see of a build: one line that changes on a terminal, lines elsewhere.

use alloc::format;
use alloc::string::String;

use crate::os;

const OUT: i32 = 1;

/// The terminal, or what stands in its place.
pub struct Show {
    /// On a terminal that understands how to clear a line.
    live: bool,
    colours: bool,
    /// A line without an end stands there.
    open: bool,
}

impl Show {
    /// By what standard output is, `TERM` and `NO_COLOR`.
    pub fn of_this_process() -> Show {
        let live = os::is_terminal(OUT) && os::variable("TERM").is_none_or(|term| term != "dumb");
        Show { live, colours: live && os::variable("NO_COLOR").is_none_or(|value| value.is_empty()), open: false }
    }

    /// Whether there is a line that changes.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// A line that the next one replaces, cut to the terminal's width; nothing elsewhere.
    pub fn status(&mut self, text: &str) {
        if self.live {
            let width = os::terminal_width(OUT).unwrap_or(80).saturating_sub(1);
            let cut: String = text.chars().take(width).map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.write(format!("\r{cut}\x1b[K").as_bytes());
            self.open = true;
        }
    }

    /// A line that stays.
    pub fn line(&mut self, text: &str) {
        let clear = if self.open { "\r\x1b[K" } else { "" };
        self.open = false;
        self.write(format!("{clear}{text}\n").as_bytes());
    }

    /// The output of a command, which may not end its last line.
    pub fn output(&mut self, bytes: &[u8]) {
        self.close();
        self.write(bytes);
        if bytes.last().is_some_and(|last| *last != b'\n') {
            self.write(b"\n");
        }
    }

    /// A line about a failure.
    pub fn failure(&mut self, text: &str) {
        match self.colours {
            true => self.line(&format!("\x1b[31mFAILED:\x1b[m {text}")),
            false => self.line(&format!("FAILED: {text}")),
        }
    }

    /// Ends the line that changes.
    pub fn close(&mut self) {
        if self.open {
            self.open = false;
            self.write(b"\n");
        }
    }

    /// Nobody may be there to read: a build goes on without.
    fn write(&self, bytes: &[u8]) {
        let _ = os::write(OUT, bytes);
    }
}
