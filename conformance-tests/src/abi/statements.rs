//! C sources whose compilation proves a fact: constants, layouts, types and prototypes of one header.

use super::facts::{Constant, Facts, Signature};
use super::serves;
use super::visibility::is_visible;
use crate::clang::{Clang, Cpu, Dialect, EVERYTHING};
use std::fmt::Write;

/// Folding an address or a float into a constant is an extension; it is what lets the compiler prove them.
const FOLDING: Dialect<'static> = Dialect {
    standard: EVERYTHING.standard,
    arguments: &["-D_GNU_SOURCE", "-D_LARGEFILE64_SOURCE", "-Wno-gnu-folding-constant", "-Wno-deprecated-declarations"],
};

/// Checks all facts of `header` on `cpu`.
pub fn hold(clang: &Clang, facts: &Facts, cpu: Cpu, header: &str) -> Result<(), String> {
    let mut source = format!("#include <{header}>\n");
    constants(&mut source, facts, cpu, header)?;
    records(&mut source, facts, cpu, header);
    types(&mut source, facts, cpu, header);
    prototypes(&mut source, facts, cpu, header);
    serves::statements(&mut source, facts, header);
    source.push_str("extern int a_translation_unit_is_not_empty;\n");
    clang.accepts(cpu, FOLDING, &source)
}

/// `writeln!` to a string, which cannot fail.
macro_rules! line {
    ($out:expr, $($arguments:tt)*) => {
        writeln!($out, $($arguments)*).unwrap_or(())
    };
}

fn constants(source: &mut String, facts: &Facts, cpu: Cpu, header: &str) -> Result<(), String> {
    for constant in facts.constants.iter().filter(|constant| constant.name.is_in(header)) {
        let name = &constant.name.name;
        match constant.value.get(cpu) {
            Some(value) => statement(source, constant, cpu, value)?,
            None => line!(source, "#ifdef {name}\n#error {name} does not exist on this CPU\n#endif"),
        }
    }
    for (name, on) in facts.macros.iter().filter(|(name, _)| name.is_in(header)) {
        if on.is_none_or(|on| on == cpu) {
            let name = &name.name;
            line!(source, "#ifndef {name}\n#error {name} is not defined\n#endif");
        }
    }
    Ok(())
}

fn statement(source: &mut String, constant: &Constant, cpu: Cpu, value: &str) -> Result<(), String> {
    let name = &constant.name.name;
    let kind = match constant.kind.split_once('|') {
        Some((x86_64, _)) if cpu == Cpu::X86_64 => x86_64,
        Some((_, aarch64)) => aarch64,
        None => &constant.kind,
    };
    match kind {
        "pointer" => line!(source, "extern char {name}_is[(long)({name}) == {value} ? 1 : -1];"),
        "string" => {
            let text: String = value.bytes().map(|byte| format!("\\{byte:03o}")).collect();
            line!(source, "extern char {name}_is[__builtin_strcmp({name}, \"{text}\") == 0 ? 1 : -1];");
        }
        "float" | "double" => {
            let digits = value.trim_start_matches("0x");
            let bits = u64::from_str_radix(digits, 16).map_err(|error| format!("{name}: {error}"))?;
            let value = f64::from_bits(bits);
            let equal = if value.is_nan() {
                format!("__builtin_isnan({name})")
            } else if value.is_infinite() {
                format!("({name}) == __builtin_inf()")
            } else {
                format!("({name}) == {value:e}")
            };
            line!(source, "extern char {name}_is[({equal}) ? 1 : -1];");
            line!(source, "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), {kind}), \"type\");");
        }
        _ => {
            // A decimal literal beyond LLONG_MAX has no type, and one below LLONG_MIN + 1 none either.
            let literal = match value {
                "-9223372036854775808" => "(-9223372036854775807 - 1)".to_owned(),
                value if value.starts_with('-') => format!("({value})"),
                value => format!("{value}U"),
            };
            line!(source, "_Static_assert(({name}) == ({kind}){literal}, \"value of {name} is not {value}\");");
            line!(
                source,
                "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), {kind}), \"type of {name} is not {kind}\");"
            );
        }
    }
    Ok(())
}

fn records(source: &mut String, facts: &Facts, cpu: Cpu, header: &str) {
    for record in &facts.records {
        if record.cpu.is_some_and(|on| on != cpu) || !record.headers.iter().any(|one| one == header) {
            continue;
        }
        let (name, size, align) = (&record.name, record.size, record.align);
        line!(source, "_Static_assert(sizeof({name}) == {size}, \"size of {name} is not {size}\");");
        line!(source, "_Static_assert(_Alignof({name}) == {align}, \"alignment of {name} is not {align}\");");
        for (member, offset, size) in &record.members {
            line!(
                source,
                "_Static_assert(__builtin_offsetof({name}, {member}) == {offset}, \"{name}.{member} is not at {offset}\");"
            );
            if let Some(size) = size {
                line!(
                    source,
                    "_Static_assert(sizeof((({name} *)0)->{member}) == {size}, \"{name}.{member} has not {size} bytes\");"
                );
            }
        }
    }
}

fn types(source: &mut String, facts: &Facts, cpu: Cpu, header: &str) {
    for (name, canonical) in facts.types.iter().filter(|(name, _)| name.is_in(header)) {
        let name = &name.name;
        match canonical.get(cpu) {
            // The layout says what is in it.
            Some("record") => line!(source, "extern {name} *{name}_is;"),
            // An enumeration without a tag has no other name.
            Some(canonical) if canonical == name => line!(source, "extern {name} *{name}_is;"),
            Some(canonical) => line!(
                source,
                "_Static_assert(__builtin_types_compatible_p({name}, {canonical}), \"{name} is not {canonical}\");"
            ),
            None => {}
        }
    }
}

fn prototypes(source: &mut String, facts: &Facts, cpu: Cpu, header: &str) {
    for signature in facts.signatures.iter().filter(|one| one.name.is_in(header) && is_visible(&one.name, "gnu")) {
        let name = &signature.name.name;
        let Some(text) = signature.text.get(cpu) else { continue };
        // A name that the header does not declare is an error here, a type that differs one line later.
        line!(source, "#undef {name}\nextern __typeof__(&{name}) {name}_is;");
        match text.split_once(" | ") {
            Some((result, parameters)) => line!(source, "__typeof__({result}) {name}({parameters});"),
            None => line!(source, "extern __typeof__({text}) {name};"),
        }
        if signature.noreturn {
            noreturn(source, signature, text);
        }
    }
}

/// A function that promises not to return, and is warned about unless the call keeps the promise.
fn noreturn(source: &mut String, signature: &Signature, text: &str) {
    let name = &signature.name.name;
    let parameters = text.split_once(" | ").map_or("", |(_, parameters)| parameters);
    let arguments: Vec<String> = parameters
        .split(", ")
        .filter(|one| *one != "void" && *one != "...")
        .map(|one| format!("*({one} *)(char *)1"))
        .collect();
    line!(source, "#pragma clang diagnostic push\n#pragma clang diagnostic ignored \"-Wformat-security\"");
    line!(
        source,
        "_Noreturn void call_{name}(void);\n_Noreturn void call_{name}(void) {{ {name}({}); }}",
        arguments.join(", ")
    );
    line!(source, "#pragma clang diagnostic pop");
}
