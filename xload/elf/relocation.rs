//! Relocations of both CPUs as the few things they ask for.

use object::elf::{
    R_AARCH64_ABS64, R_AARCH64_COPY, R_AARCH64_GLOB_DAT, R_AARCH64_IRELATIVE, R_AARCH64_JUMP_SLOT, R_AARCH64_NONE,
    R_AARCH64_RELATIVE, R_AARCH64_TLS_DTPMOD, R_AARCH64_TLS_DTPREL, R_AARCH64_TLS_TPREL, R_AARCH64_TLSDESC,
    R_X86_64_64, R_X86_64_COPY, R_X86_64_DTPMOD64, R_X86_64_DTPOFF64, R_X86_64_GLOB_DAT, R_X86_64_IRELATIVE,
    R_X86_64_JUMP_SLOT, R_X86_64_NONE, R_X86_64_RELATIVE, R_X86_64_SIZE64, R_X86_64_TLSDESC, R_X86_64_TPOFF64,
    RelocationType,
};

use super::{Le, Machine, Rela};
use object::U64;

/// What a relocation asks for. S: address of the symbol, A: addend, B: load address, Z: size of the symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    None,
    /// B + A.
    Relative,
    /// S + A.
    Absolute,
    /// S.
    Slot,
    /// The bytes of the symbol in the file that defines it.
    Copy,
    /// The result of the function at B + A.
    Indirect,
    /// Z + A.
    Size,
    /// Native thread-local storage.
    Tls,
    /// Anything else: its number.
    Unknown(u32),
}

impl Kind {
    /// What a relocation of this type asks for on this CPU.
    #[must_use]
    pub const fn of(machine: Machine, number: RelocationType) -> Self {
        match machine {
            Machine::X86_64 => match number {
                R_X86_64_NONE => Self::None,
                R_X86_64_RELATIVE => Self::Relative,
                R_X86_64_64 => Self::Absolute,
                R_X86_64_GLOB_DAT | R_X86_64_JUMP_SLOT => Self::Slot,
                R_X86_64_COPY => Self::Copy,
                R_X86_64_IRELATIVE => Self::Indirect,
                R_X86_64_SIZE64 => Self::Size,
                R_X86_64_DTPMOD64 | R_X86_64_DTPOFF64 | R_X86_64_TPOFF64 | R_X86_64_TLSDESC => Self::Tls,
                RelocationType(other) => Self::Unknown(other),
            },
            Machine::Aarch64 => match number {
                R_AARCH64_NONE => Self::None,
                R_AARCH64_RELATIVE => Self::Relative,
                // The ABI adds the addend to all three; it is zero in the last two.
                R_AARCH64_ABS64 | R_AARCH64_GLOB_DAT | R_AARCH64_JUMP_SLOT => Self::Absolute,
                R_AARCH64_COPY => Self::Copy,
                R_AARCH64_IRELATIVE => Self::Indirect,
                R_AARCH64_TLS_DTPMOD | R_AARCH64_TLS_DTPREL | R_AARCH64_TLS_TPREL | R_AARCH64_TLSDESC => Self::Tls,
                RelocationType(other) => Self::Unknown(other),
            },
        }
    }

    /// Symbol index and kind of a relocation for the CPU that this loader runs on.
    #[must_use]
    #[inline]
    pub fn read(relocation: &Rela) -> (u32, Self) {
        let info = relocation.r_info.get(Le);
        ((info >> 32) as u32, Self::of(Machine::HOST, RelocationType(info as u32)))
    }
}

/// The addresses that a DT_RELR table packs: an even word is an address, an odd one says which of the next 63 words are
/// meant too. Addresses are not checked; nonsense wraps around.
pub fn relr_addresses(table: &[U64<Le>]) -> impl Iterator<Item = u64> + '_ {
    const WORDS: u64 = 63;
    let mut words = table.iter();
    let (mut next, mut bits) = (0_u64, 0_u64);
    core::iter::from_fn(move || {
        while bits == 0 {
            let word = words.next()?.get(Le);
            if word & 1 == 0 {
                next = word.wrapping_add(8);
                return Some(word);
            }
            bits = word >> 1;
            next = next.wrapping_add(8 * WORDS);
        }
        let address = next.wrapping_sub(8 * WORDS).wrapping_add(8 * u64::from(bits.trailing_zeros()));
        bits &= bits - 1;
        Some(address)
    })
}
