//! The Rust functions that C calls have the prototypes of the headers: cbindgen writes theirs, and both are compiled
//! together, so that a parameter that drifts is an error of the compiler.
//!
//! Seen are the functions with `#[export]` that stand in the text of `xlibc/`. Functions that a macro of
//! Rust writes are not. `#[doc(alias = "FILE")]` on a type of Rust names the C type that it is; of a function that is variadic
//! in C only the fixed parameters are compared. Those behind `export_c!` are C: each is declared with the type of its public name before its
//! source is compiled.

use super::facts::{Facts, Signature};
use super::headers::include_all;
use crate::clang::{Clang, Cpu, Dialect, EVERYTHING};
use quote::quote;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Rust sources below `folder` that export functions.
pub fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    sources_with(folder, "rs", "#[export")
}

/// Files below `folder` with this extension that contain a text.
pub fn sources_with(folder: &Path, extension: &str, word: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|one| one == extension) {
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                if text.contains(word) {
                    found.push(path);
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Compiles the prototypes of one Rust file together with all headers; `types` are those of all files.
pub fn agrees(clang: &Clang, facts: &Facts, types: &Types, source: &Path) -> Result<(), String> {
    let headers = include_all(clang.include())?;
    let declarations = declarations(facts, types, source)?;
    // What the headers define as a macro would change the line that declares it.
    let mut undefined: String = facts.signatures.iter().map(|one| format!("#undef {}\n", one.name.name)).collect();
    // These are held to the type that the table gives, under another name.
    let own = facts.rust_functions.iter().map(|(name, text)| (name, text.as_str()));
    for (name, text) in own.chain(facts.signatures.iter().filter_map(fixed)) {
        let (result, parameters) =
            text.split_once(" | ").ok_or_else(|| format!("{name}: {text}: no type of a function"))?;
        undefined.push_str(&format!("{result} rust_{name}({parameters});\n#define {name} rust_{name}\n"));
    }
    for cpu in Cpu::ALL {
        clang
            .accepts(cpu, EVERYTHING, &format!("{headers}{undefined}{declarations}"))
            .map_err(|error| format!("{}: {error}", source.display()))?;
    }
    Ok(())
}

/// The name of a variadic function, and its type without the dots.
fn fixed(signature: &Signature) -> Option<(&String, &str)> {
    Some((&signature.name.name, signature.text.get(Cpu::X86_64)?.strip_suffix(", ...")?))
}

/// The pairs of `export_c!(public => private, ...)` below `folder`.
pub fn exported_c(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for source in sources_with(folder, "rs", "export_c!(")? {
        let text = std::fs::read_to_string(&source).map_err(|error| format!("{}: {error}", source.display()))?;
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for call in code.split("export_c!(").skip(1) {
            let list = call.split(')').next().unwrap_or_default();
            let words = list.split(',').filter_map(|pair| pair.split_once("=>"));
            pairs.extend(words.map(|(public, private)| (public.trim().to_owned(), private.trim().to_owned())));
        }
    }
    Ok(pairs)
}

/// Compiles a C source of the library with its functions declared as what they are exported as.
pub fn c_agrees(clang: &Clang, facts: &Facts, pairs: &[(String, String)], source: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
    let mut before = String::new();
    for (public, private) in pairs.iter().filter(|(_, private)| text.contains(private.as_str())) {
        let signature = facts.signatures.iter().find(|one| &one.name.name == public);
        let signature = signature.ok_or_else(|| format!("{public}: not in signatures.tsv"))?;
        if let Some((result, parameters)) = facts.rust_functions.get(public).and_then(|text| text.split_once(" | ")) {
            before.push_str(&format!("{result} {private}({parameters});\n"));
            continue;
        }
        // Without a header, or hidden from new dialects: nothing to compare with.
        if let Some(header) = signature.name.headers.first().filter(|_| public != "gets") {
            before.push_str(&format!("#include <{header}>\n#undef {public}\nextern __typeof__({public}) {private};\n"));
        }
    }
    // Warnings are for the library's own build; a type that differs is an error all the same.
    let dialect = Dialect { standard: "gnu23", arguments: &["-D_GNU_SOURCE", "-w", "-ffreestanding"] };
    let whole = format!("{before}#line 1 \"{}\"\n{text}", source.display());
    Cpu::ALL.into_iter().try_for_each(|cpu| clang.accepts(cpu, dialect, &whole))
}

/// The header that cbindgen makes of a file: its functions and objects, no types.
fn declarations(facts: &Facts, types: &Types, source: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
    let text = interface(&text, facts, &types.aliases).map_err(|error| format!("{}: {error}", source.display()))?;
    let name: String = source.to_string_lossy().replace(['/', '\\', '.'], "-");
    let copy = std::env::temp_dir().join(format!("xlibc-{}-{name}.rs", std::process::id()));
    std::fs::write(&copy, text).map_err(|error| format!("{}: {error}", copy.display()))?;

    let mut config = cbindgen::Config { language: cbindgen::Language::C, no_includes: true, ..Default::default() };
    config.style = cbindgen::Style::Type;
    config.usize_is_size_t = true;
    config.export.rename = tags(facts, types);
    config.export.item_types = vec![cbindgen::ItemType::Functions, cbindgen::ItemType::Globals];
    config.function.no_return = Some("__attribute__((__noreturn__))".to_owned());
    let bindings = cbindgen::Builder::new().with_config(config).with_src(&copy).generate();
    let removed = std::fs::remove_file(&copy);
    let bindings = bindings.map_err(|error| format!("{}: {error}", source.display()))?;
    removed.map_err(|error| format!("{}: {error}", copy.display()))?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    String::from_utf8(header).map_err(|error| error.to_string())
}

/// Type aliases: name and meaning.
type Aliases = BTreeMap<String, String>;

/// What the sources say about types.
#[derive(Default)]
pub struct Types {
    aliases: Aliases,
    /// Types of Rust that have another name in C.
    named: BTreeMap<String, String>,
}

impl Types {
    /// Those of all sources below `folders`.
    pub fn read(folders: &[&Path], facts: &Facts) -> Result<Self, String> {
        let mut types = Self::default();
        for folder in folders {
            types.aliases.extend(aliases(folder, facts)?);
            for source in sources_with(folder, "rs", "doc(alias")? {
                let in_file = |error: &dyn std::fmt::Display| format!("{}: {error}", source.display());
                let text = std::fs::read_to_string(&source).map_err(|error| in_file(&error))?;
                let file = syn::parse_file(&text).map_err(|error| in_file(&error))?;
                named(&file.items, &mut types.named).map_err(|error| in_file(&error))?;
            }
        }
        Ok(types)
    }
}

/// Types with `#[doc(alias = "name in C")]`, in modules as well.
fn named(items: &[syn::Item], found: &mut BTreeMap<String, String>) -> Result<(), String> {
    for item in items {
        let (attributes, name) = match item {
            syn::Item::Struct(one) => (&one.attrs, &one.ident),
            syn::Item::Type(one) => (&one.attrs, &one.ident),
            syn::Item::Mod(one) => {
                named(one.content.as_ref().map_or(&[][..], |(_, items)| items), found)?;
                continue;
            }
            _ => continue,
        };
        let lists =
            attributes.iter().filter(|one| one.path().is_ident("doc")).filter_map(|one| one.meta.require_list().ok());
        for list in lists {
            let alias: syn::MetaNameValue = list.parse_args().map_err(|error| format!("{name}: {error}"))?;
            let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(alias), .. }) = alias.value else { continue };
            let old = found.insert(name.to_string(), alias.value());
            if old.is_some_and(|old| old != alias.value()) {
                return Err(format!("{name}: another type of this name is another one in C"));
            }
        }
    }
    Ok(())
}

