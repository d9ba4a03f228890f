//! Files and their dependencies come and go.

use alloc::vec::Vec;

use platform::{Errno, Platform};

use super::linker::Linker;
use super::lock::Guard;
use super::object::{Id, Object, Opened};
use super::relocate::{Indirect, relocate};
use super::search::{Named, Roots, Search, runpath};
use super::state::{Builtin, State};
use crate::debug::{self, Change};
use crate::error::{Error, Text};
use crate::trace::{Topic, Trace};

/// The library that the loader itself is.
const OWN_LIBRARY: &[u8] = b"_xload";

/// Names that stand for others: what a stock musl toolchain writes for the C library.
fn plain_name(name: &[u8]) -> &[u8] {
    if name.starts_with(b"libc.musl-") || name.starts_with(b"ld-musl-") { b"libc.so" } else { name }
}

/// New files, relocated.
struct Group {
    root: Id,
    /// In the order in which they are initialised.
    order: Vec<Id>,
    /// What waits for resolvers.
    indirect: Vec<Indirect>,
}

impl State {
    /// Takes a file in.
    fn insert(&mut self, mut object: Object) -> Id {
        if self.trace.shows(Topic::Files) {
            let (name, start, end) = (Text(object.name()), object.layout.start(), object.layout.end());
            let (start, end, bias) = (object.mapping.at(start), object.mapping.at(end), object.mapping.bias);
            self.trace.say(Topic::Files, format_args!("{name} lies at {start:#x} to {end:#x}, base {bias:#x}"));
        }
        let id = self.objects.iter().position(Option::is_none).unwrap_or(self.objects.len());
        self.loaded += 1;
        object.number = self.loaded;
        // SAFETY: who has `State` holds its lock.
        unsafe { object.link_map.add() };
        if id == self.objects.len() {
            self.objects.push(Some(object));
        } else if let Some(place) = self.objects.get_mut(id) {
            *place = Some(object);
        }
        self.order.push(id);
        id
    }

    /// Takes a file out.
    pub(super) fn take(&mut self, id: Id) -> Option<Object> {
        let object = self.objects.get_mut(id).and_then(Option::take)?;
        // SAFETY: who has `State` holds its lock; the entry is in the list since `insert`.
        unsafe { object.link_map.remove() };
        for list in [&mut self.order, &mut self.global, &mut self.initialised] {
            list.retain(|other| *other != id);
        }
        self.unloaded += 1;
        self.trace.say(Topic::Files, format_args!("{} is unloaded", Text(object.name())));
        Some(object)
    }

    /// The file and its dependencies in the order in which they are relocated and initialised: dependencies first, those that
    /// speak to the loader itself (the C library) before all.
    pub(crate) fn bottom_up(&self, root: Id) -> Vec<Id> {
        let closure = self.closure(root);
        let is_base = |id: &Id| self.get(*id).is_some_and(|object| object.dynamic.needed.contains(&OWN_LIBRARY));
        let starts = closure.iter().copied().filter(|id| *id != root && is_base(id)).chain([root]);
        let mut done = Vec::with_capacity(closure.len());
        let mut seen = Vec::with_capacity(closure.len());
        for start in starts {
            if seen.contains(&start) {
                continue;
            }
            seen.push(start);
            let mut path = alloc::vec![(start, 0)];
            while let Some((id, at)) = path.last_mut() {
                let next = self.get(*id).and_then(|object| object.needs.get(*at)).copied();
                *at += 1;
                match next {
                    Some(next) if !seen.contains(&next) => {
                        seen.push(next);
                        path.push((next, 0));
                    }
                    Some(_) => {}
                    None => {
                        done.push(*id);
                        path.pop();
                    }
                }
            }
        }
        done
    }
}

impl<P: Platform> Linker<P> {
    /// Loads and binds a program with all its libraries. Nothing of it has run afterwards, except resolvers.
    pub(crate) fn load_program(
        &self,
        file: Opened,
        named: Named,
        builtins: Vec<Builtin>,
        trace: Trace,
    ) -> Result<Id, Error> {
        let mut state = self.state.lock();
        state.trace = trace;
        state.roots = Roots::new(named.root);
        state.library_path = named.library_path;
        state.builtins = builtins;
        // The program and its C library: most have no more, and room for more would begin another page of the heap.
        state.objects.reserve_exact(2);
        self.load_group(state, file)
    }

