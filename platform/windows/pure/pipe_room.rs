//! Writing to a pipe that does not wait: Windows takes a piece whole or not at all, POSIX wants what fits of a large one.

/// `PIPE_BUF`: pieces up to this are never torn apart (POSIX.1-2024 write).
pub const ATOMIC: usize = 4096;
/// Most bytes in one request: what the pipe holds.
pub const CAPACITY: usize = 65_536;

/// Writes as much of the data as there is room for, with `put`, which writes a piece or a part of it, and nothing where it does
/// not fit. An error after a part was written is left to the next call.
pub fn fill<E>(data: &[u8], mut put: impl FnMut(&[u8]) -> Result<usize, E>) -> Result<usize, E> {
    let mut done = 0;
    let mut most = CAPACITY;
    while let Some(rest) = data.get(done..).filter(|rest| !rest.is_empty()) {
        let piece = rest.get(..most).unwrap_or(rest);
        match put(piece) {
            Ok(0) if piece.len() > ATOMIC => most = (piece.len() / 2).max(ATOMIC),
            Ok(0) => break,
            Ok(count) => done += count,
            Err(_) if done > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    /// Takes a piece whole where there is room for it.
    fn whole(room: &mut usize) -> impl FnMut(&[u8]) -> Result<usize, ()> {
        |piece| {
            if piece.len() > *room {
                return Ok(0);
            }
            *room -= piece.len();
            Ok(piece.len())
        }
    }

    #[test]
    fn a_large_write_takes_the_room_that_there_is() {
        let data = [7; 1 << 20];
        for (room, written, left) in [
            (0, 0, 0),
            (ATOMIC - 1, 0, ATOMIC - 1),
            (ATOMIC, ATOMIC, 0),
            (40_000, 36_864, 3_136),
            (CAPACITY, CAPACITY, 0),
            (100_000, 98_304, 1_696),
            (1 << 20, 1 << 20, 0),
        ] {
            let mut free = room;
            assert_eq!(fill(&data, whole(&mut free)), Ok(written), "{room}");
            assert_eq!(free, left, "{room}");
        }
    }

    #[test]
    fn a_small_write_is_whole_or_nothing() {
        for length in [1, 10, ATOMIC - 1, ATOMIC] {
            let data = vec![1; length];
            let mut free = length - 1;
            assert_eq!(fill(&data, whole(&mut free)), Ok(0));
            let mut free = length;
            assert_eq!(fill(&data, whole(&mut free)), Ok(length));
        }
        assert_eq!(fill(&[], whole(&mut 9)), Ok(0));
    }

    #[test]
    fn an_error_counts_when_nothing_was_written() {
        assert_eq!(fill(&[1; 10], |_| Err(5)), Err(5));
        let mut calls = 0;
        let partly = |piece: &[u8]| {
            calls += 1;
            if calls == 3 { Err(5) } else { Ok(piece.len().min(3)) }
        };
        assert_eq!(fill(&[1; 10], partly), Ok(6));
    }
}
