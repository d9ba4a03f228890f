//! Circles among the files of a crate: files that cannot be read, or built, one after the other.
//!
//! A file uses another one if code in it names an item that the other one defines. So
//!
//! - a name is followed to the file that defines it: a `mod.rs` that only passes names of its files on is not on the way;
//! - to bring in a module by `use` counts for nothing, what is named through it does; of `use module::*` those names count
//!   that the file mentions;
//! - `pub use` alone is no use: it counts where the file's own code mentions the name too;
//! - neither is `mod name;`, nor `pub(in module)`, nor anything in tests, nor what `quote!` builds for others.
//!
//! Methods are called without the name of their file, so they do not count by themselves; the type that they belong to does.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::names::Scope;

/// A file that uses another one, and by which names.
type Edges<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<String>>>;

/// Modules with the paths that were looked for in them.
type Seen = BTreeSet<(Vec<String>, Vec<String>)>;

/// Where a path leads.
enum Found<'a> {
    Item(&'a str),
    Module(Vec<String>),
}

struct Crate<'a> {
    /// By module: the file it is in and its names.
    modules: BTreeMap<&'a [String], (&'a str, &'a Scope)>,
    macros: BTreeMap<&'a str, &'a str>,
}

impl<'a> Crate<'a> {
    fn new(sources: &'a [Source]) -> Self {
        let all = || sources.iter().flat_map(|source| source.scopes.iter().map(|scope| (source.name.as_str(), scope)));
        Self {
            modules: all().map(|(file, scope)| (&scope.module[..], (file, scope))).collect(),
            macros: all()
                .flat_map(|(file, scope)| scope.macros.iter().map(move |name| (name.as_str(), file)))
                .collect(),
        }
    }

    /// A path as it stands in a module. `None`: not in this crate.
    fn find(&self, module: &[String], path: &[String], seen: &mut Seen) -> Option<Found<'a>> {
        match path.split_first()? {
            (first, rest) if first == "crate" => {
                self.below(&[], rest, seen).or_else(|| Some(Found::Item(self.owner(rest)?)))
            }
            _ => self.below(module, path, seen),
        }
    }

    /// A path that goes on in a module.
    fn below(&self, module: &[String], path: &[String], seen: &mut Seen) -> Option<Found<'a>> {
        let (file, scope) = self.modules.get(module)?;
        // Modules may bring in all of each other.
        if !seen.insert((module.to_vec(), path.to_vec())) {
            return None;
        }
        let Some((first, rest)) = path.split_first() else { return Some(Found::Module(module.to_vec())) };
        if rest.is_empty() && (scope.defines.contains(first) || scope.macros.contains(first)) {
            return Some(Found::Item(file));
        }
        let child = [module, std::slice::from_ref(first)].concat();
        if self.modules.contains_key(&child[..]) {
            return self.below(&child, rest, seen);
        }
        if scope.defines.contains(first) || scope.macros.contains(first) {
            return Some(Found::Item(file));
        }
        if let Some((whole, _)) = scope.brings.get(first) {
            // `use name;` of a name that is no module's is another crate's.
            let whole = if whole[..] == [first.clone()] { None } else { self.find(module, whole, seen) };
            return match whole? {
                Found::Module(module) => self.below(&module, rest, seen),
                item @ Found::Item(_) => Some(item),
            };
        }
        let all = scope.globs.iter().find_map(|glob| match self.find(module, glob, seen)? {
            Found::Module(other) if other[..] != *module => self.below(&other, path, seen),
            _ => None,
        });
        all.or_else(|| Some(Found::Item(self.macros.get(first.as_str()).filter(|_| module.is_empty())?)))
    }

    /// The file of the innermost module on a path from the root: it holds what a macro defines.
    fn owner(&self, path: &[String]) -> Option<&'a str> {
        (0..=path.len()).rev().find_map(|length| self.modules.get(&path[..length])).map(|(file, _)| *file)
    }
}

fn edges(sources: &[Source]) -> Edges<'_> {
    let names = Crate::new(sources);
    let mut edges = Edges::new();
    for source in sources {
        let from: &mut BTreeMap<_, BTreeSet<_>> = edges.entry(&source.name).or_default();
        let mut add = |scope: &Scope, path: &[String]| {
            if let Some(Found::Item(to)) = names.find(&scope.module, path, &mut Seen::new())
                && to != source.name
            {
                from.entry(to).or_default().insert(path.join("::"));
            }
        };
        for scope in &source.scopes {
            let brought = scope.brings.iter().filter(|(name, (_, public))| !public || scope.words.contains(*name));
            brought.for_each(|(_, (path, _))| add(scope, path));
            scope.refers.iter().for_each(|path| add(scope, path));
            if !scope.globs.is_empty() {
                scope.words.iter().for_each(|word| add(scope, std::slice::from_ref(word)));
            }
        }
    }
    edges
}

