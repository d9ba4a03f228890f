//! The process, its identity and its children.

use core::convert::Infallible;
use core::ffi::CStr;

use platform_operations::operations;

use crate::{Errno, Ids, Result, Spawn, Usage};

/// The process, its identity and its children.
#[operations(process)]
pub trait Process: Sync {
    /// Ends the process at once with this code.
    #[slot(18)]
    fn exit(&self, code: i32) -> !;
    /// Ends the process as the default action of `signal` does.
    #[slot(78)]
    fn terminate(&self, signal: i32) -> ! {
        self.exit(128 + signal)
    }
    /// `getpid`.
    #[slot(19)]
    fn process_id(&self) -> i32;
    /// `getppid`.
    #[slot(20)]
    fn parent_id(&self) -> i32;
    /// User and group.
    #[slot(21)]
    fn ids(&self) -> Ids;
    /// Whether the process may do more than whoever started it (a set-user-ID file, capabilities of the file): nothing that the
    /// starter chose may decide which code runs then, or which files are opened.
    #[slot(22)]
    fn is_secure(&self) -> bool;
    /// Names the process for people who look at the host's list of processes; a host may cut the name, or have no such thing.
    #[slot(79, optional)]
    fn name_process(&self, name: &[u8]) -> Result<()>;
    /// `execve`: only returns on failure. Programs of our own kind are the loader's business, not the platform's.
    #[slot(80, optional)]
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible>;
    /// Starts a child; its process id. An error of the child before the program ran is reported here.
    #[slot(81, optional)]
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32>;
    /// `waitpid`: process id and status ([`abi::wait`]); `(0, 0)` with `wait::NO_HANG` when none has ended.
    #[slot(82, optional, waits)]
    fn wait(&self, process: i32, options: u32) -> Result<(i32, i32)>;
    /// `getrusage`: `who` is the C ABI's RUSAGE_*.
    #[slot(83, optional)]
    fn usage(&self, who: i32) -> Result<Usage>;
    /// The running executable (the loader itself), as an absolute guest path: bytes stored. `ERANGE` where it does not fit.
    #[slot(84, optional)]
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize>;
    /// `gethostname` without the NUL: bytes stored, at least one. `ERANGE` where it does not fit; 255 always do.
    #[slot(85, optional)]
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize>;
}
