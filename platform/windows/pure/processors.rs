//! How many processors there are: Windows counts them in groups of up to 64.

/// Processors that a process may use, by its affinity mask and the system's, which are of one group (0: the process is in several),
/// and by their number in all groups. A process without a choice of its own may move its threads to any group.
#[must_use]
pub fn usable(process: usize, system: usize, all: u32) -> usize {
    let chosen = process.count_ones() as usize;
    let count = if process == system { (all as usize).max(chosen) } else { chosen };
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_groups_count_unless_the_process_is_bound() {
        for (process, system, all, expected) in [
            (0xF, 0xF, 4, 4),
            (0x3, 0xF, 4, 2),
            (usize::MAX, usize::MAX, 96, 96),
            (usize::MAX >> 16, usize::MAX >> 16, 96, 96),
            (1, usize::MAX, 256, 1),
            (0, 0, 128, 128),
            (0xF, 0xF, 0, 4),
            (0, 0, 0, 1),
        ] {
            assert_eq!(usable(process, system, all), expected, "{process:#x} {system:#x} {all}");
        }
    }
}
