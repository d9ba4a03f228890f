//! Installing from good and from broken repositories.

mod support;

use std::fs;

use distx_packages::archive::RECORD;
use support::server::{Reply, Server};
use support::{Options, User, installed, key};

const DEFAULT: Options = Options { locked: false, offline: false, force: false };
const LOCKED: Options = Options { locked: true, ..DEFAULT };
const OFFLINE: Options = Options { offline: true, ..DEFAULT };

#[test]
fn what_is_needed_comes_along_and_twice_is_once() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("app", "1", &["lib"]);
    repository.add("lib", "1", &["base", "app"]);
    repository.add("base", "1", &[]);
    repository.add("other", "1", &[]);
    repository.publish(1, None);
    assert_eq!(user.good(&["app"], &["repo"]).0, ["app", "base", "lib"]);
    assert_eq!(user.text("base"), "1");
    assert!(!user.root().join(key("other").as_str()).exists());
    let before = support::tree(&user.project());
    assert_eq!(user.good(&["app"], &["repo"]).0, [""; 0]);
    assert_eq!(support::tree(&user.project()), before);
    let lock = fs::read_to_string(user.project().join("distx.lock")).expect("written");
    for name in ["app", "base", "lib"] {
        assert!(lock.contains(repository.packages[&key(name)].sha256.as_str()), "{lock}");
    }
}

#[test]
fn an_update_replaces_what_changed() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.add("b", "1", &[]);
    repository.publish(1, None);
    user.good(&["a", "b"], &["repo"]);
    repository.add("a", "2", &[]);
    repository.publish(2, None);
    let (result, _) = user.install(&["a", "b"], &["repo"], DEFAULT);
    let outcome = result.expect("installed");
    assert_eq!(installed(&outcome), ["a"]);
    assert_eq!(outcome.installed[0].before.as_deref(), Some("1"));
    assert_eq!((user.text("a"), user.text("b")), ("2".into(), "1".into()));
}

#[test]
fn over_http_too() {
    let user = User::new();
    let signer = user.key("key");
    let mut repository = user.repository("repo");
    for name in ["a", "b", "c", "d", "e", "f"] {
        repository.add(name, "1", &[]);
    }
    repository.publish(1, Some(&signer));
    let server = Server::files(repository.folder.clone());
    let (names, said) = user.good(&["a", "b", "c", "d", "e", "f"], &[&server.url]);
    assert_eq!(names.len(), 6);
    assert!(said.contains("first use") && said.contains(&signer.public().to_string()), "{said}");
    assert_eq!(user.good(&["a"], &[&server.url]), (vec![], String::new()));
}

#[test]
fn archives_that_are_not_those_of_the_index_are_refused() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("good", "1", &[]);
    repository.add("bad", "1", &[]);
    repository.publish(1, None);
    user.good(&["good"], &["repo"]);
    let server = Server::files(repository.folder.clone());
    let whole = fs::read(repository.archive("bad")).expect("read");
    let names = ["good", "bad"];
    for place in ["repo", &server.url] {
        let refused = |bytes: &[u8], why: &str| {
            fs::write(repository.archive("bad"), bytes).expect("written");
            user.refused(&names, &[place], DEFAULT, &["packages.example_bad", why]);
        };
        let mut changed = whole.clone();
        *changed.last_mut().expect("bytes") ^= 1;
        refused(&changed, "wrong hash");
        refused(&[&whole[..], b"more"].concat(), "larger than the");
        refused(&whole[..whole.len() / 2], if place == "repo" { "cut: " } else { "the connection broke after" });
        fs::remove_file(repository.archive("bad")).expect("removed");
        let why = if place == "repo" { "cannot read" } else { "the server says 404" };
        user.refused(&names, &[place], DEFAULT, &["packages.example_bad", why]);
        // No part of what was wrong stands in the way of what is right.
        fs::write(repository.archive("bad"), &whole).expect("written");
    }
    assert_eq!(user.good(&names, &[&server.url]).0, ["bad"]);
}

#[test]
fn a_key_that_nobody_has_is_named() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("xlibc", "1", &["missing"]);
    repository.publish(1, None);
    user.refused(
        &["xlib"],
        &["repo"],
        DEFAULT,
        &["no repository has packages.example_xlib", "did you mean packages.example_xlibc?"],
    );
    user.refused(&["xlibc"], &["repo"], DEFAULT, &["packages.example_missing (packages.example_xlibc needs it)"]);
    user.refused(&["xlibc"], &["nowhere"], DEFAULT, &["nowhere: no such folder"]);
}

