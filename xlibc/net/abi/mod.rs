//! What C sees of the network.

pub mod addresses;
pub mod ether;
pub mod interfaces;
pub mod sockets;
