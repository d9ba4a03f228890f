//! The simulation behind a host table, one per test thread.

use std::cell::Cell;
use std::sync::OnceLock;

use loader_abi::{AddressInfo, Host, Modules, ObjectInfo, ProcessStart, Resolved, Serve};
use platform::{Errno, Result};

use crate::system::Sim;

thread_local! {
    static CURRENT: Cell<Option<&'static Sim>> = const { Cell::new(None) };
}

/// The system of this test thread, made when first asked for.
pub fn sim() -> &'static Sim {
    CURRENT.with(|current| {
        let sim = current.get().unwrap_or_else(|| Box::leak(Box::default()));
        current.set(Some(sim));
        sim
    })
}

/// Lets a thread that `from` created see the same system.
pub(crate) fn adopt(from: &'static Sim) {
    CURRENT.with(|current| current.set(Some(from)));
}

/// The host table whose functions reach [`sim`].
pub fn table() -> &'static Host {
    static TABLE: OnceLock<Host> = OnceLock::new();
    TABLE.get_or_init(|| {
        let arguments = Box::leak(Box::new([c"sim".as_ptr(), std::ptr::null()]));
        let environment = Box::leak(Box::new([std::ptr::null()]));
        Host::serve::<Simulated>(ProcessStart {
            argument_count: 1,
            arguments: arguments.as_ptr(),
            environment: environment.as_ptr(),
        })
    })
}

/// A loader that has loaded nothing.
struct NoLoader;

enum Simulated {}

impl Serve for Simulated {
    type Platform = Sim;
    type Modules = NoLoader;
    fn platform() -> &'static Sim {
        sim()
    }
    fn modules() -> &'static NoLoader {
        &NoLoader
    }
}

impl Modules for NoLoader {
    fn dl_open(&self, _: Option<&[u8]>, _: u32, _: usize, message: &mut [u8]) -> Result<usize> {
        refuse(message)
    }
    fn dl_close(&self, _: usize, message: &mut [u8]) -> Result<()> {
        refuse(message)
    }
    fn dl_symbol(&self, _: usize, _: &[u8], _: usize, message: &mut [u8]) -> Result<Resolved> {
        refuse(message)
    }
    fn dl_address(&self, _: usize) -> Option<AddressInfo> {
        None
    }
    fn dl_object(&self, _: usize) -> Option<ObjectInfo> {
        None
    }
    fn finalize(&self) {}
    fn dl_pin(&self, _: usize) {}
    fn dl_keep(&self) {}
}

fn refuse<T>(message: &mut [u8]) -> Result<T> {
    let text = b"no loader in a simulation\0";
    let length = message.len().min(text.len());
    message[..length].copy_from_slice(&text[..length]);
    Err(Errno::NOENT)
}
