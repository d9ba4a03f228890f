//! What the loader does, for people: `XLOAD_DEBUG` in the environment lists what is shown, in the spirit of other loaders' `LD_DEBUG`.

use alloc::string::String;
use core::fmt::{Arguments, Write};

use platform::Platform;

use crate::error::{Text, print, report};

/// Something that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Topic {
    /// Which files are looked for, where they are found and lie, and when they begin and end.
    Files = 1,
    /// Where names are looked for.
    Symbols = 2,
    /// What a name of one file means.
    Bindings = 4,
}

/// Words of `XLOAD_DEBUG`.
const WORDS: [(&[u8], u8); 4] = [
    (b"files", Topic::Files as u8),
    (b"symbols", Topic::Symbols as u8),
    (b"bindings", Topic::Bindings as u8),
    (b"all", 7),
];

/// What `XLOAD_DEBUG=help` prints.
pub(crate) const HELP: &str = "\
XLOAD_DEBUG is a list of these words, with commas between them. What they ask for goes to the standard error output.

  files     files that are looked for, where they are found and lie, when they begin and end
  symbols   files in which a symbol is looked for
  bindings  which file's symbol a file gets
  all       all of these
  help      print this and end
";

/// Where lines go.
trait Out: Sync {
    fn line(&self, text: &str);
}

impl<P: Platform> Out for P {
    fn line(&self, text: &str) {
        print(self, 2, text.as_bytes());
    }
}

/// What is shown, and where.
#[derive(Clone, Copy)]
pub(crate) struct Trace {
    topics: u8,
    out: Option<&'static dyn Out>,
}

/// What the variable asks for.
pub(crate) enum Asked {
    /// To show this.
    Trace(Trace),
    /// To print [`HELP`] and end.
    Help,
}

impl Trace {
    /// Shows nothing.
    pub(crate) const OFF: Self = Self { topics: 0, out: None };

    /// Reads the variable's value. An unknown word is reported, and the others count.
    pub(crate) fn parse<P: Platform>(platform: &'static P, value: &[u8]) -> Asked {
        let mut trace = Self { topics: 0, out: Some(platform) };
        for word in value.split(|byte| matches!(byte, b',' | b' ')).filter(|word| !word.is_empty()) {
            match WORDS.iter().find(|(known, _)| *known == word) {
                Some((_, topics)) => trace.topics |= topics,
                None if word == b"help" => return Asked::Help,
                None => report(
                    platform,
                    format_args!("XLOAD_DEBUG: unknown word {}; XLOAD_DEBUG=help lists them", Text(word)),
                ),
            }
        }
        Asked::Trace(trace)
    }

    /// Whether the topic is shown.
    #[inline]
    pub(crate) fn shows(&self, topic: Topic) -> bool {
        self.topics & topic as u8 != 0
    }

    /// Shows a line where the topic is asked for.
    #[inline]
    pub(crate) fn say(&self, topic: Topic, what: Arguments<'_>) {
        if self.shows(topic) {
            self.write(topic, what);
        }
    }

    #[cold]
    fn write(&self, topic: Topic, what: Arguments<'_>) {
        let name = match topic {
            Topic::Files => "files",
            Topic::Symbols => "symbols",
            Topic::Bindings => "bindings",
        };
        let mut line = String::new();
        // A `String` takes everything.
        let _ = writeln!(line, "xload: {name}: {what}");
        if let Some(out) = self.out {
            out.line(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosted::Hosted;

    static PLATFORM: Hosted = Hosted::new();

    #[test]
    fn a_value_is_a_list_of_words() {
        let topics = |value: &[u8]| match Trace::parse(&PLATFORM, value) {
            Asked::Trace(trace) => Some(trace.topics),
            Asked::Help => None,
        };
        for (value, expected) in [
            (&b""[..], Some(0)),
            (b",,", Some(0)),
            (b"files", Some(1)),
            (b"symbols,bindings", Some(6)),
            (b"bindings files", Some(5)),
            (b"all", Some(7)),
            (b"nothing,files", Some(1)),
            (b"files,help", None),
        ] {
            assert_eq!(topics(value), expected, "{value:?}");
        }
    }
}
