//! The suite on the simulated host.

use host_contract::{Context, run};
use platform_sim::sim;

#[test]
fn the_simulated_host_keeps_the_contract() {
    let context = Context { scratch: b"/tmp", program: None, native: false };
    let mut print = |line: &str| println!("{line}");
    let totals = run(sim(), context, &mut print);
    totals.print(&mut print);
    assert_eq!(totals.failed, 0);
    assert!(totals.passed > 100);
}
