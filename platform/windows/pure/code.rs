//! Whose code is at an address.

/// Who put code where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The guest. It may be interrupted anywhere, and its faults are its signals.
    Guest,
    /// This executable.
    Loader,
    /// Windows and what lives in the process beside us: libraries, also code that security products and overlays make in
    /// memory of their own. It may hold any lock, and handles its own faults.
    Host,
}

/// What is known of the page at an address.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The guest mapped it.
    pub is_mapped: bool,
    /// It is this executable's.
    pub is_loader: bool,
    /// It is of a file that Windows loaded.
    pub is_image: bool,
    /// It is committed, and may be run.
    pub is_executable: bool,
}

impl Page {
    /// Whose code it is. Where no code is, it is the guest that jumped there: so do null pointers to functions.
    #[must_use]
    pub const fn owner(self) -> Owner {
        if self.is_loader {
            Owner::Loader
        } else if !self.is_mapped && (self.is_image || self.is_executable) {
            Owner::Host
        } else {
            Owner::Guest
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_the_guest_did_not_map_is_not_the_guests() {
        let nothing = Page { is_mapped: false, is_loader: false, is_image: false, is_executable: false };
        assert_eq!(nothing.owner(), Owner::Guest, "a jump to where nothing is");
        for is_executable in [false, true] {
            assert_eq!(Page { is_mapped: true, is_executable, ..nothing }.owner(), Owner::Guest);
            assert_eq!(Page { is_image: true, is_executable, ..nothing }.owner(), Owner::Host, "a library");
            assert_eq!(Page { is_image: true, is_loader: true, is_executable, ..nothing }.owner(), Owner::Loader);
        }
        assert_eq!(Page { is_executable: true, ..nothing }.owner(), Owner::Host, "private memory of somebody else");
    }
}
