//! Flags whose code needs a runtime library that does not exist for the hosts: clang would crash, or fail for want of a file.

use crate::options::Argument;

/// Checks of `-fsanitize=` that clang makes in place: with `-fsanitize-trap` they need nothing else.
const IN_PLACE: [&str; 38] = [
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
];

/// Flags of other runtime libraries, and what they are for.
const OTHERS: [(&str, &str); 9] = [
    ("--coverage", "profiles"),
    ("-coverage", "profiles"),
    ("-fprofile-arcs", "profiles"),
    ("-fprofile-generate", "profiles"),
    ("-fprofile-instr-generate", "profiles"),
    ("-fcs-profile-generate", "profiles"),
    ("-fmemory-profile", "profiles"),
    ("-fxray-instrument", "XRay"),
    ("-fopenmp", "OpenMP"),
];

/// Refuses flags that cannot work.
///
/// # Errors
/// The flag, and the library that is missing.
pub fn check(args: &[Argument]) -> Result<(), String> {
    let (mut checks, mut traps) = (Vec::new(), Vec::new());
    for argument in args {
        match argument.name() {
            "-fsanitize" => checks.extend(argument.text().split(',')),
            "-fno-sanitize" => remove(&mut checks, argument.text()),
            "-fsanitize-trap" if argument.value().is_none() => traps.push("all"),
            "-fsanitize-trap" => traps.extend(argument.text().split(',')),
            "-fsanitize-undefined-trap-on-error" => traps.push("undefined"),
            "-fno-sanitize-trap" if argument.value().is_none() => traps.clear(),
            "-fno-sanitize-trap" => remove(&mut traps, argument.text()),
            name => {
                if let Some((flag, what)) = OTHERS.iter().find(|(flag, _)| *flag == name) {
                    return Err(format!("{flag}: there is no runtime library for {what}"));
                }
            }
        }
    }
    for check in checks {
        if !IN_PLACE.contains(&check) {
            return Err(format!("-fsanitize={check}: there is no runtime library for this sanitizer"));
        }
        // "undefined" traps for all of its own checks; which those are is clang's to say.
        if !["all", "undefined", "undefined-trap", check].iter().any(|trap| traps.contains(trap)) {
            return Err(format!(
                "-fsanitize={check}: there is no runtime library to report it; with -fsanitize-trap={check} the program stops"
            ));
        }
    }
    Ok(())
}

fn remove(list: &mut Vec<&str>, names: &str) {
    list.retain(|name| !names.split(',').any(|gone| gone == "all" || gone == *name));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::CLANG;

    fn checked(line: &str) -> Result<(), String> {
        check(&CLANG.parse(line.split_whitespace().map(Into::into).collect()))
    }

    #[test]
    fn what_needs_a_runtime_library_is_refused() {
        for flag in [
            "-fsanitize=address",
            "-fsanitize=safe-stack",
            "-flto -fvisibility=hidden -fsanitize=cfi",
            "-fsanitize=cfi-icall,undefined -fsanitize-trap=all",
            "-fsanitize=undefined",
            "-fsanitize=undefined -fsanitize-trap=undefined -fno-sanitize-trap=undefined",
            "-fsanitize=shadow-call-stack",
            "--coverage",
            "-fprofile-generate=/tmp",
            "-fopenmp",
        ] {
            let name = flag.split_whitespace().find(|flag| flag.starts_with("-fsanitize")).unwrap_or(flag);
            let sentence = checked(flag).expect_err(flag);
            assert!(sentence.contains(name.split('=').next().expect("a name")), "{sentence}");
        }
    }

    #[test]
    fn checks_that_trap_are_allowed() {
        for line in [
            "-fsanitize=undefined -fsanitize-trap=undefined",
            "-fsanitize-trap -fsanitize=bounds,signed-integer-overflow",
            "-fsanitize=undefined -fsanitize-undefined-trap-on-error",
            "-fsanitize=address -fno-sanitize=address",
            "-fsanitize=address,undefined -fno-sanitize=all",
            "-Xclang -fsanitize=address",
            "-O2 a.c",
        ] {
            assert_eq!(checked(line), Ok(()), "{line}");
        }
    }
}
