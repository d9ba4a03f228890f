//! The C++ tests: a file or a folder of `cpp/` becomes one program. In a folder, `lib*.cpp` become shared libraries that the
//! program is linked with, and `plugin*.cpp` ones that it opens.

use crate::c::{ground, is_plugin};
use crate::hosts::{Host, distx};
use crate::run::{build, files};
use crate::suite::{Area, Suite};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `tests/cpp.rs` runs. The peer is this machine's C++ library; there is none on its musl.
pub static SUITE: Suite = Suite { name: "cpp", areas, build: program, fits: |host| !host.compile_cpp.is_empty() };

fn areas(root: &Path) -> Result<Vec<Area>, String> {
    let mut areas = Vec::new();
    for path in files(&root.join("conformance-tests/cpp"))? {
        let name = path.file_stem().ok_or("a source without a name")?.to_string_lossy().into_owned();
        if path.is_dir() {
            areas.push(Area { name, sources: files(&path)? });
        } else if path.extension().is_some_and(|extension| extension == "cpp") {
            areas.push(Area { name, sources: vec![path] });
        }
    }
    Ok(areas)
}

fn is_library(source: &Path) -> bool {
    source.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lib"))
}

fn program(root: &Path, host: &Host, area: &Area, folder: &Path) -> Result<PathBuf, String> {
    let start = folder.join("start.cpp");
    area.write_start(host, &start)?;
    let tests = root.join("conformance-tests");
    let mut inputs = ground(root, host)?;
    if host.is_ours() {
        inputs.push(distx(root).join(format!("distx.org_2024-llvm-libcxx-{}/lib/libc++.a", host.programs)));
    }
    inputs.extend([tests.join("cpp/check.hpp"), tests.join("c/start.h"), start.clone()]);
    inputs.extend(area.sources.iter().cloned());
    let compiler = || {
        let mut compile = Command::new(&host.compile_cpp[0]);
        compile.args(&host.compile_cpp[1..]).args(["-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror"]);
        compile.args(["-pthread", "-frounding-math", "-I"]).arg(tests.join("cpp")).arg("-I").arg(tests.join("c"));
        compile.arg(format!("-DHOST={}", host.library));
        compile
    };
    let mut link = Vec::new();
    for source in area.sources.iter().filter(|source| is_library(source) || is_plugin(source)) {
        let name = source.file_stem().ok_or("a source without a name")?;
        let library = folder.join(name).with_extension("so");
        let mut compile = compiler();
        compile.args(["-fPIC", "-shared"]).arg(source).arg("-o").arg(&library);
        if !host.is_ours() {
            compile.arg(format!("-Wl,-soname,{}.so", name.to_string_lossy()));
        }
        build(&mut compile, &library, &inputs)?;
        if is_library(source) {
            link.push(library);
        }
    }
    let product = folder.join(&area.name);
    let mut compile = compiler();
    let own = |source: &&PathBuf| {
        source.extension().is_some_and(|extension| extension == "cpp") && !is_library(source) && !is_plugin(source)
    };
    compile.args(area.sources.iter().filter(own));
    compile.arg(&start).args(link).arg("-o").arg(&product);
    if !host.is_ours() {
        compile.args(["-Wl,-rpath,$ORIGIN", "-latomic"]);
    }
    build(&mut compile, &product, &inputs)?;
    Ok(product)
}
