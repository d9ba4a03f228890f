//! `xload_host.h`: the host table for C, so that a loader or a platform can be written in C too. The data comes from cbindgen, which reads
//! the Rust definitions; the operations from the list that is derived from the platform's traits.

use std::fs;

use anyhow::{Context, Result};
use loader_abi::{OPERATIONS, VERSION};

use crate::packages;
use crate::project::Project;

/// The sources of the data in the order of their dependencies.
const SOURCES: [&str; 4] =
    ["platform/types.rs", "loader-abi/parameter.rs", "loader-abi/info.rs", "loader-abi/spawn.rs"];

/// The data that operations and other data name.
const DATA: [&str; 25] = [
    "Accepted",
    "AddressInfo",
    "Buffer",
    "Buffers",
    "Bytes",
    "Deadline",
    "FileSystem",
    "Ids",
    "Lock",
    "Map",
    "ObjectInfo",
    "ObjectList",
    "Pieces",
    "Received",
    "Resolved",
    "SignalAction",
    "SignalOwner",
    "SpawnRequest",
    "Stat",
    "ThreadStart",
    "Timespec",
    "Usage",
    "Wait",
    "Waits",
    "WindowSize",
];

/// The calling convention, and the function that a thread begins with: cbindgen does not know the first.
const CALLS: &str = "
// Functions have the C calling convention of ELF systems, on Windows too: System V on x86_64.
#if defined(__x86_64__)
#define XLOAD_CALL __attribute__((sysv_abi))
#else
#define XLOAD_CALL
#endif

typedef void (XLOAD_CALL *xload_GuestEntry)(size_t argument);
";

/// Writes the header into `distx.org_2024-xload-common/include`.
pub fn install(project: &Project) -> Result<()> {
    let mut source = String::new();
    for file in SOURCES {
        let text = fs::read_to_string(project.folder.join(file)).with_context(|| format!("cannot read {file}"))?;
        source.push_str(&text);
    }
    let input = project.work("header").join("data.rs");
    packages::text(&input, &data(&source))?;
    let mut config = cbindgen::Config {
        language: cbindgen::Language::C,
        include_guard: Some("XLOAD_HOST_H".into()),
        cpp_compat: true,
        documentation_style: cbindgen::DocumentationStyle::C99,
        autogen_warning: Some("// The host table of the loader.".into()),
        style: cbindgen::Style::Tag,
        usize_is_size_t: true,
        no_includes: true,
        sys_includes: ["stddef.h", "stdint.h"].map(String::from).to_vec(),
        after_includes: Some(CALLS.into()),
        trailer: Some(table()),
        ..cbindgen::Config::default()
    };
    config.export.include = DATA.map(String::from).to_vec();
    config.export.exclude = vec!["GuestEntry".into()];
    config.export.prefix = Some("xload_".into());
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(&input)
        .generate()
        .context("cbindgen cannot read the data of the host table")?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).context("cbindgen wrote no UTF-8")?;
    packages::text(&project.root().xload_headers().join("xload_host.h"), &header)
}

/// The definitions of several files as those of one.
fn data(source: &str) -> String {
    source.lines().filter(|line| !line.starts_with("//!")).fold(String::new(), |text, line| text + line + "\n")
}

/// The table, and the name that the loader resolves.
fn table() -> String {
    let mut text = String::new();
    let mut add = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    add(&format!("#define xload_HOST_VERSION {VERSION}"));
    add("");
    add("// What the loader gives the C library. A null operation is one that the host does not have.");
    add("struct xload_Host {");
    add("  // Bytes of this table that are filled in.\n  uint32_t size;");
    add("  // xload_HOST_VERSION\n  uint32_t version;");
    add("  // Page size in bytes.\n  uint32_t page_bytes;");
    add("  // Register of the thread slot: 0 = fs or tpidr_el0, 1 = gs.\n  uint32_t slot_base;");
    add("  // Bytes from that register to the slot.\n  int64_t slot_offset;");
    add("  // The program's arguments, without those of the loader.\n  size_t argument_count;");
    add("  // argument_count strings and a null pointer.\n  const char *const *arguments;");
    add("  // NAME=value strings and a null pointer.\n  const char *const *environment;");
    for entry in &OPERATIONS {
        for line in entry.documentation {
            add(&format!("  // {line}"));
        }
        add(&format!("  {};", entry));
    }
    add("};\n");
    add("// The loader resolves this name when it links a file that needs the library `_xload`.");
    add("#ifdef __cplusplus\nextern \"C\"\n#else\nextern\n#endif\nconst struct xload_Host xload_host;");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use loader_abi::{C, EntryAnswer};

    /// Every structure that an operation names is among the data.
    #[test]
    fn all_data_is_defined() {
        for entry in &OPERATIONS {
            let out = if let EntryAnswer::Stored(kind) = entry.answer { Some(kind) } else { None };
            for kind in entry.parameters.iter().map(|(_, kind)| *kind).chain(out) {
                let (C::Value(name) | C::Input(name) | C::Output(name)) = kind;
                let data = name.strip_prefix("struct xload_");
                assert!(data.is_none_or(|data| DATA.contains(&data)), "{}: {name}", entry.name);
            }
        }
    }
}
