//! Strings with variables: `{NAME}` stands for a value, `{{` and `}}` for braces.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A piece of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// As it is.
    Text(&'a str),
    /// The value of the variable of this name.
    Variable(&'a str),
}

/// Whether a variable can have this name: a letter or `_`, then letters, digits, `_`, `-` and `.`.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.'))
}

/// The pieces of a string. A `}` alone is itself.
///
/// # Errors
/// A `{` that does not begin a variable: what is wrong, as a sentence.
pub fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        if from.starts_with("{{") || from.starts_with("}}") {
            parts.push(Part::Text(&from[..1]));
            rest = &from[2..];
        } else if let Some(after) = from.strip_prefix('{') {
            let name = after.split_once('}').filter(|(name, _)| is_name(name));
            let (name, after) = name.ok_or_else(|| {
                format!(
                    "in {text:?}: \"{{\" begins a variable such as {{DISTX_ARCH}}; write \"{{{{\" for the brace itself"
                )
            })?;
            parts.push(Part::Variable(name));
            rest = after;
        } else {
            parts.push(Part::Text(&from[..1]));
            rest = &from[1..];
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

/// The variables in the order in which they first appear.
pub fn names<'a>(parts: &[Part<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for part in parts {
        if let Part::Variable(name) = part
            && !names.contains(name)
        {
            names.push(*name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use Part::{Text, Variable};
    use alloc::vec;

    #[test]
    fn braces_begin_variables_unless_doubled() {
        for (text, expected) in [
            ("", vec![]),
            ("plain", vec![Text("plain")]),
            ("{A}", vec![Variable("A")]),
            ("a{A}b{B_1}", vec![Text("a"), Variable("A"), Text("b"), Variable("B_1")]),
            ("{{A}}", vec![Text("{"), Text("A"), Text("}")]),
            ("{{{A}}}", vec![Text("{"), Variable("A"), Text("}")]),
            ("a}b", vec![Text("a"), Text("}"), Text("b")]),
            ("{a-b.c}", vec![Variable("a-b.c")]),
            ("é{A}é", vec![Text("é"), Variable("A"), Text("é")]),
        ] {
            assert_eq!(parts(text).expect(text), expected, "{text}");
        }
    }

    #[test]
    fn a_brace_without_a_variable_is_an_error() {
        for text in ["{", "a{", "{}", "{ print }", "{1}", "{A", "{A{B}}", "{é}"] {
            assert!(parts(text).expect_err(text).contains("write \"{{\""), "{text}");
        }
    }

    #[test]
    fn names_come_once() {
        assert_eq!(names(&parts("{B}{A}{B}").expect("parts")), ["B", "A"]);
    }
}
