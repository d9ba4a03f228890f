//! What a name means.

use alloc::vec::Vec;

use super::object::{Id, Object};
use super::state::State;
use crate::elf::{Name, Symbol, Symbols};
use crate::error::{Error, Text};
use crate::trace::Topic;

/// Where a reference leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// A weak reference that nothing defines.
    Nothing,
    /// An address of the loader, or one that no file moves.
    Address(usize),
    /// A symbol of this file.
    Symbol(Id, Symbol<'static>),
}

/// The files in which references look for their definition, in order; their tables side by side, as the search reads
/// little else.
pub(crate) type Scope = [(Id, Symbols<'static>)];

impl State {
    /// The scope of these files.
    pub(crate) fn scope(&self, files: &[Id]) -> Vec<(Id, Symbols<'static>)> {
        files.iter().filter_map(|id| Some((*id, self.get(*id)?.dynamic.symbols))).collect()
    }

    /// The first definition in the scope.
    pub(crate) fn find(&self, name: &Name<'_>, scope: impl IntoIterator<Item = Id>) -> Option<(Id, Symbol<'static>)> {
        scope.into_iter().find_map(|id| Some((id, self.get(id)?.dynamic.symbols.find(name)?)))
    }

    /// A symbol of the loader itself.
    pub(crate) fn builtin(&self, name: &[u8]) -> Option<usize> {
        self.builtins.iter().find(|(builtin, _)| *builtin == name).map(|(_, address)| *address)
    }

    /// What symbol `index` of `object` means to it. `elsewhere`: not in `object` itself,
    /// as a copy relocation asks.
    pub(crate) fn bind(
        &self,
        (id, object): (Id, &Object),
        index: u32,
        scope: &Scope,
        elsewhere: bool,
    ) -> Result<Target, Error> {
        let symbols = &object.dynamic.symbols;
        let fault = |fault| Error::new(object.name(), fault);
        let symbol = symbols.get(index).map_err(fault)?;
        if index == 0 {
            return Ok(Target::Nothing);
        }
        if symbol.binds_here() && !elsewhere {
            return Ok(Target::Symbol(id, symbol));
        }
        let name = Name::new(symbols.name(symbol).map_err(fault)?);
        let own = object.dynamic.symbolic.then_some((id, object.dynamic.symbols));
        let mut files = own.iter().chain(scope).filter(|(other, _)| !elsewhere || *other != id);
        let target = match files.find_map(|(owner, symbols)| Some((*owner, symbols.find(&name)?))) {
            Some((owner, found)) => Target::Symbol(owner, found),
            None => match self.builtin(name.bytes) {
                Some(address) => Target::Address(address),
                None if symbol.is_weak() => Target::Nothing,
                None => {
                    self.show_search(object, name.bytes, own.iter().chain(scope).map(|(id, _)| *id), None);
                    return Err(Error::new(object.name(), format_args!("undefined symbol {}", Text(name.bytes))));
                }
            },
        };
        let files = own.iter().chain(scope).map(|(other, _)| *other).filter(|other| !elsewhere || *other != id);
        self.show_search(object, name.bytes, files, Some(target));
        Ok(target)
    }

    /// Shows in which files a name was looked for, and the result.
    #[inline]
    fn show_search(&self, object: &Object, name: &[u8], files: impl Iterator<Item = Id>, target: Option<Target>) {
        if self.trace.shows(Topic::Symbols) {
            let owner = match target {
                Some(Target::Symbol(owner, _)) => Some(owner),
                _ => None,
            };
            for id in files {
                let file = self.base_name(id);
                self.trace
                    .say(Topic::Symbols, format_args!("{} of {} in {file}", Text(name), Text(object.base_name())));
                if Some(id) == owner {
                    break;
                }
            }
        }
        if self.trace.shows(Topic::Bindings) {
            let target = match target {
                Some(Target::Symbol(owner, _)) => self.base_name(owner),
                Some(Target::Address(_)) => Text(b"the loader"),
                Some(Target::Nothing) => Text(b"nothing, as it is weak"),
                None => Text(b"nothing"),
            };
            self.trace
                .say(Topic::Bindings, format_args!("{} of {} is of {target}", Text(name), Text(object.base_name())));
        }
    }

    /// The last part of a file's path.
    pub(super) fn base_name(&self, id: Id) -> Text<'_> {
        Text(self.get(id).map_or(b"", Object::base_name))
    }
}
