//! Variables and their values: those that the caller gives, and those of `env` and `loop`, whose values may use others.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::error::{Error, Position};
use crate::expand::{Budget, Lookup, Scope};
use crate::json::{Member, Node, Value};
use crate::template;

/// Variables whose values use others which use others and so on: the resolver calls itself.
const MAX_CHAIN: usize = 100;

/// Every variable with its values; one of `env` has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, Vec<String>>);

impl Variables {
    /// The variables of a file: `env` and `loop` are its objects of that name. They come before the defaults of the same name.
    ///
    /// # Errors
    /// A value of the wrong kind, a name that is there twice, an unknown variable in a value, a circle.
    pub fn resolve(defaults: &[(&str, &str)], env: Option<&Node>, loops: Option<&Node>) -> Result<Self, Error> {
        let mut written = BTreeMap::new();
        for member in object(env)? {
            if !matches!(member.value.value, Value::String(_)) {
                let kind = member.value.kind();
                return Err(Error::at(
                    member.value.at,
                    format!("expected a string, found {kind}; lists stand in \"loop\""),
                ));
            }
            declare(&mut written, member, core::slice::from_ref(&member.value))?;
        }
        for member in object(loops)? {
            let Value::List(items) = &member.value.value else {
                let kind = member.value.kind();
                return Err(Error::at(member.value.at, format!("expected a list of strings, found {kind}")));
            };
            declare(&mut written, member, items)?;
        }
        let given = defaults.iter().filter(|(name, _)| !written.contains_key(*name));
        let done = given.map(|(name, value)| (name.to_string(), vec![value.to_string()])).collect();
        let mut resolver =
            Resolver { written: &written, done: Self(done), under_way: Vec::new(), budget: Budget::new() };
        for (name, variable) in &written {
            resolver.variable(name, variable.at)?;
        }
        Ok(resolver.done)
    }

    /// Sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

impl Lookup for Variables {
    fn values(&self, name: &str) -> Option<(&str, &[String])> {
        self.0.get_key_value(name).map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

/// A variable as the file has it.
struct Written<'a> {
    at: Position,
    items: &'a [Node],
    /// Of `env`: a plain string.
    single: bool,
}

/// The members of `env` or `loop`, which may be absent.
fn object(node: Option<&Node>) -> Result<&[Member], Error> {
    match node {
        None => Ok(&[]),
        Some(Node { value: Value::Object(members), .. }) => Ok(members),
        Some(node) => Err(Error::at(node.at, format!("expected an object, found {}", node.kind()))),
    }
}

fn declare<'a>(
    written: &mut BTreeMap<&'a str, Written<'a>>,
    member: &'a Member,
    items: &'a [Node],
) -> Result<(), Error> {
    let name = member.key.text.as_str();
    if !template::is_name(name) {
        let rule = "a letter or \"_\", then letters, digits, \"_\", \"-\" and \".\"";
        return Err(Error::at(member.key.at, format!("{name:?} cannot be a variable's name: {rule}")));
    }
    let single = !matches!(member.value.value, Value::List(_));
    if let Some(first) = written.insert(name, Written { at: member.key.at, items, single }) {
        return Err(Error::at(member.key.at, format!("the variable {name:?} is there already, at {}", first.at)));
    }
    Ok(())
}

struct Resolver<'a> {
    written: &'a BTreeMap<&'a str, Written<'a>>,
    done: Variables,
    under_way: Vec<&'a str>,
    budget: Budget,
}

impl<'a> Resolver<'a> {
    /// Makes the variable known; one that the file does not have is left to the expansion, which says so. `at` is where it is used.
    fn variable(&mut self, name: &str, at: Position) -> Result<(), Error> {
        let Some((&name, variable)) = self.written.get_key_value(name) else { return Ok(()) };
        if self.done.0.contains_key(name) {
            return Ok(());
        }
        if let Some(from) = self.under_way.iter().position(|other| *other == name) {
            let circle = self.under_way[from..].join(" -> ");
            return Err(Error::at(at, format!("the variables use each other in a circle: {circle} -> {name}")));
        }
        if self.under_way.len() == MAX_CHAIN {
            return Err(Error::at(at, format!("variables use each other more than {MAX_CHAIN} deep")));
        }
        self.under_way.push(name);
        let mut values = Vec::new();
        for item in variable.items {
            let Value::String(text) = &item.value else {
                return Err(Error::at(item.at, format!("expected a string, found {}", item.kind())));
            };
            let parts = template::parts(text).map_err(|message| Error::at(item.at, message))?;
            for used in template::names(&parts) {
                self.variable(used, item.at)?;
            }
            let scope = Scope::new(&self.done, &self.budget);
            match variable.single {
                true => values.push(scope.single(text, item.at)?),
                false => values.extend(scope.each(text, item.at)?.into_iter().map(|(value, _)| value)),
            }
        }
        self.under_way.pop();
        self.done.0.insert(name.to_string(), values);
        Ok(())
    }
}
