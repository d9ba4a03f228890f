//! The environment on its way in and out.
//!
//! In: names become upper case where Windows spells them otherwise (`Path`, `SystemRoot`, `ComSpec`: Windows ignores case,
//! the guest does not). `PATH` becomes guest paths with `:`. `HOME` (else `USERPROFILE`), `TMPDIR`, `TMP` and `TEMP` become
//! guest paths; `HOME` is made from `USERPROFILE`, `TMPDIR` is `/tmp`, and `USER` is `USERNAME`, where they are missing. All
//! else stays as it is. Out: `PATH`, `HOME`, `TMPDIR`, `TMP` and `TEMP` get Windows' form again where their value is a guest
//! path, and what Windows' programs cannot do without is added: `SYSTEMROOT`, and `TMP`, so that `/tmp` stays where it is.
//!
//! A child of our own kind shall see exactly what its parent gave it, no more. So a hidden variable, as `cmd.exe` has them
//! too, lists the names, with the parent's process id: behind a program of Windows in between it does not count any more.

use alloc::vec::Vec;

use platform::Result;

use super::path::{self, Places, Target};
use super::utf16;

const PATHS: [&[u8]; 4] = [b"HOME", b"TMPDIR", b"TMP", b"TEMP"];

fn name(variable: &[u8]) -> &[u8] {
    variable.split(|byte| *byte == b'=').next().unwrap_or_default()
}

fn value<'a>(variables: &'a [Vec<u8>], wanted: &[u8]) -> Option<&'a [u8]> {
    variables.iter().find(|variable| name(variable) == wanted).and_then(|variable| variable.get(wanted.len() + 1..))
}

fn guest_path(windows: &[u8]) -> Vec<u8> {
    utf16::to_wide(windows).ok().and_then(|wide| path::to_guest(&wide)).unwrap_or_else(|| windows.to_vec())
}

/// The hidden variable. Its value: the parent's process id, then the names, each with `=` before it.
const NAMES: &[u8] = b"=XLOAD=";

/// The guest's environment, made from `NAME=value` strings of Windows in a child of this process.
#[must_use]
pub fn to_guest(variables: &[&[u16]], parent: i32) -> Vec<Vec<u8>> {
    let mut guest = converted(variables);
    let names = variables.iter().find_map(|wide| {
        let variable = utf16::to_bytes(wide);
        let (sender, names) = variable.strip_prefix(NAMES)?.split_at_checked(10)?;
        (sender == alloc::format!("{parent:010}").as_bytes()).then(|| names.to_vec())
    });
    if let Some(names) = names {
        let mut exact = Vec::new();
        for wanted in names.split(|byte| *byte == b'=').filter(|name| !name.is_empty()) {
            if let Some(at) = guest.iter().position(|variable| name(variable) == wanted) {
                exact.push(guest.swap_remove(at));
            }
        }
        return exact;
    }
    complete(&mut guest);
    guest
}

fn converted(variables: &[&[u16]]) -> Vec<Vec<u8>> {
    let mut guest: Vec<Vec<u8>> = Vec::new();
    for wide in variables {
        let mut variable = utf16::to_bytes(wide);
        // "=C:=C:\dir" is how cmd.exe remembers directories.
        let Some(end) = variable.iter().position(|byte| *byte == b'=').filter(|end| *end > 0) else { continue };
        if [&b"PATH"[..], b"SYSTEMROOT", b"COMSPEC", b"WINDIR"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&variable[..end]))
        {
            variable[..end].make_ascii_uppercase();
        }
        let (name, value) = (&variable[..end], &variable[end + 1..]);
        if name == b"PATH" {
            let entries: Vec<_> = value
                .split(|byte| *byte == b';')
                .filter(|entry| !entry.is_empty())
                .map(|entry| {
                    guest_path(entry.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(entry))
                })
                .collect();
            variable = [b"PATH=", &entries.join(&b':')[..]].concat();
        } else if PATHS.contains(&name) {
            variable = [name, b"=", &guest_path(value)].concat();
        }
        guest.push(variable);
    }
    guest
}

/// Adds what is missing.
fn complete(guest: &mut Vec<Vec<u8>>) {
    if value(guest, b"HOME").is_none()
        && let Some(profile) = value(guest, b"USERPROFILE")
    {
        let home = [b"HOME=", &guest_path(profile)[..]].concat();
        guest.push(home);
    }
    if value(guest, b"TMPDIR").is_none() {
        guest.push(b"TMPDIR=/tmp".to_vec());
    }
    if value(guest, b"USER").is_none()
        && let Some(user) = value(guest, b"USERNAME")
    {
        let user = [b"USER=", user].concat();
        guest.push(user);
    }
}

