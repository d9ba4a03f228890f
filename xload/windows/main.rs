//! The loader for this host.
fn main() {}
