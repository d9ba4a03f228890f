//! Flags whose code needs a runtime library: which libraries of the root are linked for them, and which flags are refused since
//! theirs does not exist for the hosts. `docs/guide/runtimes.md` is for the reader of a refusal.

use crate::options::Argument;

/// Checks of `-fsanitize=` that clang makes in place: they report to the runtime of undefined behaviour, or trap.
const IN_PLACE: [&str; 39] = [
    "undefined",
    "undefined-trap",
    "integer",
    "implicit-conversion",
    "implicit-integer-truncation",
    "implicit-integer-arithmetic-value-change",
    "nullability",
    "bounds",
    "alignment",
    "array-bounds",
    "bool",
    "builtin",
    "enum",
    "float-cast-overflow",
    "float-divide-by-zero",
    "function",
    "implicit-integer-sign-change",
    "implicit-signed-integer-truncation",
    "implicit-unsigned-integer-truncation",
    "implicit-bitfield-conversion",
    "integer-divide-by-zero",
    "local-bounds",
    "nonnull-attribute",
    "null",
    "nullability-arg",
    "nullability-assign",
    "nullability-return",
    "object-size",
    "pointer-overflow",
    "return",
    "returns-nonnull-attribute",
    "shift",
    "shift-base",
    "shift-exponent",
    "signed-integer-overflow",
    "unreachable",
    "unsigned-integer-overflow",
    "unsigned-shift-base",
    "vla-bound",
];

/// Why there is no runtime for a sanitizer, and what does some of its work.
const ELSEWHERE: [(&str, &str); 6] = [
    (
        "address",
        "its runtime makes Linux's system calls itself and takes the C library's functions over, which no other host allows. \
         -fsanitize=undefined has a runtime, -D_FORTIFY_SOURCE=3 and the checks of the heap find overflows of buffers",
    ),
    ("leak", "it belongs to -fsanitize=address, which has no runtime here"),
    (
        "thread",
        "its runtime needs Linux's own layout of memory. Code that is portable may be checked on Linux with clang itself",
    ),
    (
        "memory",
        "it needs every library compiled with it, and Linux's own layout of memory. -ftrivial-auto-var-init=pattern makes \
         variables that were never set easy to see",
    ),
    ("vptr", "its runtime reads type information of another C++ library. -fsanitize=undefined leaves it out here"),
    ("fuzzer", "its runtime needs Linux's processes and signals"),
];

/// Flags of other runtime libraries that do not exist, and what they are for.
const OTHERS: [(&str, &str); 3] =
    [("-fmemory-profile", "profiles of memory"), ("-fxray-instrument", "XRay"), ("-fopenmp-targets", "offloading")];

/// Libraries of the root that the code needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The reports of undefined behaviour.
    pub ubsan: bool,
    /// OpenMP.
    pub openmp: bool,
}

/// What the flags need, besides what clang links itself (profiles).
///
/// # Errors
/// A flag that cannot work, and why.
pub fn needs(args: &[Argument]) -> Result<Needs, String> {
    let (mut checks, mut traps, mut openmp) = (Vec::new(), Vec::new(), false);
    for argument in args {
        match argument.name() {
            "-fsanitize" => checks.extend(argument.text().split(',')),
            "-fno-sanitize" => remove(&mut checks, argument.text()),
            "-fsanitize-trap" if argument.value().is_none() => traps.push("all"),
            "-fsanitize-trap" => traps.extend(argument.text().split(',')),
            "-fsanitize-undefined-trap-on-error" => traps.push("undefined"),
            "-fno-sanitize-trap" if argument.value().is_none() => traps.clear(),
            "-fno-sanitize-trap" => remove(&mut traps, argument.text()),
            "-fopenmp" if !matches!(argument.text(), "" | "libomp") => {
                return Err(format!("-fopenmp={}: the runtime library is libomp", argument.text()));
            }
            "-fopenmp" => openmp = true,
            "-fno-openmp" => openmp = false,
            name => {
                if let Some((flag, what)) = OTHERS.iter().find(|(flag, _)| *flag == name) {
                    return Err(format!("{flag}: there is no runtime library for {what}"));
                }
            }
        }
    }
    if let Some(check) = checks.iter().find(|check| !IN_PLACE.contains(check)) {
        let reason = ELSEWHERE.iter().find(|(name, _)| name == check);
        let reason = reason.map_or("there is no runtime library for this sanitizer", |(_, reason)| reason);
        return Err(format!("-fsanitize={check}: {reason}"));
    }
    // "undefined" traps for all of its own checks; which those are is clang's to say.
    let traps_for = |check| ["all", "undefined", "undefined-trap", check].iter().any(|trap| traps.contains(trap));
    Ok(Needs { ubsan: checks.iter().any(|check| !traps_for(check)), openmp })
}

