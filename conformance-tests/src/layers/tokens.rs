//! Tokens without tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A module in a file of its own.
pub enum Declared {
    /// Beside its parent, by its name.
    Name(String),
    /// By its `path` attribute.
    File(String),
}

/// Drops `#[cfg(test)]` with the item behind it; what such a `mod name;` names goes to `modules`.
pub fn without_tests(tokens: TokenStream, modules: &mut Vec<Declared>) -> Vec<TokenTree> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let attribute = |at: usize| match (tokens.get(at), tokens.get(at + 1)) {
            (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(group)))
                if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                Some(group.to_string())
            }
            _ => None,
        };
        if attribute(at).is_none_or(|text| text.replace(' ', "") != "[cfg(test)]") {
            kept.push(token.clone());
            at += 1;
            continue;
        }
        let mut file = None;
        while let Some(text) = attribute(at) {
            if let Some(path) = text.replace(' ', "").strip_prefix("[path=\"") {
                file = path.strip_suffix("\"]").map(str::to_owned);
            }
            at += 2;
        }
        let start = at;
        // An item ends with a semicolon or a block, a field or variant with a comma.
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Punct(mark) if matches!(mark.as_char(), ';' | ',') => break,
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
                _ => {}
            }
        }
        let item: Vec<_> = tokens.get(start..at).unwrap_or_default().iter().map(TokenTree::to_string).collect();
        let words: Vec<_> = item.iter().map(String::as_str).collect();
        if let ["mod", name, ";"] | ["pub", "mod", name, ";"] = words[..] {
            modules.push(file.map_or_else(|| Declared::Name(name.to_owned()), Declared::File));
        }
    }
    kept
}

/// Goes through the groups as well, and leaves out tests in them.
pub fn inside(token: &TokenTree) -> Option<Vec<TokenTree>> {
    match token {
        TokenTree::Group(group) => Some(without_tests(group.stream(), &mut Vec::new())),
        _ => None,
    }
}

/// Whether it is this word or mark.
pub fn is(token: Option<&TokenTree>, text: &str) -> bool {
    match token {
        Some(TokenTree::Ident(name)) => name == text,
        Some(TokenTree::Punct(mark)) => text.len() == 1 && text.starts_with(mark.as_char()),
        _ => false,
    }
}
