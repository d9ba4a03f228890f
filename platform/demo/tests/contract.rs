//! The contract suite on the demonstration host: what it has, it does right.

use host_contract::{Context, run};
use platform_demo::Demo;

#[test]
fn the_demonstration_host_keeps_the_contract() {
    let context = Context { scratch: b"/tmp", program: None, native: true };
    let totals = run(&Demo, context, &mut |line| println!("{line}"));
    totals.print(&mut |line| println!("{line}"));
    assert_eq!(totals.failed, 0);
    assert!(totals.passed > 50);
}
