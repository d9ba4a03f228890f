//! `./x abi`: the list of what libc.so exports, `conformance-tests/abi/exports.txt`, for reviews and tests.

use std::fs;

use anyhow::{Context, Result, bail};
use distx_toolchain::target::Cpu;

use crate::progress::note;
use crate::project::Project;
use crate::{guest, packages};

const COMMENT: &str =
    "# What libc.so exports on both CPUs. `./x abi` writes this file; a review reads what changed in it.\n";

/// Builds libc.so for every CPU and writes the list anew.
pub fn write(project: &Project) -> Result<()> {
    for cpu in Cpu::ALL {
        guest::install(project, cpu)?;
    }
    let [one, other] =
        Cpu::ALL.map(|cpu| guest::symbols(&project.root().xlibc(cpu).join("lib/libc.so"), &["--dynamic"]));
    let (one, other) = (one?, other?);
    let differ: Vec<_> = one.symmetric_difference(&other).map(String::as_str).collect();
    if !differ.is_empty() {
        bail!("libc.so exports these on one CPU only: {}", differ.join(" "));
    }
    let file = project.folder.join("conformance-tests/abi/exports.txt");
    let old = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let old = old.lines().filter(|line| !line.starts_with('#')).map(String::from).collect();
    for (sign, names) in [("+", &one - &old), ("-", &old - &one)] {
        names.iter().for_each(|name| note(&format!("{sign} {name}")));
    }
    packages::text(&file, &one.iter().fold(String::from(COMMENT), |text, name| text + name + "\n"))?;
    note(&format!("{} names in {}", one.len(), file.display()));
    Ok(())
}
