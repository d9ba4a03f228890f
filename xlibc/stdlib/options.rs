//! `getopt`, `getopt_long`: one engine over the arguments as byte strings. It keeps no state of its own.

/// What the program gives: looked up one by one, so that nothing needs memory.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The argument of a number; `None` past the last.
    pub argument: &'a dyn Fn(usize) -> Option<&'a [u8]>,
    /// Letters with their colons, and marks in front.
    pub specification: &'a [u8],
    /// The long option of a number; `None` past the last.
    pub long: Option<&'a dyn Fn(usize) -> Option<Long<'a>>>,
    /// Whether one dash may start a long option.
    pub single: bool,
}

impl<'a> Request<'a> {
    fn options(&self) -> impl Iterator<Item = Long<'a>> {
        let long = self.long;
        // Behind the last is memory that is not ours to look at.
        (0..).map_while(move |index| long?(index)).fuse()
    }

    fn meaning(&self, letter: u8) -> Option<Argument> {
        meaning(letters(self.specification), letter)
    }
}

/// A long option: `struct option` without its pointers.
#[derive(Clone, Copy, Debug)]
pub struct Long<'a> {
    pub name: &'a [u8],
    pub argument: Argument,
    /// What the option gives, and the address of where.
    pub result: (i32, usize),
}

impl Long<'_> {
    fn does_the_same(&self, other: &Self) -> bool {
        (self.argument, self.result) == (other.argument, other.result)
    }
}

/// Whether an option takes an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    None,
    Required,
    Optional,
}

/// Where the scan stands: the next argument, and the next letter in it (0: not inside a group of letters).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub index: usize,
    pub letter: usize,
}

/// Where an option's argument lies: argument number and first byte.
pub type Place = (usize, usize);

/// One step of the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No options are left; the rest are operands.
    End,
    /// An operand in its place (the specification starts with `-`).
    Operand,
    Letter {
        letter: u8,
        argument: Option<Place>,
    },
    /// The number of the long option.
    Long {
        index: usize,
        argument: Option<Place>,
    },
    UnknownLetter(u8),
    MissingArgument(u8),
    UnknownLong,
    AmbiguousLong,
    MissingLongArgument(usize),
    /// The option takes none, but `=` follows it.
    UnwantedArgument(usize),
}

/// What a letter means in a specification; `None` for a letter that is not there.
fn meaning(letters: &[u8], letter: u8) -> Option<Argument> {
    let at = letters.iter().position(|known| *known == letter).filter(|_| letter != b':')?;
    Some(match letters[at + 1..] {
        [b':', b':', ..] => Argument::Optional,
        [b':', ..] => Argument::Required,
        _ => Argument::None,
    })
}

/// The specification without its mark of order: `+` stops at operands, `-` gives them in place.
fn without_order(specification: &[u8]) -> &[u8] {
    match specification {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    }
}

/// The specification without the marks in front.
fn letters(specification: &[u8]) -> &[u8] {
    let rest = without_order(specification);
    rest.strip_prefix(b":").unwrap_or(rest)
}

/// Whether missing arguments are told by `:`, and nothing is printed.
pub fn quiet(specification: &[u8]) -> bool {
    without_order(specification).starts_with(b":")
}

/// Words that change places: the first of them, the operands in front, and the option's words behind those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub first: usize,
    pub operands: usize,
    pub taken: usize,
}

/// As [`next`], but passes over operands. The words of the option are to be moved before them once they are used up: until then
/// the option's argument stands behind the option, and `position` stays at the first operand.
pub fn next_behind_operands(request: &Request<'_>, position: &mut Position) -> (Found, Option<Move>) {
    let first = position.index;
    let is_option = |word: &[u8]| matches!(word, [b'-', _, ..]);
    let mut start = first;
    while (request.argument)(start).is_some_and(|word| !is_option(word)) {
        start += 1;
    }
    if (request.argument)(start).is_none() {
        position.letter = 0;
        return (Found::End, None);
    }
    position.index = start;
    let found = next(request, position);
    let (operands, taken) = (start - first, position.index - start);
    position.index = first + taken;
    (found, (operands > 0 && taken > 0).then_some(Move { first, operands, taken }))
}

/// The next option at `position`, which moves behind it. Long options start with `--`; with `single` also with one dash.
pub fn next(request: &Request<'_>, position: &mut Position) -> Found {
    if position.letter == 0 {
        let Some(argument) = (request.argument)(position.index) else { return Found::End };
        match argument {
            [b'-', b'-'] => {
                position.index += 1;
                return Found::End;
            }
            [b'-', b'-', name @ ..] if request.long.is_some() => {
                position.index += 1;
                return find_long(request, name, 2, position);
            }
            [b'-', name @ ..] if !name.is_empty() => {
                if request.single && request.long.is_some() && prefers_long(request, name) {
                    position.index += 1;
                    return find_long(request, name, 1, position);
                }
                position.letter = 1;
            }
            _ if request.specification.starts_with(b"-") => return Found::Operand,
            _ => return Found::End,
        }
    }
    let current = (request.argument)(position.index).unwrap_or_default();
    let letter = current.get(position.letter).copied().unwrap_or_default();
    let rest = position.letter + 1;
    let more = rest < current.len();
    let here = position.index;
    let leave = |position: &mut Position, by: usize| *position = Position { index: here + by, letter: 0 };
    let meaning = request.meaning(letter);
    match meaning {
        None | Some(Argument::None) => {
            if more {
                position.letter = rest;
            } else {
                leave(position, 1);
            }
            match meaning {
                None => Found::UnknownLetter(letter),
                _ => Found::Letter { letter, argument: None },
            }
        }
        Some(_) if more => {
            leave(position, 1);
            Found::Letter { letter, argument: Some((here, rest)) }
        }
        Some(Argument::Optional) => {
            leave(position, 1);
            Found::Letter { letter, argument: None }
        }
        Some(Argument::Required) if (request.argument)(here + 1).is_some() => {
            leave(position, 2);
            Found::Letter { letter, argument: Some((here + 1, 0)) }
        }
        Some(Argument::Required) => {
            leave(position, 1);
            Found::MissingArgument(letter)
        }
    }
}

