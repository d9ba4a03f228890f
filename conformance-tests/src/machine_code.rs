//! The machine code of a built libc.so, as llvm-objdump shows it: functions, their instructions, and who calls whom.

use crate::clang::Cpu;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// One function.
#[derive(Default)]
pub struct Function {
    /// Mnemonic and operands, without addresses.
    pub instructions: Vec<String>,
    /// Functions that it calls or ends in, by name. Calls through pointers do not show.
    pub callees: BTreeSet<String>,
}

/// All functions of a file.
#[derive(Default)]
pub struct Functions {
    /// By the first of their names.
    pub code: BTreeMap<String, Function>,
    /// The first name for each other one.
    aliases: BTreeMap<String, String>,
}

impl Functions {
    /// The first name of a function that has several.
    pub fn first_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// A function by one of its names.
    pub fn get(&self, name: &str) -> Option<&Function> {
        self.code.get(self.first_name(name))
    }

    /// What a function reaches by calls, by first names: itself only if it calls itself, over others or not.
    pub fn reached(&self, name: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut names = vec![self.first_name(name)];
        while let Some(name) = names.pop() {
            for callee in self.code.get(name).iter().flat_map(|function| &function.callees) {
                if found.insert(callee.as_str()) {
                    names.push(callee);
                }
            }
        }
        found
    }
}

/// Disassembles a file.
pub fn read(library: &Path) -> Result<Functions, String> {
    let mut objdump = Command::new("llvm-objdump-19");
    objdump.args(["--disassemble", "--no-show-raw-insn", "--no-leading-addr", "--show-all-symbols"]).arg(library);
    let output = objdump.output().map_err(|error| format!("llvm-objdump-19: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(parse(&String::from_utf8_lossy(&output.stdout)))
}

/// The name in `<name>:`.
fn label(line: &str) -> Option<&str> {
    line.strip_prefix('<')?.strip_suffix(">:")
}

/// Whether a line marks what follows as code or data (`$x`, `$d`), as files for aarch64 have it.
fn is_mapping_symbol(line: &str) -> bool {
    label(line).is_some_and(|name| name.starts_with('$'))
}

fn parse(text: &str) -> Functions {
    let mut functions = Functions::default();
    let mut first = None;
    for line in text.lines().filter(|line| !is_mapping_symbol(line)) {
        match (label(line), first) {
            (Some(name), Some(first)) => drop(functions.aliases.insert(name.to_owned(), String::from(first))),
            (name, _) => first = name,
        }
    }
    let mut name = String::new();
    let mut above = None;
    for line in text.lines().filter(|line| !is_mapping_symbol(line)) {
        let label = label(line);
        if let (Some(label), None) = (label, above) {
            label.clone_into(&mut name);
        }
        above = label;
        let instruction = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if instruction.is_empty() || name.is_empty() || line.ends_with(':') {
            continue;
        }
        let mut callee = None;
        if let Some(target) = target(&instruction) {
            // A call through the linkage table is one of the symbol.
            let target = functions.first_name(target.strip_suffix("@plt").unwrap_or(target));
            // `name+0x12` is a place inside a function.
            let is_loop = target == name && !is_call(&instruction);
            callee = Some(target.to_owned()).filter(|target| !target.contains('+') && !is_loop);
        }
        let function = functions.code.entry(name.clone()).or_default();
        function.callees.extend(callee);
        function.instructions.push(instruction);
    }
    functions
}

fn is_call(instruction: &str) -> bool {
    instruction.starts_with("call") || instruction.starts_with("bl ")
}

/// Where a call or a jump goes.
fn target(instruction: &str) -> Option<&str> {
    let (operation, operands) = instruction.split_once(' ')?;
    let branches = ["cbz", "cbnz", "tbz", "tbnz", "b", "bl"];
    let moves = operation.starts_with("call") || operation.starts_with('j') || operation.starts_with("b.");
    if !moves && !branches.contains(&operation) {
        return None;
    }
    operands.split_once('<')?.1.split_once('>').map(|(name, _)| name)
}

/// Instructions that no code of ours may have, each with its function.
pub fn forbidden(functions: &Functions, cpu: Cpu) -> Vec<String> {
    let wrong: fn(&str) -> bool = match cpu {
        Cpu::X86_64 => is_below_stack,
        Cpu::Aarch64 => uses_x18,
    };
    let all =
        functions.code.iter().flat_map(|(name, function)| function.instructions.iter().map(move |one| (name, one)));
    all.filter(|(_, instruction)| wrong(instruction))
        .map(|(name, instruction)| format!("{name}: {instruction}"))
        .collect()
}

/// Memory below the stack pointer: the red zone. `lea` computes, and an index register may lead anywhere.
fn is_below_stack(instruction: &str) -> bool {
    let Some((before, _)) = instruction.split_once("(%rsp)") else { return false };
    let offset = before.rsplit([' ', ',', ':', '*']).next().unwrap_or_default();
    offset.starts_with('-') && !instruction.starts_with("lea")
}

/// x18 belongs to Windows on aarch64.
fn uses_x18(instruction: &str) -> bool {
    instruction.split(|letter: char| !letter.is_ascii_alphanumeric()).skip(1).any(|word| matches!(word, "x18" | "w18"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_jumps_and_loops_are_told_apart() {
        let text = "<memcpy>:\n\tcallq\t0x10 <other@plt>\n\tjmp\t0x20 <memcpy>\n\tjne\t0x24 <memcpy+0x4>\n\n\
            <other>:\n\tjmp\t0x20 <memcpy>\n\tleaq\t0x7(%rip), %rax # 0x8 <text>\n";
        let functions = parse(text);
        assert_eq!(functions.code["memcpy"].callees, BTreeSet::from(["other".to_owned()]));
        assert!(functions.reached("memcpy").contains("memcpy"));
        assert_eq!(functions.code["other"].callees, BTreeSet::from(["memcpy".to_owned()]));
        let functions =
            parse("<memset>:\n\tcallq\t0x10 <memset>\n<one>:\n\tbl\t0x10 <two>\n\tcbz\tx0, 0x18 <one+0x8>\n");
        assert!(functions.reached("memset").contains("memset"));
        assert_eq!(functions.reached("one"), BTreeSet::from(["two"]));
        let functions = parse("<$x>:\n<memmove>:\n<memcpy>:\n\tretq\n\n<bcopy>:\n\tjmp\t0x1 <memcpy>\n");
        assert_eq!(functions.first_name("memcpy"), "memmove");
        assert_eq!(functions.reached("bcopy"), BTreeSet::from(["memmove"]));
    }

    #[test]
    fn the_red_zone_is_memory_at_a_constant_below_the_stack() {
        for wrong in ["movq %rax, -0x8(%rsp)", "movups -0x20(%rsp), %xmm1", "callq *-0x10(%rsp)"] {
            assert!(is_below_stack(wrong), "{wrong}");
        }
        for right in ["movq %rax, 0x8(%rsp)", "leaq -0x80(%rsp), %rsp", "movl -0x4(%rsp,%rax), %edx", "pushq %rax"] {
            assert!(!is_below_stack(right), "{right}");
        }
        assert!(uses_x18("ldr x18, [x0]") && uses_x18("mov w0, w18") && !uses_x18("bl 0x18 <x18>".split_at(7).0));
    }
}
