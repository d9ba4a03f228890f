//! The C tests: each folder of `c/` becomes one program. A file `plugin*.c` becomes a shared library beside it.

use crate::hosts::{Host, distx};
use crate::run::{build, files};
use crate::suite::{Area, Suite};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `tests/c.rs` runs.
pub static SUITE: Suite = Suite { name: "c", areas, build: program, fits: |_| true };

fn areas(root: &Path) -> Result<Vec<Area>, String> {
    let mut areas = Vec::new();
    for folder in files(&root.join("conformance-tests/c"))?.into_iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().ok_or("a folder without a name")?.to_string_lossy().into_owned();
        areas.push(Area { name, sources: files(&folder)? });
    }
    Ok(areas)
}

/// What a program depends on besides its sources: the headers and libraries that a build made.
pub fn ground(root: &Path, host: &Host) -> Result<Vec<PathBuf>, String> {
    if !host.is_ours() {
        return Ok(Vec::new());
    }
    let distx = distx(root);
    let mut found = files(&distx.join(format!("distx.org_2024-xlibc-{}/lib", host.programs)))?;
    found.push(distx.join("bin/distx"));
    let headers = distx.join(format!("distx.org_2024-xlibc-{}/include", host.programs));
    for entry in files(&headers)? {
        if entry.is_dir() { found.extend(files(&entry)?) } else { found.push(entry) }
    }
    found.retain(|path| path.is_file());
    Ok(found)
}

/// Whether a source becomes a shared library of its own, which a test opens.
pub fn is_plugin(source: &Path) -> bool {
    source.file_name().is_some_and(|name| name.to_string_lossy().starts_with("plugin"))
}

fn program(root: &Path, host: &Host, area: &Area, folder: &Path) -> Result<PathBuf, String> {
    let start = folder.join("start.c");
    area.write_start(host, &start)?;
    let checks = root.join("conformance-tests/c");
    let mut inputs = ground(root, host)?;
    inputs.extend(files(&checks)?.into_iter().filter(|path| path.is_file()));
    inputs.extend(area.sources.iter().cloned());
    inputs.push(start.clone());
    let compiler = || {
        let mut compile = Command::new(&host.compile[0]);
        compile.args(&host.compile[1..]).args(["-std=gnu11", "-O1", "-fno-builtin", "-Wall", "-Wextra", "-Werror"]);
        // musl-gcc is GCC: it warns of calls that are wrong on purpose.
        compile.args(["-Wno-unknown-warning-option", "-Wno-nonnull", "-Wno-overflow", "-Wno-constant-conversion"]);
        compile.args(["-Wno-alloc-size-larger-than", "-Wno-stringop-overflow", "-Wno-stringop-truncation"]);
        // Both compilers are wrong about longjmp and unused results where a test is about them.
        compile.args([
            "-Wno-clobbered",
            "-Wno-infinite-recursion",
            "-Wno-unused-parameter",
            "-Wno-unused-result",
            "-Wno-restrict",
            "-Wno-deprecated-declarations",
        ]);
        compile.args(["-Wno-format-truncation", "-Wno-format-overflow", "-frounding-math"]);
        compile.arg(format!("-DHOST={}", host.library)).arg("-I").arg(&checks);
        compile
    };
    for plugin in area.sources.iter().filter(|source| is_plugin(source)) {
        let name = plugin.file_stem().ok_or("a source without a name")?;
        let library = folder.join(name).with_extension("so");
        build(compiler().args(["-fPIC", "-shared"]).arg(plugin).arg("-o").arg(&library), &library, &inputs)?;
    }
    let product = folder.join(&area.name);
    let mut compile = compiler();
    compile.args(area.sources.iter().filter(|source| !is_plugin(source))).arg(&start);
    compile.arg("-o").arg(&product).args(["-pthread", "-lm"]);
    build(&mut compile, &product, &inputs)?;
    Ok(product)
}
