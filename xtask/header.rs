//! `xload_host.h`: the host table for C, so that a loader or a platform can be written in C too. cbindgen writes it from the
//! Rust definitions.

use std::fs;

use anyhow::{Context, Result};

use crate::packages;
use crate::project::Project;

/// The sources in the order of their dependencies.
const SOURCES: [&str; 2] = ["platform/types.rs", "loader-abi/table.rs"];

/// What only Rust's side needs of `platform/types.rs`.
const RUST_ONLY: [&str; 7] = ["Map", "ThreadStart", "Slot", "SlotBase", "SpawnAction", "Spawn", "Fd"];

/// Writes the header into `distx.org_2024-xload-common/include`.
pub fn install(project: &Project) -> Result<()> {
    let mut source = String::new();
    for file in SOURCES {
        let text = fs::read_to_string(project.folder.join(file)).with_context(|| format!("cannot read {file}"))?;
        source.push_str(&text);
    }
    let folder = project.work("header");
    let input = folder.join("table.rs");
    packages::text(&input, &plain(&source))?;
    let mut config = cbindgen::Config {
        language: cbindgen::Language::C,
        include_guard: Some("XLOAD_HOST_H".into()),
        cpp_compat: true,
        documentation_style: cbindgen::DocumentationStyle::C99,
        autogen_warning: Some("// Written by cbindgen from loader-abi/table.rs.".into()),
        style: cbindgen::Style::Tag,
        usize_is_size_t: true,
        no_includes: true,
        sys_includes: ["stddef.h", "stdint.h"].map(String::from).to_vec(),
        after_includes: Some(
            "\n// Functions have the C calling convention of ELF systems, on Windows too: System V on x86_64.\n\
             // The loader resolves this name when it links a file that needs the library `_xload`.\n\
             #ifdef __cplusplus\nextern \"C\"\n#else\nextern\n#endif\nconst struct xload_Host xload_host;"
                .into(),
        ),
        ..cbindgen::Config::default()
    };
    config.export.include =
        ["Host", "SpawnRequest", "SpawnStep", "ObjectInfo", "AddressInfo"].map(String::from).to_vec();
    config.export.exclude = RUST_ONLY.map(String::from).to_vec();
    config.export.prefix = Some("xload_".into());
    config.export.rename.insert("VERSION".into(), "HOST_VERSION".into());
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(&input)
        .generate()
        .context("cbindgen cannot read the host table")?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).context("cbindgen wrote no UTF-8")?;
    packages::text(&project.root().xload_headers().join("xload_host.h"), &header)
}

/// The definitions without our macro: cbindgen reads Rust, but expands no macros.
fn plain(source: &str) -> String {
    let mut text = String::new();
    for line in source.lines() {
        match line.split_once("guest_fn!(") {
            Some((field, rest)) => {
                let function = rest.strip_suffix("),").unwrap_or(rest);
                text.push_str(&format!("{field}unsafe extern \"C\" {function},\n"));
            }
            None if line.starts_with("use ") || line.starts_with("//!") => {}
            None => text.push_str(&format!("{line}\n")),
        }
    }
    text
}