/// The block that `CreateProcessW` takes: strings in order of name, each ended by a zero, and a zero. `system_root` is used
/// where the guest's environment lacks it; `process` is the calling one.
pub fn to_windows(variables: &[&[u8]], places: Places<'_>, system_root: &[u8], process: i32) -> Result<Vec<u16>> {
    let mut names = [NAMES, alloc::format!("{process:010}").as_bytes()].concat();
    let mut rows: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut add = |variable: &[u8], names: Option<&mut Vec<u8>>| {
        let name = name(variable);
        // A string without `=` or without a name cannot travel: Windows has no place for it.
        let Some(value) = variable.get(name.len() + 1..).filter(|_| !name.is_empty()) else { return };
        let key = name.to_ascii_uppercase();
        if rows.iter().any(|row| row.0 == key) {
            return;
        }
        let value = if name == b"PATH" {
            let entries: Vec<_> = value.split(|byte| *byte == b':').map(|entry| windows_path(entry, places)).collect();
            entries.join(&b';')
        } else if PATHS.contains(&name) {
            windows_path(value, places)
        } else {
            value.to_vec()
        };
        rows.push((key, [name, b"=", &value].concat()));
        if let Some(names) = names {
            names.extend_from_slice(&[b"=", name].concat());
        }
    };
    variables.iter().for_each(|variable| add(variable, Some(&mut names)));
    if !system_root.is_empty() {
        add(&[b"SYSTEMROOT=", system_root].concat(), None);
    }
    if !places.temporary.is_empty() {
        add(&[b"TMP=", places.temporary].concat(), None);
    }
    rows.push((NAMES.to_vec(), names));
    rows.sort();
    let mut block = Vec::new();
    for (_, variable) in &rows {
        block.extend(utf16::to_wide_z(variable)?);
    }
    block.push(0);
    Ok(block)
}

fn windows_path(guest: &[u8], places: Places<'_>) -> Vec<u8> {
    if guest.first() != Some(&b'/') {
        return guest.to_vec();
    }
    match path::target(guest, places, false) {
        Ok(Target::File(file)) => {
            let mut plain = file.plain();
            plain.pop();
            utf16::to_bytes(&plain)
        }
        _ => guest.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn guest(variables: &[&str]) -> Vec<String> {
        let wide: Vec<Vec<u16>> = variables.iter().map(|text| text.encode_utf16().collect()).collect();
        to_guest(&wide.iter().map(|row| &row[..]).collect::<Vec<_>>(), 7)
            .into_iter()
            .map(|row| String::from_utf8(row).unwrap())
            .collect()
    }

    #[test]
    fn paths_and_names_become_the_guests() {
        assert_eq!(
            guest(&[
                "=C:=C:\\x",
                "Path=C:\\Windows;\"C:\\my dir\";;relative",
                "USERPROFILE=C:\\Users\\me",
                "TMP=C:\\t",
                "USERNAME=me",
                "A=b=c"
            ]),
            [
                "PATH=/c/Windows:/c/my dir:relative",
                "USERPROFILE=C:\\Users\\me",
                "TMP=/c/t",
                "USERNAME=me",
                "A=b=c",
                "HOME=/c/Users/me",
                "TMPDIR=/tmp",
                "USER=me"
            ]
        );
        assert_eq!(guest(&["HOME=/c/x", "TMPDIR=/c/y", "USER=u"]), ["HOME=/c/x", "TMPDIR=/c/y", "USER=u"]);
    }

    #[test]
    fn a_child_gets_windows_paths() {
        let places = Places { root: b"/c/distx", temporary: b"/c/temp" };
        let variables: &[&[u8]] =
            &[b"PATH=/c/Windows:/bin:rel", b"HOME=/c/Users/me", b"TMPDIR=/tmp", b"B=1", b"b=2", b"=x", b"bad"];
        let block = to_windows(variables, places, b"C:\\Windows", 7).unwrap();
        assert_eq!(
            String::from_utf16(&block).unwrap(),
            "=XLOAD=0000000007=PATH=HOME=TMPDIR=B\0B=1\0HOME=C:\\Users\\me\0PATH=C:\\Windows;C:\\distx\\bin;rel\0\
             SYSTEMROOT=C:\\Windows\0TMP=C:\\temp\0TMPDIR=C:\\temp\0\0"
        );
        let passed = |parent| {
            let rows: Vec<&[u16]> = block.split(|unit| *unit == 0).filter(|row| !row.is_empty()).collect();
            to_guest(&rows, parent).into_iter().map(|row| String::from_utf8(row).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(passed(7), ["PATH=/c/Windows:/c/distx/bin:rel", "HOME=/c/Users/me", "TMPDIR=/c/temp", "B=1"]);
        assert_eq!(passed(8).len(), 6);
    }
}
