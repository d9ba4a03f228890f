//! `./x package`: the packages of `_distx` as a repository, a folder with an archive of each and an index.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use distx_packages::Key;
use distx_packages::archive::write;
use distx_packages::index::{Hash, INDEX, Index, Package, Program, SIGNATURE};
use distx_packages::signature::PrivateKey;
use loader_abi::files::PACKAGE_PREFIX;

use crate::progress::{self, Step};
use crate::project::Project;
use crate::{llvm_package, packages, run};

/// What a package is of no use without, by its name; `CPU` stands for that of the package. `llvm` is what compiles and links
/// for its own CPU.
const NEEDS: [(&str, &[&str]); 8] = [
    ("llvm", &["llvm-common", "llvm-libcxx-CPU", "llvm-rt-CPU", "xlibc-CPU", "xload-CPU"]),
    ("llvm-libcxx", &["llvm-libcxx-common", "xlibc-CPU"]),
    ("llvm-rt", &["llvm-rt-common", "xlibc-CPU"]),
    ("xbuild", &["xlibc-CPU", "xload-CPU"]),
    ("xlibc", &["xlibc-common", "tzdata-common", "xload-CPU"]),
    ("xload", &["xload-common"]),
    ("tzdata", &[]),
    // Of the machine-independent half of each.
    ("common", &[]),
];

/// Makes or updates the repository in a folder, of what `./x build` made.
pub fn repository(project: &Project, folder: &Path, key: Option<&Path>) -> Result<()> {
    let signer = key.map(PrivateKey::read).transpose()?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut all = BTreeMap::new();
    let mut step = Step::begin("pack");
    let keys = keys(&project.root().0)?;
    for (at, key) in keys.iter().enumerate() {
        step.advance(at as u64, keys.len() as u64);
        all.insert(key.clone(), pack(project, key, folder)?);
    }
    step.end();
    for (key, package) in &all {
        for need in &package.needs {
            ensure!(all.contains_key(need), "{key} needs {need}, which is not built");
        }
    }
    let mut index = Index::new(0, all);
    index.programs = programs(project, folder)?;
    index.serial = serial(project, folder, &index);
    let text = index.text()?;
    packages::text(&folder.join(INDEX), &text)?;
    let signature = folder.join(SIGNATURE);
    match signer {
        Some(signer) => {
            packages::text(&signature, &signer.sign(text.as_bytes()))?;
            progress::note(&format!("{}: signed by {}", folder.display(), signer.public()));
        }
        None => {
            if signature.exists() {
                fs::remove_file(&signature)?;
            }
            progress::note(&format!("{}: not signed; `distx key new FILE` and --key FILE sign it", folder.display()));
        }
    }
    Ok(())
}

/// The packages in a root.
fn keys(root: &Path) -> Result<Vec<Key>> {
    let entries = fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut keys: Vec<Key> =
        names.filter(|name| name.starts_with(PACKAGE_PREFIX)).map(|name| Key::parse(&name)).collect::<Result<_>>()?;
    keys.sort();
    Ok(keys)
}

/// Puts the archive of a package into the repository. Archives that were made before are kept beside, with what the index says
/// of them, one of each package: most packages are what they were.
fn pack(project: &Project, key: &Key, folder: &Path) -> Result<Package> {
    let from = project.root().0.join(key.as_str());
    let made = project.work("packages").join(key.as_str());
    let contents = write::contents_hash(key, &from)?;
    let archive = made.join(format!("{}.tar.xz", contents.as_str()));
    let sizes = archive.with_extension("json");
    if !sizes.exists() {
        let _ = fs::remove_dir_all(&made);
        fs::create_dir_all(&made)?;
        let mut to = BufWriter::new(File::create(&archive)?);
        let written = write::write(key, &from, &mut to)?;
        to.flush()?;
        // Last, so that a broken archive is made again.
        packages::text(&sizes, &written.unpacked_bytes.to_string())?;
    }
    packages::file(&archive, &folder.join(key.archive()))?;
    Ok(Package {
        version: version(key, &from),
        bytes: fs::metadata(&archive)?.len(),
        unpacked_bytes: fs::read_to_string(&sizes)?.parse().context("a size")?,
        sha256: Hash::of(File::open(&archive)?)?,
        needs: needs(key)?,
    })
}

