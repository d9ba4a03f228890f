//! The environment on its way in and out.
//!
//! In: names become upper case where Windows spells them otherwise (`Path`, `SystemRoot`, `ComSpec`: Windows ignores case,
//! the guest does not). `PATH` and `LD_LIBRARY_PATH` become guest paths with `:`. `HOME` (else `USERPROFILE`), `TMPDIR`, `TMP`
//! and `TEMP` become guest paths; `HOME` is made from `USERPROFILE`, `TMPDIR` is `/tmp`, and `USER` is `USERNAME`, where they
//! are missing. All else stays as it is. Out: these lists and paths get Windows' form again where their value is a guest path,
//! and what Windows' programs cannot do without is added: `SYSTEMROOT`, and `TMP`, so that `/tmp` stays where it is.
//!
//! A child of our own kind gets the environment as it is beside that ([`super::sent`]); the block is for Windows in it.

use alloc::vec::Vec;

use platform::{Errno, Result};

use super::path::{self, Places, Target};
use super::utf16;

const PATHS: [&[u8]; 4] = [b"HOME", b"TMPDIR", b"TMP", b"TEMP"];

/// Lists of folders: `;` separates them on Windows, `:` for the guest.
const LISTS: [&[u8]; 2] = [b"PATH", b"LD_LIBRARY_PATH"];

fn name(variable: &[u8]) -> &[u8] {
    variable.split(|byte| *byte == b'=').next().unwrap_or_default()
}

fn value<'a>(variables: &'a [Vec<u8>], wanted: &[u8]) -> Option<&'a [u8]> {
    variables.iter().find(|variable| name(variable) == wanted).and_then(|variable| variable.get(wanted.len() + 1..))
}

fn guest_path(windows: &[u8]) -> Vec<u8> {
    utf16::to_wide(windows).ok().and_then(|wide| path::to_guest(&wide)).unwrap_or_else(|| windows.to_vec())
}

/// The guest's environment, made from `NAME=value` strings of Windows.
#[must_use]
pub fn to_guest(variables: &[&[u16]]) -> Vec<Vec<u8>> {
    let mut guest = converted(variables);
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
        if LISTS.contains(&name) {
            let entries: Vec<_> = value
                .split(|byte| *byte == b';')
                .filter(|entry| !entry.is_empty())
                .map(|entry| {
                    guest_path(entry.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(entry))
                })
                .collect();
            variable = [name, b"=", &entries.join(&b':')[..]].concat();
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

/// The block that `CreateProcessW` takes: strings in order of name, each ended by a zero, and a zero. Windows has no place
/// for strings without a name or `=`, for bytes that are no UTF-8, and for names that differ only in case, of which the first
/// goes. `system_root` is used where the guest's environment lacks it. `ours`: the child is of our own kind, and finds `/tmp`
/// where its parent has it. `E2BIG` for a variable that Windows' programs could not read; one of our own gets it otherwise.
pub fn to_windows(variables: &[&[u8]], places: Places<'_>, system_root: &[u8], ours: bool) -> Result<Vec<u16>> {
    /// Documented limit of a variable, with its terminating zero.
    const VARIABLE_UNITS: usize = 32_767;
    let mut too_long = false;
    let mut rows: Vec<(Vec<u8>, Vec<u16>)> = Vec::new();
    let mut add = |variable: &[u8]| {
        let name = name(variable);
        let Some(value) = variable.get(name.len() + 1..).filter(|_| !name.is_empty()) else { return };
        let key = name.to_ascii_uppercase();
        if rows.iter().any(|row| row.0 == key) {
            return;
        }
        let value = if LISTS.contains(&name) {
            let entries: Vec<_> = value.split(|byte| *byte == b':').map(|entry| windows_path(entry, places)).collect();
            entries.join(&b';')
        } else if PATHS.contains(&name) {
            windows_path(value, places)
        } else {
            value.to_vec()
        };
        match utf16::to_wide_z(&[name, b"=", &value].concat()) {
            Ok(wide) if wide.len() > VARIABLE_UNITS => too_long = true,
            Ok(wide) => rows.push((key, wide)),
            Err(_) => {}
        }
    };
    let temporary = [b"TMP=", places.temporary].concat();
    if ours && !places.temporary.is_empty() {
        add(&temporary);
    }
    variables.iter().for_each(|variable| add(variable));
    if !system_root.is_empty() {
        add(&[b"SYSTEMROOT=", system_root].concat());
    }
    if !places.temporary.is_empty() {
        add(&temporary);
    }
    if too_long && !ours {
        return Err(Errno::TOO_BIG);
    }
    rows.sort();
    let mut block: Vec<u16> = rows.into_iter().flat_map(|row| row.1).collect();
    if block.is_empty() {
        // An empty block ends with two zeros as well.
        block.push(0);
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
        to_guest(&wide.iter().map(|row| &row[..]).collect::<Vec<_>>())
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
                "LD_LIBRARY_PATH=D:\\lib;rel",
                "A=b=c"
            ]),
            [
                "PATH=/c/Windows:/c/my dir:relative",
                "USERPROFILE=C:\\Users\\me",
                "TMP=/c/t",
                "USERNAME=me",
                "LD_LIBRARY_PATH=/d/lib:rel",
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
        let variables: &[&[u8]] = &[
            b"PATH=/c/Windows:/bin:rel",
            b"HOME=/c/Users/me",
            b"TMPDIR=/tmp",
            b"TMP=/c/own",
            b"B=1",
            b"b=2",
            b"=x",
            b"bad",
            b"C=\xff",
        ];
        let block = |ours| String::from_utf16(&to_windows(variables, places, b"C:\\Windows", ours).unwrap()).unwrap();
        assert_eq!(
            block(false),
            "B=1\0HOME=C:\\Users\\me\0PATH=C:\\Windows;C:\\distx\\bin;rel\0SYSTEMROOT=C:\\Windows\0TMP=C:\\own\0\
             TMPDIR=C:\\temp\0\0"
        );
        assert!(block(true).contains("\0TMP=C:\\temp\0"));
        assert_eq!(to_windows(&[], Places::default(), b"", true).as_deref(), Ok(&[0, 0][..]));
    }

    #[test]
    fn a_variable_that_windows_could_not_read_is_too_big() {
        let block = |length: usize, ours| {
            let variable = [b"V=", &b"x".repeat(length - 3)[..]].concat();
            to_windows(&[&variable], Places::default(), b"", ours).map(|block| block.len())
        };
        assert_eq!(block(32_767, false), Ok(32_768));
        assert_eq!(block(32_768, false), Err(Errno::TOO_BIG));
        assert_eq!(block(32_768, true), Ok(2));
    }
}
