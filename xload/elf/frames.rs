//! The caller of a frame, by the tables that files carry for unwinders and debuggers (DWARF 5, 6.4).

use gimli::{
    BaseAddresses, CfaRule, DebugFrame, EhFrame, EhFrameHdr, EhFrameOffset, LittleEndian, Register, RegisterRule,
    UnwindContext, UnwindContextStorage, UnwindSection, UnwindTableRow,
};

/// Registers of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registers {
    /// Address of the next instruction.
    pub pc: usize,
    /// The others by their DWARF numbers.
    pub numbered: [usize; 32],
}

#[cfg(target_arch = "x86_64")]
const STACK: usize = 7;
#[cfg(target_arch = "aarch64")]
const STACK: usize = 31;
/// Column of the return address.
#[cfg(target_arch = "x86_64")]
const RETURN: u16 = 16;
#[cfg(target_arch = "aarch64")]
const RETURN: u16 = 30;

impl Registers {
    /// The stack pointer.
    #[must_use]
    pub fn stack(&self) -> usize {
        self.numbered[STACK]
    }

    /// The same with another stack pointer and the address to go on at.
    #[must_use]
    pub fn at(&self, pc: usize, stack: usize) -> Self {
        let mut next = Self { pc, ..self.clone() };
        next.numbered[STACK] = stack;
        next
    }

    /// The return address where a call puts it into a register.
    #[must_use]
    pub fn link(&self) -> Option<usize> {
        self.numbered.get(usize::from(RETURN)).copied()
    }
}

/// What the tables say of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made without a heap")]
pub enum Caller {
    /// Its caller's registers.
    Known(Registers),
    /// The stack ends with it.
    Outermost,
}

/// Gives a word of memory that may not be there.
pub type Read<'r> = &'r dyn Fn(usize) -> Option<usize>;

/// Room for the rows of a table: few registers change, and rows are remembered at most once in each other.
struct Room;

impl UnwindContextStorage<usize> for Room {
    type Rules = [(Register, RegisterRule<usize>); 34];
    type Stack = [UnwindTableRow<usize, Self>; 3];
}

/// The caller of the code at `address` with these registers, by `.eh_frame_hdr` at `header`; `None` where that does not tell.
/// Addresses are the file's own; `loaded` gives its bytes from one on.
#[cold]
pub fn caller_by_header<'f>(
    (header, loaded): (u64, &dyn Fn(u64) -> Option<&'f [u8]>),
    address: u64,
    registers: &Registers,
    read: Read<'_>,
) -> Option<Caller> {
    let bases = BaseAddresses::default().set_eh_frame_hdr(header);
    let header = EhFrameHdr::new(loaded(header)?, LittleEndian).parse(&bases, 8).ok()?;
    let start = header.eh_frame_ptr().direct().ok()?;
    let bases = bases.set_eh_frame(start);
    let frames = EhFrame::new(loaded(start)?, LittleEndian);
    let mut context = UnwindContext::<usize, Room>::new_in();
    // What `table` has for this is not made for tables that are wrong.
    let at = header.table()?.lookup(address, &bases).ok()?.direct().ok()?.checked_sub(start)?;
    let entry = frames.fde_from_offset(&bases, EhFrameOffset(at as usize), EhFrame::cie_from_offset).ok()?;
    let row = entry.unwind_info_for_address(&frames, &bases, &mut context, address).ok()?;
    apply(row, registers, read)
}

/// As [`caller_by_header`], by the bytes of `.debug_frame`.
#[cold]
pub fn caller_by_debug_frame(frames: &[u8], address: u64, registers: &Registers, read: Read<'_>) -> Option<Caller> {
    let mut frames = DebugFrame::new(frames, LittleEndian);
    frames.set_address_size(8);
    let mut context = UnwindContext::<usize, Room>::new_in();
    let (bases, cie) = (BaseAddresses::default(), DebugFrame::cie_from_offset);
    apply(frames.unwind_info_for_address(&bases, &mut context, address, cie).ok()?, registers, read)
}