/// Groups of files that use each other in circles, each described in lines: the files, and who uses whom by which names.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let edges = edges(sources);
    let reached: BTreeMap<&str, BTreeSet<&str>> = edges.keys().map(|file| (*file, reach(&edges, file))).collect();
    let mut described = BTreeSet::new();
    let mut circles = Vec::new();
    for (file, after) in reached.iter().filter(|(file, after)| after.contains(*file)) {
        let group: Vec<_> = after.iter().filter(|other| reached[*other].contains(file)).collect();
        if !described.insert(group[0]) {
            continue;
        }
        let mut text = format!("{} files in a circle:", group.len());
        for file in &group {
            text += &format!("\n  {file}");
            for (to, by) in edges[**file].iter().filter(|(to, _)| group.contains(to)) {
                let by: Vec<_> = by.iter().map(String::as_str).collect();
                text += &format!("\n    uses {to}: {}", by.join(", "));
            }
        }
        circles.push(text);
    }
    circles
}

/// What a file uses, directly or not.
fn reach<'a>(edges: &Edges<'a>, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<_> = edges[file].keys().copied().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(edges[file].keys());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who uses whom among sources that are given as module and text.
    fn used(sources: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<_> = sources
            .iter()
            .map(|(module, text)| {
                let parts: Vec<String> =
                    module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
                Source::new((*module).to_owned(), parts, text).expect("tokens").0
            })
            .collect();
        let edges = edges(&sources);
        edges.iter().flat_map(|(from, to)| to.keys().map(move |to| format!("{from} -> {to}"))).collect()
    }

    #[test]
    fn a_name_leads_to_the_file_that_defines_it() {
        let root = ("", "mod a; mod b; pub use a::Thing;");
        let a = ("a", "pub struct Thing; pub fn make() {}");
        assert_eq!(used(&[root, a, ("b", "use crate::Thing;")]), ["b -> a"]);
        assert_eq!(used(&[root, a, ("b", "use super::{a, Thing}; fn f() { a::make() }")]), ["b -> a"]);
        assert_eq!(used(&[root, a, ("b", "use crate::a; fn f() { a::made_by_a_macro() }")]), [] as [&str; 0]);
        assert_eq!(used(&[root, a, ("b", "fn f() { crate::a::made_by_a_macro() }")]), ["b -> a"]);
        assert_eq!(used(&[root, a, ("b", "use super::*; fn f(x: Thing) {}")]), ["b -> a"]);
        assert_eq!(used(&[root, a, ("b", "use crate::a as other; fn f(x: other::Thing) {}")]), ["b -> a"]);
        assert_eq!(used(&[root, a, ("b", "mod inner { fn f(x: super::super::Thing) {} }")]), ["b -> a"]);
    }

    #[test]
    fn a_module_file_counts_where_its_own_code_does() {
        let a = ("a", "mod b; pub use b::f; pub const X: u8 = 1;");
        assert_eq!(used(&[("", "mod a;"), a, ("a::b", "fn f() { super::X }")]), ["a::b -> a"]);
        let both = ("a", "mod b; pub use b::f; pub const X: u8 = f();");
        assert_eq!(used(&[("", "mod a;"), both, ("a::b", "fn f() { super::X }")]), ["a -> a::b", "a::b -> a"]);
        let path = ("a", "mod b; pub const X: u8 = b::f();");
        assert_eq!(used(&[("", "mod a;"), path, ("a::b", "fn f() {}")]), ["a -> a::b"]);
    }

    #[test]
    fn what_is_not_code_is_no_use() {
        let a = ("a", "pub fn f() {}");
        for text in [
            "use crate::a;",
            "pub(in crate::a) fn g() {}",
            "#[cfg(test)] mod tests { use crate::a::f; }",
            "fn g(x: u8) { x.a::<u8>() }",
            "fn g() -> Tokens { quote! { mod b { use super::*; } fn h() { crate::a::f() } } }",
            "const TEXT: &str = \"crate::a::f\"; // crate::a::f",
        ] {
            assert_eq!(used(&[("", "mod a; mod b;"), a, ("b", text)]), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn macros_are_found_by_the_root() {
        let a = ("a", "#[macro_export] macro_rules! m { () => {} }");
        assert_eq!(used(&[("", "mod a; mod b;"), a, ("b", "crate::m!();")]), ["b -> a"]);
    }

    #[test]
    fn circles_are_named_with_their_files() {
        let texts =
            [("a", "use crate::b::B; struct A;"), ("b", "use crate::c::C; struct B;"), ("c", "use crate::a::A;")];
        let sources = texts.map(|(name, text)| Source::new(name.into(), vec![name.into()], text).expect("tokens").0);
        let root = Source::new("root".into(), Vec::new(), "mod a; mod b; mod c;").expect("tokens").0;
        let sources: Vec<_> = [root].into_iter().chain(sources).collect();
        assert_eq!(circles(&sources).len(), 1);
        assert!(circles(&sources)[0].starts_with("3 files in a circle:\n  a\n    uses b: crate::b::B"));
        assert!(circles(&sources[..3]).is_empty());
    }
}
