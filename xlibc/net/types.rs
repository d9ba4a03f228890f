//! C's structures of the network.

use crate::types::{c_char, c_int, c_uint, c_void, iovec, sa_family_t, socklen_t};

/// POSIX.1-2024 `struct sockaddr`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sockaddr {
    pub sa_family: sa_family_t,
    pub sa_data: [c_char; 14],
}

/// POSIX.1-2024 `struct msghdr`. The fields that the kernel has as 64 bits are an `int` or a `socklen_t` and a zero here.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct msghdr {
    pub msg_name: *mut c_void,
    pub msg_namelen: socklen_t,
    pub msg_iov: *mut iovec,
    pub msg_iovlen: c_int,
    pub __pad1: c_int,
    pub msg_control: *mut c_void,
    pub msg_controllen: socklen_t,
    pub __pad2: socklen_t,
    pub msg_flags: c_int,
}

/// Linux `struct mmsghdr`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct mmsghdr {
    pub msg_hdr: msghdr,
    pub msg_len: c_uint,
}

/// POSIX.1-2024 `struct in_addr`: the address in the network's byte order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct in_addr {
    pub s_addr: u32,
}

/// POSIX.1-2024 `struct sockaddr_in`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct sockaddr_in {
    pub sin_family: sa_family_t,
    pub sin_port: u16,
    pub sin_addr: in_addr,
    pub sin_zero: [u8; 8],
}

/// POSIX.1-2024 `struct in6_addr`, which C aligns as its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, align(4))]
pub struct in6_addr {
    pub __in6_union: [u8; 16],
}

/// POSIX.1-2024 `struct sockaddr_in6`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct sockaddr_in6 {
    pub sin6_family: sa_family_t,
    pub sin6_port: u16,
    pub sin6_flowinfo: u32,
    pub sin6_addr: in6_addr,
    pub sin6_scope_id: u32,
}

/// Linux `struct sockaddr_ll`, with the room that hardware addresses of 20 bytes need.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct LinkAddress {
    pub sll_family: sa_family_t,
    pub sll_protocol: u16,
    pub sll_ifindex: c_int,
    pub sll_hatype: u16,
    pub sll_pkttype: u8,
    pub sll_halen: u8,
    pub sll_addr: [u8; 24],
}

const _: () = assert!(size_of::<msghdr>() == 56 && size_of::<mmsghdr>() == 64 && size_of::<sockaddr>() == 16);
const _: () = assert!(size_of::<sockaddr_in>() == 16 && size_of::<sockaddr_in6>() == 28);

/// Bytes before the data of a control message: `cmsg_len`, a zero, level, type.
pub const CONTROL_HEAD: usize = 16;
