//! A file as its reader sees it: keys of the top level, expanded, and accessors that say what was expected.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::error::{Error, Position};
use crate::expand::{Budget, Scope};
use crate::json::{self, Member, Node, Value};
use crate::suggest;
use crate::variables::Variables;

/// A file that was read, with its variables.
#[derive(Clone, Debug)]
pub struct Recipe {
    file: String,
    root: Node,
    variables: Variables,
}

impl Recipe {
    /// Reads a file that messages call `file`. `defaults` are variables with one value; `env` and `loop` of the file may set them otherwise.
    ///
    /// # Errors
    /// It is not JSON or no object, or its variables cannot be found out.
    pub fn read(file: &str, bytes: &[u8], defaults: &[(&str, &str)]) -> Result<Self, Error> {
        let named = |error: Error| Error { file: file.to_string(), ..error };
        let root = json::parse(bytes).map_err(named)?;
        if !matches!(root.value, Value::Object(_)) {
            return Err(named(Error::at(root.at, format!("expected an object, found {}", root.kind()))));
        }
        let mut recipe = Self { file: file.to_string(), root, variables: Variables::default() };
        recipe.variables = Variables::resolve(defaults, recipe.root.get("env"), recipe.root.get("loop"))
            .map_err(|error| recipe.complete(error))?;
        Ok(recipe)
    }

    /// As messages call it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Every variable with its values, sorted by name.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.variables.iter()
    }

    /// The value of a key of the top level, with values in the place of variables.
    ///
    /// # Errors
    /// An unknown variable, one with several values where one is needed, two keys that become equal.
    pub fn get(&self, key: &str) -> Result<Option<Node>, Error> {
        let Some(node) = self.root.get(key) else { return Ok(None) };
        let budget = Budget::new();
        let expanded = Scope::new(&self.variables, &budget).node(node);
        expanded.map(Some).map_err(|error| self.complete(error))
    }

    /// A warning for each key of the top level that is neither `env` nor `loop` nor one of these.
    pub fn unknown(&self, known: &[&str]) -> Vec<Error> {
        let known = [&["env", "loop"], known].concat();
        let Value::Object(members) = &self.root.value else { return Vec::new() };
        let others = members.iter().filter(|member| !known.contains(&member.key.text.as_str()));
        others.map(|member| self.unknown_key(member, &known)).collect()
    }

    /// An error at a place of the file.
    pub fn error(&self, at: Position, message: impl ToString) -> Error {
        self.complete(Error::at(at, message))
    }

    /// The keys of an object with their values.
    ///
    /// # Errors
    /// It is something else.
    pub fn members<'a>(&self, node: &'a Node) -> Result<&'a [Member], Error> {
        match &node.value {
            Value::Object(members) => Ok(members),
            _ => Err(self.expected("an object", node)),
        }
    }

    /// The keys of an object that has no others than these.
    ///
    /// # Errors
    /// It is something else, or has another key: the error suggests which was meant.
    pub fn fields<'a>(&self, node: &'a Node, known: &[&str]) -> Result<&'a [Member], Error> {
        let members = self.members(node)?;
        match members.iter().find(|member| !known.contains(&member.key.text.as_str())) {
            None => Ok(members),
            Some(member) => Err(self.unknown_key(member, known)),
        }
    }

    /// The items of a list.
    ///
    /// # Errors
    /// It is something else.
    pub fn list<'a>(&self, node: &'a Node) -> Result<&'a [Node], Error> {
        match &node.value {
            Value::List(items) => Ok(items),
            _ => Err(self.expected("a list", node)),
        }
    }

    /// A string.
    ///
    /// # Errors
    /// It is something else.
    pub fn string<'a>(&self, node: &'a Node) -> Result<&'a str, Error> {
        match &node.value {
            Value::String(text) => Ok(text),
            _ => Err(self.expected("a string", node)),
        }
    }

    /// A list of strings.
    ///
    /// # Errors
    /// It, or an item of it, is something else.
    pub fn strings<'a>(&self, node: &'a Node) -> Result<Vec<&'a str>, Error> {
        match &node.value {
            Value::List(items) => items.iter().map(|item| self.string(item)).collect(),
            _ => Err(self.expected("a list of strings", node)),
        }
    }

    /// An object whose values are strings, such as the `env` of a command.
    ///
    /// # Errors
    /// It, or a value of it, is something else.
    pub fn pairs<'a>(&self, node: &'a Node) -> Result<Vec<(&'a str, &'a str)>, Error> {
        let members = self.members(node)?;
        members.iter().map(|member| Ok((member.key.text.as_str(), self.string(&member.value)?))).collect()
    }

    fn expected(&self, what: &str, node: &Node) -> Error {
        self.error(node.at, format!("expected {what}, found {}", node.kind()))
    }

    fn unknown_key(&self, member: &Member, known: &[&str]) -> Error {
        let name = &member.key.text;
        let mut hint = suggest::hint(name, known.iter().copied());
        if hint.is_empty() {
            hint = format!("; known are {}", known.join(", "));
        }
        self.error(member.key.at, format!("unknown key {name:?}{hint}"))
    }

    /// Adds what an error does not know by itself: the file, and the keys that lead to the place.
    fn complete(&self, error: Error) -> Error {
        let key = error.at.map(|at| self.root.path_to(at)).unwrap_or_default();
        Error { file: self.file.clone(), key, ..error }
    }
}

/// Fuzz target: any file. What is read can be expanded or is refused.
#[cfg(any(test, fuzzing))]
pub fn fuzz(bytes: &[u8]) {
    let Ok(recipe) = Recipe::read("file", bytes, &[("DISTX_ARCH", "x86_64"), ("DISTX_PREFIX", "p-")]) else { return };
    for error in recipe.unknown(&["dep"]) {
        assert!(error.at.is_some());
    }
    if let Value::Object(members) = &recipe.root.value {
        for member in members {
            if let Err(error) = recipe.get(&member.key.text) {
                assert!(!error.to_string().is_empty() && error.at.is_some());
            }
        }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
