//! Network interfaces and their addresses, as the kernel's NETLINK_ROUTE tells them.

use platform::interfaces::{Record, records};
use platform::{Errno, Fd, Files, Network, Result};

use crate::Linux;

const AF_NETLINK: i32 = 16;
const SOCK_RAW: u32 = 3;
const SOCK_CLOEXEC: u32 = 0o2000000;
const NETLINK_ROUTE: i32 = 0;

/// Types of messages.
const ERROR: u16 = 2;
const DONE: u16 = 3;
const NEW_LINK: u16 = 16;
const GET_LINK: u16 = 18;
const NEW_ADDRESS: u16 = 20;
const GET_ADDRESS: u16 = 22;
/// NLM_F_REQUEST | NLM_F_DUMP.
const REQUEST_ALL: u16 = 0x301;

/// Attributes of an interface: IFLA_*.
const LINK_ADDRESS: u16 = 1;
const LINK_BROADCAST: u16 = 2;
const LINK_NAME: u16 = 3;
/// Attributes of an address: IFA_*.
const ADDRESS: u16 = 1;
const LOCAL: u16 = 2;
const LABEL: u16 = 3;
const BROADCAST: u16 = 4;

/// The kernel makes messages of a dump no longer than this for a receiver with that much room.
const ROOM: usize = 8192;

/// Stores the records of all interfaces, then those of their addresses; the bytes that all take.
pub(crate) fn interfaces(buffer: &mut [u8]) -> Result<usize> {
    let fd = Linux.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)?;
    let mut list = List { buffer, stored: 0, needed: 0 };
    let result = dump(fd, GET_LINK, &mut |message| list.link(message))
        .and_then(|()| dump(fd, GET_ADDRESS, &mut |message| list.address(message)));
    let needed = list.needed;
    Linux.close(fd).and(result).map(|()| needed)
}

/// Asks for all of a kind, and hands on each message's body with its type.
fn dump(fd: Fd, kind: u16, each: &mut dyn FnMut(&[u8]) -> Option<()>) -> Result<()> {
    // nlmsghdr, and a family of 0 (any) behind it.
    let mut request = [0; 20];
    let head = [&20_u32.to_ne_bytes()[..], &kind.to_ne_bytes(), &REQUEST_ALL.to_ne_bytes()];
    request.iter_mut().zip(head.into_iter().flatten()).for_each(|(place, byte)| *place = *byte);
    Linux.send(fd, &request, &[], &[], 0)?;
    let mut room = [0; ROOM];
    loop {
        let length = Linux.receive(fd, &mut room, &mut [], &mut [], 0)?.length;
        let mut rest = room.get(..length).ok_or(Errno::IO)?;
        while let Some((kind, body, after)) = message(rest) {
            match kind {
                DONE => return Ok(()),
                ERROR => {
                    let number = body.first_chunk().map_or(0, |bytes| i32::from_ne_bytes(*bytes));
                    return Err(Errno::from_number(number.wrapping_neg()));
                }
                NEW_LINK | NEW_ADDRESS => {
                    // One that is cut short says nothing.
                    let _ = each(body);
                }
                _ => {}
            }
            rest = after;
        }
    }
}

/// Type and body of the first message, and what is behind it.
fn message(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (kind, _) = rest.split_first_chunk()?;
    let length = u32::from_ne_bytes(*length) as usize;
    let body = bytes.get(16..length)?;
    Some((u16::from_ne_bytes(*kind), body, bytes.get(length.next_multiple_of(4)..).unwrap_or(&[])))
}

/// The value of an attribute of this type.
fn attribute(bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    let mut rest = bytes;
    loop {
        let (length, after) = rest.split_first_chunk()?;
        let (kind, _) = after.split_first_chunk()?;
        let length = usize::from(u16::from_ne_bytes(*length));
        let value = rest.get(4..length)?;
        if u16::from_ne_bytes(*kind) == wanted {
            return Some(value);
        }
        rest = rest.get(length.next_multiple_of(4)..)?;
    }
}

fn text(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or(bytes)
}

struct List<'a> {
    buffer: &'a mut [u8],
    stored: usize,
    needed: usize,
}

impl List<'_> {
    fn add(&mut self, record: Record<'_>) -> Option<()> {
        let length = record.length()?;
        // None behind one that did not fit.
        if self.stored == self.needed && record.store(self.buffer.get_mut(self.stored..)?).is_some() {
            self.stored += length;
        }
        self.needed += length;
        Some(())
    }

    /// `struct ifinfomsg`: family, unused, hardware (u16), index (i32), flags (u32), change (u32); attributes.
    fn link(&mut self, body: &[u8]) -> Option<()> {
        let ([_, _, hardware @ ..], rest) = body.split_first_chunk::<4>()?;
        let (index, rest) = rest.split_first_chunk()?;
        let (flags, rest) = rest.split_first_chunk()?;
        let attributes = rest.get(4..)?;
        self.add(Record {
            family: platform::abi::socket::AF_PACKET as u16,
            hardware: u16::from_ne_bytes(*hardware),
            prefix: 0,
            index: u32::from_ne_bytes(*index),
            flags: u32::from_ne_bytes(*flags),
            name: text(attribute(attributes, LINK_NAME)?),
            address: attribute(attributes, LINK_ADDRESS).unwrap_or(&[]),
            other: attribute(attributes, LINK_BROADCAST).unwrap_or(&[]),
        })
    }

    /// `struct ifaddrmsg`: family, prefix, flags, scope, index (u32); attributes.
    fn address(&mut self, body: &[u8]) -> Option<()> {
        let ([family, prefix, _, _], rest) = body.split_first_chunk()?;
        let (index, attributes) = rest.split_first_chunk()?;
        let index = u32::from_ne_bytes(*index);
        let (address, local) = (attribute(attributes, ADDRESS), attribute(attributes, LOCAL));
        // With a peer, that is the address, and our own is the local one.
        let own = local.or(address)?;
        let peer = address.filter(|address| *address != own);
        // Name and flags are the interface's.
        let mut name = [0; 16];
        let link = records(self.buffer.get(..self.stored)?).find(|record| record.index == index);
        let flags = link.map_or(0, |link| link.flags);
        let label = attribute(attributes, LABEL).map(text).or(link.map(|link| link.name)).unwrap_or(&[]);
        let length = label.len().min(name.len());
        name.iter_mut().zip(label).for_each(|(place, byte)| *place = *byte);
        self.add(Record {
            family: u16::from(*family),
            hardware: 0,
            prefix: *prefix,
            index,
            flags,
            name: name.get(..length)?,
            address: own,
            other: peer.or(attribute(attributes, BROADCAST)).unwrap_or(&[]),
        })
    }
}
