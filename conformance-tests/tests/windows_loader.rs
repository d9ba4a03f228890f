//! `cargo test -p conformance-tests --test windows_loader`: the loader for Windows as a file, and on processors that this
//! machine may not have.

use conformance_tests::hosts::{Host, hosts, is_there};
use conformance_tests::programs::{check_with, compile};
use conformance_tests::run::{about, files, run};
use conformance_tests::suite::conclude;
use conformance_tests::{c, cpp, kit};
use libtest_mimic::{Failed, Trial};
use object::LittleEndian;
use object::pe;
use object::read::pe::{ImageNtHeaders, PeFile64, ResourceDirectoryEntryData, ResourceNameOrId};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// By the bytes of their XSAVE area, which is what Windows and Wine lay on the stack for an exception; one has FXSAVE only.
const PROCESSORS: [(&str, &str); 3] = [
    ("fxsave", "Haswell,-xsave,-xsaveopt,-avx,-avx2,-f16c,-fma"),
    ("xsave_576", "Haswell,-avx,-avx2,-f16c,-fma"),
    ("xsave_832", "Haswell"),
];
/// What the emulator does not have either, and would say.
const WITHOUT: &str = "-pcid,-x2apic,-tsc-deadline,-hle,-invpcid,-rtm";

fn main() -> ExitCode {
    conclude("windows_loader", trials())
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let Some(host) = hosts(root).into_iter().find(|host| host.is_ours() && host.is_windows()) else {
        return Ok(Vec::new());
    };
    let [wine, loader] = &host.start[..] else { return Err("Windows programs need Wine and a loader".into()) };
    let missing = host.missing();
    let no_emulator = match is_there(Path::new("qemu-x86_64")) {
        false => Some("no qemu-x86_64".to_owned()),
        true if std::fs::read(wine).is_ok_and(|file| file.starts_with(b"\x7FELF")) => None,
        true => Some(format!("{} is no ELF file that qemu-x86_64 could run", wine.display())),
    };
    let ignore = |trial: Trial, missing: Option<String>| match missing {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None => trial,
    };
    let file = loader.clone();
    let headers = Trial::test("headers", move || headers(&file).map_err(Failed::from));
    let (file, folder) = (loader.clone(), root.join("xload/windows"));
    let resources = Trial::test("resources", move || resources(&file, &folder).map_err(Failed::from));
    let mut trials = vec![ignore(headers, missing.clone()), ignore(resources, missing.clone())];
    let (sources, on_drives) = (root.to_owned(), host.clone());
    let configuration = configuration(&host);
    let elsewhere = configuration.is_none().then(|| "this Wine keeps its configuration elsewhere".to_owned());
    let drives = Trial::test("drives", move || {
        drives(&sources, &on_drives, &configuration.unwrap_or_default()).map_err(Failed::from)
    });
    trials.push(ignore(drives, missing.clone().or(elsewhere)));
    for (name, processor) in PROCESSORS {
        let (root, host) = (root.to_owned(), host.clone());
        let trial = Trial::test(format!("fault_frames::{name}"), move || {
            fault_frames(&root, &host, name, processor).map_err(Failed::from)
        });
        trials.push(ignore(trial, missing.clone().or_else(|| no_emulator.clone())));
    }
    let contract = std::env::var_os("HOST_CONTRACT").map(PathBuf::from);
    let no_contract = contract.is_none().then(|| "HOST_CONTRACT is not set".to_owned());
    let (root, host) = (root.to_owned(), host.clone());
    let kit = move || kit_runs(&root, &host, &contract.unwrap_or_default()).map_err(Failed::from);
    trials.push(ignore(Trial::test("kit", kit), missing.or(no_contract)));
    Ok(trials)
}

