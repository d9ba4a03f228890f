//! Values put in the place of variables.
//!
//! A string in a list is repeated for every value of every variable in it, a key of an object likewise; in what belongs to that key the
//! variable then has the one value. The last variable changes fastest. Any other string takes variables with one value only.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::Cell;

use crate::error::{Error, Position};
use crate::json::{self, Key, Member, Node, Value};
use crate::suggest;
use crate::template::{self, Part};

/// What a file may grow to: bytes of all strings, and [`NODE_BYTES`] for each of its values.
const MAX_BYTES: usize = if cfg!(test) { 4 << 20 } else { 256 << 20 };
const NODE_BYTES: usize = 64;
/// Names that a message lists.
const LISTED: usize = 12;

/// Where variables are found.
pub trait Lookup {
    /// The variable's own name and its values.
    fn values(&self, name: &str) -> Option<(&str, &[String])>;
    /// All names.
    fn names(&self) -> Vec<&str>;
}

/// What is left of the room for a file's strings: a short file could ask for more memory than there is.
pub struct Budget(Cell<usize>);

impl Budget {
    /// All of it.
    pub fn new() -> Self {
        Self(Cell::new(MAX_BYTES))
    }

    fn spend(&self, bytes: usize, at: Position) -> Result<(), Error> {
        let left = self.0.get().checked_sub(bytes);
        let left =
            left.ok_or_else(|| Error::at(at, format!("the loops make more than {} MiB of this", MAX_BYTES >> 20)))?;
        self.0.set(left);
        Ok(())
    }
}

/// Variables that have been given one of their values, by name.
pub type Chosen<'v> = Vec<(&'v str, &'v str)>;

/// The variables that can be used at a place of the file.
pub struct Scope<'v, L> {
    variables: &'v L,
    chosen: Chosen<'v>,
    budget: &'v Budget,
}

impl<'v, L: Lookup> Scope<'v, L> {
    /// Outside of all keys: variables have all their values.
    pub fn new(variables: &'v L, budget: &'v Budget) -> Self {
        Self { variables, chosen: Vec::new(), budget }
    }

    /// Within a key for which variables were given values.
    fn within(&self, chosen: Chosen<'v>) -> Self {
        let mut all = self.chosen.clone();
        all.extend(chosen);
        Self { variables: self.variables, chosen: all, budget: self.budget }
    }

    /// The value and all that lies in it, with values in the place of variables.
    ///
    /// # Errors
    /// An unknown variable, one with several values where one is needed, two keys that become equal, too much of it.
    pub fn node(&self, node: &Node) -> Result<Node, Error> {
        self.budget.spend(NODE_BYTES, node.at)?;
        let value = match &node.value {
            Value::String(text) => Value::String(self.single(text, node.at)?),
            Value::List(items) => Value::List(self.list(items)?),
            Value::Object(members) => Value::Object(self.object(members)?),
            other => other.clone(),
        };
        Ok(Node { at: node.at, value })
    }

    fn list(&self, items: &[Node]) -> Result<Vec<Node>, Error> {
        let mut expanded = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::String(text) => {
                    for (text, _) in self.each(text, item.at)? {
                        expanded.push(Node { at: item.at, value: Value::String(text) });
                    }
                }
                _ => expanded.push(self.node(item)?),
            }
        }
        Ok(expanded)
    }

    fn object(&self, members: &[Member]) -> Result<Vec<Member>, Error> {
        let mut expanded = Vec::with_capacity(members.len());
        for Member { key, value } in members {
            for (text, chosen) in self.each(&key.text, key.at)? {
                let value = self.within(chosen).node(value)?;
                expanded.push(Member { key: Key { at: key.at, text }, value });
            }
        }
        json::unique(&expanded)?;
        Ok(expanded)
    }

    /// A string for every value of every variable in it, and the values that made it so.
    pub fn each(&self, text: &str, at: Position) -> Result<Vec<(String, Chosen<'v>)>, Error> {
        if !text.contains(['{', '}']) {
            self.budget.spend(NODE_BYTES + text.len(), at)?;
            return Ok(vec![(text.into(), Vec::new())]);
        }
        let parts = template::parts(text).map_err(|message| Error::at(at, message))?;
        let mut choices: Vec<Chosen<'v>> = vec![Vec::new()];
        for name in template::names(&parts) {
            let Some((name, values)) = self.several(name, at)? else { continue };
            self.budget.spend(NODE_BYTES.saturating_mul(choices.len()).saturating_mul(values.len()), at)?;
            if let [value] = values {
                choices.iter_mut().for_each(|choice| choice.push((name, value)));
                continue;
            }
            let longer = |choice: &Chosen<'v>| {
                let choice = choice.clone();
                values.iter().map(move |value| [&choice[..], &[(name, value.as_str())]].concat())
            };
            choices = choices.iter().flat_map(longer).collect();
        }
        choices.into_iter().map(|chosen| Ok((self.text(&parts, &chosen, at)?, chosen))).collect()
    }

    /// A string whose variables have one value each.
    pub fn single(&self, text: &str, at: Position) -> Result<String, Error> {
        let parts = template::parts(text).map_err(|message| Error::at(at, message))?;
        let mut chosen = Vec::new();
        for name in template::names(&parts) {
            match self.several(name, at)? {
                None => {}
                Some((name, [value])) => chosen.push((name, value.as_str())),
                Some((name, values)) => {
                    let count = values.len();
                    return Err(Error::at(
                        at,
                        format!(
                            "{{{name}}} has {count} values, and a plain string takes variables with one; put the string into a list, or {{{name}}} into a key above it"
                        ),
                    ));
                }
            }
        }
        self.text(&parts, &chosen, at)
    }

    /// The values of a variable that has not been given one by a key.
    fn several(&self, name: &str, at: Position) -> Result<Option<(&'v str, &'v [String])>, Error> {
        if self.chosen.iter().any(|(chosen, _)| *chosen == name) {
            return Ok(None);
        }
        self.variables.values(name).map(Some).ok_or_else(|| {
            let names = self.variables.names();
            let mut hint = suggest::hint(name, names.iter().copied());
            if hint.is_empty() && !names.is_empty() {
                let more = if names.len() > LISTED { ", ..." } else { "" };
                hint = format!("; known are {}{more}", names[..names.len().min(LISTED)].join(", "));
            }
            Error::at(at, format!("unknown variable {{{name}}}{hint}; write \"{{{{\" for a brace"))
        })
    }

    fn text<'p>(&self, parts: &[Part<'p>], chosen: &[(&'p str, &'p str)], at: Position) -> Result<String, Error> {
        let piece = |part: &Part<'p>| match part {
            Part::Text(piece) => *piece,
            Part::Variable(name) => {
                let found = chosen.iter().chain(&self.chosen).find(|(known, _)| known == name);
                found.map_or("", |(_, value)| value)
            }
        };
        let length = parts.iter().map(|part| piece(part).len()).sum();
        self.budget.spend(length, at)?;
        let mut text = String::with_capacity(length);
        parts.iter().for_each(|part| text.push_str(piece(part)));
        Ok(text)
    }
}

#[cfg(test)]
#[path = "expand_tests.rs"]
mod tests;
