//! Requests on sockets, on a host that may have none.

use crate::rt::{Errno, Platform, Result};

/// What a request on a descriptor answers where the host has no sockets: `EBADF`, or `ENOTSOCK` since no descriptor is one.
pub fn on_socket<T>(host: &impl Platform, fd: i32, answer: Result<T>) -> Result<T> {
    match answer {
        Err(Errno::NOSYS) => host.descriptor_flags(fd).and(Err(Errno::NOTSOCK)),
        answer => answer,
    }
}

/// What making a socket answers there: no family of addresses is supported.
pub fn new<T>(answer: Result<T>) -> Result<T> {
    answer.map_err(|errno| if errno == Errno::NOSYS { Errno::AFNOSUPPORT } else { errno })
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::{Files, Network};
    use platform_sim::Sim;

    #[test]
    fn a_host_without_sockets_has_errors_of_posix() {
        let sim = Sim::default();
        assert_eq!(new(sim.socket(2, 1, 0)), Err(Errno::AFNOSUPPORT));
        assert_eq!(on_socket(&sim, 1, sim.listen(1, 1)), Err(Errno::NOTSOCK));
        assert_eq!(on_socket(&sim, 77, sim.listen(77, 1)), Err(Errno::BADF));
        assert_eq!(on_socket(&sim, 1, sim.close(1)), Ok(()));
    }
}
