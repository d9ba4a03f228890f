//! `sysconf`: what each name means here.

use crate::rt::{Errno, Platform, Result};

/// POSIX.1-2024 `sysconf`. `None`: no limit, or an option that is not there; `EINVAL` for an unknown name.
pub fn sysconf(host: &impl Platform, name: i32) -> Result<Option<i64>> {
    /// `_POSIX_VERSION` of the ABI's headers.
    const POSIX: i64 = 200_809;
    let value = match name {
        0 => 131_072,                                           // ARG_MAX
        2 => 100,                                               // CLK_TCK
        3 => 32,                                                // NGROUPS_MAX
        4 => host.descriptor_limit() as i64,                    // OPEN_MAX
        5 => 1000,                                              // STREAM_MAX
        6 => 6,                                                 // TZNAME_MAX
        11 | 14..=16 | 19 => POSIX, // TIMERS, SYNCHRONIZED_IO .. MEMORY_PROTECTION less 17, 18
        21 | 29 | 67 | 68 => POSIX, // SEMAPHORES, VERSION, THREADS, THREAD_SAFE_FUNCTIONS
        133 | 137..=139 | 149 | 153 | 154 | 159 | 164 => POSIX, // BARRIERS .. TIMEOUTS
        235 | 236 => POSIX,         // IPV6, RAW_SOCKETS
        78 | 82 => POSIX,           // THREAD_ATTR_STACKSIZE, THREAD_PROCESS_SHARED
        30 => host.page_bytes() as i64, // PAGESIZE
        31 => 30,                   // RTSIG_MAX
        33 => i64::from(i32::MAX),  // SEM_VALUE_MAX
        36 | 38 => 99,              // BC_BASE_MAX, BC_SCALE_MAX
        37 | 43 => 2048,            // BC_DIM_MAX, LINE_MAX
        39 => 1000,                 // BC_STRING_MAX
        40 => 2,                    // COLL_WEIGHTS_MAX
        42 => 32,                   // EXPR_NEST_MAX
        44 => 255,                  // RE_DUP_MAX
        60 => 1024,                 // IOV_MAX
        70 | 69 => 1024,            // GETPW_R_SIZE_MAX, GETGR_R_SIZE_MAX
        71 => 256,                  // LOGIN_NAME_MAX
        72 => 32,                   // TTY_NAME_MAX
        73 => 4,                    // THREAD_DESTRUCTOR_ITERATIONS
        74 => crate::rt::KEYS_MAX as i64, // THREAD_KEYS_MAX
        75 => 2048,                 // THREAD_STACK_MIN
        83 | 84 => host.processor_count() as i64, // NPROCESSORS_CONF, NPROCESSORS_ONLN
        89 => 700,                  // XOPEN_VERSION
        109 => 20,                  // NZERO
        127 | 178 | 239 => 1,       // the LP64 environments
        173 => 40,                  // SYMLOOP_MAX
        180 => 255,                 // HOST_NAME_MAX
        // What stands in the ABI's <unistd.h> and is not here.
        1
        | 7..=10
        | 12
        | 13
        | 17
        | 18
        | 20
        | 22..=28
        | 32
        | 34
        | 35
        | 46..=52
        | 76
        | 77
        | 79..=81
        | 85..=88
        | 90..=100
        | 125..=132
        | 155..=177
        | 179..=234
        | 237..=250 => {
            return Ok(None);
        }
        _ => return Err(Errno::INVAL),
    };
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_missing_limits_and_unknown_names_differ() {
        let sim = platform_sim::Sim::default();
        assert_eq!(sysconf(&sim, 30), Ok(Some(4096)));
        assert_eq!(sysconf(&sim, 84), Ok(Some(2)));
        assert_eq!(sysconf(&sim, 1), Ok(None));
        assert_eq!(sysconf(&sim, 9999), Err(Errno::INVAL));
    }
}