/// The aliases of all sources that are not C's own names, as those of `types.rs` are. A name with two meanings is left out.
fn aliases(folder: &Path, facts: &Facts) -> Result<Aliases, String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources_with(folder, "rs", "type ")?.iter().filter(|path| !path.ends_with("types.rs")) {
        let text = std::fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
        for (name, meaning) in text.lines().filter_map(alias).filter(|(name, _)| !facts.has_type(name)) {
            found.entry(name.to_owned()).or_default().push(meaning.to_owned());
        }
    }
    let single = found.into_iter().filter(|(_, meanings)| meanings.iter().all(|one| *one == meanings[0]));
    Ok(single.map(|(name, mut meanings)| (name, meanings.remove(0))).collect())
}

/// A line that defines an alias: the name, the meaning.
fn alias(line: &str) -> Option<(&str, &str)> {
    let rest = ["pub ", "pub(crate) ", "pub(super) "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    let (name, meaning) = rest.strip_prefix("type ")?.split_once(" = ")?;
    name.chars().all(|one| one.is_alphanumeric() || one == '_').then_some((name, meaning.strip_suffix(';')?))
}

/// What C sees of a Rust file, for cbindgen: it does not look into `cfg_attr`, and leaves `Option<Alias>` as it is.
/// Exported functions without their bodies, exported objects without their values, aliases replaced by what they mean.
fn interface(text: &str, facts: &Facts, others: &Aliases) -> syn::Result<String> {
    let variadic: BTreeMap<_, _> = facts.signatures.iter().filter_map(fixed).collect();
    let mut result = String::new();
    for item in syn::parse_file(text)?.items {
        match item {
            syn::Item::Fn(mut function) if is_exported(&function.attrs) => {
                if let Some(name) = other_name(&function.attrs) {
                    function.sig.ident = name?;
                    // The compiler's own, with types that only it can say.
                    if function.sig.ident.to_string().starts_with("__atomic_") {
                        continue;
                    }
                }
                let signature = &mut function.sig;
                if let Some(fixed) = variadic.get(&signature.ident.to_string()) {
                    let count = fixed.split(", ").count();
                    signature.inputs = std::mem::take(&mut signature.inputs).into_iter().take(count).collect();
                }
                result.push_str(&quote!(#[unsafe(no_mangle)] pub #signature {}).to_string());
            }
            // Objects with another name in Rust have a type of Rust as well; their size is looked at in the library.
            syn::Item::Static(object) if is_exported(&object.attrs) && other_name(&object.attrs).is_none() => {
                let (mutable, name, ty) = (&object.mutability, &object.ident, &object.ty);
                result.push_str(&quote!(#[unsafe(no_mangle)] pub static #mutable #name: #ty = 0;).to_string());
            }
            _ => {}
        }
        result.push('\n');
    }
    // The printer of tokens puts spaces into paths.
    result = result.replace(" :: ", "::");
    // A `va_list` reaches its function as an address on both CPUs; cbindgen would write this name as dots.
    result = result.replace("* mut VaList", "VaListAddress");
    for (name, meaning) in text.lines().filter_map(alias).filter(|(name, _)| !facts.has_type(name)) {
        result = replace_word(&result, name, meaning);
    }
    for (name, meaning) in others {
        result = replace_word(&result, name, meaning);
    }
    Ok(result)
}

fn is_exported(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|one| one.path().is_ident("export"))
}

/// The name of `#[export("name")]`.
fn other_name(attributes: &[syn::Attribute]) -> Option<syn::Result<syn::Ident>> {
    let list =
        attributes.iter().find_map(|one| one.meta.require_list().ok().filter(|one| one.path.is_ident("export")))?;
    Some(syn::parse2(list.tokens.clone()).and_then(|text: syn::LitStr| text.parse()))
}

/// Replaces a whole word, and the path before it.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let is_part = |one: char| one.is_alphanumeric() || one == '_';
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (mut before, after) = (&rest[..at], &rest[at + word.len()..]);
        let whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        while let (true, Some(path)) = (whole, before.strip_suffix("::")) {
            before = path.trim_end_matches(is_part);
        }
        result.push_str(before);
        result.push_str(if whole { by } else { word });
        rest = after;
    }
    result + rest
}

/// Rust's `timespec` is C's `struct timespec`; the others say it.
fn tags(facts: &Facts, types: &Types) -> HashMap<String, String> {
    let records = facts.records.iter().map(|record| record.name.as_str());
    let tagged = records.filter_map(|name| name.split_once(' ').map(|(_, tag)| (tag.to_owned(), name.to_owned())));
    let list = [("VaListAddress".to_owned(), "va_list".to_owned())];
    tagged.chain(types.named.clone()).chain(list).collect()
}
