//! Reading files for the library's own use.

use alloc::vec::Vec;

use super::abi::{at, open};
use super::{Errno, Platform, Result, blocking, uninterrupted};

/// How much room there is for one request.
const STEP_BYTES: usize = 4096;

/// All bytes of a file. `EFBIG` where there are more than `limit`, `ENOMEM`, and what opening and reading report.
pub fn read_file(host: &impl Platform, path: &[u8], limit: usize) -> Result<Vec<u8>> {
    let fd = blocking(|| host.open(at::CURRENT_DIRECTORY, path, open::READ_ONLY | open::CLOSE_ON_EXEC, 0))?;
    let mut content = Vec::new();
    let result = read_up_to(host, fd, &mut content, limit.saturating_add(1));
    host.close(fd).and(result)?;
    if content.len() > limit { Err(Errno::FBIG) } else { Ok(content) }
}

/// Appends what a descriptor gives until there are `length` bytes or its end comes. Goes on after a signal.
pub fn read_up_to(host: &impl Platform, fd: i32, content: &mut Vec<u8>, length: usize) -> Result<()> {
    loop {
        let used = content.len();
        let step = length.saturating_sub(used).min(STEP_BYTES);
        if step == 0 {
            return Ok(());
        }
        content.try_reserve(step).map_err(|_| Errno::NOMEM)?;
        content.resize(used + step, 0);
        let result = uninterrupted(|| host.read(fd, content.get_mut(used..).unwrap_or_default()));
        content.truncate(used + result.unwrap_or(0));
        if result? == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Files;
    use platform_sim::Sim;

    #[test]
    fn a_file_is_read_to_its_end_or_refused() {
        let sim = Sim::default();
        let text: Vec<u8> = (0..10_000).map(|at| at as u8).collect();
        sim.put_file(b"/tmp/file", &text);
        sim.hook.fail_once("read", 1, Errno::INTR);
        assert_eq!(read_file(&sim, b"/tmp/file", text.len()).as_ref(), Ok(&text));
        assert_eq!(read_file(&sim, b"/tmp/file", text.len() - 1), Err(Errno::FBIG));
        assert_eq!(read_file(&sim, b"/tmp/none", 1), Err(Errno::NOENT));
        sim.hook.fail_once("read", 2, Errno::IO);
        assert_eq!(read_file(&sim, b"/tmp/file", usize::MAX), Err(Errno::IO));
    }

    #[test]
    fn a_part_of_a_file_goes_behind_the_part_before() {
        let sim = Sim::default();
        sim.put_file(b"/tmp/file", b"headbodyrest");
        let fd = sim.open(at::CURRENT_DIRECTORY, b"/tmp/file", open::READ_ONLY, 0).unwrap();
        let mut content = Vec::new();
        for (length, expected) in [(4, &b"head"[..]), (8, b"headbody"), (8, b"headbody"), (20, b"headbodyrest")] {
            read_up_to(&sim, fd, &mut content, length).unwrap();
            assert_eq!(content, expected);
        }
    }
}
