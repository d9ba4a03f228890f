//! Memory that is committed when it is first used: `mmap` with `MAP_NORESERVE`.
//!
//! The first access to such a page is an exception; the handler of exceptions asks here before it takes that for a signal.
//! The kernel answers with an error instead, so a buffer is committed before the kernel gets it.

use core::ops::Range;
use core::sync::atomic::Ordering;

use platform::abi::protection;

use super::pages::{RUNS, SOME_ON_DEMAND, commit};
use crate::pure::runs::Kind;
use crate::sys::native::nt;
use crate::sys::native::regions::{GRANULE, PAGE};

/// What became of an access that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The page is there now.
    Ready,
    /// The page cannot be had: Windows has no memory left.
    NoMemory,
    /// The memory does not come on demand, or may not be used so.
    Refused,
}

/// Commits the block around an address where its memory comes on demand and the access, one of `PROT_*`, is allowed.
/// Another thread may have done it meanwhile.
pub fn touch(address: usize, access: u32) -> Outcome {
    // A thread that changes what is mapped touches none of the guest's memory.
    if !SOME_ON_DEMAND.load(Ordering::Relaxed) || RUNS.is_mine() {
        return Outcome::Refused;
    }
    // Held until the end: nothing is committed that another thread unmaps or protects at this moment.
    let runs = RUNS.lock();
    let Some((block, allowed)) = runs.demanded(address, GRANULE) else { return Outcome::Refused };
    if !allows(allowed, access) {
        return Outcome::Refused;
    }
    let page = address - address % PAGE;
    let got = commit(block, allowed).or_else(|_| commit(page..page + PAGE, allowed));
    if got.is_ok() { Outcome::Ready } else { Outcome::NoMemory }
}

/// As much of a buffer as the kernel can write to; less than a request takes only where Windows has no memory left.
pub fn writable(buffer: &mut [u8]) -> &mut [u8] {
    let ready = ready(buffer, protection::WRITE);
    buffer.get_mut(..ready).unwrap_or_default()
}

/// As much of a buffer as the kernel can read; less than a request takes only where Windows has no memory left.
pub fn readable(buffer: &[u8]) -> &[u8] {
    buffer.get(..ready(buffer, protection::READ)).unwrap_or_default()
}

/// Bytes of the buffer whose memory is committed now. Whatever else is wrong with it is the kernel's to say, also that
/// nothing could be committed.
fn ready(buffer: &[u8], access: u32) -> usize {
    if !SOME_ON_DEMAND.load(Ordering::Relaxed) {
        return buffer.len();
    }
    let start = buffer.as_ptr() as usize;
    // A request takes no more: a buffer may be all that the guest has reserved, which is more than Windows has.
    let length = buffer.len().min(nt::MOST);
    let end = commit_range(start..start.saturating_add(length), access);
    if end == start { length } else { end - start }
}

/// Commits what comes on demand in a range and allows the access; the address up to which that was done.
fn commit_range(range: Range<usize>, access: u32) -> usize {
    let runs = RUNS.lock();
    let mut at = range.start;
    while let Some(run) = runs.first_in(at..range.end) {
        if let Kind::OnDemand(allowed) = run.kind
            && allows(allowed, access)
            && commit(run.start..run.end, allowed).is_err()
        {
            // All at once was too much: as far as it goes, then.
            let refused = |page: &usize| commit(*page..run.end.min(page + GRANULE), allowed).is_err();
            return (run.start..run.end).step_by(GRANULE).find(refused).unwrap_or(range.end);
        }
        at = run.end;
    }
    range.end
}

/// Windows has no memory that is written but not read.
const fn allows(allowed: u32, access: u32) -> bool {
    let allowed = if allowed & protection::WRITE != 0 { allowed | protection::READ } else { allowed };
    allowed & access == access
}