#[test]
fn signatures_count() {
    let user = User::new();
    let (signer, other) = (user.key("key"), user.key("other"));
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.publish(5, Some(&signer));
    user.good(&["a"], &["repo"]);

    repository.publish(4, Some(&signer));
    user.refused(&["a"], &["repo"], DEFAULT, &["serial 4", "older than one that was seen (serial 5)"]);
    repository.publish(6, Some(&other));
    user.refused(
        &["a"],
        &["repo"],
        DEFAULT,
        &["the key has changed", &signer.public().to_string(), "distx key forget"],
    );
    repository.publish(6, None);
    user.refused(&["a"], &["repo"], DEFAULT, &["the index is not signed"]);
    let index = repository.folder.join("index.json");
    fs::remove_file(&index).expect("removed");
    user.refused(&["a"], &["repo"], DEFAULT, &["there is no index, but its key is known"]);

    repository.publish(6, Some(&signer));
    let text = fs::read_to_string(&index).expect("read");
    fs::write(&index, text.replace("\"version\": \"1\"", "\"version\": \"9\"")).expect("written");
    user.refused(&["a"], &["repo"], DEFAULT, &["the signature is not that of the index"]);

    repository.publish(6, Some(&signer));
    let pinned = format!("repo#{}", other.public());
    user.refused(&["a"], &[&pinned], DEFAULT, &["the key has changed", "config says"]);
    assert!(user.good(&["a"], &[&format!("repo#{}", signer.public())]).0.is_empty());
}

#[test]
fn hostile_archives_leave_nothing() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("good", "1", &[]);
    let mut header = tar::Header::new_gnu();
    let mut pack = |name: &[u8], kind: tar::EntryType, link: &str| {
        let mut tar = tar::Builder::new(
            lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(0)).expect("xz"),
        );
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o644);
        let fields = header.as_gnu_mut().expect("of GNU's kind");
        fields.name = [0; 100];
        fields.name[..name.len()].copy_from_slice(name);
        header.set_link_name_literal(link).expect("short");
        header.set_cksum();
        tar.append(&header, std::io::empty()).expect("packed");
        fs::write(repository.archive("bad"), tar.into_inner().expect("packed").finish().expect("packed"))
            .expect("written");
        repository.describe("bad", "1", &[], 0);
        repository.publish(1, None);
        user.refused(&["good", "bad"], &["repo"], DEFAULT, &["packages.example_bad is not installed"]);
    };
    use tar::EntryType::{Block, Regular, Symlink};
    pack(b"packages.example_bad/../../../evil", Regular, "");
    pack(b"/tmp/evil", Regular, "");
    pack(b"packages.example_good/evil", Regular, "");
    pack(b"packages.example_bad/link", Symlink, "../../..");
    pack(b"packages.example_bad/disk", Block, "");
    assert!(!user.place.path().join("evil").exists());
    // Larger than the index tells.
    repository.add("bad", "a text of some length", &[]);
    repository.describe("bad", "1", &[], 20);
    repository.publish(1, None);
    user.refused(&["good", "bad"], &["repo"], DEFAULT, &["larger than the 20 bytes that it may have"]);
}

#[test]
fn a_download_goes_on_where_it_broke() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add_large("big", "1", &[], 500_000);
    repository.publish(1, None);
    let folder = repository.folder.clone();
    // Each connection but the fourth breaks.
    let server = Server::new(move |asked, before| {
        let cut = (asked.path.ends_with(".xz") && before < 3).then_some(100_000);
        Reply { cut, ..Reply::file(&folder, asked) }
    });
    user.good(&["big"], &[&server.url]);
    let parts: Vec<_> =
        server.asked().into_iter().filter(|asked| asked.path.ends_with(".xz")).map(|asked| asked.from).collect();
    assert_eq!(parts, [None, Some(100_000), Some(200_000), Some(300_000)]);
}

#[test]
fn a_broken_download_is_gone_on_with_another_day() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add_large("big", "1", &[], 300_000);
    repository.publish(1, None);
    let folder = repository.folder.clone();
    let server = Server::new(move |asked, _| match Reply::file(&folder, asked) {
        reply if asked.path.ends_with(".xz") && asked.from.is_none() => Reply { cut: Some(100_000), ..reply },
        reply if asked.path.ends_with(".xz") => Reply { cut: Some(0), ..reply },
        reply => reply,
    });
    user.refused(&["big"], &[&server.url], DEFAULT, &["the connection broke after 100000 bytes"]);
    let good = Server::files(repository.folder.clone());
    user.good(&["big"], &[&good.url]);
    assert!(good.asked().iter().any(|asked| asked.from == Some(100_000)), "{:?}", good.asked());
}

