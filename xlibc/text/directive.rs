//! Directives of printf and scanf, as data: one parser for narrow and wide formats.

use super::Unit;

/// Width or precision of a printf directive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// Not given.
    #[default]
    Absent,
    /// Given as a number.
    Given(usize),
    /// `*`: the next argument.
    Next,
    /// `*n$`: the argument at this position, from 1.
    At(usize),
}

/// Flags of a printf directive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`.
    pub left: bool,
    /// `+`.
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`.
    pub alternative: bool,
    /// `0`.
    pub zeros: bool,
}

/// Length modifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// None: `int`, `double`, `char`.
    #[default]
    Plain,
    /// An integer of this many bits: `hh`, `h`, `j`, `z`, `t`, `ll`, `wN`, `wfN`.
    Bits(u32),
    /// `l`: `long`, `wchar_t`, and `double` in scanf.
    Long,
    /// `L`: `long double`.
    LongDouble,
}

impl Length {
    /// Bits of an integer argument.
    #[must_use]
    pub fn integer_bits(self) -> u32 {
        match self {
            Self::Plain => 32,
            Self::Bits(bits) => bits,
            // L with integers is an old extension for ll.
            Self::Long | Self::LongDouble => 64,
        }
    }
}

/// One `%` directive of printf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrintDirective {
    /// `n$`: position of the argument, from 1.
    pub position: Option<usize>,
    /// Flags.
    pub flags: Flags,
    /// Least width.
    pub width: Count,
    /// Precision.
    pub precision: Count,
    /// Length modifier.
    pub length: Length,
    /// The conversion specifier; `C` and `S` have become `c` and `s` with `l`.
    pub conversion: u8,
}

/// One `%` directive of scanf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanDirective<'a, U> {
    /// `n$`: position of the argument, from 1.
    pub position: Option<usize>,
    /// `*`: nothing is stored.
    pub suppress: bool,
    /// `m`: the string is allocated.
    pub allocate: bool,
    /// Largest field width.
    pub width: Option<usize>,
    /// Length modifier.
    pub length: Length,
    /// The conversion specifier; `[` for a set.
    pub conversion: u8,
    /// The set between `[` and `]`, without a leading `^`.
    pub set: &'a [U],
    /// `[^`.
    pub inverted: bool,
}

/// Why a directive is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Not a directive of C.
    Syntax,
    /// A number beyond `INT_MAX`.
    TooLarge,
}

/// What follows in a format.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a, U> {
    rest: &'a [U],
}

impl<'a, U: Unit> Cursor<'a, U> {
    /// At the beginning of a format.
    #[must_use]
    pub fn new(rest: &'a [U]) -> Self {
        Self { rest }
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [U] {
        self.rest
    }

    /// The next unit as ASCII, 0 at the end.
    #[inline]
    fn peek(&self) -> u8 {
        self.rest.first().map_or(0, |unit| unit.ascii())
    }

    #[inline]
    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or(&[]);
    }

    #[inline]
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte && !self.rest.is_empty();
        if found {
            self.skip(1);
        }
        found
    }

    /// The next unit.
    pub fn next_unit(&mut self) -> Option<U> {
        let unit = self.rest.first().copied();
        self.skip(1);
        unit
    }

    /// The text before the next `%`, and moves behind it: to a `%` or the end.
    pub fn literal(&mut self) -> &'a [U] {
        let length = self.rest.iter().position(|unit| unit.ascii() == b'%').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        text
    }

    /// A decimal number, if there is one.
    fn number(&mut self) -> Result<Option<usize>, Malformed> {
        let mut value: Option<usize> = None;
        while let digit @ b'0'..=b'9' = self.peek() {
            let sum = value.unwrap_or(0) * 10 + usize::from(digit - b'0');
            if sum > i32::MAX as usize {
                return Err(Malformed::TooLarge);
            }
            value = Some(sum);
            self.skip(1);
        }
        Ok(value)
    }

    /// `n$`, or nothing.
    fn position(&mut self) -> Result<Option<usize>, Malformed> {
        let before = *self;
        match self.number()? {
            Some(0) | None => {}
            Some(position) if self.eat(b'$') => return Ok(Some(position)),
            Some(_) => {}
        }
        *self = before;
        Ok(None)
    }

    fn count(&mut self) -> Result<Count, Malformed> {
        if self.eat(b'*') {
            return Ok(self.position()?.map_or(Count::Next, Count::At));
        }
        Ok(self.number()?.map_or(Count::Absent, Count::Given))
    }

    fn length(&mut self) -> Result<Length, Malformed> {
        if self.eat(b'h') {
            return Ok(Length::Bits(if self.eat(b'h') { 8 } else { 16 }));
        }
        if self.eat(b'l') {
            return Ok(if self.eat(b'l') { Length::Bits(64) } else { Length::Long });
        }
        if self.eat(b'L') {
            return Ok(Length::LongDouble);
        }
        if self.eat(b'w') {
            let fast = self.eat(b'f');
            return match (self.number()?, fast) {
                // int_fast16_t has 32 bits in this ABI.
                (Some(16), true) => Ok(Length::Bits(32)),
                (Some(bits @ (8 | 16 | 32 | 64)), _) => Ok(Length::Bits(bits as u32)),
                _ => Err(Malformed::Syntax),
            };
        }
        let wide = matches!(self.peek(), b'j' | b'z' | b't' | b'q');
        if wide {
            self.skip(1);
        }
        Ok(if wide { Length::Bits(64) } else { Length::Plain })
    }

    /// A printf directive; the cursor is behind its `%`.
    pub fn print_directive(&mut self) -> Result<PrintDirective, Malformed> {
        let mut directive = PrintDirective { position: self.position()?, ..PrintDirective::default() };
        let flags = &mut directive.flags;
        loop {
            match self.peek() {
                b'-' => flags.left = true,
                b'+' => flags.plus = true,
                b' ' => flags.space = true,
                b'#' => flags.alternative = true,
                b'0' => flags.zeros = true,
                // Grouping: no locale of ours has any.
                b'\'' => {}
                _ => break,
            }
            self.skip(1);
        }
        directive.width = self.count()?;
        if self.eat(b'.') {
            directive.precision = match self.count()? {
                Count::Absent => Count::Given(0),
                count => count,
            };
        }
        directive.length = self.length()?;
        directive.conversion = self.peek();
        self.skip(1);
        if let b'C' | b'S' = directive.conversion {
            directive.conversion = directive.conversion.to_ascii_lowercase();
            directive.length = Length::Long;
        }
        match directive.conversion {
            b'd' | b'i' | b'o' | b'u' | b'x' | b'X' | b'b' | b'B' | b'n' | b'a' | b'A' | b'e' | b'E' | b'f' | b'F'
            | b'g' | b'G' | b'c' | b's' | b'p' | b'm' | b'%' => Ok(directive),
            _ => Err(Malformed::Syntax),
        }
    }

    /// A scanf directive; the cursor is behind its `%`.
    pub fn scan_directive(&mut self) -> Result<ScanDirective<'a, U>, Malformed> {
        let position = self.position()?;
        let suppress = self.eat(b'*');
        let width = self.number()?;
        let allocate = self.eat(b'm');
        let length = self.length()?;
        let conversion = self.peek();
        self.skip(1);
        let mut directive =
            ScanDirective { position, suppress, allocate, width, length, conversion, set: &[], inverted: false };
        match conversion {
            b'C' | b'S' => {
                directive.conversion = conversion.to_ascii_lowercase();
                directive.length = Length::Long;
            }
            b'[' => {
                directive.inverted = self.eat(b'^');
                // A ] in the first place belongs to the set.
                let from = usize::from(self.peek() == b']');
                let end = self.rest.iter().skip(from).position(|unit| unit.ascii() == b']');
                let length = end.ok_or(Malformed::Syntax)? + from;
                directive.set = self.rest.get(..length).unwrap_or(&[]);
                self.skip(length + 1);
            }
            b'd' | b'i' | b'o' | b'u' | b'x' | b'X' | b'b' | b'n' | b'a' | b'A' | b'e' | b'E' | b'f' | b'F' | b'g'
            | b'G' | b'c' | b's' | b'p' | b'%' => {}
            _ => return Err(Malformed::Syntax),
        }
        if width == Some(0) || (allocate && !matches!(directive.conversion, b'c' | b's' | b'[')) {
            return Err(Malformed::Syntax);
        }
        Ok(directive)
    }
}

/// Whether a scanf set holds the character: single characters and ranges `a-z`, a `-` at either end for itself.
#[must_use]
pub fn set_holds<U: Unit>(set: &[U], character: u32) -> bool {
    let mut rest = set;
    loop {
        match rest {
            [low, dash, high, tail @ ..] if dash.ascii() == b'-' => {
                if ((*low).into()..=(*high).into()).contains(&character) {
                    return true;
                }
                rest = tail;
            }
            [single, tail @ ..] => {
                if (*single).into() == character {
                    return true;
                }
                rest = tail;
            }
            [] => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(format: &str) -> Result<PrintDirective, Malformed> {
        Cursor::new(format.as_bytes()).print_directive()
    }

    #[test]
    fn parts_are_found_in_their_order() {
        let found = print("3$-#08.*2$lld").unwrap();
        assert_eq!(found.position, Some(3));
        assert_eq!(found.flags, Flags { left: true, alternative: true, zeros: true, ..Flags::default() });
        assert_eq!((found.width, found.precision), (Count::Given(8), Count::At(2)));
        assert_eq!((found.length, found.conversion), (Length::Bits(64), b'd'));
        assert_eq!(print("*.f").unwrap().precision, Count::Given(0));
        assert_eq!(print("*.f").unwrap().width, Count::Next);
        assert_eq!(print("wf16x").unwrap().length, Length::Bits(32));
        assert_eq!(print("w16x").unwrap().length, Length::Bits(16));
        assert_eq!(print("S").unwrap(), print("ls").unwrap());
        assert_eq!(print("012d").unwrap().width, Count::Given(12));
    }

    #[test]
    fn what_is_no_directive_is_refused() {
        for format in ["", "y", "ll", "w7d", "5", "0$d"] {
            assert_eq!(print(format), Err(Malformed::Syntax), "{format}");
        }
        assert_eq!(print("2147483648d"), Err(Malformed::TooLarge));
        assert_eq!(print("99999999999999999999999999d"), Err(Malformed::TooLarge));
        assert!(print("2147483647d").is_ok());
    }

    #[test]
    fn sets_follow_their_rules() {
        let parse = |format: &'static str| Cursor::new(format.as_bytes()).scan_directive();
        let found = parse("*5[]a-c-]x").unwrap();
        assert!(found.suppress);
        assert_eq!((found.width, found.set), (Some(5), &b"]a-c-"[..]));
        for (character, held) in [(b']', true), (b'b', true), (b'-', true), (b'd', false)] {
            assert_eq!(set_holds(found.set, character.into()), held);
        }
        let found = parse("[^]x]").unwrap();
        assert!(found.inverted);
        assert_eq!(found.set, b"]x");
        assert!(parse("[abc").is_err());
        assert!(parse("0d").is_err());
        assert!(parse("md").is_err());
        assert!(parse("ms").unwrap().allocate);
    }
}
