//! The user data base: lines of `/etc/passwd`, or the user of the process where there is no such file.

use alloc::vec::Vec;

use crate::rt::{Errno, Platform, Result, read_file};
use crate::text::print_int::Digits;
use platform::Ids;

/// One user, as fields of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User<'a> {
    pub name: &'a [u8],
    pub password: &'a [u8],
    pub uid: u32,
    pub gid: u32,
    pub comment: &'a [u8],
    pub home: &'a [u8],
    pub shell: &'a [u8],
}

/// The whole data base. On a host without one it has the user of the process alone, as the environment tells: POSIX.1-2024 8.3
/// (LOGNAME, HOME, SHELL), and USERNAME, which Windows has. Empty where the environment has no name either, or is not to be trusted.
pub fn read_all<'e>(host: &impl Platform, variable: impl Fn(&[u8]) -> Option<&'e [u8]>) -> Result<Vec<u8>> {
    match read_file(host, b"/etc/passwd", isize::MAX as usize) {
        Err(Errno::NOENT | Errno::NOTDIR) => own_line(host.ids(), variable),
        result => result,
    }
}

/// The line of the user of the process.
fn own_line<'e>(ids: Ids, variable: impl Fn(&[u8]) -> Option<&'e [u8]>) -> Result<Vec<u8>> {
    // What would end a field or the line cannot stand in it.
    let field = |name: &[u8]| variable(name).filter(|value| !value.iter().any(|byte| matches!(byte, b':' | b'\n')));
    let mut line = Vec::new();
    let Some(name) = field(b"LOGNAME").or_else(|| field(b"USER")).or_else(|| field(b"USERNAME")) else {
        return Ok(line);
    };
    let home = field(b"HOME").unwrap_or(b"/");
    let shell = field(b"SHELL").unwrap_or(b"/bin/sh");
    // Two numbers of at most ten digits, and the separators.
    line.try_reserve_exact(name.len() + home.len() + shell.len() + 32).map_err(|_| Errno::NOMEM)?;
    for (part, end) in [
        (name, b":x:".as_slice()),
        (Digits::new(ids.uid.into(), 10, false).as_bytes(), b":"),
        (Digits::new(ids.gid.into(), 10, false).as_bytes(), b"::"),
        (home, b":"),
        (shell, b"\n"),
    ] {
        line.extend_from_slice(part);
        line.extend_from_slice(end);
    }
    Ok(line)
}

/// The users of a data base in order; invalid lines are passed over.
pub fn users(text: &[u8]) -> impl Iterator<Item = User<'_>> {
    text.split(|byte| *byte == b'\n').filter_map(parse)
}

fn parse(line: &[u8]) -> Option<User<'_>> {
    let mut fields = line.split(|byte| *byte == b':');
    let mut next = || fields.next();
    let (name, password, uid, gid) = (next()?, next()?, number(next()?)?, number(next()?)?);
    let user = User { name, password, uid, gid, comment: next()?, home: next()?, shell: next()? };
    (!name.is_empty() && fields.next().is_none()).then_some(user)
}

fn number(digits: &[u8]) -> Option<u32> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_lines_are_passed_over() {
        let text = b"root:x:0:0:root:/root:/bin/sh\n#no user\nshort:x:1\nbad:x:x:1:a:b:c\n\nann:*:1000:100::/home/ann:";
        let found: Vec<_> = users(text).collect();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name, found[0].home, found[0].shell), (&b"root"[..], &b"/root"[..], &b"/bin/sh"[..]));
        assert_eq!((found[1].uid, found[1].gid, found[1].comment), (1000, 100, &b""[..]));
    }

    #[test]
    fn without_a_file_the_environment_names_the_user() {
        let sim = platform_sim::Sim::default();
        let ann = |name: &[u8]| match name {
            b"USERNAME" => Some(&b"ann"[..]),
            b"HOME" => Some(&b"/c/Users/ann"[..]),
            b"SHELL" => Some(&b"bad:shell"[..]),
            _ => None,
        };
        assert_eq!(read_all(&sim, ann).unwrap(), b"ann:x:1000:1000::/c/Users/ann:/bin/sh\n");
        assert_eq!(read_all(&sim, |_| None), Ok(Vec::new()));
        sim.hook.fail_always("open", 0, Errno::MFILE);
        assert_eq!(read_all(&sim, ann), Err(Errno::MFILE));
    }
}