/// The caller's registers by a row. Rules that are expressions, which only stubs of linkers have, are not followed.
#[cold]
fn apply(row: &UnwindTableRow<usize, Room>, registers: &Registers, read: Read<'_>) -> Option<Caller> {
    let CfaRule::RegisterAndOffset { register, offset } = row.cfa() else { return None };
    let frame = registers.numbered.get(usize::from(register.0))?.wrapping_add_signed(*offset as isize);
    let before = |number: u16, now: Option<usize>| match row.register(Register(number)) {
        None | Some(RegisterRule::SameValue) => now,
        Some(RegisterRule::Offset(offset)) => read(frame.wrapping_add_signed(offset as isize)),
        Some(RegisterRule::ValOffset(offset)) => Some(frame.wrapping_add_signed(offset as isize)),
        Some(RegisterRule::Register(other)) => registers.numbered.get(usize::from(other.0)).copied(),
        Some(_) => None,
    };
    if row.register(Register(RETURN)) == Some(RegisterRule::Undefined) {
        return Some(Caller::Outermost);
    }
    let mut numbered = registers.numbered;
    for (number, value) in (0..).zip(&mut numbered) {
        *value = before(number, Some(*value)).unwrap_or(*value);
    }
    numbered[STACK] = frame;
    let pc = before(RETURN, registers.link())?;
    Some(Caller::Known(Registers { pc, numbered }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::vec::Vec;

    const ADDRESS: u64 = 0x1000;

    /// A file at address 0 whose function at 0x1000 has saved a register and moved its stack by 16 bytes (x86_64 numbers):
    /// `.eh_frame` and where it begins, `.eh_frame_hdr` behind it.
    fn file() -> (Vec<u8>, u64) {
        let mut bytes = Vec::new();
        // CIE: version 1, "zR", alignments 1 and -8, return address in 16; pointers relative, 4 bytes. CFA is rsp + 8, ra at CFA - 8.
        let cie = [1, b'z', b'R', 0, 1, 0x78, 16, 1, 0x1B, 0x0C, 7, 8, 0x90, 1, 0, 0];
        bytes.extend(20_u32.to_le_bytes());
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend(cie);
        // FDE: 32 bytes of code at ADDRESS; from its second byte on CFA is rsp + 16, and rbx lies at CFA - 16.
        let start = bytes.len() as u32;
        bytes.extend(20_u32.to_le_bytes());
        bytes.extend((start + 4).to_le_bytes());
        bytes.extend((ADDRESS as u32 - (start + 8)).to_le_bytes());
        bytes.extend(32_u32.to_le_bytes());
        bytes.extend([0, 0x41, 0x0E, 16, 0x83, 2, 0, 0]);
        bytes.extend(0_u32.to_le_bytes());
        let header = bytes.len() as u32;
        bytes.extend([1, 0x1B, 0x03, 0x3B]);
        bytes.extend((header + 4).wrapping_neg().to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend((ADDRESS as u32 - header).to_le_bytes());
        bytes.extend(start.wrapping_sub(header).to_le_bytes());
        (bytes, header.into())
    }

    fn caller(bytes: &[u8], header: u64, address: u64) -> Option<Caller> {
        let mut registers = Registers { pc: 0, numbered: [7; 32] };
        registers.numbered[STACK] = 0x8000;
        // Each word holds its own address.
        let loaded = |at: u64| bytes.get(usize::try_from(at).ok()?..);
        caller_by_header((header, &loaded), address, &registers, &|at| Some(at))
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn a_table_leads_to_the_caller() {
        let (bytes, header) = file();
        let known = |pc, rbx, stack| {
            let mut numbered = [7; 32];
            (numbered[3], numbered[STACK], numbered[16]) = (rbx, stack, pc);
            Some(Caller::Known(Registers { pc, numbered }))
        };
        assert_eq!(caller(&bytes, header, ADDRESS), known(0x8000, 7, 0x8008));
        assert_eq!(caller(&bytes, header, ADDRESS + 1), known(0x8008, 0x8000, 0x8010));
        assert_eq!(caller(&bytes, header, ADDRESS + 31), known(0x8008, 0x8000, 0x8010));
        for outside in [0, ADDRESS - 1, ADDRESS + 32, u64::MAX] {
            assert_eq!(caller(&bytes, header, outside), None);
        }
    }

    proptest! {
        #[test]
        fn no_table_makes_a_panic(changes in vec((0_usize..80, any::<u8>()), 1..6), address in ADDRESS..ADDRESS + 40) {
            let (mut bytes, header) = file();
            for (at, byte) in changes {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            let _ = caller(&bytes, header, address);
            let registers = Registers { pc: 0, numbered: [0; 32] };
            let _ = caller_by_debug_frame(&bytes, address, &registers, &|_| None);
        }
    }
}
