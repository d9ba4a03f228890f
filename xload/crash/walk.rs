//! From frame to frame: by the tables of the files where they have some, else by looking through the stack for what a call left
//! there. The stack may be overwritten, so each step is checked: a return address follows a call, and the stack goes up.

use platform::{Crash, Platform};

use super::names::Names;
use crate::elf::{Caller, Read, Registers, caller_by_debug_frame, caller_by_header};
use crate::link::{Files, Object, is_outermost};

/// How far the stack is looked through for the next return address.
const SEARCH_BYTES: usize = 16 << 10;
const WORD: usize = size_of::<usize>();

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// The instruction that failed, or the last byte of one that calls.
    pub address: usize,
    /// Whether the tables lead here. Else it may be left over from an earlier call.
    pub is_certain: bool,
}

/// Where the walk goes on.
enum State {
    /// At the instruction that failed.
    First,
    /// At a caller.
    Caller { is_certain: bool },
    /// The stack ends.
    End,
}

/// The frames of a thread, from the fault up.
pub(super) struct Walk<'w, P: Platform + 'static> {
    crash: &'w Crash,
    files: Option<&'w Files<'w, P>>,
    names: &'w Names<'w, P>,
    registers: Registers,
    state: State,
}

impl<'w, P: Platform> Walk<'w, P> {
    pub(super) fn new(crash: &'w Crash, files: Option<&'w Files<'w, P>>, names: &'w Names<'w, P>) -> Self {
        let registers = Registers { pc: crash.pc, numbered: crash.registers };
        Self { crash, files, names, registers, state: State::First }
    }

    /// The next frame.
    pub(super) fn next_frame(&mut self) -> Option<Frame> {
        let (address, is_certain, is_first) = match self.state {
            State::First => (self.registers.pc, true, true),
            State::Caller { is_certain } => (self.call(), is_certain, false),
            State::End => return None,
        };
        self.state = match self.caller(address, is_certain, is_first) {
            Some((registers, is_certain)) => {
                self.registers = registers;
                State::Caller { is_certain }
            }
            None => State::End,
        };
        Some(Frame { address, is_certain })
    }

    /// The call that the frame waits for: what follows one that does not return may be another function.
    fn call(&self) -> usize {
        let pc = self.registers.pc;
        if self.follows_call(pc) { pc.wrapping_sub(BACK_BYTES) } else { pc }
    }

    fn word(&self, address: usize) -> Option<usize> {
        let mut bytes = [0; WORD];
        (self.crash.read)(address, &mut bytes).then(|| usize::from_ne_bytes(bytes))
    }

    fn code(&self, address: usize) -> Option<(&'w Object, u64)> {
        let object = self.files?.at(address)?;
        Some((object, object.own_code(address)?))
    }

    /// Whether a call would come back to this address.
    fn follows_call(&self, address: usize) -> bool {
        let mut bytes = [0; CALL_BYTES];
        let at = address.wrapping_sub(CALL_BYTES);
        self.code(address.wrapping_sub(1)).is_some() && (self.crash.read)(at, &mut bytes) && ends_with_call(bytes)
    }

    /// The registers of the caller, and whether they are certain.
    fn caller(&self, address: usize, is_certain: bool, is_first: bool) -> Option<(Registers, bool)> {
        let registers = &self.registers;
        let stack = registers.stack();
        if is_first && self.code(address).is_none() {
            // A jump to nowhere, if it was a call, left the way back.
            let back = jumped_from(registers, |at| self.word(at));
            if let Some((pc, stack)) = back.filter(|(pc, _)| self.follows_call(*pc)) {
                return Some((registers.at(pc, stack), true));
            }
        }
        let Some((object, own)) = self.code(address) else { return self.search(stack) };
        match self.by_tables(object, own) {
            Some(Caller::Outermost) => None,
            Some(Caller::Known(next)) if is_outermost(next.pc) => None,
            Some(Caller::Known(next)) => {
                let goes_up = next.stack() > stack || is_first && next.stack() == stack;
                match self.follows_call(next.pc) && goes_up {
                    true => Some((next, is_certain)),
                    // Shown, as it tells of a stack that is overwritten; what is above may still be whole.
                    false if is_certain && goes_up && !self.crash.loader.contains(&next.pc) => Some((next, true)),
                    false => self.search(stack),
                }
            }
            None => {
                let left = is_first.then(|| jumped_from(registers, |_| None)).flatten();
                match left.filter(|(pc, _)| self.follows_call(*pc)) {
                    Some((pc, stack)) => Some((registers.at(pc, stack), false)),
                    None => self.search(stack),
                }
            }
        }
    }