/// Whether an argument switches the check `vptr` on among others.
pub fn includes_vptr(argument: &Argument) -> bool {
    argument.name() == "-fsanitize" && argument.text().split(',').any(|check| check == "undefined")
}

fn remove(list: &mut Vec<&str>, names: &str) {
    list.retain(|name| !names.split(',').any(|gone| gone == "all" || gone == *name));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::CLANG;

    fn checked(line: &str) -> Result<Needs, String> {
        needs(&CLANG.parse(line.split_whitespace().map(Into::into).collect()))
    }

    #[test]
    fn what_has_no_runtime_library_is_refused() {
        for (flag, reason) in [
            ("-fsanitize=address", "-D_FORTIFY_SOURCE=3"),
            ("-fsanitize=undefined,thread", "-fsanitize=thread"),
            ("-fsanitize=memory", "-ftrivial-auto-var-init"),
            ("-fsanitize=vptr", "leaves it out"),
            ("-fsanitize=safe-stack", "no runtime library"),
            ("-flto -fvisibility=hidden -fsanitize=cfi", "-fsanitize=cfi"),
            ("-fsanitize=cfi-icall,undefined -fsanitize-trap=all", "-fsanitize=cfi-icall"),
            ("-fsanitize=shadow-call-stack", "-fsanitize=shadow-call-stack"),
            ("-fmemory-profile", "-fmemory-profile"),
            ("-fxray-instrument", "XRay"),
            ("-fopenmp=libgomp", "libomp"),
            ("-fopenmp -fopenmp-targets=nvptx64", "offloading"),
        ] {
            let sentence = checked(flag).expect_err(flag);
            assert!(sentence.contains(reason), "{sentence}");
        }
    }

    #[test]
    fn the_libraries_that_code_needs_are_known() {
        let (ubsan, openmp) = (Needs { ubsan: true, openmp: false }, Needs { ubsan: false, openmp: true });
        for (line, needs) in [
            ("-fsanitize=undefined", ubsan),
            ("-fsanitize=undefined -fsanitize-minimal-runtime", ubsan),
            ("-fsanitize=undefined -fsanitize-trap=undefined -fno-sanitize-trap=undefined", ubsan),
            ("-fsanitize=integer,bounds -fsanitize-trap=bounds", ubsan),
            ("-fopenmp", openmp),
            ("-fopenmp=libomp -fsanitize=undefined -fno-sanitize=undefined", openmp),
            ("-fopenmp -fno-openmp", Needs::default()),
            ("-fopenmp-simd", Needs::default()),
            ("-fprofile-instr-generate -fcoverage-mapping", Needs::default()),
            ("--coverage", Needs::default()),
        ] {
            assert_eq!(checked(line), Ok(needs), "{line}");
        }
    }

    #[test]
    fn checks_that_trap_need_nothing() {
        for line in [
            "-fsanitize=undefined -fsanitize-trap=undefined",
            "-fsanitize-trap -fsanitize=bounds,signed-integer-overflow",
            "-fsanitize=undefined -fsanitize-undefined-trap-on-error",
            "-fsanitize=address -fno-sanitize=address",
            "-fsanitize=address,undefined -fno-sanitize=all",
            "-Xclang -fsanitize=address",
            "-O2 a.c",
        ] {
            assert_eq!(checked(line), Ok(Needs::default()), "{line}");
        }
    }
}
