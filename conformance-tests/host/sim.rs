//! The suite on the simulated host.

use std::collections::BTreeSet;
use std::sync::Mutex;

use host_contract::{Context, run};
use loader_abi::OPERATIONS;
use platform::{Hook, Operation, Result, Value, Wrapped};
use platform_sim::Sim;

/// The operations that were asked for.
#[derive(Default)]
struct Seen(Mutex<BTreeSet<&'static str>>);

impl Hook for Seen {
    fn before(&self, operation: Operation, _: &[Value<'_>]) -> Result<()> {
        self.0.lock().unwrap().insert(operation.name);
        Ok(())
    }
}

const NO_NETWORK: &str = "a simulation makes no sockets: native runs do";

/// What the suite cannot ask a simulation for, and where it does.
const ELSEWHERE: [(&str, &str); 14] = [
    ("exit", "ends the process: children of native runs do it"),
    ("terminate", "ends the process: children of native runs do it"),
    ("spawn", "a simulation has no programs: native runs have"),
    ("sync_map", "a simulation has no shared views of files: native runs have"),
    ("connect", NO_NETWORK),
    ("listen", NO_NETWORK),
    ("accept", NO_NETWORK),
    ("send", NO_NETWORK),
    ("receive", NO_NETWORK),
    ("shutdown", NO_NETWORK),
    ("socket_address", NO_NETWORK),
    ("socket_option", NO_NETWORK),
    ("set_socket_option", NO_NETWORK),
    ("available", NO_NETWORK),
];

#[test]
fn the_simulated_host_keeps_the_contract() {
    let host: &'static _ = Box::leak(Box::new(Wrapped { inner: Sim::default(), hook: Seen::default() }));
    let context = Context { scratch: b"/tmp", program: None, native: false };
    let mut print = |line: &str| println!("{line}");
    let totals = run(host, context, &mut print);
    totals.print(&mut print);
    assert_eq!(totals.failed, 0);
    assert!(totals.passed > 100);

    // Every operation of the platform is in the suite. The loader's own are in `run_table`.
    let seen = host.hook.0.lock().unwrap();
    let wrong: Vec<_> = OPERATIONS
        .iter()
        .map(|entry| entry.name)
        .filter(|name| {
            let is_elsewhere = ELSEWHERE.iter().any(|(known, _)| known == name);
            let is_loaders = name.starts_with("dl_") || *name == "finalize";
            seen.contains(name) == (is_elsewhere || is_loaders)
        })
        .collect();
    assert!(wrong.is_empty(), "neither in the suite nor listed, or both: {wrong:?}");
}
