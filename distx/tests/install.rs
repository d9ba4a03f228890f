//! `distx install` and its kin as people call them.

// Each test program uses a part of it.
#[allow(dead_code)]
#[path = "../packages/tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use support::server::{Reply, Server};
use support::{Repository, key, tree};
use tempfile::TempDir;

/// A user with a project in a folder whose name is not an easy one.
struct User {
    place: TempDir,
}

impl User {
    fn new(build: &str) -> User {
        let user = User { place: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(user.project()).expect("made");
        fs::write(user.project().join("distx-build.json"), build).expect("written");
        user
    }

    fn project(&self) -> PathBuf {
        self.place.path().join("My projects/Grüße")
    }

    fn repository(&self) -> Repository {
        Repository::new(self.project().join("../packages"))
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.project().join("_distx").join(key(name).as_str()).join("lib/file")).unwrap_or_default()
    }

    /// With an environment of its own.
    fn prepared(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.project()).stdin(Stdio::null());
        for name in ["DISTX_REPOSITORY", "SSL_CERT_FILE"] {
            command.env_remove(name);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"] {
            command.env(name, self.place.path().join(name.to_lowercase()));
        }
        command
    }

    fn distx(&self, args: &[&str]) -> Command {
        let mut command = self.prepared(env!("CARGO_BIN_EXE_distx"));
        command.args(args);
        command
    }

    fn good(&self, args: &[&str]) -> String {
        let output = self.distx(args).output().expect("runs");
        let (text, errors) = texts(&output);
        assert!(output.status.success(), "distx {args:?}: {errors}");
        text
    }

    /// Must fail, say `why`, and change nothing in the project.
    fn refused(&self, mut command: Command, why: &str) {
        let before = tree(&self.project());
        let output = command.output().expect("runs");
        let (_, errors) = texts(&output);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {errors}");
        assert!(
            errors.contains("distx: error: ") && errors.contains(why),
            "{command:?} does not say `{why}`: {errors}"
        );
        assert_eq!(tree(&self.project()), before, "{errors}");
    }
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

const BUILD: &str = r#"{"repositories": ["../packages"], "dep": ["packages.example_a"]}"#;

#[test]
fn a_project_gets_its_packages() {
    let user = User::new(BUILD);
    let mut repository = user.repository();
    repository.add("a", "1", &["b"]);
    repository.add("b", "1", &[]);
    repository.publish(1, None);
    assert_eq!(user.good(&["install"]), "installed packages.example_a 1\ninstalled packages.example_b 1\n");
    assert_eq!(user.good(&["i"]), "nothing to do: 2 packages are in place\n");
    assert_eq!(user.good(&["install", "--locked", "--offline"]), "nothing to do: 2 packages are in place\n");
    repository.add("b", "2", &[]);
    repository.publish(2, None);
    user.refused(user.distx(&["install", "--locked"]), "packages.example_b: 1 (");
    assert_eq!(user.good(&["install"]), "updated packages.example_b 1 -> 2\n");
    let found = user.good(&["search", "EXAMPLE_A"]);
    assert!(found.starts_with("* packages.example_a  1"), "{found}");
    user.refused(user.distx(&["remove", "packages.example_b"]), "packages.example_a needs packages.example_b");
    user.refused(user.distx(&["remove", "packages.example_c"]), "no package `packages.example_c`; did you mean");
    assert_eq!(user.good(&["remove", "packages.example_a"]), "removed packages.example_a\n");
    assert_eq!((user.file("a"), user.file("b")), (String::new(), "2".into()));
}

#[test]
fn a_package_by_name_is_added_to_the_project() {
    let user = User::new(
        "{\n    \"repositories\": [\"../packages\"],\n    \"dep\": [\n        \"packages.example_a\"\n    ]\n}\n",
    );
    let mut repository = user.repository();
    repository.add("a", "1", &[]);
    repository.add("b", "1", &[]);
    let ours = |name: &str| distx_packages::Key::parse(&format!("distx.org_2024-{name}")).expect("a key");
    for name in [format!("xlibc-{}", std::env::consts::ARCH), "tzdata-common".into()] {
        fs::copy(repository.archive("a"), repository.folder.join(ours(&name).archive())).expect("copied");
        repository.packages.insert(ours(&name), repository.packages[&key("a")].clone());
    }
    repository.publish(1, None);
    let file = || fs::read_to_string(user.project().join("distx-build.json")).expect("read");
    let before = file();
    user.refused(user.distx(&["install", "xlib"]), "no package `xlib`; did you mean \"xlibc\"?");
    user.refused(user.distx(&["install", "tzdata"]), "not in the folder distx.org_2024-tzdata-common");
    assert_eq!(file(), before, "what is not installed is not written down");
    user.good(&["install", "packages.example_b"]);
    assert_eq!(file(), before.replace("example_a\"", "example_a\",\n        \"packages.example_b\""));
    user.good(&["install", "packages.example_b"]);
    assert_eq!(user.file("b"), "1");
}

