//! Functions registered for the end of the process or of a loaded file.

use alloc::vec::Vec;

use crate::rt::{self, Errno, Modules, Result};
use crate::sync::Locked;
use crate::types::c_void;

/// What was registered.
#[derive(Clone, Copy, Debug)]
pub enum Handler {
    /// `atexit` and `at_quick_exit`.
    Plain(extern "C" fn()),
    /// `__cxa_atexit`: the function, its argument, and an address in the file that the function belongs to.
    Object(unsafe extern "C" fn(*mut c_void), usize, usize),
}

impl Handler {
    fn run(self) {
        match self {
            Self::Plain(function) => function(),
            // SAFETY: the contract of `__cxa_atexit`: the function takes this argument.
            Self::Object(function, argument, _) => unsafe { function(argument as *mut c_void) },
        }
    }

    /// An address in the file that the handler belongs to; of a plain one its own.
    fn place(self) -> usize {
        match self {
            Self::Plain(function) => function as usize,
            Self::Object(function, _, 0) => function as usize,
            Self::Object(_, _, dso) => dso,
        }
    }
}

/// Handlers in the order of registration.
pub struct Handlers {
    list: Locked<Vec<Handler>>,
}

impl Handlers {
    /// None.
    pub const fn new() -> Self {
        Self { list: Locked::new(Vec::new()) }
    }

    /// Adds one; `NOMEM`.
    pub fn add(&self, handler: Handler) -> Result<()> {
        self.list.with(rt::host(), |list| {
            list.try_reserve(1).map_err(|_| Errno::NOMEM)?;
            list.push(handler);
            Ok(())
        })
    }

    /// Runs all, latest first, also those that are registered meanwhile. Each runs once.
    pub fn run_all(&self) {
        while let Some(handler) = self.list.with(rt::host(), Vec::pop) {
            handler.run();
        }
    }

    /// Runs those of the loaded file that `dso` lies in, latest first.
    pub fn run_of(&self, dso: usize) {
        self.take_of(dso, Handler::run);
    }

    /// Drops those of the loaded file that `dso` lies in: it is unloaded before they would run.
    pub fn forget_of(&self, dso: usize) {
        self.take_of(dso, |_| ());
    }

    fn take_of(&self, dso: usize, mut treat: impl FnMut(Handler)) {
        let file = rt::host().dl_address(dso).map(|info| info.base);
        let is_of = |handler: &Handler| {
            let place = handler.place();
            place == dso || file.is_some() && rt::host().dl_address(place).map(|info| info.base) == file
        };
        let mut at = self.list.with(rt::host(), |list| list.len());
        while at > 0 {
            at -= 1;
            // The loader is asked outside the lock.
            let Some(found) = self.list.with(rt::host(), |list| list.get(at).copied()) else { continue };
            if !is_of(&found) {
                continue;
            }
            let taken = self.list.with(rt::host(), |list| {
                let same = list.get(at).is_some_and(|handler| handler.same(&found));
                if same { Some(list.remove(at)) } else { None }
            });
            if let Some(handler) = taken {
                treat(handler);
            }
            // It may have registered more.
            at = self.list.with(rt::host(), |list| list.len());
        }
    }
}

impl Handler {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(one), Self::Plain(two)) => *one as usize == *two as usize,
            (Self::Object(one, a, b), Self::Object(two, c, d)) => (*one as usize, a, b) == (*two as usize, c, d),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    static RAN: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    static NESTED: Handlers = Handlers::new();

    extern "C" fn note(argument: *mut c_void) {
        RAN.lock().unwrap().push(argument as usize);
        if argument as usize == 2 {
            NESTED.add(Handler::Object(note, 9, 0x2000)).unwrap();
        }
    }

    #[test]
    fn handlers_run_once_latest_first_with_those_added_meanwhile() {
        for (number, dso) in [(1, 0x1000), (2, 0x2000), (3, 0x1000), (4, 0x2000)] {
            NESTED.add(Handler::Object(note, number, dso)).unwrap();
        }
        NESTED.run_of(0x2000);
        assert_eq!(std::mem::take(&mut *RAN.lock().unwrap()), [4, 2, 9]);
        NESTED.add(Handler::Object(note, 5, 0x2000)).unwrap();
        NESTED.run_all();
        NESTED.run_all();
        assert_eq!(std::mem::take(&mut *RAN.lock().unwrap()), [5, 3, 1]);
    }
}
