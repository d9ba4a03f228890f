//! Who uses whom in the sources: paths that start at `crate`, `super` or `self` are followed, code under `#[cfg(test)]` is
//! left out. Comments and strings do not count, since what is read are tokens.

pub mod circles;
mod names;
mod tokens;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tokens::{Declared, inside, is, without_tests};

/// One file without its tests.
pub struct Source {
    /// Below the repository, with `/`.
    pub name: String,
    /// Its module: `["stdio", "abi", "open"]`.
    pub module: Vec<String>,
    /// What it refers to by path, from the crate's root, sorted.
    pub uses: BTreeSet<Vec<String>>,
    /// The tokens, as one text with single spaces.
    pub text: String,
    /// Functions and objects that it expects from elsewhere by their C names.
    pub imports: Vec<String>,
    /// The names of its modules.
    scopes: Vec<names::Scope>,
}

impl Source {
    /// Reads the text of a file; also the modules of tests that it declares.
    fn new(name: String, module: Vec<String>, text: &str) -> Result<(Self, Vec<Declared>), String> {
        let tokens: TokenStream = text.parse().map_err(|error| format!("{name}: {error}"))?;
        let mut tests = Vec::new();
        let tokens = without_tests(tokens, &mut tests);
        let mut uses = BTreeSet::new();
        references(&tokens, &module, &mut uses);
        let mut imports = Vec::new();
        imported(&tokens, &mut imports);
        let scopes = names::scopes(&tokens, &module);
        Ok((Self { name, module, uses, text: flat(&tokens), imports, scopes }, tests))
    }

    /// The folder or file below the crate's root: an area, `rt`, `text`, ...
    pub fn area(&self) -> &str {
        self.module.first().map_or("", String::as_str)
    }

    /// Whether it is part of what C sees.
    pub fn is_abi(&self) -> bool {
        self.module.iter().any(|part| is_abi(part))
    }
}

/// What C sees is in `abi.rs` or below `abi/`.
pub fn is_abi(module: &str) -> bool {
    module == "abi"
}

/// The sources of a crate whose root module lies in `folder`; what lies in the folders `without` belongs to others.
pub fn read(root: &Path, folder: &str, without: &[&str]) -> Result<Vec<Source>, String> {
    let base = root.join(folder);
    let mut files = Vec::new();
    let mut folders = vec![base.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let skipped = without.iter().any(|other| path == base.join(other));
            if path.is_dir() && !skipped {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !skipped {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut sources = Vec::new();
    let mut tests = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let below = file.strip_prefix(&base).map_err(|error| error.to_string())?;
        let module = module(below, base.join("lib.rs").exists());
        let (source, found) = Source::new(format!("{folder}/{}", below.display()), module, &text)?;
        tests.extend(found.iter().map(|declared| place_of(&base, &file, &source.module, declared)));
        sources.push((file, source));
    }
    let is_test = |file: &Path| tests.iter().any(|test| file == test.with_extension("rs") || file.starts_with(test));
    Ok(sources.into_iter().filter(|(file, _)| !is_test(file)).map(|(_, source)| source).collect())
}

/// The module of a file below the crate's folder. Beside a `lib.rs` the file `main.rs` is not the root.
fn module(file: &Path, is_library: bool) -> Vec<String> {
    let mut parts: Vec<_> =
        file.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let root = if is_library { "lib" } else { "main" };
    if parts.last().is_some_and(|last| last == "mod" || parts.len() == 1 && last == root) {
        parts.pop();
    }
    parts
}

/// Where a module that is declared in `file` lies, without extension: by its name, or by its `path` attribute.
fn place_of(base: &Path, file: &Path, module: &[String], declared: &Declared) -> PathBuf {
    match declared {
        Declared::Name(name) => base.join(module.iter().collect::<PathBuf>()).join(name),
        Declared::File(path) => file.with_file_name(path).with_extension(""),
    }
}

fn references(tokens: &[TokenTree], module: &[String], uses: &mut BTreeSet<Vec<String>>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let starts = |at: usize| is(tokens.get(at + 1), ":") && is(tokens.get(at + 2), ":");
        let inner = |at: usize| at >= 2 && is(tokens.get(at - 1), ":") && is(tokens.get(at - 2), ":");
        let from = match token {
            TokenTree::Ident(name) if !starts(at) || name != "crate" && inner(at) => None,
            TokenTree::Ident(name) if name == "crate" => Some(Vec::new()),
            TokenTree::Ident(name) if name == "self" => Some(module.to_vec()),
            TokenTree::Ident(name) if name == "super" => {
                Some(module.split_last().map_or(&[][..], |(_, parent)| parent).to_vec())
            }
            _ => None,
        };
        match from {
            Some(from) => at = path(tokens, at + 3, from, uses),
            None => {
                if let Some(tokens) = inside(token) {
                    references(&tokens, module, uses);
                }
                at += 1;
            }
        }
    }
}

/// Follows a path from `at`, behind a `::`, and the braces of a `use`; gives where it goes on.
fn path(tokens: &[TokenTree], at: usize, mut from: Vec<String>, uses: &mut BTreeSet<Vec<String>>) -> usize {
    let mut at = at;
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(name)) if name == "super" => {
                from.pop();
            }
            Some(TokenTree::Ident(name)) => from.push(name.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let tokens: Vec<_> = group.stream().into_iter().collect();
                let starts = (0..tokens.len()).filter(|at| *at == 0 || is(tokens.get(at - 1), ","));
                for start in starts {
                    path(&tokens, start, from.clone(), uses);
                }
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        if !(is(tokens.get(at), ":") && is(tokens.get(at + 1), ":")) {
            break;
        }
        at += 2;
    }
    uses.insert(from);
    at
}

/// Names in `extern "C" { ... }`.
fn imported(tokens: &[TokenTree], names: &mut Vec<String>) {
    for (at, token) in tokens.iter().enumerate() {
        let Some(content) = inside(token) else { continue };
        let block = at >= 2 && is(tokens.get(at - 2), "extern") && tokens[at - 1].to_string().starts_with('"');
        if block {
            for pair in content.windows(2).filter(|pair| is(pair.first(), "fn") || is(pair.first(), "static")) {
                // In a macro the name is a parameter; what it becomes is not ours to judge.
                names.extend(Some(&pair[1]).filter(|name| !is(Some(name), "$")).map(TokenTree::to_string));
            }
        } else {
            imported(&content, names);
        }
    }
}

fn flat(tokens: &[TokenTree]) -> String {
    let mut text = String::new();
    for token in tokens {
        match (token, inside(token)) {
            (TokenTree::Group(group), Some(content)) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("( ", ") "),
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::None => ("", ""),
                };
                text = text + open + &flat(&content) + close;
            }
            _ => text = text + &token.to_string() + " ",
        }
    }
    text
}
