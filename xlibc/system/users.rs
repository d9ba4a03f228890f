//! The user data base: lines of `/etc/passwd`, and the user of the process where there is no such file.

use alloc::vec::Vec;

use crate::rt::abi::{at, open};
use crate::rt::{Errno, Platform, Result};

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

/// The whole data base; empty where the host has none.
pub fn read_all(host: &impl Platform) -> Result<Vec<u8>> {
    let flags = open::READ_ONLY | open::CLOSE_ON_EXEC;
    let fd = match host.open(at::CURRENT_DIRECTORY, b"/etc/passwd", flags, 0) {
        Ok(fd) => fd,
        Err(Errno::NOENT | Errno::NOTDIR) => return Ok(Vec::new()),
        Err(errno) => return Err(errno),
    };
    let mut text = Vec::new();
    let mut block = [0; 4096];
    let result = loop {
        match host.read(fd, &mut block) {
            Ok(0) => break Ok(()),
            Ok(n) if text.try_reserve(n).is_ok() => text.extend_from_slice(block.get(..n).unwrap_or_default()),
            Ok(_) => break Err(Errno::NOMEM),
            Err(Errno::INTR) => {}
            Err(errno) => break Err(errno),
        }
    };
    host.close(fd).and(result).map(|()| text)
}

/// The users of a data base in order; lines that are none are passed over.
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
    fn no_file_is_no_users() {
        let sim = platform_sim::Sim::new();
        assert_eq!(read_all(&sim), Ok(Vec::new()));
        sim.fail_always("open", 0, Errno::MFILE);
        assert_eq!(read_all(&sim), Err(Errno::MFILE));
    }
}
