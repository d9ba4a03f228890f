//! Requests to the host that can wait, and whether they go through the one seam for them.

use crate::layers::Source;
use loader_abi::OPERATIONS;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Whether an operation of the host can wait.
fn waits(name: &str) -> bool {
    OPERATIONS.iter().any(|entry| entry.waits && entry.name == name)
}

/// Functions whose argument is such a request.
const SEAMS: [&str; 2] = ["blocking", "uninterrupted"];

/// The requests that can wait which a file makes beside the seam, and how many it makes through it.
pub fn requests(source: &Source) -> Result<(Vec<String>, usize), String> {
    let tokens: TokenStream = lifetimes(&source.text).parse().map_err(|error| format!("{}: {error}", source.name))?;
    let (mut beside, mut through) = (Vec::new(), 0);
    walk(tokens, false, &mut beside, &mut through);
    Ok((beside, through))
}

/// The text with each lifetime as one token, which its mark and its name are not in the text of a [`Source`].
fn lifetimes(text: &str) -> String {
    let mut parts = text.split("' ").peekable();
    let mut whole = String::new();
    while let Some(part) = parts.next() {
        whole.push_str(part);
        if let Some(next) = parts.peek() {
            let is_name = next.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic());
            whole.push_str(if is_name { "'" } else { "' " });
        }
    }
    whole
}

fn walk(tokens: TokenStream, inside: bool, beside: &mut Vec<String>, through: &mut usize) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let before = |distance: usize| at.checked_sub(distance).and_then(|at| tokens.get(at));
        let name = |distance| match before(distance) {
            Some(TokenTree::Ident(name)) => name.to_string(),
            _ => String::new(),
        };
        let is_call = group.delimiter() == Delimiter::Parenthesis;
        let is_method = matches!(before(2), Some(TokenTree::Punct(mark)) if mark.as_char() == '.');
        // `host.read(...)` or `host().read(...)`.
        let is_host = name(3) == "host" || matches!(before(3), Some(TokenTree::Group(_))) && name(4) == "host";
        if is_call && is_method && is_host && waits(&name(1)) {
            match inside {
                true => *through += 1,
                false => beside.push(name(1)),
            }
        }
        let inside = inside || is_call && SEAMS.contains(&name(1).as_str());
        walk(group.stream(), inside, beside, through);
    }
}
