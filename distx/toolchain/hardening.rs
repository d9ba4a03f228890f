//! Flags that have no effect here, or another: the driver warns of each.

use std::ffi::OsStr;
use std::path::Path;

use crate::options::Argument;
use crate::target::Cpu;

const POSITION: &str = "programs and libraries are position independent on every host";
const GUARD: &str = "the guard is the variable __stack_chk_guard on every host";

/// Flags that are dropped: code compiled with them would not run on every host.
const DROPPED: [(&str, &str); 12] = [
    ("-fno-stack-clash-protection", "the pages of a stack must be touched in order on Windows"),
    ("-mred-zone", "an exception on Windows overwrites what lies below the stack pointer"),
    ("-fno-pic", POSITION),
    ("-fno-PIC", POSITION),
    ("-fno-pie", POSITION),
    ("-fno-PIE", POSITION),
    ("-no-pie", POSITION),
    ("-nopie", POSITION),
    ("-mstack-protector-guard", GUARD),
    ("-mstack-protector-guard-reg", GUARD),
    ("-mstack-protector-guard-offset", GUARD),
    ("-mstack-protector-guard-symbol", GUARD),
];

/// The arguments that stay, and a sentence for each flag that is not honoured.
pub fn honoured(args: Vec<Argument>, cpu: Cpu) -> (Vec<Argument>, Vec<String>) {
    let mut warnings = Vec::new();
    let mut said = |argument: &Argument, reason: &str| {
        let words: Vec<_> = argument.clone().into_words().iter().map(|word| word.display().to_string()).collect();
        warnings.push(format!("{}: {reason}", words.join(" ")));
    };
    let silent = args.iter().any(|argument| argument.name() == "-w");
    let unoptimised = args.iter().any(is_source) && !optimises(&args);
    let mut kept = Vec::with_capacity(args.len());
    for argument in args {
        if let Some((_, reason)) = DROPPED.iter().find(|(name, _)| *name == argument.name()) {
            said(&argument, reason);
            continue;
        }
        if let Some(reason) = without_effect(&argument, cpu, unoptimised) {
            said(&argument, reason);
        }
        kept.push(argument);
    }
    (kept, if silent { Vec::new() } else { warnings })
}

/// Why a flag that is kept has less effect than its name says.
fn without_effect(argument: &Argument, cpu: Cpu, unoptimised: bool) -> Option<&'static str> {
    if let Some((name, value)) = macro_defined(argument) {
        return match name {
            "_FORTIFY_SOURCE" if unoptimised && value != "0" => {
                Some("it has an effect with optimisation only (-O1 or more)")
            }
            "_GLIBCXX_ASSERTIONS" => {
                Some("a macro of libstdc++; libc++ has -D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE")
            }
            _ => None,
        };
    }
    let asks = |values: &[&str]| argument.text().split('+').any(|part| values.contains(&part));
    match argument.name() {
        "-fcf-protection" if cpu == Cpu::X86_64 && !asks(&["none"]) => {
            Some("the code is compiled for it, but no loader switches the CPU's check on")
        }
        "-mbranch-protection" if asks(&["standard", "bti"]) => {
            Some("branch targets are marked, but no loader switches the CPU's check on; pac-ret has its effect")
        }
        "-ftls-model" => Some("thread-local variables are emulated, in one way on every host"),
        _ => None,
    }
}

/// Name and value of the macro that an argument defines, also as `-Wp,-DNAME=VALUE`.
fn macro_defined(argument: &Argument) -> Option<(&str, &str)> {
    let text = match argument.name() {
        "-D" | "--define-macro" => argument.text(),
        name => return Some((name.strip_prefix("-Wp,-D")?, argument.text())),
    };
    Some(text.split_once('=').unwrap_or((text, "1")))
}

fn optimises(args: &[Argument]) -> bool {
    let level = args.iter().map(Argument::name).rfind(|name| name.starts_with("-O"));
    level.is_some_and(|level| level != "-O0")
}

fn is_source(argument: &Argument) -> bool {
    const SOURCES: [&str; 8] = ["c", "i", "cc", "cp", "cpp", "cxx", "c++", "C"];
    let file = argument.file().map(Path::new).and_then(Path::extension).and_then(OsStr::to_str);
    file.is_some_and(|extension| SOURCES.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::CLANG;

    fn examined(line: &str, cpu: Cpu) -> (String, Vec<String>) {
        let (kept, warnings) = honoured(CLANG.parse(line.split_whitespace().map(Into::into).collect()), cpu);
        let words: Vec<_> = kept.into_iter().flat_map(Argument::into_words).collect();
        (words.join(OsStr::new(" ")).into_string().expect("text"), warnings)
    }

    #[test]
    fn what_is_not_honoured_is_said() {
        for line in [
            "-fcf-protection a.c",
            "-fcf-protection=full a.c",
            "-ftls-model=initial-exec a.c",
            "-D_FORTIFY_SOURCE=2 a.c",
            "-D _FORTIFY_SOURCE=3 -O2 -O0 a.c",
            "-Wp,-D_FORTIFY_SOURCE=2 a.cpp",
            "-D_GLIBCXX_ASSERTIONS -O2 a.cpp",
        ] {
            let (kept, warnings) = examined(line, Cpu::X86_64);
            assert!(kept == line && warnings.len() == 1, "{line}: {warnings:?}");
            assert!(examined(&format!("-w {line}"), Cpu::X86_64).1.is_empty());
        }
        for (flag, count) in [("bti", 1), ("standard", 1), ("pac-ret+bti", 1), ("pac-ret", 0), ("none", 0)] {
            let (_, warnings) = examined(&format!("-mbranch-protection={flag} a.c"), Cpu::Aarch64);
            assert_eq!(warnings.len(), count, "{flag}");
        }
    }

    #[test]
    fn what_would_not_run_is_dropped() {
        for (flag, _) in DROPPED {
            let (kept, warnings) = examined(&format!("{flag} a.c"), Cpu::X86_64);
            assert_eq!((kept.as_str(), warnings.len()), ("a.c", 1), "{flag}");
        }
    }

    #[test]
    fn what_is_honoured_is_silent() {
        for line in [
            "-D_FORTIFY_SOURCE=2 -O2 a.c",
            "-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Os a.c",
            "-D_FORTIFY_SOURCE=2 a.o",
            "-D_FORTIFY_SOURCE=0 a.c",
            "-fcf-protection=none a.c",
            "-fstack-protector-all -fstack-clash-protection -ftrivial-auto-var-init=zero -fzero-call-used-regs=used a.c",
            "-fPIE -pie -fstrict-flex-arrays=3 -Wl,-z,relro,-z,now a.c",
            "-Xclang -fno-pic a.c",
        ] {
            assert_eq!(examined(line, Cpu::X86_64), (line.to_owned(), Vec::new()), "{line}");
        }
    }
}
