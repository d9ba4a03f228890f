//! Reading and writing of several pieces in one request.

use crate::report::Test;
use platform::abi::{open, seek};
use platform::{Errno, MOST_PIECES, Piece, PieceMut, Platform};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    t.case("vectors", "pieces in order", |t| {
        let fd = t.make("file")?;
        let pieces = [&b"ab"[..], b"", b"cde", b"", b"", b"f"].map(Piece::new);
        t.same("write_vector", "six pieces", host.write_vector(fd, &pieces, None), Ok(6));
        t.same("write_vector", "one", host.write_vector(fd, &pieces[2..3], None), Ok(3));
        t.same("write_vector", "empty ones", host.write_vector(fd, &pieces[3..5], None), Ok(0));
        t.same("write_vector", "none", host.write_vector(fd, &[], None), Ok(0));
        t.same("seek", "the offset moved", host.seek(fd, 0, seek::CURRENT), Ok(9));
        t.same("seek", "to the start", host.seek(fd, 0, seek::SET), Ok(0));
        let (mut first, mut second) = ([b'.'; 4], [b'.'; 8]);
        let mut pieces = [PieceMut::new(&mut first), PieceMut::new(&mut []), PieceMut::new(&mut second)];
        t.same("read_vector", "all there is", host.read_vector(fd, &mut pieces, None), Ok(9));
        t.same("read_vector", "at the end", host.read_vector(fd, &mut pieces, None), Ok(0));
        t.equal("the first piece", &first, b"abcd");
        t.equal("bytes behind the answer are untouched", &second, b"efcde...");
        t.close(fd);
        t.holds("file", b"abcdefcde");
        t.remove("file");
        Ok(())
    });
    t.case("vectors", "at an offset", |t| {
        let fd = t.make("file")?;
        t.same("write", "content", host.write(fd, b"0123456789"), Ok(10));
        let pieces = [&b"AB"[..], b"C"].map(Piece::new);
        t.same("write_vector", "inside", host.write_vector(fd, &pieces, Some(2)), Ok(3));
        t.same("write_vector", "beyond the end", host.write_vector(fd, &pieces, Some(11)), Ok(3));
        let (mut first, mut second) = ([0; 3], [0; 3]);
        let mut pieces = [PieceMut::new(&mut first), PieceMut::new(&mut second)];
        t.same("read_vector", "inside", host.read_vector(fd, &mut pieces, Some(1)), Ok(6));
        t.same("read_vector", "beyond the end", host.read_vector(fd, &mut pieces, Some(60)), Ok(0));
        t.error("read_vector", "an offset beyond i64", host.read_vector(fd, &mut pieces, Some(1 << 63)), Errno::INVAL);
        t.equal("the first piece", &first, b"1AB");
        t.equal("the second piece", &second, b"C56");
        t.same("seek", "the offset did not move", host.seek(fd, 0, seek::CURRENT), Ok(10));
        t.close(fd);
        t.holds("file", b"01ABC56789\0ABC");
        t.remove("file");
        Ok(())
    });
    t.case("vectors", "limits", |t| {
        let fd = t.make("file")?;
        let pieces = [Piece::new(b"x"); MOST_PIECES + 1];
        t.same("write_vector", "as many as there may be", host.write_vector(fd, &pieces[1..], None), Ok(MOST_PIECES));
        t.error("write_vector", "one more", host.write_vector(fd, &pieces, None), Errno::INVAL);
        t.close(fd);
        let fd = t.open("file", open::READ_ONLY)?;
        let mut places = [0; MOST_PIECES + 1];
        let mut pieces = places.each_mut().map(|place| PieceMut::new(core::slice::from_mut(place)));
        t.error("read_vector", "too many", host.read_vector(fd, &mut pieces, None), Errno::INVAL);
        t.same("read_vector", "not too many", host.read_vector(fd, &mut pieces[1..], None), Ok(MOST_PIECES));
        t.equal("what was read", &places[1..], &[b'x'; MOST_PIECES][..]);
        t.error("write_vector", "opened for reading", host.write_vector(fd, &[Piece::new(b"x")], None), Errno::BADF);
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("vectors", "long and short pieces", |t| {
        let data: [u8; 3 << 12] = core::array::from_fn(|at| ((at * 7) >> 3) as u8);
        let mut got = [0; 3 << 12];
        for cuts in [[1, 2], [0, 12_288], [4095, 4097], [8192, 12_287], [5, 12_000]] {
            let fd = t.make("file")?;
            let pieces = [&data[..cuts[0]], &data[cuts[0]..cuts[1]], &data[cuts[1]..]].map(Piece::new);
            t.same("write_vector", "all", host.write_vector(fd, &pieces, None), Ok(data.len()));
            let (first, rest) = got.split_at_mut(cuts[1]);
            let mut pieces = [PieceMut::new(first), PieceMut::new(rest)];
            t.same("read_vector", "all", host.read_vector(fd, &mut pieces, Some(0)), Ok(data.len()));
            t.fact("what was written comes back", got == data);
            t.close(fd);
            t.remove("file");
            got.fill(0);
        }
        Ok(())
    });
    t.case("vectors", "appending", |t| {
        t.make_with("file", b"one")?;
        let fd = t.open("file", open::WRITE_ONLY | open::APPEND)?;
        let pieces = [&b"two"[..], b"three"].map(Piece::new);
        t.same("write_vector", "goes to the end", host.write_vector(fd, &pieces, None), Ok(8));
        t.close(fd);
        t.holds("file", b"onetwothree");
        t.remove("file");
        Ok(())
    });
    t.case("vectors", "pipes", |t| {
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        let pieces = [&b"one"[..], b"", b"two", b"three"].map(Piece::new);
        t.same("write_vector", "into it", host.write_vector(write, &pieces, None), Ok(11));
        let (mut first, mut second) = ([b'.'; 4], [b'.'; 12]);
        let mut pieces = [PieceMut::new(&mut first), PieceMut::new(&mut second)];
        t.same("read_vector", "what is there, without waiting", host.read_vector(read, &mut pieces, None), Ok(11));
        t.error("read_vector", "a pipe has no offset", host.read_vector(read, &mut pieces, Some(0)), Errno::SPIPE);
        t.equal("the first piece", &first, b"onet");
        t.equal("the second piece", &second, b"wothree.....");
        let pieces = [Piece::new(b"x"); 2];
        t.error("write_vector", "a pipe has no offset", host.write_vector(write, &pieces, Some(0)), Errno::SPIPE);
        t.close(write);
        let mut pieces = [PieceMut::new(&mut first), PieceMut::new(&mut second)];
        t.same("read_vector", "no writer left: the end", host.read_vector(read, &mut pieces, None), Ok(0));
        t.close(read);
        Ok(())
    });
}
