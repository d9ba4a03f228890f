//! Sockets: the kernel's, whose numbers and layouts are those of the C ABI.

use platform::{Accepted, Errno, Fd, Network, Piece, PieceMut, Received, Result};

use crate::Linux;
use crate::blocking::blocking;
use crate::netlink;
use crate::sys::{call, int, kernel, stored};

/// The kernel's `struct user_msghdr`.
#[repr(C)]
struct Message {
    name: usize,
    name_length: i32,
    pieces: usize,
    piece_count: usize,
    control: usize,
    control_length: usize,
    flags: u32,
}

impl Message {
    /// `piece` is where its only piece is.
    fn new(address: &[u8], piece: usize, control: &[u8]) -> Self {
        Self {
            // Some protocols look at the pointer, not at the length.
            name: if address.is_empty() { 0 } else { address.as_ptr().expose_provenance() },
            name_length: address.len() as i32,
            pieces: piece,
            piece_count: 1,
            control: control.as_ptr().expose_provenance(),
            control_length: control.len(),
            flags: 0,
        }
    }
}

/// Address and length of room for an address, which is stored with its whole length: null for no room, as the kernel wants it.
fn room(address: &mut [u8], length: &mut i32) -> [usize; 2] {
    if address.is_empty() {
        return [0, 0];
    }
    [address.as_mut_ptr().expose_provenance(), core::ptr::from_mut(length).expose_provenance()]
}

/// FIONREAD and SIOCATMARK.
const BYTES_TO_READ: usize = 0x541B;
const AT_MARK: usize = 0x8905;

impl Network for Linux {
    fn socket(&self, domain: i32, kind: u32, protocol: i32) -> Result<Fd> {
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_socket, [int(domain), kind as usize, int(protocol)]) }.map(|fd| fd as Fd)
    }

    fn socket_pair(&self, domain: i32, kind: u32, protocol: i32) -> Result<(Fd, Fd)> {
        // SAFETY: the call fills two descriptors.
        let made: [Fd; 2] = unsafe {
            stored(|out: *mut [Fd; 2]| {
                call(kernel::__NR_socketpair, [int(domain), kind as usize, int(protocol), out.expose_provenance()])
            })
        }?;
        Ok(made.into())
    }

    fn bind(&self, fd: Fd, address: &[u8]) -> Result<()> {
        let [at, length] = [address.as_ptr().expose_provenance(), address.len()];
        // SAFETY: the address is readable.
        unsafe { call(kernel::__NR_bind, [int(fd), at, length]) }.map(drop)
    }

    fn connect(&self, fd: Fd, address: &[u8]) -> Result<()> {
        let [at, length] = [address.as_ptr().expose_provenance(), address.len()];
        // SAFETY: the address is readable.
        unsafe { blocking(kernel::__NR_connect, [int(fd), at, length]) }.map(drop)
    }

    fn listen(&self, fd: Fd, backlog: i32) -> Result<()> {
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_listen, [int(fd), int(backlog)]) }.map(drop)
    }

    fn accept(&self, fd: Fd, address: &mut [u8], flags: u32) -> Result<Accepted> {
        let mut length = address.len() as i32;
        let [at, size] = room(address, &mut length);
        // SAFETY: the address is writable, as many bytes as its length says.
        let made = unsafe { blocking(kernel::__NR_accept4, [int(fd), at, size, flags as usize]) }?;
        Ok(Accepted { fd: made as Fd, address_length: length as u32 })
    }

    fn send(&self, fd: Fd, data: &[u8], address: &[u8], control: &[u8], flags: u32) -> Result<usize> {
        let piece = Piece::new(data);
        let message = Message::new(address, (&raw const piece).expose_provenance(), control);
        let at = core::ptr::from_ref(&message).expose_provenance();
        // SAFETY: the message names memory that is readable.
        unsafe { blocking(kernel::__NR_sendmsg, [int(fd), at, flags as usize]) }
    }

    fn receive(
        &self,
        fd: Fd,
        buffer: &mut [u8],
        address: &mut [u8],
        control: &mut [u8],
        flags: u32,
    ) -> Result<Received> {
        let piece = PieceMut::new(buffer);
        let mut message = Message::new(address, (&raw const piece).expose_provenance(), control);
        message.control = control.as_mut_ptr().expose_provenance();
        if !address.is_empty() {
            message.name = address.as_mut_ptr().expose_provenance();
        }
        let at = core::ptr::from_mut(&mut message).expose_provenance();
        // SAFETY: the message is writable, and names memory that is.
        let length = unsafe { blocking(kernel::__NR_recvmsg, [int(fd), at, flags as usize]) }?;
        // The kernel leaves the length of a name that nobody asked for as it was.
        let address_length = if address.is_empty() { 0 } else { message.name_length as usize };
        Ok(Received { length, address_length, control_length: message.control_length, flags: message.flags })
    }

    fn shutdown(&self, fd: Fd, how: u32) -> Result<()> {
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_shutdown, [int(fd), how as usize]) }.map(drop)
    }

    fn socket_address(&self, fd: Fd, peer: bool, address: &mut [u8]) -> Result<usize> {
        let number = if peer { kernel::__NR_getpeername } else { kernel::__NR_getsockname };
        let mut length = address.len() as i32;
        let size = core::ptr::from_mut(&mut length).expose_provenance();
        // SAFETY: the address is writable, as many bytes as its length says.
        unsafe { call(number, [int(fd), address.as_mut_ptr().expose_provenance(), size]) }?;
        Ok(length as usize)
    }

    fn socket_option(&self, fd: Fd, level: i32, name: i32, value: &mut [u8]) -> Result<usize> {
        let mut length = value.len() as i32;
        let size = core::ptr::from_mut(&mut length).expose_provenance();
        let at = value.as_mut_ptr().expose_provenance();
        // SAFETY: the value is writable, as many bytes as its length says.
        unsafe { call(kernel::__NR_getsockopt, [int(fd), int(level), int(name), at, size]) }?;
        Ok(length as usize)
    }

    fn set_socket_option(&self, fd: Fd, level: i32, name: i32, value: &[u8]) -> Result<()> {
        let [at, size] = [value.as_ptr().expose_provenance(), value.len()];
        // SAFETY: the value is readable.
        unsafe { call(kernel::__NR_setsockopt, [int(fd), int(level), int(name), at, size]) }.map(drop)
    }

    fn interfaces(&self, buffer: &mut [u8]) -> Result<usize> {
        netlink::interfaces(buffer)
    }

    fn available(&self, fd: Fd, mark: bool) -> Result<usize> {
        let request = if mark { AT_MARK } else { BYTES_TO_READ };
        // SAFETY: both requests fill an `int`.
        let found: i32 =
            unsafe { stored(|out: *mut i32| call(kernel::__NR_ioctl, [int(fd), request, out.expose_provenance()])) }?;
        usize::try_from(found).map_err(|_| Errno::OVERFLOW)
    }
}
