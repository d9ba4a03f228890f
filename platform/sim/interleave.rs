//! Threads that take turns as a seed decides.

use crate::schedule::Run;
use crate::serve;

/// What one of the threads does.
pub type Body<'a> = &'a (dyn Fn() + Sync);

/// Runs the bodies as threads until all have ended, under the schedule of the seed.
///
/// # Panics
/// When a body does, when all that are left sleep for ever, or when they do not end; the message names the seed.
pub fn interleave(seed: u64, bodies: &[Body<'_>]) {
    let (run, sim) = (Run::new(seed, bodies.len()), serve::sim());
    std::thread::scope(|scope| {
        for (me, body) in bodies.iter().enumerate() {
            let run = run.clone();
            scope.spawn(move || {
                serve::adopt(sim);
                run.take_part(me, body);
            });
        }
        run.start();
    });
    if let Some(failure) = run.failure() {
        panic!("seed {seed}: {failure}");
    }
}