    /// Loads a file and what it needs, and binds it. After a failure everything is as it was. The state is free while resolvers run,
    /// which are code of the guest.
    pub(crate) fn load_group<'l>(&'l self, mut state: Guard<'l, P, State>, file: Opened) -> Result<Id, Error> {
        // SAFETY: who has `State` holds its lock.
        unsafe { debug::begin(Change::Add) };
        let mut new = Vec::new();
        let mut done = self.bind_group(&mut state, file, &mut new);
        if let Ok(group) = &done
            && !group.indirect.is_empty()
        {
            let resolver = state.resolver;
            self.show(&state);
            drop(state);
            self.resolve(&group.indirect, resolver);
            state = self.state.lock();
        }
        done = done.and_then(|group| self.finish(&mut state, &group.order).map(|()| group));
        match done {
            Ok(_) => self.show(&state),
            Err(_) => self.remove(&mut state, &new),
        }
        // SAFETY: as above.
        unsafe { debug::end() };
        done.map(|group| group.root)
    }

    /// Loads and relocates a file and what it needs, and adds them to `new`.
    fn bind_group(&self, state: &mut State, file: Opened, new: &mut Vec<Id>) -> Result<Group, Error> {
        let is_program = state.order.is_empty();
        let root = state.insert(self.load(file, is_program)?);
        new.push(root);
        self.close_over(state, new)?;
        let group = state.closure(root);
        if is_program {
            for object in state.objects.iter_mut().flatten() {
                object.global = true;
                object.pinned = true;
            }
            state.global.clone_from(&group);
        }
        let mut scope = state.global.clone();
        scope.extend(group);
        let order: Vec<Id> = state.bottom_up(root).into_iter().filter(|id| new.contains(id)).collect();
        let indirect = relocate(state, &order, &scope)?;
        Ok(Group { root, order, indirect })
    }

    /// Loads a file alone.
    fn load(&self, file: Opened, is_program: bool) -> Result<Object, Error> {
        let mut object = file.load(self.platform)?;
        object.foreign_path = is_program && self.platform.is_secure();
        object.runpath = runpath(self.platform, &object);
        Ok(object)
    }

    /// Loads what the files in `new` need, breadth first, and adds it to them.
    fn close_over(&self, state: &mut State, new: &mut Vec<Id>) -> Result<(), Error> {
        let mut at = 0;
        while let Some(id) = new.get(at).copied() {
            at += 1;
            let names = state.get(id).map(|object| object.dynamic.needed.clone()).unwrap_or_default();
            for name in names.into_iter().filter(|name| *name != OWN_LIBRARY).map(plain_name) {
                let need = match state.named(name) {
                    Some(found) => found,
                    None => {
                        let needer = state.get(id).map(|object| object.name().to_vec()).unwrap_or_default();
                        let file = self.search(state, Some(id), name).map_err(|errno| match errno {
                            Errno::NOENT => Error::new(&needer, format_args!("library {} not found", Text(name))),
                            errno => {
                                Error::new(&needer, format_args!("library {} cannot be opened: {errno:?}", Text(name)))
                            }
                        })?;
                        match state.same(&file) {
                            Some(found) => {
                                // The descriptor was only looked at.
                                let _ = self.platform.close(file.fd);
                                found
                            }
                            None => {
                                let found = state.insert(self.load(file, false)?);
                                new.push(found);
                                found
                            }
                        }
                    }
                };
                if let Some(object) = state.get_mut(id)
                    && !object.needs.contains(&need)
                {
                    object.needs.push(need);
                }
            }
        }
        Ok(())
    }

    /// Opens a library that the file `needer` asks for.
    pub(crate) fn search(&self, state: &mut State, needer: Option<Id>, name: &[u8]) -> Result<Opened, Errno> {
        let State { objects, roots, library_path, order, trace, .. } = state;
        let get = |id: Option<Id>| objects.get(id?)?.as_ref();
        let program = get(order.first().copied());
        let needer = get(needer).or(program);
        let asks = Text(needer.map_or(b"program", Object::name));
        trace.say(Topic::Files, format_args!("{} is looked for, asked for by {asks}", Text(name)));
        let payload = self.payload.get();
        Search { platform: self.platform, trace: *trace, library_path, roots, program, needer, payload }.open(name)
    }

    /// The first root, as `xload_root` tells it.
    pub(crate) fn root(&self) -> Option<Vec<u8>> {
        let mut state = self.state.lock();
        let State { objects, roots, order, .. } = &mut *state;
        let program = order.first().and_then(|id| objects.get(*id)?.as_ref());
        roots.get(self.platform, program, 0).map(<[u8]>::to_vec)
    }

    /// Unloads the files that nobody uses any more, finalisers first. The caller holds the turn, not the state.
    pub(crate) fn collect(&self) {
        let mut victims = self.state.lock().unused();
        if victims.is_empty() {
            return;
        }
        // Last initialised, first finalised.
        let order: Vec<Id> =
            self.state.lock().initialised.iter().rev().copied().filter(|id| victims.contains(id)).collect();
        for id in order {
            self.run_finalisers(id, true);
        }
        let mut state = self.state.lock();
        // A finaliser may have opened one of them again, and a thread may have registered a destructor of it.
        let unused = state.unused();
        victims.retain(|id| unused.contains(id));
        // SAFETY: the lock is held.
        unsafe { debug::begin(Change::Delete) };
        self.remove(&mut state, &victims);
        // SAFETY: as above.
        unsafe { debug::end() };
    }
}

impl State {
    /// The loaded file that goes by this name.
    pub(crate) fn named(&self, name: &[u8]) -> Option<Id> {
        self.loaded().find(|(_, object)| object.answers_to(name)).map(|(id, _)| id)
    }

    /// The loaded file that this one is.
    pub(crate) fn same(&self, file: &Opened) -> Option<Id> {
        let identity = file.identity();
        self.loaded()
            .find(|(_, object)| match (identity, object.identity) {
                (Some(one), Some(other)) => one == other,
                _ => object.name() == file.path,
            })
            .map(|(id, _)| id)
    }

    /// Files that no handle, no pinned file and no file in use leads to.
    fn unused(&self) -> Vec<Id> {
        let mut used: Vec<Id> =
            self.loaded().filter(|(_, object)| object.pinned || object.handles > 0).map(|(id, _)| id).collect();
        let mut at = 0;
        while let Some(id) = used.get(at).copied() {
            at += 1;
            if let Some(object) = self.get(id) {
                for next in object.needs.iter().chain(&object.binds) {
                    if !used.contains(next) {
                        used.push(*next);
                    }
                }
            }
        }
        self.order.iter().copied().filter(|id| !used.contains(id)).collect()
    }
}
