//! Free slots that one thread keeps, so that most requests take no lock.

use platform::Platform;

use super::central::{Central, Chain};
use super::classes::{CLASSES, cache_limit, cache_refill};

/// The chains of one thread. It lies in a slot itself.
pub(super) struct Cache {
    chains: [Chain; CLASSES],
}

impl Cache {
    pub(super) const EMPTY: Self = Self { chains: [const { Chain::EMPTY }; CLASSES] };

    /// A free slot that is here.
    #[inline(always)]
    pub(super) fn pop(&mut self, class: usize) -> Option<*mut u8> {
        self.chains.get_mut(class)?.pop()
    }

    /// A free slot; `None` when the host has no memory.
    pub(super) fn take(&mut self, host: &impl Platform, central: &Central, class: usize) -> Option<*mut u8> {
        let chain = self.chains.get_mut(class)?;
        if let Some(object) = chain.pop() {
            return Some(object);
        }
        *chain = central.take(host, class, cache_refill(class));
        chain.pop()
    }

    /// Keeps a free slot; gives half of them back when there are too many.
    ///
    /// # Safety
    /// `object` is a free slot of this class.
    #[inline]
    pub(super) unsafe fn keep(&mut self, host: &impl Platform, central: &Central, class: usize, object: *mut u8) {
        let Some(chain) = self.chains.get_mut(class) else { return };
        // SAFETY: caller contract.
        unsafe { chain.push(object) };
        let limit = cache_limit(class);
        if chain.count > limit {
            // SAFETY: the cache's chains hold free slots of their class.
            unsafe { central.give_back(host, class, chain, limit / 2) };
        }
    }

    /// Gives everything back.
    pub(super) fn clear(&mut self, host: &impl Platform, central: &Central) {
        for (class, chain) in self.chains.iter_mut().enumerate() {
            let count = chain.count;
            if count > 0 {
                // SAFETY: the cache's chains hold free slots of their class.
                unsafe { central.give_back(host, class, chain, count) };
            }
        }
    }
}
