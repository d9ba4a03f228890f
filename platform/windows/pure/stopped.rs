//! What Windows says of a thread that was stopped: the bits of `ContextFlags`.

/// Asks whether the thread is in the kernel.
pub const EXCEPTION_REQUEST: u32 = 0x4000_0000;
/// The answer is given. An older system gives none.
const EXCEPTION_REPORTING: u32 = 0x8000_0000;
/// It is on the way to the dispatcher of an exception.
const EXCEPTION_ACTIVE: u32 = 0x0800_0000;
/// It is in a service of the system.
const SERVICE_ACTIVE: u32 = 0x1000_0000;

/// Whether the thread goes on with the registers that were read, and with others that are set now. In the kernel it may go on
/// with what the kernel keeps for it.
#[must_use]
pub const fn has_its_registers(flags: u32) -> bool {
    flags & EXCEPTION_REPORTING == 0 || flags & (EXCEPTION_ACTIVE | SERVICE_ACTIVE) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_an_exception_or_a_service_others_are_kept() {
        // CONTEXT_CONTROL and CONTEXT_INTEGER of x86_64, as asked for.
        let asked = 0x0010_0003 | EXCEPTION_REQUEST;
        for (answer, free) in [
            (0, true),
            (EXCEPTION_REPORTING, true),
            (EXCEPTION_REPORTING | EXCEPTION_ACTIVE, false),
            (EXCEPTION_REPORTING | SERVICE_ACTIVE, false),
            (EXCEPTION_REPORTING | EXCEPTION_ACTIVE | SERVICE_ACTIVE, false),
            // No answer: other bits mean nothing.
            (EXCEPTION_ACTIVE, true),
            (SERVICE_ACTIVE, true),
        ] {
            assert_eq!(has_its_registers(asked | answer), free, "{answer:#x}");
        }
    }
}
