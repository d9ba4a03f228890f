//! Where a root can lie and who uses it: moved, in a path with blanks and letters beyond ASCII, read-only, for a user who is not
//! root. Needs a built root, as the tests of the driver do.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use distx_toolchain::target::{Cpu, Root};
use tempfile::TempDir;

/// A user of every system who owns nothing.
const NOBODY: u32 = 65534;
const NAME: &str = "mein Ordner für π 'und' mehr";

/// A copy of a root in a strange place, and a folder of the user's own.
struct Place {
    folder: TempDir,
    root: Root,
    user: Option<u32>,
}

impl Place {
    /// `None` (and a line that says so) where `./x build` has not run.
    fn new() -> Option<Place> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(|checkout| checkout.join("_distx"));
        let built = Root(std::env::var_os("DISTX_ROOT").map(PathBuf::from).or(built)?);
        if !built.xlibc(Cpu::X86_64).join("lib/libc.so").exists() {
            eprintln!("skipped: {} holds no C library; ./x build makes it", built.0.display());
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let root = Root(folder.path().join(NAME));
        fs::create_dir(&root.0).expect("made");
        let wanted = |name: &str| {
            name == "bin"
                || ["-xlibc-", "-xload-", "-llvm-rt-", "-llvm-libcxx-", "-llvm-common"]
                    .iter()
                    .any(|part| name.contains(part))
        };
        for entry in fs::read_dir(&built.0).expect("read") {
            let entry = entry.expect("read");
            if wanted(&entry.file_name().to_string_lossy()) {
                let copied = Command::new("cp").arg("-a").arg(entry.path()).arg(&root.0).status().expect("cp runs");
                assert!(copied.success());
            }
        }
        let work = folder.path().join("work");
        fs::create_dir(&work).expect("made");
        fs::write(work.join("a b.c"), "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 42; }\n")
            .expect("written");
        Some(Place { folder, root, user: None })
    }

    /// For a user who is not root, to whom the working folder belongs and the root does not. `None` where we are not root ourselves.
    fn for_nobody(mut self) -> Option<Place> {
        let work = self.work();
        if chown(&work, Some(NOBODY), Some(NOBODY)).is_err() {
            eprintln!("skipped: only root starts programs as another user");
            return None;
        }
        fs::set_permissions(self.folder.path(), Permissions::from_mode(0o755)).expect("set");
        self.user = Some(NOBODY);
        Some(self)
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    fn command(&self, program: &Path, args: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.work()).env_remove("XLOAD_ROOT");
        if let Some(user) = self.user {
            command.uid(user).gid(user).env("HOME", "/nonexistent");
        }
        command.output().expect("runs")
    }

    fn compiles_and_runs(&self) {
        let output = self.command(&self.root.bin().join("distx"), &["cc", "a b.c", "-o", "the program"]);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let output = self.command(&self.root.loader(), &["the program"]);
        assert_eq!(output.status.code(), Some(42), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, b"hello\n");
    }
}

#[test]
fn a_moved_root_with_blanks_and_letters_in_its_path() {
    let Some(mut place) = Place::new() else { return };
    place.compiles_and_runs();
    let moved = place.folder.path().join("moved");
    fs::rename(&place.root.0, &moved).expect("moved");
    place.root = Root(moved.clone());
    place.compiles_and_runs();
    let output = place.command(&place.root.bin().join("distx"), &["root"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), moved.to_string_lossy());
}

#[test]
fn the_root_of_another_user() {
    let Some(place) = Place::new().and_then(Place::for_nobody) else { return };
    place.compiles_and_runs();
}

#[test]
fn a_root_that_nobody_may_write() {
    let Some(place) = Place::new().and_then(Place::for_nobody) else { return };
    let status = Command::new("chmod").args(["-R", "a-w"]).arg(&place.root.0).status().expect("chmod runs");
    assert!(status.success());
    place.compiles_and_runs();
    let status = Command::new("chmod").args(["-R", "u+w"]).arg(&place.root.0).status().expect("chmod runs");
    assert!(status.success(), "else the folder could not be removed");
}

#[test]
fn a_project_of_another_user_is_no_project_of_ours() {
    let Some(place) = Place::new().and_then(Place::for_nobody) else { return };
    // distx outside of any root, root's project above the user's folder, and below it one of the user.
    let program = place.folder.path().join("distx");
    fs::copy(place.root.bin().join("distx"), &program).expect("copied");
    fs::rename(&place.root.0, place.work().join("_distx")).expect("moved");
    fs::write(place.work().join("distx-build.json"), "{}").expect("written");
    let found = place.command(&program, &["root"]);
    assert!(found.status.success(), "root's file is trusted: {}", String::from_utf8_lossy(&found.stderr));
    chown(place.work().join("distx-build.json"), Some(NOBODY - 1), None).expect("given away");
    let refused = place.command(&program, &["root"]);
    let text = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(1) && text.contains("belongs to another user"), "{text}");
}
