//! The network: sockets, addresses, interfaces.

pub mod abi;
mod addresses;
mod ether;
mod interfaces;
mod messages;
mod sockets;
mod types;