/// Puts `distx` itself into the repository, for every machine, if the build has made all of them: a person who has nothing yet begins
/// with one of these files.
fn programs(project: &Project, folder: &Path) -> Result<BTreeMap<String, Program>> {
    let root = project.root();
    let all = llvm_package::has_every_machine(&root);
    let mut programs = BTreeMap::new();
    for (name, file) in llvm_package::drivers(&root) {
        let to = folder.join(name);
        if all {
            packages::file(&file, &to)?;
            let (bytes, sha256) = (fs::metadata(&file)?.len(), Hash::of(File::open(&file)?)?);
            let version = env!("CARGO_PKG_VERSION").to_owned();
            programs.insert(name.to_owned(), Program { version, bytes, sha256 });
        } else if to.exists() {
            // Of an earlier build: the index would not know it.
            fs::remove_file(&to).with_context(|| format!("cannot remove {}", to.display()))?;
        }
    }
    Ok(programs)
}

/// Ours, and beside it that of what we built from the sources of others.
fn version(key: &Key, folder: &Path) -> String {
    let ours = env!("CARGO_PKG_VERSION");
    let (name, _) = parts(key);
    match name {
        "tzdata" => {
            let rules = fs::read_to_string(folder.join("share/zoneinfo/tzdata.zi")).unwrap_or_default();
            let version = rules.lines().next().and_then(|line| line.strip_prefix("# version "));
            version.unwrap_or(ours).to_owned()
        }
        _ if name.starts_with("llvm") => format!("{ours}+llvm{}", distx_toolchain::tools::LLVM_MAJOR),
        _ => ours.to_owned(),
    }
}

/// Name and variant: `llvm-rt` and `x86_64`.
fn parts(key: &Key) -> (&str, &str) {
    let name = key.as_str().strip_prefix(PACKAGE_PREFIX).unwrap_or(key.as_str());
    name.rsplit_once('-').unwrap_or((name, ""))
}

fn needs(key: &Key) -> Result<Vec<Key>> {
    let (name, variant) = parts(key);
    let name = if variant == "common" { variant } else { name };
    let known = NEEDS.iter().find(|(known, _)| *known == name);
    let (_, needs) = known.with_context(|| format!("{key}: xtask/package.rs does not say what it needs"))?;
    let need = |need: &&str| {
        let (name, of) = need.rsplit_once('-').unwrap_or((need, ""));
        Key::parse(&format!("{PACKAGE_PREFIX}{name}-{}", if of == "CPU" { variant } else { of }))
    };
    needs.iter().map(need).collect()
}

