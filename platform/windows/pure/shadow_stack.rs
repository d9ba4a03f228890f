//! Shadow stacks, which the processor keeps of return addresses (CET), where an administrator forces them on the process.
//!
//! `longjmp`, the way into signal handlers and the way back leave frames without returning. Windows mends the shadow stack
//! after code that is not marked for it, as ours is not, but for the strict mode, in which it ends the process.

/// Bits of `PROCESS_MITIGATION_USER_SHADOW_STACK_POLICY`.
const ENABLED: u32 = 1;
const STRICT: u32 = 1 << 4;

/// What to say before the end of a process that cannot run so; `None` for one that can.
#[must_use]
pub const fn refusal(policy: u32) -> Option<&'static str> {
    if policy & ENABLED != 0 && policy & STRICT != 0 {
        Some(
            "xload: hardware-enforced stack protection is forced in strict mode for this program: longjmp and signal \
             handlers cannot work. Turn it off: Set-ProcessMitigation -Name xload_windows.exe -Disable \
             UserShadowStackStrictMode\n",
        )
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_strict_mode_is_refused() {
        // Alone, audited, with the validation of contexts, with binaries of other kinds blocked.
        for policy in [0, ENABLED, ENABLED | 2, ENABLED | 4, ENABLED | 0x20, STRICT] {
            assert_eq!(refusal(policy), None, "{policy:#x}");
        }
        for policy in [ENABLED | STRICT, 0x3FF] {
            let message = refusal(policy).unwrap();
            assert!(message.starts_with("xload: ") && message.ends_with('\n') && !message.contains("  "), "{message}");
        }
    }
}
