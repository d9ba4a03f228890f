//! An operation of the table as C declares it.

use core::fmt;

use crate::plain::C;

/// An operation, as the C header and tests list it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its place among the operations of the table.
    pub slot: u16,
    /// The method's name.
    pub name: &'static str,
    /// The lines of its documentation.
    pub documentation: &'static [&'static str],
    /// Every host has it.
    pub required: bool,
    /// It can wait for something outside the process, or for another thread: a signal handler ends that with `EINTR`.
    pub waits: bool,
    /// Names and types of its parameters.
    pub parameters: &'static [(&'static str, C)],
    /// How its result comes.
    pub answer: EntryAnswer,
}

/// How the result of an operation comes.
#[derive(Clone, Copy, Debug)]
pub enum EntryAnswer {
    /// It does not return.
    Never,
    /// `>= 0`, or `-errno`.
    Word,
    /// Through a pointer behind the parameters; the word is 0, or `-errno`.
    Stored(C),
}

/// The member of the C structure: `int64_t (XLOAD_CALL *close)(int32_t fd)`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = if let EntryAnswer::Never = self.answer { "void" } else { "int64_t" };
        write!(f, "{result} (XLOAD_CALL *{})(", self.name)?;
        let out = if let EntryAnswer::Stored(kind) = self.answer { Some(("out", kind)) } else { None };
        if self.parameters.is_empty() && out.is_none() {
            f.write_str("void")?;
        }
        for (at, (name, kind)) in self.parameters.iter().copied().chain(out).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            match kind {
                C::Value(value) if value.ends_with('*') => write!(f, "{comma}{value}{name}")?,
                C::Value(value) => write!(f, "{comma}{value} {name}")?,
                C::Input(value) => write!(f, "{comma}const {value} *{name}")?,
                C::Output(value) => write!(f, "{comma}{value} *{name}")?,
            }
        }
        f.write_str(")")
    }
}
