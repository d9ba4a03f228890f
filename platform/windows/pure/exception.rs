//! What Windows' exceptions are as signals.

use platform::abi::signal;

/// Access violation.
pub const ACCESS_VIOLATION: u32 = 0xC000_0005;
/// The last page of a stack was touched.
pub const STACK_OVERFLOW: u32 = 0xC000_00FD;

/// A guard page was touched, by code to whose stack it does not belong. It is an ordinary page from then on.
pub const GUARD_PAGE: u32 = 0x8000_0001;

/// Signal and `si_code` of an exception; `None` for one that is no fault (C++ exceptions, messages to debuggers). `sse` is
/// MXCSR, where an exception of SSE says what it is about.
#[must_use]
pub const fn meaning(exception: u32, sse: u32) -> Option<(i32, i32)> {
    Some(match exception {
        // SEGV_MAPERR
        ACCESS_VIOLATION | STACK_OVERFLOW => (signal::SEGV, 1),
        // SEGV_ACCERR
        GUARD_PAGE => (signal::SEGV, 2),
        // Privileged instruction: the processor's general protection, on Linux SI_KERNEL.
        0xC000_0096 => (signal::SEGV, 0x80),
        // In-page error: the file behind a mapping ended or could not be read. BUS_ADRERR.
        0xC000_0006 => (signal::BUS, 2),
        // BUS_ADRALN
        0x8000_0002 => (signal::BUS, 1),
        // ILL_ILLOPN
        0xC000_001D => (signal::ILL, 2),
        // Division by zero, and a quotient without room: FPE_INTDIV, as the processor has one fault for both.
        0xC000_0094 | 0xC000_0095 => (signal::FPE, 1),
        // FPE_FLTDIV, FPE_FLTOVF, FPE_FLTUND (also for a denormal operand), FPE_FLTRES, FPE_FLTINV
        0xC000_008E => (signal::FPE, 3),
        0xC000_0091 => (signal::FPE, 4),
        0xC000_0093 | 0xC000_008D => (signal::FPE, 5),
        0xC000_008F => (signal::FPE, 6),
        0xC000_0090 | 0xC000_0092 => (signal::FPE, 7),
        // Multiple faults, multiple traps.
        0xC000_02B4 | 0xC000_02B5 => (signal::FPE, floating_code(sse)),
        // TRAP_BRKPT, TRAP_TRACE
        0x8000_0003 => (signal::TRAP, 1),
        0x8000_0004 => (signal::TRAP, 2),
        _ => return None,
    })
}

/// `si_code` for the flags that are raised and not masked, in Linux' order.
const fn floating_code(sse: u32) -> i32 {
    match sse & !(sse >> 7) & 0x3F {
        raised if raised & 0x01 != 0 => 7,
        raised if raised & 0x04 != 0 => 3,
        raised if raised & 0x08 != 0 => 4,
        raised if raised & 0x12 != 0 => 5,
        raised if raised & 0x20 != 0 => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_of_sse_is_what_its_flags_say() {
        // All masked but one, which is raised beside masked ones.
        for (bit, code) in [(0, 7), (1, 5), (2, 3), (3, 4), (4, 5), (5, 6)] {
            let masks = 0x1F80 & !(0x80 << bit);
            assert_eq!(meaning(0xC000_02B4, masks | 0x3F), Some((signal::FPE, code)));
            assert_eq!(meaning(0xC000_02B5, masks | 1 << bit), Some((signal::FPE, code)));
        }
        // Division before overflow where both are.
        assert_eq!(meaning(0xC000_02B4, 0x0C), Some((signal::FPE, 3)));
    }

    #[test]
    fn a_guard_page_is_memory_without_access() {
        assert_eq!(meaning(GUARD_PAGE, 0), Some((signal::SEGV, 2)));
    }

    #[test]
    fn what_is_no_fault_has_no_meaning() {
        for code in [0, 0xE06D_7363, 0x406D_1388, 0x4001_0006, 0xC000_00FE] {
            assert_eq!(meaning(code, 0), None);
        }
    }
}