/// The serial of the index: as before if nothing changed, else a later one. A repository that is made anew begins with the time
/// of the commit, so that the same commit makes the same bytes, and a later one a greater number.
fn serial(project: &Project, folder: &Path, new: &Index) -> u64 {
    let time = run::output(Command::new("git").current_dir(&project.folder).args(["log", "-1", "--format=%ct"]));
    let time = time.ok().and_then(|time| time.trim().parse().ok()).unwrap_or(1);
    match fs::read(folder.join(INDEX)).ok().and_then(|old| Index::parse(&old).ok()) {
        Some(old) if old.packages == new.packages && old.programs == new.programs => old.serial,
        Some(old) => time.max(old.serial + 1),
        None => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use distx_toolchain::target::Cpu;

    fn key(name: &str) -> Key {
        Key::parse(&format!("{PACKAGE_PREFIX}{name}")).expect("a key")
    }

    #[test]
    fn needs_are_of_the_same_cpu() {
        let names = |name: &str| needs(&key(name)).expect(name);
        assert_eq!(names("llvm-libcxx-aarch64"), [key("llvm-libcxx-common"), key("xlibc-aarch64")]);
        assert!(names("llvm-libcxx-common").is_empty());
        assert!(needs(&key("unknown-x86_64")).is_err());
    }

    #[test]
    fn a_repository_changes_with_its_packages_only() {
        let place = tempfile::tempdir().expect("a folder");
        let project = Project { folder: place.path().to_owned(), build: crate::project::Build::Release };
        let write = |name: &str, text: &str| {
            let file = project.root().0.join(format!("{PACKAGE_PREFIX}{name}"));
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, text).expect("written");
        };
        for needed in [
            "llvm-rt-common/include/omp.h",
            "xlibc-common/include/a.h",
            "xlibc-x86_64/lib/libc.so",
            "xload-common/include/a.h",
            "xload-x86_64/bin/a",
        ] {
            write(needed, "");
        }
        write("llvm-rt-x86_64/lib/a", "a");
        write("tzdata-common/share/zoneinfo/tzdata.zi", "# version 2024a\nR");
        let folder = place.path().join("repository");
        let read = || {
            let files = fs::read_dir(&folder).expect("read").flatten();
            let files = files.map(|entry| (entry.file_name(), fs::read(entry.path()).expect("read")));
            files.collect::<BTreeMap<_, _>>()
        };
        repository(&project, &folder, None).expect("made");
        let first = read();
        let index = Index::parse(&first[INDEX.as_ref() as &std::ffi::OsStr]).expect("an index");
        assert_eq!(index.packages[&key("tzdata-common")].version, "2024a");
        repository(&project, &folder, None).expect("made");
        assert_eq!(read(), first);
        // From nothing, too: two builds give the same bytes.
        fs::remove_dir_all(&folder).expect("removed");
        fs::remove_dir_all(project.work("packages")).expect("removed");
        let signer = place.path().join("key");
        PrivateKey::create(&signer).expect("made");
        repository(&project, &folder, Some(&signer)).expect("made");
        let mut second = read();
        assert!(second.remove(SIGNATURE.as_ref() as &std::ffi::OsStr).is_some());
        assert_eq!(second, first);
        write("llvm-rt-x86_64/lib/a", "b");
        repository(&project, &folder, None).expect("made");
        let changed = Index::parse(&fs::read(folder.join(INDEX)).expect("read")).expect("an index");
        assert_eq!(changed.serial, index.serial + 1);
        assert!(!folder.join(SIGNATURE).exists());
        for name in ["llvm-common/include/a.h", "llvm-libcxx-common/include/a", "llvm-libcxx-x86_64/lib/a"] {
            write(name, "");
        }
        for name in ["llvm-x86_64/bin/distx", "llvm-x86_64/bin/distx.exe"] {
            write(name, name);
        }
        repository(&project, &folder, None).expect("made");
        assert!(!folder.join("distx-linux-x86_64").exists(), "one is missing");
        for name in
            ["llvm-rt-aarch64/lib/a", "llvm-libcxx-aarch64/lib/a", "xlibc-aarch64/lib/libc.so", "xload-aarch64/bin/a"]
        {
            write(name, "");
        }
        write("llvm-aarch64/bin/distx", "a");
        repository(&project, &folder, None).expect("made");
        let with = Index::parse(&fs::read(folder.join(INDEX)).expect("read")).expect("an index");
        let names = ["distx-linux-aarch64", "distx-linux-x86_64", "distx-windows-x86_64.exe"];
        assert_eq!(with.programs.keys().collect::<Vec<_>>(), names);
        for (name, program) in &with.programs {
            let file = File::open(folder.join(name)).expect(name);
            assert_eq!(
                (file.metadata().expect(name).len(), Hash::of(file).expect(name)),
                (program.bytes, program.sha256.clone())
            );
        }
        let changes = |what: &str| {
            repository(&project, &folder, None).expect("made");
            let now = Index::parse(&fs::read(folder.join(INDEX)).expect("read")).expect("an index");
            assert!(now.serial > with.serial, "{what}");
            now
        };
        fs::remove_file(project.root().llvm(Cpu::X86_64).join("bin/distx.exe")).expect("removed");
        assert!(changes("without").programs.is_empty());
        assert!(names.iter().all(|name| !folder.join(name).exists()));
        fs::remove_dir_all(project.root().package("llvm", "common")).expect("removed");
        let error = repository(&project, &folder, None).expect_err("refused").to_string();
        assert!(error.contains("needs distx.org_2024-llvm-common, which is not built"), "{error}");
    }
}
