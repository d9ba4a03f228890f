//! Dependency files of compilers, in make's language: `out1 out2: in1 in2 \`.

use alloc::string::String;
use alloc::vec::Vec;

/// What a file says: left and right sides, each name once, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depfile {
    /// Before the colons.
    pub outputs: Vec<String>,
    /// Behind them.
    pub inputs: Vec<String>,
}

/// Reads one. What compilers write for awkward names is understood: `\ ` and `\#` for the character, `$$` for a dollar, any backslash else
/// for itself. Rules without a right side (`-MP`) name headers that may go: they add nothing. Never fails; bytes that are not UTF-8 are replaced.
pub fn parse(bytes: &[u8]) -> Depfile {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Depfile::default();
    for line in lines(&text) {
        let (left, right) = sides(&line);
        if let Some(right) = right.filter(|right| !right.is_empty()) {
            found.outputs.extend(left);
            found.inputs.extend(right);
        }
    }
    for names in [&mut found.outputs, &mut found.inputs] {
        let mut seen = alloc::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
    }
    found
}

/// Lines with those that a backslash continues put together.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut whole = String::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        if backslashes % 2 == 1 {
            whole.push_str(&line[..line.len() - 1]);
            whole.push(' ');
        } else {
            whole.push_str(line);
            lines.push(core::mem::take(&mut whole));
        }
    }
    if !whole.is_empty() {
        lines.push(whole);
    }
    lines
}

/// The names before and behind the colon. A colon ends the left side only before space or the end: `C:\dir` is a name.
fn sides(line: &str) -> (Vec<String>, Option<Vec<String>>) {
    let mut left = Vec::new();
    let mut right: Option<Vec<String>> = None;
    let mut name = String::new();
    let mut rest = line.chars().peekable();
    let finish = |name: &mut String, left: &mut Vec<String>, right: &mut Option<Vec<String>>| {
        if !name.is_empty() {
            right.as_mut().unwrap_or(left).push(core::mem::take(name));
        }
    };
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            (' ' | '\t', _) => finish(&mut name, &mut left, &mut right),
            (':', None | Some(' ' | '\t')) if right.is_none() => {
                finish(&mut name, &mut left, &mut right);
                right = Some(Vec::new());
            }
            ('#', _) if name.is_empty() => break,
            ('$', Some('$')) | ('\\', Some(' ' | '#' | ':')) => name.extend(rest.next()),
            ('\\', Some('\\')) => {
                // make halves backslashes only before a space.
                let mut count = 1;
                while rest.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                if rest.peek() == Some(&' ') {
                    name.extend(core::iter::repeat_n('\\', count / 2));
                    if count % 2 == 1 {
                        name.extend(rest.next());
                    }
                } else {
                    name.extend(core::iter::repeat_n('\\', count));
                }
            }
            _ => name.push(c),
        }
    }
    finish(&mut name, &mut left, &mut right);
    (left, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_compilers_write_is_understood() {
        for (text, outputs, inputs) in [
            ("a.o: a.c a.h\n", &["a.o"][..], &["a.c", "a.h"][..]),
            ("a.o: a.c \\\n  a.h \\\n\tb.h\n", &["a.o"], &["a.c", "a.h", "b.h"]),
            ("a.o: a.c \\\r\n a.h\r\n", &["a.o"], &["a.c", "a.h"]),
            ("a.o b.o : x\n", &["a.o", "b.o"], &["x"]),
            ("a.o: a.c\nb.o: b.c a.c\n", &["a.o", "b.o"], &["a.c", "b.c"]),
            (r"a\ b.o: my\ dir/a.c x\#y $$z", &["a b.o"], &["my dir/a.c", "x#y", "$z"]),
            (r"C:\out\a.o: C:\src\a.c D:/b.h", &[r"C:\out\a.o"], &[r"C:\src\a.c", "D:/b.h"]),
            (r"a: b\\ c\\\ d \\host\e", &["a"], &[r"b\", r"c\ d", r"\\host\e"]),
            ("a: b\n\nb:\nc:\n", &["a"], &["b"]),
            ("# words: no\na: b", &["a"], &["b"]),
            ("a: b \\", &["a"], &["b"]),
            ("", &[], &[]),
            (":", &[], &[]),
        ] {
            let found = parse(text.as_bytes());
            assert_eq!(
                (&found.outputs[..], &found.inputs[..]),
                (
                    &outputs.iter().map(|s| String::from(*s)).collect::<Vec<_>>()[..],
                    &inputs.iter().map(|s| String::from(*s)).collect::<Vec<_>>()[..]
                ),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\\'), Just(b' '), Just(b':'), Just(b'\n')], 0..60)) {
            parse(&bytes);
        }

        #[test]
        fn names_come_back(name in "[a-zA-Z0-9 #$._/-]{1,20}") {
            let written: String = name.chars().flat_map(|c| match c {
                ' ' | '#' => alloc::vec!['\\', c],
                '$' => alloc::vec!['$', '$'],
                c => alloc::vec![c],
            }).collect();
            let found = parse(alloc::format!("out: {written}\n").as_bytes());
            prop_assert_eq!(found.inputs, [name]);
        }
    }
}