/// The folder for people with a Windows machine (docs/windows-checklist.md): its script runs everything, and finds nothing here.
fn kit_runs(root: &Path, host: &Host, contract: &Path) -> Result<(), String> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = scratch.join("windows_loader/kit");
    let _ = std::fs::remove_dir_all(&folder);
    kit::write(root, host, contract, scratch, &folder)?;
    let shell = Host { start: host.start.iter().take(1).cloned().collect(), ..host.clone() };
    let mut command = shell.command(Path::new("cmd"));
    command.args(["/c", "run.cmd"]).current_dir(&folder);
    let outcome = run(&mut command, &scratch.join("windows_loader"), "kit", Duration::from_secs(300))?;
    let results = folder.join("results");
    let mut asked = 0;
    for path in files(&results)? {
        let said = std::fs::read_to_string(&path).map_err(about(&path))?;
        let is_good = match path.file_stem().and_then(|name| name.to_str()) {
            Some("failures") => said.is_empty(),
            Some("machine") => said.contains("Windows"),
            _ => {
                asked += 1;
                said.trim_end().ends_with("== exit code 0") && !said.contains("== end 1")
            }
        };
        if !is_good {
            return Err(format!("{}:\n{said}", path.display()));
        }
    }
    let areas = (c::SUITE.areas)(root)?.len() + (cpp::SUITE.areas)(root)?.len();
    // And the platform, the table and at least one set of questions.
    if asked < areas + 3 { Err(format!("{asked} programs ran\n{}", outcome.said)) } else { Ok(()) }
}

/// Addresses are random, of all 64 bits; data cannot be run; the stack is as large as promised and grows no further.
fn headers(file: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let image = PeFile64::parse(&*bytes).map_err(|error| format!("{}: {error}", file.display()))?;
    let headers = image.nt_headers();
    let optional = headers.optional_header();
    let wanted = pe::IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE
        | pe::IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA
        | pe::IMAGE_DLLCHARACTERISTICS_NX_COMPAT;
    let flags = optional.dll_characteristics.get(LittleEndian);
    if flags & wanted != wanted {
        return Err(format!("DllCharacteristics is {flags:#x}, without some of {wanted:#x}"));
    }
    let characteristics = headers.file_header().characteristics.get(LittleEndian);
    if (characteristics & pe::IMAGE_FILE_RELOCS_STRIPPED).0 != 0
        || image
            .data_directory(pe::IMAGE_DIRECTORY_ENTRY_BASERELOC)
            .is_none_or(|table| table.size.get(LittleEndian) == 0)
    {
        return Err("without relocations the address is not random".into());
    }
    for section in image.section_table().iter() {
        let flags = section.characteristics.get(LittleEndian);
        let both = pe::IMAGE_SCN_MEM_WRITE | pe::IMAGE_SCN_MEM_EXECUTE;
        if flags & both == both {
            return Err(format!("{}: writable and executable", String::from_utf8_lossy(&section.name)));
        }
    }
    let stack = optional.size_of_stack_reserve.get(LittleEndian);
    if !(8 << 20..9 << 20).contains(&stack) {
        return Err(format!("a main stack of {stack} bytes"));
    }
    // Windows puts guard pages below what is committed, within what is reserved.
    let committed = optional.size_of_stack_commit.get(LittleEndian);
    if committed > stack / 2 {
        return Err(format!(
            "a main stack of {stack} bytes of which {committed} are committed: no room for guard pages"
        ));
    }
    Ok(())
}

/// The manifest is the source's, and the version that of the packages. It asks for paths of any length, UTF-8, no other rights
/// than the caller's, and for no compatibility with Windows before 10.
fn resources(file: &Path, sources: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let manifest = resource(&bytes, pe::RT_MANIFEST).map_err(|error| format!("manifest: {error}"))?;
    let source = sources.join("application.manifest");
    if std::fs::read(&source).map_err(|error| format!("{}: {error}", source.display()))? != manifest {
        return Err(format!("another manifest: {}", String::from_utf8_lossy(manifest)));
    }
    let manifest = String::from_utf8_lossy(manifest);
    let wanted = [
        ">true</longPathAware>",
        ">UTF-8</activeCodePage>",
        "level=\"asInvoker\"",
        "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}",
    ];
    if let Some(missing) = wanted.iter().find(|part| !manifest.contains(*part)) {
        return Err(format!("the manifest does not say {missing}"));
    }
    let version = resource(&bytes, pe::RT_VERSION).map_err(|error| format!("version: {error}"))?;
    let units: Vec<u16> = version.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16_lossy(&units);
    for (name, value) in [("FileVersion", env!("CARGO_PKG_VERSION")), ("OriginalFilename", "xload_windows.exe")] {
        // A value starts at a multiple of four bytes.
        let found = text.split_once(name).map(|(_, rest)| rest.trim_start_matches('\0'));
        if !found.is_some_and(|found| found.starts_with(&format!("{value}\0"))) {
            return Err(format!("{name} is not {value}: {text:?}"));
        }
    }
    Ok(())
}

