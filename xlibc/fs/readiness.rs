//! Waiting for descriptors: what `poll` and `select` have in common, and the sets of `select`.

use crate::rt::abi::{clock, poll};
use crate::rt::{Errno, Platform, Result, blocking};
use crate::types::c_ulong;
use platform::{Deadline, Timespec, Wait};

/// FD_SETSIZE of the ABI.
pub const SET_SIZE: usize = 1024;

/// `fd_set` of the ABI: bit `n % 64` of word `n / 64` is descriptor `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct fd_set {
    fds_bits: [c_ulong; SET_SIZE / 64],
}

const _: () = assert!(size_of::<fd_set>() == 128 && size_of::<Wait>() == 8);

impl fd_set {
    const EMPTY: Self = Self { fds_bits: [0; SET_SIZE / 64] };

    fn has(&self, fd: usize) -> bool {
        self.fds_bits.get(fd / 64).is_some_and(|word| word & (1 << (fd % 64)) != 0)
    }

    fn add(&mut self, fd: usize) {
        if let Some(word) = self.fds_bits.get_mut(fd / 64) {
            *word |= 1 << (fd % 64);
        }
    }
}

/// What each set of `select` asks for, and what it is told.
const ASKED: [u16; 3] = [poll::IN, poll::OUT, poll::PRIORITY];
const TOLD: [u16; 3] = [
    poll::IN | poll::IN_NORMAL | poll::IN_BAND | poll::HANG_UP | poll::ERROR,
    poll::OUT | poll::OUT_NORMAL | poll::OUT_BAND | poll::ERROR,
    poll::PRIORITY,
];

/// The end of a wait of this length from now on; `None` waits for ever. `INVAL` for an invalid length.
fn deadline(host: &impl Platform, length: Option<Timespec>) -> Result<Option<Deadline>> {
    let Some(length) = length else { return Ok(None) };
    if length.seconds < 0 || !length.is_normalized() {
        return Err(Errno::INVAL);
    }
    // One look needs no clock: the time of its start has passed.
    if length == Timespec::default() {
        return Ok(Some(Deadline { clock: clock::MONOTONIC, time: Timespec::default() }));
    }
    let sum = host.clock(clock::MONOTONIC)?.saturating_add_ns(length.nanoseconds as u64);
    let time = Timespec { seconds: sum.seconds.saturating_add(length.seconds), ..sum };
    Ok(Some(Deadline { clock: clock::MONOTONIC, time }))
}

/// `ppoll`: how many items have something to tell. `INTR`, `INVAL`.
pub fn wait(host: &impl Platform, items: &mut [Wait], length: Option<Timespec>, mask: Option<u64>) -> Result<usize> {
    let deadline = deadline(host, length)?;
    blocking(|| host.wait_many(items, deadline, mask))
}

/// `pselect` of the descriptors below `end`: how many bits the sets have afterwards; after an error they are as before. `BADF` for a
/// descriptor that is not open, `INTR`, `INVAL` for an invalid length or more descriptors than a set has.
pub fn select(
    host: &impl Platform,
    end: usize,
    sets: [Option<&mut fd_set>; 3],
    length: Option<Timespec>,
    mask: Option<u64>,
) -> Result<usize> {
    if end > SET_SIZE {
        return Err(Errno::INVAL);
    }
    let mut room = [Wait::default(); SET_SIZE];
    let mut used = 0;
    for fd in 0..end {
        let asked = sets.iter().zip(ASKED);
        let events =
            asked.filter(|(set, _)| set.as_ref().is_some_and(|set| set.has(fd))).fold(0, |all, one| all | one.1);
        if let (1.., Some(item)) = (events, room.get_mut(used)) {
            *item = Wait { fd: fd as i32, events, returned: 0 };
            used += 1;
        }
    }
    let items = room.get_mut(..used).unwrap_or_default();
    wait(host, items, length, mask)?;
    if items.iter().any(|item| item.returned & poll::INVALID != 0) {
        return Err(Errno::BADF);
    }
    let mut bits = 0;
    for ((set, asked), told) in sets.into_iter().zip(ASKED).zip(TOLD) {
        let Some(set) = set else { continue };
        *set = fd_set::EMPTY;
        for item in items.iter().filter(|item| item.events & asked != 0 && item.returned & told != 0) {
            set.add(item.fd as usize);
            bits += 1;
        }
    }
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::{Files, abi::open};
    use platform_sim::Sim;

    const AT_ONCE: Option<Timespec> = Some(Timespec { seconds: 0, nanoseconds: 0 });

    fn set(fds: &[i32]) -> fd_set {
        let mut set = fd_set::EMPTY;
        fds.iter().for_each(|fd| set.add(*fd as usize));
        set
    }

    #[test]
    fn lengths_that_are_none_are_einval() {
        let sim = Sim::default();
        for (seconds, nanoseconds) in [(-1, 0), (0, -1), (0, 1_000_000_000)] {
            let length = Some(Timespec { seconds, nanoseconds });
            assert_eq!(wait(&sim, &mut [], length, None), Err(Errno::INVAL));
            assert_eq!(select(&sim, 0, [None, None, None], length, None), Err(Errno::INVAL));
        }
        let longest = Timespec { seconds: i64::MAX, nanoseconds: 999_999_999 };
        assert_eq!(deadline(&sim, Some(longest)).unwrap().unwrap().time.seconds, i64::MAX);
        assert_eq!(deadline(&sim, None), Ok(None));
    }

    #[test]
    fn sets_have_what_is_ready_afterwards_and_nothing_else() {
        let sim = Sim::default();
        let (read, write) = sim.pipe(open::CLOSE_ON_EXEC).unwrap();
        let end = write as usize + 1;
        let (mut input, mut output, mut other) = (set(&[read]), set(&[read, write]), set(&[read]));
        let sets = [Some(&mut input), Some(&mut output), Some(&mut other)];
        assert_eq!(select(&sim, end, sets, AT_ONCE, None), Ok(1));
        assert_eq!((input, output, other), (set(&[]), set(&[write]), set(&[])));
        sim.write(write, b"x").unwrap();
        let (mut input, mut output) = (set(&[read]), set(&[write]));
        assert_eq!(select(&sim, end, [Some(&mut input), Some(&mut output), None], None, None), Ok(2));
        assert_eq!((input, output), (set(&[read]), set(&[write])));
        // Descriptors from `end` on are not looked at, and leave the sets.
        let mut input = set(&[read, 77]);
        assert_eq!(select(&sim, end, [Some(&mut input), None, None], None, None), Ok(1));
        assert_eq!(input, set(&[read]));
        // The end of the stream can be read.
        sim.read(read, &mut [0; 2]).unwrap();
        sim.close(write).unwrap();
        assert_eq!(select(&sim, end, [Some(&mut input), None, None], None, None), Ok(1));
    }

    #[test]
    fn an_error_leaves_the_sets_alone() {
        let sim = Sim::default();
        let mut input = set(&[0, 77, 1023]);
        let before = input;
        assert_eq!(select(&sim, SET_SIZE, [Some(&mut input), None, None], AT_ONCE, None), Err(Errno::BADF));
        assert_eq!(select(&sim, SET_SIZE + 1, [Some(&mut input), None, None], AT_ONCE, None), Err(Errno::INVAL));
        assert_eq!(input, before);
    }
}
