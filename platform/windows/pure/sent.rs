//! What a parent of our own kind tells its child beside Windows' command line and environment block, which keep neither bytes
//! that are no UTF-8, nor names that differ only in case, nor empty names, nor the order.

use alloc::vec::Vec;
use core::ffi::CStr;

/// All strings as the parent gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent<'a> {
    /// The current directory as the parent called it.
    pub directory: &'a [u8],
    /// The same directory in the object manager's form, as bytes: what tells whether the name means the same to the child.
    pub place: &'a [u8],
    /// The arguments, `argv[0]` first.
    pub arguments: Vec<&'a CStr>,
    /// The environment.
    pub environment: Vec<&'a CStr>,
}

const MAGIC: u32 = 0x7473_6C78; // "xlst"

/// The bytes to send: the magic, four numbers, then the strings, each with its zero.
#[must_use]
pub fn encode(directory: &[u8], place: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Vec<u8> {
    let mut block = Vec::new();
    for number in [MAGIC, arguments.len() as u32, environment.len() as u32] {
        block.extend_from_slice(&number.to_le_bytes());
    }
    for text in [directory, place] {
        block.extend_from_slice(text);
        block.push(0);
    }
    for string in arguments.iter().chain(environment) {
        block.extend_from_slice(string.to_bytes_with_nul());
    }
    block
}

/// What is in a block that [`encode`] made, which may have zeros behind it; `None` for others.
#[must_use]
pub fn decode(block: &[u8]) -> Option<Sent<'_>> {
    let word = |at: usize| Some(u32::from_le_bytes(block.get(at..at + 4)?.try_into().ok()?));
    if word(0)? != MAGIC {
        return None;
    }
    let (arguments, environment) = (word(4)? as usize, word(8)? as usize);
    let mut rest = block.get(12..)?;
    let mut next = || {
        let string = CStr::from_bytes_until_nul(rest).ok()?;
        rest = rest.get(string.count_bytes() + 1..)?;
        Some(string)
    };
    let (directory, place) = (next()?.to_bytes(), next()?.to_bytes());
    let mut strings = |count: usize| {
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(next()?);
        }
        Some(list)
    };
    Some(Sent { directory, place, arguments: strings(arguments)?, environment: strings(environment)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_arrives_in_order() {
        let arguments = [c"", c"a \"b\"\\", c"\xff\xfe", c"--"];
        let environment = [c"a=1", c"A=2", c"=C:=x", c"", c"no value", c"a=3", c"B=\x80\xed\xa0\x80"];
        let mut block = encode(b"/tmp", b"\\??\\C:\\t", &arguments, &environment);
        let expected = Sent {
            directory: b"/tmp",
            place: b"\\??\\C:\\t",
            arguments: arguments.to_vec(),
            environment: environment.to_vec(),
        };
        assert_eq!(decode(&block), Some(expected.clone()));
        assert_eq!(decode(&block[..block.len() - 1]), None);
        block.extend_from_slice(&[0; 100]);
        assert_eq!(decode(&block), Some(expected));
    }

    #[test]
    fn other_blocks_are_refused() {
        for block in [&[][..], &[0; 64], b"xlst", b"xlst\xff\xff\xff\xff\0\0\0\0\0\0", b"xlst\0\0\0\0\x01\0\0\0/\0x\0"]
        {
            assert_eq!(decode(block), None, "{block:?}");
        }
        assert_eq!(decode(&encode(b"", b"", &[], &[])), Some(Sent::default()));
    }
}