#[test]
fn a_part_of_something_else_is_fetched_anew() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add_large("big", "1", &[], 300_000);
    repository.publish(1, None);
    let hash = repository.packages[&key("big")].sha256.as_str().to_owned();
    let partial = user.folders.cache.join("archives").join(format!("{}-{hash}.partial", key("big")));
    let server = Server::files(repository.folder.clone());
    for length in [1000, 10_000_000] {
        fs::create_dir_all(partial.parent().expect("a folder")).expect("made");
        fs::write(&partial, vec![7; length]).expect("written");
        let _ = fs::remove_dir_all(user.root());
        let _ = fs::remove_file(partial.with_file_name(format!("{hash}.tar.xz")));
        user.good(&["big"], &[&server.url]);
        assert_eq!(user.text("big"), "1");
        assert!(!partial.exists(), "the part was taken for nobody's");
    }
}

#[test]
fn a_server_cannot_send_without_end() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.publish(1, None);
    let folder = repository.folder.clone();
    let server = Server::new(move |asked, _| match Reply::file(&folder, asked) {
        Reply { body, .. } if asked.path == "/index.json" => {
            Reply { body: [body, vec![b' '; 17 << 20]].concat(), ..Reply::status(200) }
        }
        reply => reply,
    });
    user.refused(&["a"], &[&server.url], DEFAULT, &["index.json: larger than 16777216 bytes"]);
    let folder = repository.folder.clone();
    let server = Server::new(move |asked, _| match Reply::file(&folder, asked) {
        Reply { body, .. } if asked.path.ends_with(".xz") => Reply { body: body.repeat(3), ..Reply::status(200) },
        reply => reply,
    });
    user.refused(&["a"], &[&server.url], DEFAULT, &["larger than the"]);
}

#[test]
fn redirects_are_followed_to_safe_places_only() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.publish(1, None);
    let files = Server::files(repository.folder.clone());
    let to = |target: String| Server::new(move |asked, _| Reply::redirect(&format!("{target}{}", asked.path)));
    let good = to(files.url.clone());
    user.good(&["a"], &[&good.url]);
    let outside = to("http://packages.example".into());
    user.refused(&["a"], &[&outside.url], DEFAULT, &["http is for localhost only"]);
    let endless = Server::new(|asked, _| Reply::redirect(&asked.path));
    user.refused(&["a"], &[&endless.url], DEFAULT, &["more than 5 redirects"]);
    let nowhere = Server::new(|_, _| Reply::status(301));
    user.refused(&["a"], &[&nowhere.url], DEFAULT, &["without saying where"]);
}

#[test]
fn servers_that_fail_are_passed_by() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.publish(1, None);
    let good = Server::files(repository.folder.clone());
    let broken = Server::new(|_, _| Reply::status(500));
    let (_, said) = user.good(&["a"], &["nowhere", &broken.url, &good.url]);
    assert!(said.contains("no such folder") && said.contains("the server says 500"), "{said}");

    // One that has an index, but no archives.
    let user = User::new();
    let folder = repository.folder.clone();
    let half = Server::new(move |asked, _| match Reply::file(&folder, asked) {
        _ if asked.path.ends_with(".xz") => Reply::status(503),
        reply => reply,
    });
    let (_, said) = user.good(&["a"], &[&half.url, &good.url]);
    assert!(said.contains("the server says 503"), "{said}");

    let user = User::new();
    let closed = { Server::new(|_, _| Reply::status(500)).url.clone() };
    user.refused(&["a"], &[&broken.url, &closed], DEFAULT, &["the server says 500", "cannot reach http://127.0.0.1"]);
}

#[test]
fn a_repository_without_index_works_with_a_warning() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    let server = Server::files(repository.folder.clone());
    let (names, said) = user.good(&["a"], &[&server.url]);
    assert_eq!(names, ["a"]);
    assert!(said.contains("nothing was verified of packages.example_a"), "{said}");
    // What is there stays.
    assert_eq!(user.good(&["a"], &[&server.url]), (vec![], String::new()));
    let (result, _) = user.install(&["a"], &[&server.url], LOCKED);
    assert!(result.expect("as locked").installed.is_empty());
    repository.add("a", "2", &[]);
    fs::remove_dir_all(user.root()).expect("removed");
    fs::remove_dir_all(&user.folders.cache).expect("removed");
    user.refused(&["a"], &[&server.url], LOCKED, &["is not the one that distx.lock demands"]);
}

