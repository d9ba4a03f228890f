//! A folder that a person with a Windows machine copies there and runs once: the loader, the libraries, the test programs as
//! they run here under Wine, questions that only Windows answers (`conformance-tests/windows`), and `run.cmd`, which asks all of
//! them and keeps what they say. `docs/windows-checklist.md` tells what the answers mean.

use crate::hosts::{Host, distx};
use crate::run::{about, files};
use crate::suite::{Area, Suite};
use crate::{c, cpp};
use std::path::{Path, PathBuf};

/// Packages whose libraries and data programs load, as they lie in the root.
const PACKAGES: [&str; 3] =
    ["distx.org_2024-xlibc-x86_64/lib", "distx.org_2024-llvm-libcxx-x86_64/lib", "distx.org_2024-tzdata-common/share"];
const LOADER: &str = "distx.org_2024-xload-x86_64/bin/xload_windows.exe";

/// Makes the folder. `root` is the checkout, `contract` the folder of the programs of the host contract; `scratch` keeps what
/// is compiled, as the suites do, so that a second time is quick.
pub fn write(root: &Path, host: &Host, contract: &Path, scratch: &Path, folder: &Path) -> Result<(), String> {
    let program = |suite: &Suite, area: &Area, to: PathBuf| {
        let built = scratch.join(suite.name).join("programs").join(host.programs).join(&area.name);
        std::fs::create_dir_all(&built).map_err(about(&built))?;
        copy(&(suite.build)(root, host, area, &built)?, &to.join("test"))?;
        libraries(&built, &to)
    };
    let distx = distx(root);
    for package in PACKAGES {
        libraries(&distx.join(package), &folder.join("distx").join(package))?;
    }
    copy(&distx.join(LOADER), &folder.join("distx").join(LOADER))?;
    copy(&contract.join("host_contract_windows.exe"), &folder.join("host_contract_windows.exe"))?;
    copy(&contract.join("x86_64/host_contract"), &folder.join("host_contract"))?;
    let (script, here) = (root.join("conformance-tests/windows/run.cmd"), folder.join("run.cmd"));
    let text = std::fs::read_to_string(&script).map_err(about(&script))?;
    // `cmd.exe` loses labels of a file with other ends of lines.
    std::fs::write(&here, text.replace('\n', "\r\n")).map_err(about(&here))?;
    let sources = files(&root.join("conformance-tests/windows"))?;
    let sources = sources.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "c"));
    let questions = Area { name: "windows".into(), sources: sources.collect() };
    program(&c::SUITE, &questions, folder.join(&questions.name))?;
    for suite in [&c::SUITE, &cpp::SUITE] {
        for area in (suite.areas)(root)? {
            program(suite, &area, folder.join(suite.name).join(&area.name))?;
        }
    }
    Ok(())
}

/// Copies shared libraries and data, links as the files that they lead to.
fn libraries(from: &Path, to: &Path) -> Result<(), String> {
    const ENDS: [&str; 4] = [".so", ".so.1", ".zi", ".list"];
    for path in files(from)? {
        let name = path.file_name().ok_or("a file without a name")?;
        if path.is_dir() {
            libraries(&path, &to.join(name))?;
        } else if ENDS.iter().any(|end| name.to_string_lossy().ends_with(end)) {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let folder: PathBuf = to.parent().map(Path::to_owned).unwrap_or_default();
    std::fs::create_dir_all(&folder).map_err(about(&folder))?;
    std::fs::copy(from, to).map(drop).map_err(about(from))
}
