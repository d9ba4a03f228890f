//! The names of a source: what each of its modules defines, brings in with `use`, and refers to by path.

use proc_macro2::{Delimiter, Spacing, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{inside, is};

/// A path. It starts at the crate's root if its first part is `crate`, else where the names of a module lead.
pub type Name = Vec<String>;

/// The names of one module: that of a file, or one inside it.
#[derive(Default)]
pub struct Scope {
    /// From the crate's root.
    pub module: Vec<String>,
    /// Items other than modules and macros.
    pub defines: BTreeSet<String>,
    /// Macros, which another file may reach by the crate's root as well.
    pub macros: BTreeSet<String>,
    /// What `use` brings in under a name of this module, and whether it is for others as well (`pub use`).
    pub brings: BTreeMap<String, (Name, bool)>,
    /// Modules of which `use` brings in all.
    pub globs: Vec<Name>,
    /// Paths outside of `use`.
    pub refers: BTreeSet<Name>,
    /// Every word outside of `use`.
    pub words: BTreeSet<String>,
}

/// The scopes of a file: its own first.
pub fn scopes(tokens: &[TokenTree], module: &[String]) -> Vec<Scope> {
    let mut own = Scope { module: module.to_vec(), ..Scope::default() };
    let mut inner = Vec::new();
    items(tokens, true, &mut own, &mut inner);
    inner.insert(0, own);
    inner
}

fn word(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    }
}

fn braces(token: Option<&TokenTree>) -> Option<Vec<TokenTree>> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => token.and_then(inside),
        _ => None,
    }
}

/// `::` at this place.
fn joins(tokens: &[TokenTree], at: usize) -> bool {
    let joint = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.spacing() == Spacing::Joint);
    is(tokens.get(at), ":") && tokens.get(at).is_some_and(joint) && is(tokens.get(at + 1), ":")
}

/// `pub`, `pub(crate)` and the like before this place.
fn is_public(tokens: &[TokenTree], at: usize) -> bool {
    let group = |at: usize| matches!(tokens.get(at), Some(TokenTree::Group(_)));
    at >= 1 && is(tokens.get(at - 1), "pub") || at >= 2 && group(at - 1) && is(tokens.get(at - 2), "pub")
}

/// `top`: the tokens are a module's, not those of a block in it.
fn items(tokens: &[TokenTree], top: bool, scope: &mut Scope, inner: &mut Vec<Scope>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let name = word(Some(token));
        match (name.as_deref(), word(tokens.get(at + 1))) {
            (Some("mod"), Some(module)) => {
                if let Some(content) = braces(tokens.get(at + 2)) {
                    let module = [&scope.module[..], &[module]].concat();
                    let mut own = Scope { module, ..Scope::default() };
                    items(&content, true, &mut own, inner);
                    inner.push(own);
                    at += 1;
                }
                at += 2;
            }
            // Not the `use<>` of a type.
            (Some("use"), _) if !is(tokens.get(at + 1), "<") => {
                let public = is_public(tokens, at);
                at = tree(tokens, at + 1, &[], public, scope) + 1;
            }
            (Some("pub"), _) if is_place(tokens.get(at + 1)) => at += 2,
            // The code of whoever calls the macro.
            (Some("quote" | "parse_quote"), _) if is(tokens.get(at + 1), "!") => at += 3,
            (Some("macro_rules"), _) => {
                scope.macros.extend(word(tokens.get(at + 2)));
                at += 3;
            }
            (Some(_), _) if joins(tokens, at + 1) && !is_behind(tokens, at) => at = path(tokens, at, scope),
            (Some(kind), next) => {
                const KINDS: [&str; 8] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];
                if top && KINDS.contains(&kind) {
                    scope.defines.extend(next.filter(|name| name != "mut"));
                }
                scope.words.insert(kind.to_owned());
                at += 1;
            }
            (None, _) => {
                if let Some(content) = inside(token) {
                    items(&content, false, scope, inner);
                }
                at += 1;
            }
        }
    }
}

/// `(in some::module)`: how far an item can be seen is not a use of the module.
fn is_place(token: Option<&TokenTree>) -> bool {
    let first = token.and_then(inside).and_then(|content| content.into_iter().next());
    is(first.as_ref(), "in")
}

/// A later part of a path, or a method.
fn is_behind(tokens: &[TokenTree], at: usize) -> bool {
    at >= 1 && is(tokens.get(at - 1), ".") || at >= 2 && joins(tokens, at - 2)
}

/// A path in the middle of code; gives where it goes on.
fn path(tokens: &[TokenTree], mut at: usize, scope: &mut Scope) -> usize {
    let mut parts = Vec::new();
    while let Some(part) = word(tokens.get(at)) {
        scope.words.insert(part.clone());
        parts.push(part);
        at += 1;
        if !joins(tokens, at) {
            break;
        }
        at += 2;
    }
    scope.refers.extend(from_root(parts, &scope.module));
    at
}

/// `self` and `super` as a path from the root; `None` above it.
fn from_root(parts: Vec<String>, module: &[String]) -> Option<Name> {
    let mut from = module;
    let mut rest = &parts[..];
    if rest.first()? == "self" {
        rest = &rest[1..];
    } else if rest.first()? != "super" {
        return Some(parts);
    }
    while let Some((_, behind)) = rest.split_first().filter(|(first, _)| *first == "super") {
        rest = behind;
        from = from.split_last()?.1;
    }
    Some([&["crate".to_owned()], from, rest].concat())
}

/// One branch of a `use`; gives where it ends: at a comma or semicolon, or behind the last token.
fn tree(tokens: &[TokenTree], mut at: usize, before: &[String], public: bool, scope: &mut Scope) -> usize {
    let mut parts = before.to_vec();
    loop {
        if let Some(content) = braces(tokens.get(at)) {
            let mut start = 0;
            while start < content.len() {
                start = tree(&content, start, &parts, public, scope) + 1;
            }
            return at + 1;
        }
        if is(tokens.get(at), "*") {
            scope.globs.extend(from_root(parts, &scope.module));
            return at + 1;
        }
        let Some(part) = word(tokens.get(at)) else { return at };
        at += 1;
        // `nt::{self, Handle}`
        if part != "self" || parts.is_empty() {
            parts.push(part);
        }
        if !joins(tokens, at) {
            break;
        }
        at += 2;
    }
    let mut name = parts.last().cloned().unwrap_or_default();
    if is(tokens.get(at), "as") {
        name = word(tokens.get(at + 1)).unwrap_or_default();
        at += 2;
    }
    if name == "_" {
        // A trait that is brought in for its methods alone has no name here.
        name = format!("_ {}", scope.brings.len());
    }
    if let Some(whole) = from_root(parts, &scope.module) {
        scope.brings.insert(name, (whole, public));
    }
    at
}
