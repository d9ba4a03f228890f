//! Descriptors on their way to a child, in `STARTUPINFO.lpReserved2`.
//!
//! The block starts as the one of Microsoft's C runtime (count as u32, a byte of flags each, a handle of 8 bytes each), so
//! that children made with it find their descriptors too. Behind that, for children of our own kind: the magic, a count,
//! the blocked and the ignored signals, and for each descriptor its number, its kind and its status flags, which the
//! runtime's flags cannot tell.

use alloc::vec;
use alloc::vec::Vec;

use platform::Fd;

/// A descriptor that the child gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inherited {
    /// Its number.
    pub fd: Fd,
    /// The handle's value in the child; `usize::MAX` for a device without one.
    pub handle: usize,
    /// The platform's own number for the kind of file.
    pub kind: u32,
    /// Access mode and status flags, `open::*`.
    pub flags: u32,
}

/// All that a child of our own kind gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inheritance {
    /// Open descriptors.
    pub descriptors: Vec<Inherited>,
    /// Blocked signals (bit `n - 1` is signal `n`).
    pub mask: u64,
    /// Ignored signals.
    pub ignored: u64,
    /// Handle of the section with the strings, as the child has it; 0: none was sent.
    pub strings: usize,
}

const MAGIC: u32 = 0x6466_6C78; // "xlfd"
/// Bytes from the magic to the first descriptor, and of each descriptor.
const HEAD: usize = 32;
const ROW: usize = 20;
const OPEN: u8 = 0x01;
const PIPE: u8 = 0x08;
const APPEND: u8 = 0x20;
const DEVICE: u8 = 0x40;

/// What the C runtime is told about a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeKind {
    /// A disk file.
    File,
    /// A pipe.
    Pipe,
    /// A character device.
    Device,
}

/// The block for descriptors and for the rest of `all`; `None` when it is too long for the 16-bit length field.
#[must_use]
pub fn encode(descriptors: &[(Inherited, RuntimeKind)], append: u32, all: &Inheritance) -> Option<Vec<u8>> {
    let count = descriptors.iter().map(|(row, _)| row.fd + 1).max().unwrap_or(0) as usize;
    let mut flags = vec![0u8; count];
    let mut handles = vec![usize::MAX; count];
    let mut own = Vec::new();
    for (row, kind) in descriptors {
        let at = usize::try_from(row.fd).ok()?;
        if row.handle != usize::MAX {
            let kind = match kind {
                RuntimeKind::File => 0,
                RuntimeKind::Pipe => PIPE,
                RuntimeKind::Device => DEVICE,
            };
            *flags.get_mut(at)? = OPEN | kind | if row.flags & append != 0 { APPEND } else { 0 };
            *handles.get_mut(at)? = row.handle;
        }
        for word in [row.fd as u32, row.kind, row.flags] {
            own.extend_from_slice(&word.to_le_bytes());
        }
        own.extend_from_slice(&(row.handle as u64).to_le_bytes());
    }
    let mut block = Vec::new();
    block.extend_from_slice(&(count as u32).to_le_bytes());
    block.extend_from_slice(&flags);
    for handle in handles {
        block.extend_from_slice(&(handle as u64).to_le_bytes());
    }
    block.extend_from_slice(&MAGIC.to_le_bytes());
    block.extend_from_slice(&(descriptors.len() as u32).to_le_bytes());
    for word in [all.mask, all.ignored, all.strings as u64] {
        block.extend_from_slice(&word.to_le_bytes());
    }
    block.extend_from_slice(&own);
    (block.len() <= usize::from(u16::MAX)).then_some(block)
}

/// What is in a block that [`encode`] made; `None` for a block of the C runtime alone, or garbage.
#[must_use]
pub fn decode(block: &[u8]) -> Option<Inheritance> {
    let word = |at: usize| Some(u32::from_le_bytes(block.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let long = |at: usize| Some(u64::from_le_bytes(block.get(at..at.checked_add(8)?)?.try_into().ok()?));
    let own = usize::try_from(word(0)?).ok()?.checked_mul(9)?.checked_add(4)?;
    if word(own)? != MAGIC {
        return None;
    }
    let (mask, ignored, strings) = (long(own + 8)?, long(own + 16)?, long(own + 24)? as usize);
    let rows = block.get(own + HEAD..)?;
    let count = usize::try_from(word(own + 4)?).ok()?;
    if rows.len() != count.checked_mul(ROW)? {
        return None;
    }
    let row = |row: &[u8]| {
        let word = |at: usize| Some(u32::from_le_bytes(row.get(at..at + 4)?.try_into().ok()?));
        let handle = u64::from_le_bytes(row.get(12..ROW)?.try_into().ok()?) as usize;
        Some(Inherited { fd: word(0)? as Fd, kind: word(4)?, flags: word(8)?, handle })
    };
    let descriptors = rows.chunks(ROW).map(row).collect::<Option<_>>()?;
    Some(Inheritance { descriptors, mask, ignored, strings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_arrive_as_sent() {
        let rows = [
            (Inherited { fd: 0, handle: 0x10, kind: 2, flags: 0 }, RuntimeKind::Pipe),
            (Inherited { fd: 7, handle: 0x1234, kind: 1, flags: 0o2002 }, RuntimeKind::File),
            (Inherited { fd: 3, handle: usize::MAX, kind: 5, flags: 0 }, RuntimeKind::Device),
        ];
        let sent = Inheritance { mask: 5, ignored: 1 << 63, strings: 0x77, ..Inheritance::default() };
        let block = encode(&rows, 0o2000, &sent).unwrap();
        assert_eq!(&block[..12], [8, 0, 0, 0, OPEN | PIPE, 0, 0, 0, 0, 0, 0, OPEN | APPEND]);
        let descriptors = rows.iter().map(|row| row.0).collect();
        assert_eq!(decode(&block), Some(Inheritance { descriptors, ..sent }));
        assert_eq!(decode(&block[..block.len() - 1]), None);
        assert_eq!(decode(&block[..76]), None);
        assert_eq!(decode(&[]), None);
        assert_eq!(decode(&[0xFF; 40]), None);
        assert_eq!(decode(&encode(&[], 0, &Inheritance::default()).unwrap()), Some(Inheritance::default()));
    }

    #[test]
    fn too_many_descriptors_are_no_block() {
        let row = (Inherited { fd: 9000, handle: 1, kind: 1, flags: 0 }, RuntimeKind::File);
        assert_eq!(encode(&[row], 0, &Inheritance::default()), None);
    }
}
