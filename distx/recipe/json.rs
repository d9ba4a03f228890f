//! JSON (RFC 8259) whose keys and values know where they stand.
//!
//! Stricter than the RFC where a file written by people is more likely wrong than meant so: two equal keys in one object, a NUL
//! and half of a surrogate pair are errors. Keys that begin with `//` are comments: they and their values are left out, and may repeat.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, Position};

/// A file above this is refused.
pub const MAX_BYTES: usize = 32 << 20;
/// Lists and objects that lie in each other; the reader calls itself.
pub const MAX_DEPTH: usize = 100;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its first character.
    pub at: Position,
    /// What stands there.
    pub value: Value,
}

/// A value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// As it is written: nothing is lost.
    Number(String),
    /// Without escapes.
    String(String),
    /// In the order of the file.
    List(Vec<Node>),
    /// In the order of the file, without comments.
    Object(Vec<Member>),
}

/// A key of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its quotation mark.
    pub at: Position,
    /// Without escapes.
    pub text: String,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What stands before the colon.
    pub key: Key,
    /// What stands behind it.
    pub value: Node,
}

impl Node {
    /// The value of a key, where this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(members) => members.iter().find(|member| member.key.text == key).map(|member| &member.value),
            _ => None,
        }
    }

    /// What it is, for messages: `a string`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// The keys that lead to the value or key at this place, with dots between them.
    pub fn path_to(&self, at: Position) -> String {
        let mut path = String::new();
        let mut node = self;
        loop {
            node = match &node.value {
                // What is sought lies in the last one that begins before it.
                Value::Object(members) => {
                    let Some(member) = members.iter().rev().find(|member| member.key.at <= at) else { break };
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&member.key.text);
                    &member.value
                }
                Value::List(items) => match items.iter().rev().find(|item| item.at <= at) {
                    Some(item) => item,
                    None => break,
                },
                _ => break,
            };
        }
        path
    }
}