#[test]
fn a_lock_file_is_demanded() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.add("b", "1", &[]);
    repository.publish(1, None);
    user.refused(&["a"], &["repo"], LOCKED, &["distx.lock is not there"]);
    user.good(&["a"], &["repo"]);
    user.refused(&["a", "b"], &["repo"], LOCKED, &["packages.example_b is not in it"]);
    assert!(user.install(&["a"], &["repo"], LOCKED).0.expect("as locked").installed.is_empty());
    fs::remove_dir_all(user.root()).expect("removed");
    assert_eq!(installed(&user.install(&["a"], &["repo"], LOCKED).0.expect("as locked")), ["a"]);
    repository.add("a", "2", &[]);
    repository.publish(2, None);
    user.refused(&["a"], &["repo"], LOCKED, &["packages.example_a: 1 (", "the repository has 2 ("]);
    fs::write(user.project().join("distx.lock"), "{").expect("written");
    user.refused(&["a"], &["repo"], DEFAULT, &["distx.lock is damaged"]);
}

#[test]
fn the_cache_serves_without_a_net() {
    let user = User::new();
    let signer = user.key("key");
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.add("b", "1", &[]);
    repository.publish(1, Some(&signer));
    let server = Server::files(repository.folder.clone());
    let url = server.url.clone();
    user.good(&["a"], &[&url]);
    drop(server);
    fs::remove_dir_all(user.root()).expect("removed");
    assert_eq!(installed(&user.install(&["a"], &[&url], OFFLINE).0.expect("cached")), ["a"]);
    user.refused(&["a", "b"], &[&url], OFFLINE, &["packages.example_b is not in the cache"]);
    // What is damaged in the cache is not used.
    let archive =
        user.folders.cache.join("archives").join(format!("{}.tar.xz", repository.packages[&key("a")].sha256.as_str()));
    fs::write(archive, "damaged").expect("written");
    fs::remove_dir_all(user.root()).expect("removed");
    user.refused(&["a"], &[&url], OFFLINE, &["is not in the cache"]);
}

#[test]
fn what_others_put_there_stays() {
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.publish(1, None);
    let file = user.root().join(key("a").as_str()).join("mine");
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(&file, "mine").expect("written");
    user.refused(&["a"], &["repo"], DEFAULT, &["was not installed by distx", "--force"]);
    let (result, _) = user.install(&["a"], &["repo"], Options { force: true, ..DEFAULT });
    assert_eq!(installed(&result.expect("forced")), ["a"]);
    assert!(!file.exists());
}

#[test]
fn two_at_once_are_one() {
    let user = User::new();
    let mut repository = user.repository("repo");
    for name in ["a", "b", "c"] {
        repository.add_large(name, "1", &[], 100_000);
    }
    repository.publish(1, Some(&user.key("key")));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| user.good(&["a", "b", "c"], &["repo"]));
        }
    });
    for name in ["a", "b", "c"] {
        assert_eq!(user.text(name), "1");
        assert!(user.root().join(key(name).as_str()).join(RECORD).exists());
    }
}

#[cfg(unix)]
#[test]
fn a_root_that_is_complete_may_be_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let user = User::new();
    let mut repository = user.repository("repo");
    repository.add("a", "1", &[]);
    repository.publish(1, None);
    user.good(&["a"], &["repo"]);
    let mode = |mode| fs::set_permissions(user.root(), fs::Permissions::from_mode(mode)).expect("set");
    mode(0o555);
    let again = user.good(&["a"], &["repo"]).0;
    mode(0o755);
    assert!(again.is_empty());
}

#[test]
fn the_guide_shows_real_files() {
    let guide = include_str!("../../../docs/guide/packages.md");
    let blocks: Vec<&str> = guide.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [config, index, lock] = &*blocks else { panic!("{} examples", blocks.len()) };
    let user = User::new();
    fs::create_dir_all(&user.folders.config).expect("made");
    fs::write(user.folders.config.join("config.json"), config).expect("written");
    assert_eq!(user.folders.repositories().expect("read").len(), 3);
    let index = distx_packages::index::Index::parse(index.as_bytes()).expect("an index");
    let file = user.project().join("distx.lock");
    fs::write(&file, lock).expect("written");
    let lock = distx_packages::lock::Lock::read(&file).expect("read").expect("there");
    assert!(lock.packages.iter().all(|(key, locked)| index.packages[key].sha256 == locked.sha256));
}
