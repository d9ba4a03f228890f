//! A strict dialect shows what its standard allows and nothing else; each request shows what musl shows.

use super::facts::{Facts, Name};
use crate::clang::{Clang, Cpu, Dialect};
use std::fmt::Write;

/// A configuration of the recorded visibility.
pub struct Configuration {
    /// As the tables name it.
    pub name: &'static str,
    dialect: Dialect<'static>,
    /// Our headers follow C23 and POSIX.1-2024 further than musl: there, and with BSD names, more may show.
    exact: bool,
}

const fn configuration(
    name: &'static str,
    standard: &'static str,
    arguments: &'static [&'static str],
    exact: bool,
) -> Configuration {
    Configuration { name, dialect: Dialect { standard, arguments }, exact }
}

/// The ten configurations in which names were looked up.
pub const ALL: [Configuration; 10] = [
    configuration("c99", "c99", &["-fno-builtin"], true),
    configuration("c11", "c11", &["-fno-builtin"], true),
    configuration("c23", "c23", &["-fno-builtin"], false),
    configuration("posix2008", "c99", &["-fno-builtin", "-D_POSIX_C_SOURCE=200809L"], true),
    configuration("posix2024", "c17", &["-fno-builtin", "-D_POSIX_C_SOURCE=202405L"], false),
    configuration("xopen700", "c99", &["-fno-builtin", "-D_XOPEN_SOURCE=700"], true),
    configuration("xopen800", "c17", &["-fno-builtin", "-D_XOPEN_SOURCE=800"], false),
    configuration("bsd", "c99", &["-fno-builtin", "-D_BSD_SOURCE"], false),
    configuration("gnu", "gnu11", &["-fno-builtin", "-D_GNU_SOURCE"], false),
    configuration("default", "gnu11", &["-fno-builtin"], false),
];

/// Words that C23 made keywords, and what told that they are macros.
const KEYWORDS: [&str; 9] = [
    "alignas",
    "alignof",
    "__alignas_is_defined",
    "__alignof_is_defined",
    "bool",
    "true",
    "false",
    "static_assert",
    "thread_local",
];

/// Does the configuration show the name?
pub fn is_visible(name: &Name, configuration: &str) -> bool {
    if configuration == "c23" && KEYWORDS.contains(&name.name.as_str()) {
        return false;
    }
    let class: &[&str] = match name.visible.as_str() {
        "all" => return true,
        "posix" => &["posix2008", "posix2024", "xopen700", "xopen800", "bsd", "gnu", "default"],
        "xsi" => &["xopen700", "xopen800", "bsd", "gnu", "default"],
        "bsd" => &["bsd", "gnu", "default"],
        "gnu" => &["gnu"],
        "c11" => &["c11", "c23", "posix2024", "xopen800", "gnu", "default"],
        list => return list.split(',').any(|one| one == configuration),
    };
    class.contains(&configuration)
}

/// Checks `header` in one configuration.
pub fn holds(clang: &Clang, facts: &Facts, configuration: &Configuration, header: &str) -> Result<(), String> {
    let mut source = format!("#include <{header}>\n");
    let shown = |name: &Name| name.is_in(header).then(|| is_visible(name, configuration.name));
    let macros = facts.macros.iter().filter(|(_, cpu)| cpu.is_none_or(|cpu| cpu == Cpu::X86_64)).map(|(name, _)| name);
    for name in macros.filter(|name| !name.name.ends_with("64") && !name.name.contains("64_")) {
        let word = &name.name;
        match shown(name) {
            Some(true) => write!(source, "#ifndef {word}\n#error {word} is hidden\n#endif\n").unwrap_or(()),
            Some(false) if configuration.exact => {
                write!(source, "#ifdef {word}\n#error {word} is visible\n#endif\n").unwrap_or(());
            }
            _ => {}
        }
    }
    let constants = facts.constants.iter().filter(|constant| constant.value.get(Cpu::X86_64).is_some());
    for name in constants.map(|constant| &constant.name).filter(|name| !name.name.starts_with("RLIM64_")) {
        let word = &name.name;
        match shown(name) {
            Some(true) => writeln!(source, "extern __typeof__({word}) {word}_is;").unwrap_or(()),
            Some(false) if configuration.exact => {
                write!(source, "#ifdef {word}\n#error {word} is visible\n#endif\n").unwrap_or(());
            }
            _ => {}
        }
    }
    for name in facts.signatures.iter().map(|signature| &signature.name) {
        let word = &name.name;
        match shown(name) {
            Some(true) => writeln!(source, "#undef {word}\nextern __typeof__(&{word}) {word}_is;").unwrap_or(()),
            // Another meaning of the word is an error if the header gave it one.
            Some(false) if configuration.exact => {
                write!(source, "#undef {word}\nstruct hidden;\nextern struct hidden {word};\n").unwrap_or(());
            }
            _ => {}
        }
    }
    source.push_str("extern int a_translation_unit_is_not_empty;\n");
    let arguments: Vec<&str> = [configuration.dialect.arguments, &["-Wno-deprecated-declarations"]].concat();
    let dialect = Dialect { standard: configuration.dialect.standard, arguments: &arguments };
    clang.accepts(Cpu::X86_64, dialect, &source)
}