/// Reads a file. A byte order mark at its start is skipped.
///
/// # Errors
/// It is not JSON, or too large; the error has no file name yet.
pub fn parse(bytes: &[u8]) -> Result<Node, Error> {
    let start = Position { line: 1, column: 1 };
    if bytes.len() > MAX_BYTES {
        return Err(Error::at(start, format!("the file is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let text = match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = core::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            let mut reader = Reader { rest: good, at: start };
            while reader.next().is_some() {}
            return Err(Error::at(reader.at, "a byte that is not UTF-8; save the file as UTF-8"));
        }
    };
    let mut reader = Reader { rest: text.strip_prefix('\u{FEFF}').unwrap_or(text), at: start };
    reader.space();
    let node = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.error("the file goes on behind its end; is a brace or bracket closed too early?")),
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: Position,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        self.rest = chars.as_str();
        if next == '\n' {
            self.at = Position { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += 1;
        }
        Some(next)
    }

    /// Takes the character if it is the next one.
    fn take(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        if is {
            self.next();
        }
        is
    }

    fn space(&mut self) {
        while let Some(' ' | '\t' | '\r' | '\n') = self.peek() {
            self.next();
        }
    }

    fn error(&self, message: impl alloc::string::ToString) -> Error {
        Error::at(self.at, message)
    }

    /// What stands here, for messages.
    fn here(&self) -> String {
        match self.peek() {
            None => "the end of the file".into(),
            Some(c) => format!("{c:?}"),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Error> {
        let at = self.at;
        let value = match self.peek() {
            Some('{' | '[') if depth == MAX_DEPTH => {
                return Err(self.error(format!("lists and objects lie more than {MAX_DEPTH} deep in each other")));
            }
            Some('{') => Value::Object(self.object(depth)?),
            Some('[') => Value::List(self.list(depth)?),
            Some('"') => Value::String(self.string()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            Some('a'..='z' | 'A'..='Z') => self.word()?,
            Some('\'') => return Err(self.error("strings stand in double quotation marks")),
            Some('/') => return Err(self.error("JSON has no comments; a key that begins with \"//\" is one here")),
            _ => return Err(self.error(format!("expected a value, found {}", self.here()))),
        };
        Ok(Node { at, value })
    }

    /// Behind an item: whether another one follows. `Err` where neither a comma nor the end stands there.
    fn another(&mut self, close: char, opened: Position) -> Result<bool, Error> {
        self.space();
        let comma = self.at;
        if self.take(',') {
            self.space();
            return match self.peek() {
                Some(c) if c == close => Err(Error::at(comma, format!("a comma before {close:?}; remove it"))),
                _ => Ok(true),
            };
        }
        if self.take(close) {
            return Ok(false);
        }
        Err(match self.peek() {
            None => self.error(format!("the file ends, but what begins at {opened} lacks its {close:?}")),
            Some(_) => self.error(format!("expected \",\" or {close:?}, found {}", self.here())),
        })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Error> {
        let opened = self.at;
        self.next();
        self.space();
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.another(']', opened)? {
                return Ok(items);
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member>, Error> {
        let opened = self.at;
        self.next();
        self.space();
        let mut members: Vec<Member> = Vec::new();
        if self.take('}') {
            return Ok(members);
        }
        loop {
            if self.peek() != Some('"') {
                let message = match self.peek() {
                    Some('/') => "JSON has no comments; a key that begins with \"//\" is one here".into(),
                    None => format!("the file ends, but what begins at {opened} lacks its '}}'"),
                    _ => format!("expected a key in double quotation marks, found {}", self.here()),
                };
                return Err(self.error(message));
            }
            let key = Key { at: self.at, text: self.string()? };
            self.space();
            if !self.take(':') {
                return Err(self.error(format!("expected \":\" behind the key {:?}, found {}", key.text, self.here())));
            }
            self.space();
            let value = self.value(depth + 1)?;
            if !key.text.starts_with("//") {
                members.push(Member { key, value });
            }
            if !self.another('}', opened)? {
                break;
            }
        }
        unique(&members)?;
        Ok(members)
    }

    fn string(&mut self) -> Result<String, Error> {
        let opened = self.at;
        let mut text = String::new();
        self.next();
        loop {
            // Most strings have neither escapes nor line ends: taken as a piece.
            let plain = self.rest.find(|c: char| c < ' ' || c == '"' || c == '\\').unwrap_or(self.rest.len());
            let (piece, rest) = self.rest.split_at(plain);
            text.push_str(piece);
            self.at.column += piece.chars().count() as u32;
            self.rest = rest;
            let here = self.at;
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape(here)?),
                Some('\n') => return Err(Error::at(opened, "the string has no quotation mark at its end")),
                Some(c) => {
                    let code = u32::from(c);
                    return Err(Error::at(here, format!("a control character in a string: write \\u{code:04x}")));
                }
                None => return Err(Error::at(opened, "the string has no quotation mark at its end")),
            }
        }
    }

    /// Behind a backslash, which stands at `here`.
    fn escape(&mut self, here: Position) -> Result<char, Error> {
        Ok(match self.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let mut code = self.hex(here)?;
                if (0xD800..0xDC00).contains(&code) && self.rest.starts_with("\\u") {
                    self.next();
                    self.next();
                    let low = self.hex(here)?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err(Error::at(here, "half of a surrogate pair"));
                    }
                    code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                }
                match char::from_u32(code) {
                    Some('\0') => return Err(Error::at(here, "a NUL cannot be part of an argument or a path")),
                    Some(c) => c,
                    None => return Err(Error::at(here, "half of a surrogate pair")),
                }
            }
            _ => return Err(Error::at(here, "an unknown escape; a backslash itself is written \"\\\\\"")),
        })
    }

    fn hex(&mut self, here: Position) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.next().and_then(|c| c.to_digit(16));
            code = code * 16 + digit.ok_or_else(|| Error::at(here, "four hexadecimal digits belong behind \\u"))?;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<String, Error> {
        let (at, text) = (self.at, self.rest);
        let digits = |reader: &mut Self| {
            let mut any = false;
            while let Some('0'..='9') = reader.peek() {
                reader.next();
                any = true;
            }
            any
        };
        self.take('-');
        let mut good = if self.take('0') { !digits(self) } else { digits(self) };
        if self.take('.') {
            good &= digits(self);
        }
        if self.take('e') || self.take('E') {
            let _ = self.take('+') || self.take('-');
            good &= digits(self);
        }
        let written = &text[..text.len() - self.rest.len()];
        if !good {
            return Err(Error::at(at, format!("{written:?} is not a number of JSON")));
        }
        Ok(written.into())
    }

    fn word(&mut self) -> Result<Value, Error> {
        let (at, text) = (self.at, self.rest);
        while let Some('a'..='z' | 'A'..='Z' | '0'..='9' | '_') = self.peek() {
            self.next();
        }
        match &text[..text.len() - self.rest.len()] {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            word => Err(Error::at(at, format!("{word:?} is not a value; strings stand in double quotation marks"))),
        }
    }
}

/// Refuses two equal keys: all but one would be lost without a word.
pub(crate) fn unique(members: &[Member]) -> Result<(), Error> {
    let mut keys: Vec<&Key> = members.iter().map(|member| &member.key).collect();
    // Stable: of equal ones the first in the file comes first.
    keys.sort_by(|a, b| a.text.cmp(&b.text));
    match keys.windows(2).find(|pair| pair[0].text == pair[1].text) {
        None => Ok(()),
        Some(pair) => {
            Err(Error::at(pair[1].at, format!("the key {:?} is there already, at {}", pair[1].text, pair[0].at)))
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
