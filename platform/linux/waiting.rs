//! Waiting for descriptors: `ppoll`.

use platform::abi::clock;
use platform::{Deadline, Errno, Result, Time, Timespec, Wait, Waiting};

use crate::Linux;
use crate::blocking::blocking;
use crate::signals::{MASK_BYTES, blockable};
use crate::sys::kernel;

impl Waiting for Linux {
    fn wait_many(&self, items: &mut [Wait], deadline: Option<Deadline>, mask: Option<u64>) -> Result<usize> {
        let left = match deadline {
            None => None,
            Some(Deadline { clock: id @ (clock::REALTIME | clock::MONOTONIC), time }) => {
                let ns = time.saturating_ns_since(self.clock(id)?);
                Some(Timespec::default().saturating_add_ns(ns))
            }
            Some(_) => return Err(Errno::INVAL),
        };
        // The kernel writes the time that is left, which nobody reads.
        let left = left.as_ref().map_or(0, |left| core::ptr::from_ref(left).expose_provenance());
        let mask = mask.map(blockable);
        let mask = mask.as_ref().map_or(0, |mask| core::ptr::from_ref(mask).expose_provenance());
        let list = items.as_mut_ptr().expose_provenance();
        // SAFETY: `Wait` is the kernel's `struct pollfd`; the other arguments are readable.
        unsafe { blocking(kernel::__NR_ppoll, [list, items.len(), left, mask, MASK_BYTES]) }
    }
}
