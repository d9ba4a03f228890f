use super::*;
use alloc::string::String;

const PLACES: Places<'_> = Places { root: b"/c/distx", temporary: b"/c/Users/me/Temp" };

fn nt(path: &str) -> core::result::Result<String, Errno> {
    match target(&absolute(path.as_bytes(), b"/d/here"), PLACES, false)? {
        Target::File(file) => Ok(String::from_utf16(&file.nt).unwrap()),
        Target::Device(device) => Ok(alloc::format!("{device:?}")),
    }
}

#[test]
fn every_form_of_a_path_leads_to_its_file() {
    for (path, expected) in [
        ("/c/dir/file", r"\??\C:\dir\file"),
        ("/C/dir/file", r"\??\C:\dir\file"),
        ("/c", r"\??\C:\"),
        ("/c/", r"\??\C:\"),
        (r"C:\dir\file", r"\??\C:\dir\file"),
        ("c:/dir/file", r"\??\C:\dir\file"),
        ("C:", r"\??\C:\"),
        (r"\\?\C:\a", r"\??\C:\a"),
        ("//server/share/x", r"\??\UNC\server\share\x"),
        ("//server/share", r"\??\UNC\server\share\"),
        ("//server/share/../../x", r"\??\UNC\server\share\x"),
        (r"\\server\share\x", r"\??\UNC\server\share\x"),
        (r"\\?\UNC\server\share\x", r"\??\UNC\server\share\x"),
        ("///c/x", r"\??\C:\x"),
        ("//usr/x", r"\??\C:\distx\usr\x"),
        ("//tmp/x", r"\??\C:\Users\me\Temp\x"),
        ("//dev/null", "Null"),
        ("//bin/sh", "Shell"),
        ("//distx.org_2024-xlibc-x86_64/lib", r"\??\C:\distx\distx.org_2024-xlibc-x86_64\lib"),
        ("//usrx/share/x", r"\??\UNC\usrx\share\x"),
        ("//usr.example.org/x", r"\??\UNC\usr.example.org\x\"),
        ("file", r"\??\D:\here\file"),
        ("./a//b/./c", r"\??\D:\here\a\b\c"),
        ("..", r"\??\D:\"),
        ("../..", r"\??\C:\distx"),
        ("/", r"\??\C:\distx"),
        ("/distx.org_2024-xlibc-x86_64/lib/libc.so", r"\??\C:\distx\distx.org_2024-xlibc-x86_64\lib\libc.so"),
        ("/tmp", r"\??\C:\Users\me\Temp"),
        ("/tmp/a.txt", r"\??\C:\Users\me\Temp\a.txt"),
        ("/tmp/../xx", r"\??\C:\distx\xx"),
        ("/dev/null", "Null"),
        ("/dev/./urandom", "Random"),
        ("/dev/stderr", "Descriptor(2)"),
        ("/dev/fd/17", "Descriptor(17)"),
        ("/bin/sh", "Shell"),
        ("/bin/shx", r"\??\C:\distx\bin\shx"),
        ("/dev/sda", r"\??\C:\distx\dev\sda"),
    ] {
        assert_eq!(nt(path).as_deref(), Ok(expected), "{path}");
    }
}

#[test]
fn what_lies_below_a_directory_does_so_in_every_case() {
    let file = |path: &str| FilePath { nt: path.encode_utf16().collect(), directory: false };
    let directory = file(r"\??\C:\a\Dir");
    for (path, below) in [
        (r"\??\C:\a\Dir\x", true),
        (r"\??\C:\A\dIR\x\y", true),
        (r"\??\C:\a\dir", false),
        (r"\??\C:\a\dirx", false),
        (r"\??\C:\a\di", false),
        (r"\??\C:\a\dix\x", false),
        (r"\??\D:\a\dir\x", false),
    ] {
        assert_eq!(file(path).is_below(&directory), below, "{path}");
    }
}

#[test]
fn a_person_may_write_backslashes() {
    for (path, expected) in [
        (r"dir\file", "/d/here/dir/file"),
        (r".\file", "/d/here/./file"),
        (r"..\file", "/d/here/../file"),
        (r"C:\dir\file", "/c/dir/file"),
        (r"C:/dir\file", "/c/dir/file"),
        (r"\\server\share\x", "//server/share/x"),
        ("dir/file", "/d/here/dir/file"),
        (r"/dir/a\b", r"/dir/a\b"),
    ] {
        assert_eq!(absolute_of_host(path.as_bytes(), b"/d/here"), expected.as_bytes(), "{path}");
    }
}

#[test]
fn nothing_lies_below_a_device() {
    for path in ["/dev/null/x", "/dev/null/", "/dev/zero/.", "/dev/tty/a/b", "/dev/fd/3/x", "/dev/stdin/", "/bin/sh/x"]
    {
        assert_eq!(nt(path), Err(Errno::NOTDIR), "{path}");
    }
    assert!(nt("/dev/nullx/y").is_ok());
    assert_eq!(absolute(b"server/share", b"/"), b"/server/share");
}

#[test]
fn the_shell_of_the_root_has_a_path_where_there_is_a_root() {
    let shell = root_shell(PLACES).map(|file| String::from_utf16(&file.nt).unwrap());
    assert_eq!(shell.as_deref(), Ok(r"\??\C:\distx\bin\sh"));
    assert_eq!(root_shell(Places::default()), Err(Errno::NOENT));
}

#[test]
fn names_that_windows_forbids_are_errors() {
    for path in ["a:b", "/c/a?b", "x<y", "a\\b", "a\x01", "q\"", "C:relative", "a*/b"] {
        assert_eq!(nt(path), Err(Errno::NOENT), "{path}");
    }
    let long = "x".repeat(256);
    assert_eq!(nt(&long), Err(Errno::NAMETOOLONG));
    assert!(nt(&long[1..]).is_ok());
    assert_eq!(nt(&"x/".repeat(17_000)), Err(Errno::NAMETOOLONG));
    assert_eq!(target(b"/c/a:b", PLACES, true), Err(Errno::INVAL));
    assert_eq!(target(b"/c/a:b/c", PLACES, true), Err(Errno::NOENT));
    assert_eq!(target(b"/c/\xff", PLACES, true), Err(Errno::ILSEQ));
    assert_eq!(target(b"/xx", Places::default(), false), Err(Errno::NOENT));
    assert_eq!(target(b"//server", PLACES, false), Err(Errno::NOENT));
}

#[test]
fn a_trailing_slash_asks_for_a_directory() {
    for (path, directory) in [("/c/a", false), ("/c/a/", true), ("/c/a/.", true), ("/c/a/..", true), ("/c", true)] {
        match target(path.as_bytes(), PLACES, false) {
            Ok(Target::File(file)) => assert_eq!(file.directory, directory, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn windows_paths_become_guest_paths() {
    let guest =
        |text: &str| to_guest(&text.encode_utf16().collect::<Vec<_>>()).map(|bytes| String::from_utf8(bytes).unwrap());
    for (windows, expected) in [
        (r"C:\dir\file", "/c/dir/file"),
        (r"C:\", "/c"),
        ("C:", "/c"),
        (r"\\?\C:\dir", "/c/dir"),
        (r"\??\C:\dir\", "/c/dir"),
        (r"\\server\share\x", "//server/share/x"),
        (r"\\?\UNC\server\share\x", "//server/share/x"),
    ] {
        assert_eq!(guest(windows).as_deref(), Some(expected), "{windows}");
    }
    for windows in [r"\\?\Volume{1}\x", r"\\.\pipe\x", "relative", ""] {
        assert_eq!(guest(windows), None, "{windows}");
    }
}

#[test]
fn parents_stop_at_the_top() {
    let parent = |path: &str| match target(path.as_bytes(), PLACES, false) {
        Ok(Target::File(file)) => file.parent().map(|parent| String::from_utf16(&parent.nt).unwrap()),
        other => panic!("{other:?}"),
    };
    assert_eq!(parent("/c/a/b").as_deref(), Some(r"\??\C:\a"));
    assert_eq!(parent("/c/a").as_deref(), Some(r"\??\C:\"));
    assert_eq!(parent("/c"), None);
    assert_eq!(parent("//s/h/a").as_deref(), Some(r"\??\UNC\s\h"));
    assert_eq!(parent("//s/h"), None);
}

#[test]
fn climbing_splits_after_a_real_name_only() {
    assert_eq!(climb(b"/c/a/../b"), Some((&b"/c/a/"[..], &b"/b"[..])));
    assert_eq!(climb(b"/c/a/b/../../x"), Some((&b"/c/a/b/"[..], &b"/../x"[..])));
    assert_eq!(climb(b"/c/../x"), None);
    assert_eq!(climb(b"/tmp/../x"), None);
    assert_eq!(climb(b"/../x"), None);
    assert_eq!(climb(b"//s/h/../x"), None);
    assert_eq!(climb(b"//s/h/a/.."), Some((&b"//s/h/a/"[..], &b""[..])));
    assert_eq!(climb(b"//usr/../x"), Some((&b"//usr/"[..], &b"/x"[..])));
    assert_eq!(climb(b"/c/a..b/..."), None);
}

#[test]
fn nothing_lies_above_the_root() {
    for (name, expected) in [("/", "/"), ("/lib", "/"), ("/c", "/"), ("/tmp", "/"), ("/a/b/", "/a"), ("//s/h", "//s/h")]
    {
        assert_eq!(above(name.as_bytes()), expected.as_bytes(), "{name}");
    }
    assert_eq!(above(b"//s/h/x"), b"//s/h");
    assert_eq!(above(b"//usr/x"), b"/usr");
}

#[test]
fn link_texts_come_back() {
    let text = |target: &str| link_text(target.as_bytes(), PLACES).map(|wide| String::from_utf16(&wide).unwrap());
    assert_eq!(text("a/b").as_deref(), Ok(r"a\b"));
    assert_eq!(text("../x").as_deref(), Ok(r"..\x"));
    assert_eq!(text("/c/x").as_deref(), Ok(r"C:\x"));
    assert_eq!(text("/lib/x").as_deref(), Ok(r"C:\distx\lib\x"));
    assert_eq!(text("a:b"), Err(Errno::INVAL));
}

#[test]
fn the_top_is_a_drive_or_a_share() {
    for (path, top) in [
        ("/c/a/b", r"\??\C:\"),
        ("/c", r"\??\C:\"),
        ("/lib", r"\??\C:\"),
        ("//s/h/a/b", r"\??\UNC\s\h"),
        ("//s/h", r"\??\UNC\s\h\"),
    ] {
        let Ok(Target::File(file)) = target(path.as_bytes(), PLACES, false) else { panic!("{path}") };
        assert_eq!(String::from_utf16(&file.top().nt).unwrap(), top, "{path}");
    }
}

#[test]
fn links_of_linux_lead_to_drives() {
    for (target, expected) in [
        ("x", "/c/dir/x"),
        ("../x", "/c/dir/../x"),
        ("/mnt/d/x", "/d/x"),
        ("/mnt/d", "/d"),
        ("/mnt/data", "/mnt/data"),
        ("/etc", "/etc"),
    ] {
        assert_eq!(of_linux_link(target.as_bytes(), b"/c/dir"), expected.as_bytes(), "{target}");
    }
}

#[test]
fn plain_and_win32_forms() {
    let Ok(Target::File(file)) = target(b"//s/h/a", PLACES, false) else { panic!() };
    assert_eq!(String::from_utf16(&file.plain()).unwrap(), "\\\\s\\h\\a\0");
    assert_eq!(String::from_utf16(&file.win32()).unwrap(), "\\\\?\\UNC\\s\\h\\a\0");
    let Ok(Target::File(file)) = target(b"/c/a", PLACES, false) else { panic!() };
    assert_eq!(String::from_utf16(&file.plain()).unwrap(), "C:\\a\0");
    assert_eq!(String::from_utf16(file.name()).unwrap(), "a");
}