#[test]
fn repositories_are_chosen_by_variable_project_or_user() {
    let user = User::new(r#"{"dep": ["packages.example_a"]}"#);
    let mut repository = user.repository();
    repository.add("a", "1", &[]);
    repository.publish(1, None);
    let with = |value: &str| {
        let mut command = user.distx(&["install"]);
        command.env("DISTX_REPOSITORY", value);
        command
    };
    user.refused(with("http://packages.example"), "in DISTX_REPOSITORY");
    user.refused(with("ftp://packages.example"), "`ftp:` is not known");
    user.refused(with("nowhere"), "no such folder");
    assert!(with("../packages").output().expect("runs").status.success());
    user.good(&["remove", "packages.example_a"]);
    let config = user.place.path().join(if cfg!(windows) { "appdata" } else { "xdg_config_home" }).join("distx");
    fs::create_dir_all(&config).expect("made");
    fs::write(config.join("config.json"), r#"{"repositories": "x"}"#).expect("written");
    user.refused(user.distx(&["install"]), "config.json");
    let folder = repository.folder.canonicalize().expect("there");
    let text = serde_json::json!({ "repositories": [folder.to_str()] }).to_string();
    fs::write(config.join("config.json"), text).expect("written");
    user.good(&["install"]);
}

#[test]
fn a_repository_is_signed_and_pinned() {
    let user = User::new(BUILD);
    let mut repository = user.repository();
    repository.add("a", "1", &[]);
    let public = user.good(&["key", "new", "../signing.key"]);
    user.refused(user.distx(&["key", "new", "../signing.key"]), "is there already");
    assert_eq!(user.good(&["key", "show", "../signing.key"]), public);
    let read = |name: &str| distx_packages::signature::PrivateKey::read(&user.project().join(name)).expect("a key");
    repository.publish(1, Some(&read("../signing.key")));
    user.good(&["install"]);
    assert!(user.good(&["key", "show"]).contains(public.trim_end()));
    user.good(&["key", "new", "../other.key"]);
    repository.publish(2, Some(&read("../other.key")));
    user.refused(user.distx(&["install"]), "the key has changed");
    user.good(&["key", "forget", "../packages"]);
    user.good(&["install"]);
}

#[test]
fn a_killed_install_leaves_nothing_half() {
    let user = User::new(r#"{"dep": ["packages.example_a", "packages.example_b"]}"#);
    let mut repository = user.repository();
    repository.add("a", "1", &[]);
    repository.add_large("b", "1", &[], 400_000);
    repository.publish(1, None);
    let folder = repository.folder.clone();
    let ((half, half_came), (go_on, going_on)) = (channel(), channel::<()>());
    let (half, going_on) = (Mutex::new(half), Arc::new(Mutex::new(going_on)));
    // Half of b's archive, then silence until the test is over.
    let server = Server::new(move |asked, _| match Reply::file(&folder, asked) {
        reply if asked.path.contains("example_b") => {
            let (half, going_on) = (half.lock().expect("not poisoned").clone(), Arc::clone(&going_on));
            let wait = move || {
                let _ = half.send(());
                let _ = going_on.lock().map(|going_on| going_on.recv());
            };
            Reply { cut: Some(200_000), wait: Some(Arc::new(wait)), ..reply }
        }
        reply => reply,
    });
    let mut child = user
        .distx(&["install"])
        .env("DISTX_REPOSITORY", &server.url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    let before = tree(&user.project());
    half_came.recv().expect("half came");
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(tree(&user.project()), before);
    drop(go_on);
    let good = Server::files(repository.folder.clone());
    let output = user.distx(&["install"]).env("DISTX_REPOSITORY", &good.url).output().expect("runs");
    assert!(output.status.success(), "{}", texts(&output).1);
    assert_eq!((user.file("a"), user.file("b")), ("1".into(), "1".into()));
}

/// A limit on the size of files fails writes as a full disk does, and needs no disk.
#[cfg(unix)]
#[test]
fn a_full_disk_changes_nothing() {
    let user = User::new(r#"{"repositories": ["../packages"], "dep": ["packages.example_a", "packages.example_b"]}"#);
    let mut repository = user.repository();
    let limited = || {
        let mut command = user.prepared("sh");
        // 64 or 128 KiB, as the shell counts.
        let script = r#"trap "" XFSZ; ulimit -f 128; exec "$0" install"#;
        command.args(["-c", script, env!("CARGO_BIN_EXE_distx")]);
        command
    };
    // The archive is small, what it unpacks to is not.
    repository.add("a", "1", &[]);
    repository.add("b", &"large\n".repeat(100_000), &[]);
    repository.describe("b", "1", &[], 600_000);
    repository.publish(1, None);
    user.refused(limited(), "packages.example_b is not installed, everything is as it was");
    assert!(user.good(&["install"]).contains("installed packages.example_b"));
    // The archive itself does not fit into the cache.
    repository.add_large("b", "2", &[], 400_000);
    repository.publish(2, None);
    user.refused(limited(), "to the cache");
    assert_eq!(user.good(&["install"]), "updated packages.example_b 1 -> 2\n");
}
