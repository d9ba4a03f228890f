//! Sockets and network interfaces.

use platform_operations::operations;

use crate::{Accepted, Errno, Fd, Received, Result};

/// Sockets and network interfaces. Families, kinds, options, addresses and control data have the numbers and layouts of the C ABI.
///
/// Reading, writing, `stat` and the flags of descriptors work on sockets as on files. A descriptor that is no socket is `ENOTSOCK`.
#[operations(network)]
pub trait Network: Sync {
    /// `socket`. `kind` may have `socket::NON_BLOCK` and `socket::CLOSE_ON_EXEC` in it. `EAFNOSUPPORT`, `EPROTONOSUPPORT`.
    #[slot(94, optional)]
    fn socket(&self, domain: i32, kind: u32, protocol: i32) -> Result<Fd>;
    /// `socketpair`: two sockets that are connected to each other.
    #[slot(95, optional)]
    fn socket_pair(&self, domain: i32, kind: u32, protocol: i32) -> Result<(Fd, Fd)>;
    /// `bind`. `EADDRINUSE`, `EADDRNOTAVAIL`.
    #[slot(96, optional)]
    fn bind(&self, fd: Fd, address: &[u8]) -> Result<()>;
    /// `connect`. `EINPROGRESS` on a socket that does not block; after `EINTR` the attempt goes on.
    #[slot(97, optional, waits)]
    fn connect(&self, fd: Fd, address: &[u8]) -> Result<()>;
    /// `listen`.
    #[slot(98, optional)]
    fn listen(&self, fd: Fd, backlog: i32) -> Result<()>;
    /// `accept4`: stores the peer's address as far as it fits. `flags` are `socket::NON_BLOCK` and `socket::CLOSE_ON_EXEC`.
    #[slot(99, optional, waits)]
    fn accept(&self, fd: Fd, address: &mut [u8], flags: u32) -> Result<Accepted>;
    /// `sendmsg` of one piece; no `address` is the peer's. `flags` are MSG_*.
    #[slot(100, optional, waits)]
    fn send(&self, fd: Fd, data: &[u8], address: &[u8], control: &[u8], flags: u32) -> Result<usize>;
    /// `recvmsg` into one piece: address and control data are stored as far as they fit.
    #[slot(101, optional, waits)]
    fn receive(
        &self,
        fd: Fd,
        buffer: &mut [u8],
        address: &mut [u8],
        control: &mut [u8],
        flags: u32,
    ) -> Result<Received>;
    /// `shutdown`: `how` is SHUT_*.
    #[slot(102, optional)]
    fn shutdown(&self, fd: Fd, how: u32) -> Result<()>;
    /// `getsockname`, or `getpeername` with `peer`: the whole length of the address, which is stored as far as it fits.
    #[slot(103, optional)]
    fn socket_address(&self, fd: Fd, peer: bool, address: &mut [u8]) -> Result<usize>;
    /// `getsockopt`: how many bytes were stored. `ENOPROTOOPT` for an option that the host does not have.
    #[slot(104, optional)]
    fn socket_option(&self, fd: Fd, level: i32, name: i32, value: &mut [u8]) -> Result<usize>;
    /// `setsockopt`.
    #[slot(105, optional)]
    fn set_socket_option(&self, fd: Fd, level: i32, name: i32, value: &[u8]) -> Result<()>;
    /// The interfaces and their addresses, as records of [`crate::interfaces`]: the bytes that all of them take. Those that fit are
    /// stored, in order.
    #[slot(106, optional)]
    fn interfaces(&self, buffer: &mut [u8]) -> Result<usize>;
    /// `ioctl` FIONREAD: bytes that can be read now, of any descriptor that can tell. With `mark`, SIOCATMARK: 1 where a socket's next
    /// byte follows the urgent one, else 0. `ENOTTY` for a descriptor that has no such number.
    #[slot(107, optional)]
    fn available(&self, fd: Fd, mark: bool) -> Result<usize>;
}