/// With one dash a name is long unless its first letter is a short option and no long option fits.
fn prefers_long(request: &Request<'_>, text: &[u8]) -> bool {
    let (name, _) = split(text);
    let is_letter = name.first().is_some_and(|letter| request.meaning(*letter).is_some());
    let fits = request.options().any(|option| option.name.starts_with(name));
    !is_letter || fits && text.len() > 1
}

/// A name and what follows its `=`.
fn split(text: &[u8]) -> (&[u8], Option<usize>) {
    match text.iter().position(|byte| *byte == b'=') {
        Some(at) => (&text[..at], Some(at + 1)),
        None => (text, None),
    }
}

/// A long option by its name or an unambiguous beginning of it: options that do the same are no choice, except where one dash may
/// start them (so in glibc). `position` is already behind the argument.
fn find_long(request: &Request<'_>, text: &[u8], dashes: usize, position: &mut Position) -> Found {
    let (name, value) = split(text);
    let exact = request.options().position(|option| option.name == name);
    let mut fitting = request.options().enumerate().filter(|(_, option)| option.name.starts_with(name));
    let index = match (exact, fitting.next()) {
        (Some(index), _) => index,
        (None, None) => return Found::UnknownLong,
        (None, Some((index, option))) => {
            if fitting.any(|(_, other)| request.single || !other.does_the_same(&option)) {
                return Found::AmbiguousLong;
            }
            index
        }
    };
    let here = position.index - 1;
    let takes = request.options().nth(index).map_or(Argument::None, |option| option.argument);
    let argument = match (takes, value) {
        (Argument::None, Some(_)) => return Found::UnwantedArgument(index),
        (_, Some(at)) => Some((here, dashes + at)),
        (Argument::Required, None) if (request.argument)(position.index).is_some() => {
            position.index += 1;
            Some((position.index - 1, 0))
        }
        (Argument::Required, None) => return Found::MissingLongArgument(index),
        (_, None) => None,
    };
    Found::Long { index, argument }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(arguments: &[&str], specification: &str, long: Option<&[Long<'_>]>, single: bool) -> (Vec<Found>, usize) {
        let argument = |at: usize| arguments.get(at).map(|argument| argument.as_bytes());
        let options = |at: usize| {
            assert!(at <= long?.len(), "the list ends before");
            long?.get(at).copied()
        };
        let long = long.is_some().then_some(&options as &dyn Fn(usize) -> _);
        let request = Request { argument: &argument, specification: specification.as_bytes(), long, single };
        let mut position = Position { index: 1, letter: 0 };
        let mut found = Vec::new();
        loop {
            match next(&request, &mut position) {
                Found::End => return (found, position.index),
                step => found.push(step),
            }
        }
    }

    fn letter(letter: u8, argument: Option<Place>) -> Found {
        Found::Letter { letter, argument }
    }

    #[test]
    fn letters_group_and_take_arguments() {
        let found = all(&["p", "-ab", "-cval", "-c", "val", "-d", "--", "-a"], "abc:d::", None, false);
        let expected = [
            letter(b'a', None),
            letter(b'b', None),
            letter(b'c', Some((2, 2))),
            letter(b'c', Some((4, 0))),
            letter(b'd', None),
        ];
        assert_eq!(found, (expected.to_vec(), 7));
        assert_eq!(all(&["p", "-", "-a"], "a", None, false), (vec![], 1));
        assert_eq!(
            all(&["p", "-x", "-c"], ":c:", None, false),
            (vec![Found::UnknownLetter(b'x'), Found::MissingArgument(b'c')], 3)
        );
        assert_eq!(all(&["p", "-:"], "a:", None, false), (vec![Found::UnknownLetter(b':')], 2));
        assert!(quiet(b"+:a") && quiet(b":a") && !quiet(b"a:") && !quiet(b"+a:") && !quiet(b""));
    }

    #[test]
    fn long_names_may_be_cut_when_no_other_fits() {
        let long = [
            Long { name: b"all", argument: Argument::None, result: (1, 0) },
            Long { name: b"alpha", argument: Argument::Required, result: (2, 0) },
            Long { name: b"al", argument: Argument::Optional, result: (3, 0) },
            Long { name: b"color", argument: Argument::None, result: (4, 0) },
            Long { name: b"colour", argument: Argument::None, result: (4, 0) },
        ];
        for (text, expected) in [
            ("--all", Found::Long { index: 0, argument: None }),
            ("--alp=x", Found::Long { index: 1, argument: Some((1, 6)) }),
            ("--alp", Found::MissingLongArgument(1)),
            ("--al", Found::Long { index: 2, argument: None }),
            ("--a", Found::AmbiguousLong),
            ("--b", Found::UnknownLong),
            ("--col", Found::Long { index: 3, argument: None }),
            ("--all=1", Found::UnwantedArgument(0)),
        ] {
            assert_eq!(all(&["p", text], "", Some(&long), false).0, [expected], "{text}");
        }
        assert_eq!(all(&["p", "-all", "-v"], "v", Some(&long), true).0.len(), 2);
        assert_eq!(all(&["p", "-v"], "v", Some(&long), true).0, [letter(b'v', None)]);
    }
}
