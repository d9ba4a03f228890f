//! Random bytes.

use crate::report::Test;
use platform::Platform;

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    t.case("random", "the whole buffer is filled", |t| {
        // 4 KiB: more than some generators give at once. A zero run of 16 bytes has a chance of 2^-116.
        let mut buffer = [0; 4096];
        t.same("random", "4 KiB", host.random(&mut buffer), Ok(()));
        t.fact("no run of zeros", buffer.chunks_exact(16).all(|chunk| chunk.iter().any(|byte| *byte != 0)));
        t.same("random", "nothing", host.random(&mut []), Ok(()));
        Ok(())
    });
    t.case("random", "two requests differ", |t| {
        let (mut one, mut two) = ([0; 16], [0; 16]);
        t.same("random", "one", host.random(&mut one), Ok(()));
        t.same("random", "two", host.random(&mut two), Ok(()));
        t.fact("they differ", one != two);
        Ok(())
    });
}