    fn by_tables(&self, object: &Object, own: u64) -> Option<Caller> {
        let (registers, read): (_, Read<'_>) = (&self.registers, &|address| self.word(address));
        let unwind = object.layout.unwind;
        let by_header = unwind.and_then(|at| caller_by_header((at, &|at| object.tail(at)), own, registers, read));
        by_header.or_else(|| {
            let mut caller = None;
            self.names.with_sections(object, &mut |sections| {
                let frames = sections.get(b".debug_frame").unwrap_or_default();
                caller = caller_by_debug_frame(frames, own, registers, read);
            });
            caller
        })
    }

    /// The next word on the stack that is a return address.
    fn search(&self, stack: usize) -> Option<(Registers, bool)> {
        let start = stack.next_multiple_of(WORD);
        for at in (start..start.checked_add(SEARCH_BYTES)?).step_by(WORD) {
            let pc = self.word(at)?;
            if self.follows_call(pc) {
                return Some((self.registers.at(pc, at + WORD), false));
            }
        }
        None
    }
}

/// Where a call came from whose target was no code, and the stack pointer there.
#[cfg(target_arch = "x86_64")]
fn jumped_from(registers: &Registers, read: impl Fn(usize) -> Option<usize>) -> Option<(usize, usize)> {
    Some((read(registers.stack())?, registers.stack().wrapping_add(WORD)))
}

/// Where a call came from whose target was no code, and the stack pointer there.
#[cfg(target_arch = "aarch64")]
fn jumped_from(registers: &Registers, _: impl Fn(usize) -> Option<usize>) -> Option<(usize, usize)> {
    Some((registers.link()?, registers.stack()))
}

/// From a return address into the call before it.
#[cfg(target_arch = "x86_64")]
const BACK_BYTES: usize = 1;
/// From a return address into the call before it.
#[cfg(target_arch = "aarch64")]
const BACK_BYTES: usize = CALL_BYTES;
/// Bytes that the longest call has.
#[cfg(target_arch = "x86_64")]
const CALL_BYTES: usize = 7;
/// Bytes that a call has.
#[cfg(target_arch = "aarch64")]
const CALL_BYTES: usize = 4;

/// Whether the bytes end with a call: E8 with a distance, or FF /2 with its operand (Intel SDM, CALL).
#[cfg(target_arch = "x86_64")]
fn ends_with_call(bytes: [u8; CALL_BYTES]) -> bool {
    let indirect = |length: usize| {
        let at = CALL_BYTES - length;
        matches!(bytes.get(at..at + 2), Some([0xFF, operand]) if operand >> 3 & 7 == 2)
    };
    bytes[CALL_BYTES - 5] == 0xE8 || [2, 3, 4, 6, 7].into_iter().any(indirect)
}

/// Whether the bytes are a call: BL or BLR (Arm ARM, C6.2).
#[cfg(target_arch = "aarch64")]
fn ends_with_call(bytes: [u8; CALL_BYTES]) -> bool {
    let word = u32::from_le_bytes(bytes);
    word >> 26 == 0x25 || word & 0xFFFF_FC1F == 0xD63F_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn every_form_of_a_call_is_one() {
        let calls: [&[u8]; 9] = [
            &[0xE8, 1, 2, 3, 4],
            &[0xFF, 0xD0],
            &[0x41, 0xFF, 0xD3],
            &[0xFF, 0x10],
            &[0xFF, 0x50, 8],
            &[0xFF, 0x54, 0x24, 8],
            &[0xFF, 0x15, 1, 2, 3, 4],
            &[0xFF, 0x90, 1, 2, 3, 4],
            &[0xFF, 0x94, 0xC8, 1, 2, 3, 4],
        ];
        for call in calls {
            let mut bytes = [0x90; CALL_BYTES];
            bytes[CALL_BYTES - call.len()..].copy_from_slice(call);
            assert!(ends_with_call(bytes), "{call:x?}");
        }
        // Nothing, a jump, a push.
        for other in [&[0x90; 7][..], &[0xE9, 1, 2, 3, 4], &[0xFF, 0xE0], &[0xFF, 0x30], &[0xC3]] {
            let mut bytes = [0x90; CALL_BYTES];
            bytes[CALL_BYTES - other.len()..].copy_from_slice(other);
            assert!(!ends_with_call(bytes), "{other:x?}");
        }
    }

    #[test]
    #[cfg(target_arch = "aarch64")]
    fn every_form_of_a_call_is_one() {
        for (word, is_call) in [
            (0x9400_0001_u32, true),
            (0x97FF_FFFF, true),
            (0xD63F_0000, true),
            (0xD63F_03C0, true),
            (0x1400_0001, false),
            (0xD61F_0000, false),
            (0xD65F_03C0, false),
            (0, false),
        ] {
            assert_eq!(ends_with_call(word.to_le_bytes()), is_call, "{word:#x}");
        }
    }
}
