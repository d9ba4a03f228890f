//! The argument lies on the stack, and the result in st(0) of the x87.

/// Calls the work and makes the bits that it returns the result.
macro_rules! call {
    () => {
        "sub rsp, 24
        call {}
        mov [rsp], rax
        mov [rsp + 8], rdx
        fld tbyte ptr [rsp]
        add rsp, 24
        ret"
    };
}

/// The trampolines of this CPU, by the shape of the prototype.
macro_rules! trampoline {
    // long double (long double), also with a pointer or a number after it.
    (value $work:path) => {
        naked_asm!("mov rdx, rdi", "mov rdi, [rsp + 8]", "movzx esi, word ptr [rsp + 16]", call!(), sym $work)
    };
    // An integer from a long double.
    (integer $work:path) => {
        naked_asm!("mov rdi, [rsp + 8]", "movzx esi, word ptr [rsp + 16]", "jmp {}", sym $work)
    };
    // long double (long double, long double), also with a pointer after them.
    (values $work:path) => {
        naked_asm!(
            "mov r8, rdi",
            "mov rdi, [rsp + 8]",
            "movzx esi, word ptr [rsp + 16]",
            "mov rdx, [rsp + 24]",
            "movzx ecx, word ptr [rsp + 32]",
            call!(),
            sym $work
        )
    };
    // long double (pointer).
    (made $work:path) => {
        naked_asm!(call!(), sym $work)
    };
    // atan2l: the x87's own instruction has C's range and special cases (F.10.1.4), in the rounding mode in force.
    (angle $work:path) => {
        naked_asm!("fld tbyte ptr [rsp + 8]", "fld tbyte ptr [rsp + 24]", "fpatan", "ret")
    };
    // double or float (double or float, long double): the first stays where it is.
    (second $work:path) => {
        naked_asm!("mov rdi, [rsp + 8]", "movzx esi, word ptr [rsp + 16]", "jmp {}", sym $work)
    };
}

pub(crate) use {call, trampoline};
