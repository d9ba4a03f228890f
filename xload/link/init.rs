//! Initialisers, `main`, finalisers.

use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use loader_abi::guest_fn;
use platform::Platform;

use super::linker::Linker;
use super::object::{Id, Object};
use super::outermost;
use super::state::State;
use crate::elf::{Name, Table};
use crate::error::{Error, Text};
use crate::trace::Topic;

type Finaliser = guest_fn!(fn());
type Exit = guest_fn!(fn(i32));
type CxaFinalize = guest_fn!(fn(usize));

/// A loaded program, ready to start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    id: Id,
    main: usize,
    /// `exit` of the C library, where there is one.
    exit: Option<usize>,
}

impl Object {
    /// The functions of a table, in order; empty entries left out.
    fn functions(&self, table: Table) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..table.count)
            .map(move |index| {
                let place = self.mapping.at(table.address + 8 * index) as *const usize;
                // SAFETY: the table was checked to lie in readable memory of the file.
                unsafe { place.read() }
            })
            .filter(|function| *function != 0 && *function != usize::MAX)
    }

    /// DT_INIT, then DT_INIT_ARRAY.
    fn initialisers(&self) -> impl Iterator<Item = usize> + '_ {
        let init = self.dynamic.init.map(|init| self.mapping.at(init));
        init.into_iter().chain(self.functions(self.dynamic.init_array))
    }

    /// DT_FINI_ARRAY from its end, then DT_FINI.
    fn finalisers(&self) -> impl Iterator<Item = usize> + '_ {
        let fini = self.dynamic.fini.map(|fini| self.mapping.at(fini));
        self.functions(self.dynamic.fini_array).rev().chain(fini)
    }
}

impl State {
    /// Every initialiser and finaliser of the file is code.
    pub(crate) fn check_initialisers(&self, id: Id) -> Result<(), Error> {
        let Some(object) = self.get(id) else { return Ok(()) };
        let tables = [object.dynamic.preinit_array, object.dynamic.init_array, object.dynamic.fini_array];
        match tables.iter().flat_map(|table| object.functions(*table)).find(|function| !self.is_code(*function)) {
            Some(function) => {
                let own = function.wrapping_sub(object.mapping.bias);
                Err(Error::new(object.name(), format_args!("initialiser or finaliser is not code ({own:#x})")))
            }
            None => Ok(()),
        }
    }

    /// Shows what happens to a file.
    fn say_of(&self, id: Id, what: &str) {
        if let Some(object) = self.get(id) {
            self.trace.say(Topic::Files, format_args!("{} {what}", Text(object.name())));
        }
    }

    /// The address of a function that any file of the program may define.
    fn function(&self, name: &[u8]) -> Option<usize> {
        let (owner, symbol) = self.find(&Name::new(name), self.global.iter().copied())?;
        self.address(owner, symbol).ok().filter(|address| !symbol.is_indirect() && self.is_code(*address))
    }
}

impl<P: Platform> Linker<P> {
    /// Where a loaded program starts.
    pub(crate) fn program(&self, id: Id) -> Result<Program, Error> {
        let state = self.state.lock();
        let Some(object) = state.get(id) else { return Err(Error::new(b"program", "not loaded")) };
        let main = match object.entry {
            0 => object
                .dynamic
                .symbols
                .find(&Name::new(b"main"))
                .and_then(|symbol| state.address(id, symbol).ok())
                .filter(|main| state.is_code(*main))
                .ok_or_else(|| Error::new(object.name(), "nothing to start: no entry point and no function main"))?,
            entry => object.mapping.at(entry),
        };
        Ok(Program { id, main, exit: state.function(b"exit") })
    }

    /// Runs the initialisers and `main`, and ends the process with its result: through `exit` of the C library, else at once.
    pub(crate) fn start(&self, program: Program) -> ! {
        let order = self.state.lock().bottom_up(program.id);
        let (base, rest): (Vec<Id>, Vec<Id>) = {
            let state = self.state.lock();
            let is_base = |id: &Id| state.get(*id).is_some_and(|object| object.needs.is_empty());
            order.into_iter().partition(|id| *id != program.id && is_base(id))
        };
        base.into_iter().for_each(|id| self.run_initialisers(id));
        self.run_preinitialisers(program.id);
        rest.into_iter().for_each(|id| self.run_initialisers(id));
        let code = self.call(program.main);
        if let Some(exit) = program.exit {
            // SAFETY: the address was checked to be code; `exit` of the C library has this signature (C23 7.24.4.4).
            unsafe { core::mem::transmute::<usize, Exit>(exit)(code) };
        }
        self.finalize_all();
        self.platform.exit(code)
    }

    /// Runs the initialisers of files that were not initialised yet, in the order given.
    pub(crate) fn initialise(&self, order: &[Id]) {
        order.iter().for_each(|id| self.run_initialisers(*id));
    }

    fn run_preinitialisers(&self, id: Id) {
        let functions: Vec<usize> = match self.state.lock().get(id) {
            Some(object) => object.functions(object.dynamic.preinit_array).collect(),
            None => Vec::new(),
        };
        for function in functions {
            self.call(function);
        }
    }

    fn run_initialisers(&self, id: Id) {
        let functions: Vec<usize> = {
            let mut state = self.state.lock();
            let Some(object) = state.get_mut(id).filter(|object| !object.initialised) else { return };
            object.initialised = true;
            let functions = object.initialisers().collect();
            state.initialised.push(id);
            state.say_of(id, "is initialised");
            functions
        };
        for function in functions {
            self.call(function);
        }
    }

    /// Runs the finalisers of a file that was initialised; with `unload` also what the C library keeps for it.
    pub(crate) fn run_finalisers(&self, id: Id, unload: bool) {
        let (functions, cxa_finalize, dso): (Vec<usize>, _, _) = {
            let mut state = self.state.lock();
            let cxa_finalize = if unload { state.function(b"__cxa_finalize") } else { None };
            state.initialised.retain(|other| *other != id);
            let Some(object) = state.get_mut(id).filter(|object| object.initialised) else { return };
            object.initialised = false;
            // `__dso_handle`, as the linker defines it, is the first address of the file.
            let done = (object.finalisers().collect(), cxa_finalize, object.mapping.at(object.layout.start()));
            state.say_of(id, "is finalised");
            done
        };
        if let Some(cxa_finalize) = cxa_finalize {
            // SAFETY: the address was checked to be code; the C++ ABI (3.3.6.3) gives the signature.
            unsafe { core::mem::transmute::<usize, CxaFinalize>(cxa_finalize)(dso) };
        }
        for function in functions {
            // SAFETY: the address was checked to be code when the file was loaded.
            unsafe { core::mem::transmute::<usize, Finaliser>(function)() };
        }
    }

    /// Runs the finalisers of all files, last initialised first; once. The turn is never given back.
    pub(crate) fn finalize_all(&self) {
        core::mem::forget(self.turn.take());
        if self.finalized.swap(true, Ordering::AcqRel) {
            return;
        }
        loop {
            let last = self.state.lock().initialised.last().copied();
            let Some(id) = last else { break };
            self.run_finalisers(id, false);
        }
    }

    /// Calls `main` or an initialiser.
    fn call(&self, function: usize) -> i32 {
        let (count, arguments, environment) = match self.host.get() {
            Some(host) => (host.argument_count, host.arguments, host.environment),
            None => (0, core::ptr::null(), core::ptr::null()),
        };
        // SAFETY: the address was checked to be code; what the code does is the program's business.
        unsafe {
            outermost::call(count, arguments.expose_provenance(), environment.expose_provenance(), function) as i32
        }
    }
}
