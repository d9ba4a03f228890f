//! Symbols whose code is C: rustc keeps the symbols of linked C objects out of a cdylib, so each gets an exported jump.

/// `export_c!(printf => xlibc_printf, ...)`: exports C functions of `xlibc/c/` under their public names.
/// A jump keeps every argument where it is, so it also serves variadic functions and `long double`.
#[macro_export]
macro_rules! export_c {
    ($($name:ident => $target:ident),* $(,)?) => {
        #[cfg(not(any(test, fuzzing)))]
        const _: () = {$(
            #[allow(clashing_extern_declarations, reason = "a jump needs no types; who calls it in Rust does")]
            unsafe extern "C" { fn $target(); }
            #[unsafe(naked)]
            #[export]
            unsafe extern "C" fn $name() {
                #[cfg(target_arch = "x86_64")]
                core::arch::naked_asm!("jmp {}", sym $target);
                #[cfg(target_arch = "aarch64")]
                core::arch::naked_asm!("b {}", sym $target);
            }
        )*};
    };
}