/// The first resource of a kind in the image of an executable.
fn resource(bytes: &[u8], kind: u16) -> Result<&[u8], String> {
    let said = |error: object::Error| error.to_string();
    let image = PeFile64::parse(bytes).map_err(said)?;
    let sections = image.section_table();
    let all = image.data_directories().resource_directory(bytes, &sections).map_err(said)?.ok_or("no resources")?;
    let mut table = all.root().map_err(said)?;
    let mut wanted = Some(kind);
    // By kind, by name, by language.
    loop {
        let is_wanted = |id: ResourceNameOrId| wanted.is_none_or(|kind| id.id() == Some(kind));
        let entry = table.entries.iter().find(|entry| is_wanted(entry.name_or_id())).ok_or("none of the kind")?;
        wanted = None;
        match entry.data(all).map_err(said)? {
            ResourceDirectoryEntryData::Table(below) => table = below,
            ResourceDirectoryEntryData::Data(data) => {
                let range = (data.offset_to_data.get(LittleEndian), data.size.get(LittleEndian) as usize);
                let found = sections.pe_data_at(bytes, range.0).and_then(|data| data.get(..range.1));
                return found.ok_or_else(|| "outside of the file".into());
            }
        }
    }
}

/// The folder of Wine's configuration.
fn configuration(host: &Host) -> Option<PathBuf> {
    let command = host.command(Path::new(""));
    let prefix = command.get_envs().find(|(name, _)| *name == "WINEPREFIX").and_then(|(_, prefix)| prefix);
    prefix.map(PathBuf::from).filter(|prefix| prefix.join("system.reg").exists())
}

/// A drive that stands for a folder, as `subst` makes it, and another machine: in a configuration made from that one.
fn drives(root: &Path, host: &Host, ours: &Path) -> Result<(), String> {
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("windows_loader").join("drives");
    let source = root.join("conformance-tests/programs/windows/drives.c");
    let program = compile(root, host, &source, &scratch.join("built"))?;
    let mut command = host.command(&program);
    let (own, folder) = (scratch.join("wine"), scratch.join("folder"));
    let said = |error: std::io::Error| format!("{}: {error}", own.display());
    let _ = std::fs::remove_dir_all(&own);
    std::fs::create_dir_all(own.join("dosdevices/unc/nas")).map_err(said)?;
    for file in ["system.reg", "user.reg", "userdef.reg", ".update-timestamp"] {
        std::fs::copy(ours.join(file), own.join(file)).map_err(said)?;
    }
    std::fs::create_dir_all(folder.join("dir")).map_err(said)?;
    std::fs::write(folder.join("dir/mark"), "").map_err(said)?;
    let links = [
        ("drive_c", &*ours.join("drive_c")),
        ("dosdevices/c:", Path::new("../drive_c")),
        ("dosdevices/z:", Path::new("/")),
        ("dosdevices/q:", &*folder),
        ("dosdevices/unc/nas/share", &*folder),
    ];
    for (name, target) in links {
        symlink(target, own.join(name)).map_err(said)?;
    }
    command.env("WINEPREFIX", &own);
    check_with(command, host, &source, &scratch.join("run"))
}

/// Handlers of faults work whatever the size of the state that the system saves for them.
fn fault_frames(root: &Path, host: &Host, name: &str, processor: &str) -> Result<(), String> {
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("windows_loader").join(name);
    let source = root.join("conformance-tests/programs/fault_frames.c");
    let program = compile(root, host, &source, &scratch.join("built"))?;
    let plain = host.command(&program);
    let mut command = Command::new("qemu-x86_64");
    command.arg("-cpu").arg(format!("{processor},{WITHOUT}")).arg(plain.get_program()).args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // Else Wine starts itself again, and past the emulator.
    command.env("WINELOADERNOEXEC", "1");
    check_with(command, host, &source, &scratch.join("run"))
}
