//! A Windows process gets one string; these are the rules by which programs cut it into arguments
//! (Microsoft, "Parsing C command-line arguments" and `CommandLineToArgvW`).

use alloc::vec::Vec;

const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;

const fn is_blank(unit: u16) -> bool {
    unit == b' ' as u16 || unit == b'\t' as u16
}

/// The arguments in a command line. The first is the program's name: quotes only switch, backslashes are plain.
#[must_use]
pub fn split(line: &[u16]) -> Vec<Vec<u16>> {
    let mut arguments = Vec::new();
    let mut name = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while let Some(&unit) = line.get(at) {
        if unit == QUOTE {
            quoted = !quoted;
        } else if is_blank(unit) && !quoted {
            break;
        } else {
            name.push(unit);
        }
        at += 1;
    }
    arguments.push(name);
    loop {
        while line.get(at).is_some_and(|unit| is_blank(*unit)) {
            at += 1;
        }
        if at >= line.len() {
            return arguments;
        }
        let (argument, end) = one(line, at);
        arguments.push(argument);
        at = end;
    }
}

/// The argument that starts at `at`, and where it ends.
fn one(line: &[u16], mut at: usize) -> (Vec<u16>, usize) {
    let mut argument = Vec::new();
    let mut quoted = false;
    while let Some(&unit) = line.get(at) {
        if is_blank(unit) && !quoted {
            break;
        }
        let slashes = line[at..].iter().take_while(|unit| **unit == BACKSLASH).count();
        if slashes > 0 {
            at += slashes;
            let before_quote = line.get(at) == Some(&QUOTE);
            let plain = if before_quote { slashes / 2 } else { slashes };
            argument.extend(core::iter::repeat_n(BACKSLASH, plain));
            if before_quote && slashes % 2 == 1 {
                argument.push(QUOTE);
                at += 1;
            }
        } else if unit == QUOTE {
            // Inside quotes, two quotes are one quote.
            if quoted && line.get(at + 1) == Some(&QUOTE) {
                argument.push(QUOTE);
                at += 1;
            } else {
                quoted = !quoted;
            }
            at += 1;
        } else {
            argument.push(unit);
            at += 1;
        }
    }
    (argument, at)
}

/// Appends an argument so that [`split`] gives it back. `first`: the program's name, which cannot hold a quote.
pub fn append(line: &mut Vec<u16>, argument: &[u16], first: bool) {
    if !first {
        line.push(b' ' as u16);
    }
    let plain = !argument.is_empty()
        && !argument.iter().any(|unit| is_blank(*unit) || *unit == QUOTE || *unit == 0x0A || *unit == 0x0B);
    if plain {
        line.extend_from_slice(argument);
        return;
    }
    line.push(QUOTE);
    let mut slashes = 0;
    for &unit in argument {
        if unit == QUOTE && !first {
            // The backslashes before the quote are already there: double them, and one for the quote.
            line.extend(core::iter::repeat_n(BACKSLASH, slashes + 1));
        }
        slashes = if unit == BACKSLASH { slashes + 1 } else { 0 };
        if !(first && unit == QUOTE) {
            line.push(unit);
        }
    }
    if !first {
        line.extend(core::iter::repeat_n(BACKSLASH, slashes));
    }
    line.push(QUOTE);
}

/// The command line by which `cmd.exe` runs a command. With `/s` it takes off the outer quotes and reads the rest as it stands;
/// `/d` leaves out what the registry would run before. `None` where the command has several lines: `cmd.exe` would drop all but the first.
#[must_use]
pub fn for_interpreter(command: &[u16]) -> Option<Vec<u16>> {
    let is_end = |unit: &u16| *unit == b'\n' as u16 || *unit == b'\r' as u16;
    let end = command.iter().rposition(|unit| !is_end(unit)).map_or(0, |last| last + 1);
    let command = command.get(..end)?;
    if command.iter().any(is_end) {
        return None;
    }
    let mut line: Vec<u16> = "cmd /d /s /c \"".encode_utf16().collect();
    line.extend_from_slice(command);
    line.push(QUOTE);
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn cut(line: &str) -> Vec<String> {
        let wide: Vec<u16> = line.encode_utf16().collect();
        split(&wide).iter().map(|argument| String::from_utf16(argument).unwrap()).collect()
    }

    #[test]
    fn documented_examples() {
        assert_eq!(cut(r#"p "a b c" d e"#), ["p", "a b c", "d", "e"]);
        assert_eq!(cut(r#"p "ab\"c" "\\" d"#), ["p", "ab\"c", "\\", "d"]);
        assert_eq!(cut(r#"p a\\\b d"e f"g h"#), ["p", r"a\\\b", "de fg", "h"]);
        assert_eq!(cut(r#"p a\\\"b c d"#), ["p", r#"a\"b"#, "c", "d"]);
        assert_eq!(cut(r#"p a\\\\"b c" d e"#), ["p", r"a\\b c", "d", "e"]);
        assert_eq!(cut(r#"p "a b"" c"#), ["p", "a b\" c"]);
        assert_eq!(cut(r#""c:\my dir\p.exe" "" x"#), [r"c:\my dir\p.exe", "", "x"]);
        assert_eq!(cut(""), [""]);
    }

    #[test]
    fn commands_stay_as_they_are_for_the_interpreter() {
        let line = |command: &str| {
            let line = for_interpreter(&command.encode_utf16().collect::<Vec<_>>())?;
            Some(String::from_utf16(&line).unwrap())
        };
        assert_eq!(line(r#""a b" "c" & d\"#).as_deref(), Some(r#"cmd /d /s /c ""a b" "c" & d\""#));
        assert_eq!(line("").as_deref(), Some(r#"cmd /d /s /c """#));
        assert_eq!(line("dir\r\n").as_deref(), Some(r#"cmd /d /s /c "dir""#));
        assert_eq!(line("a\nb"), None);
    }

    #[test]
    fn what_is_quoted_comes_back() {
        let hard = [
            "",
            " ",
            "\\",
            "\\\\",
            "a\\",
            "a b\\",
            "a b\\\\",
            "\"",
            "\\\"",
            "a\"b c",
            "\\\\\"",
            "*",
            "tab\there",
            "plain",
        ];
        let mut line = Vec::new();
        append(&mut line, &"my prog\\".encode_utf16().collect::<Vec<_>>(), true);
        for argument in hard {
            append(&mut line, &argument.encode_utf16().collect::<Vec<_>>(), false);
        }
        let mut expected = Vec::from(["my prog\\"]);
        expected.extend(hard);
        assert_eq!(cut(&String::from_utf16(&line).unwrap()), expected);
    }
}
