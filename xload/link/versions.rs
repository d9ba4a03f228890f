//! The list of loaded files as `dl_iterate_phdr` goes through it: one of a moment, whatever comes and goes meanwhile.
//!
//! Unwinders ask for it at each frame of an exception, and what they call back may do anything, `dlopen` included. So no lock is
//! held meanwhile: a version of the list stays as it is while it has readers, and a file that is unloaded stays mapped while a
//! version with readers has it.

use alloc::vec::Vec;

use loader_abi::{ObjectInfo, ObjectList};
use platform::{Errno, Result};

use super::object::Object;
use super::state::State;

/// The list at one moment.
pub(super) struct Version {
    /// Files loaded and unloaded until then.
    loaded: u64,
    unloaded: u64,
    readers: usize,
    /// Never empty: the program stays.
    objects: Vec<ObjectInfo>,
}

/// A file that is no longer in the list.
pub(super) struct Unloaded {
    pub object: Object,
    /// Number of the file among those that were unloaded.
    pub number: u64,
}

/// The versions of the list.
pub(super) struct Versions {
    /// The last one is in force, those before it have readers. Empty until somebody asks: most programs never do.
    list: Vec<Version>,
    /// Files whose memory readers may still use.
    unloaded: Vec<Unloaded>,
}

// SAFETY: the pointers lead to what the files in the list own, and nobody writes.
unsafe impl Send for Version {}

impl Version {
    /// The list as it is now.
    pub(super) fn new(state: &State) -> Self {
        let info = |object: &Object| ObjectInfo { loaded: state.loaded, unloaded: state.unloaded, ..object.info() };
        let objects = state.loaded().map(|(_, object)| info(object)).collect();
        Self { loaded: state.loaded, unloaded: state.unloaded, readers: 0, objects }
    }

    fn has(&self, file: &Unloaded) -> bool {
        file.object.number <= self.loaded && self.unloaded < file.number
    }
}

impl Versions {
    pub(super) const EMPTY: Self = Self { list: Vec::new(), unloaded: Vec::new() };

    /// The version in force, with one more reader; `None` until there is one.
    pub(super) fn read(&mut self) -> Option<ObjectList> {
        let version = self.list.last_mut()?;
        version.readers += 1;
        Some(ObjectList { objects: version.objects.as_ptr(), count: version.objects.len() })
    }

    /// Takes a reader away from the version whose list lies at this address.
    pub(super) fn release(&mut self, list: usize) -> Result<()> {
        let read = |version: &&mut Version| version.objects.as_ptr().addr() == list && version.readers > 0;
        self.list.iter_mut().find(read).ok_or(Errno::INVAL)?.readers -= 1;
        Ok(())
    }

    /// Whether nobody has asked yet.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Another version is in force.
    pub(super) fn put(&mut self, version: Version) {
        self.list.push(version);
    }

    /// Keeps files that were unloaded until no reader can use them.
    pub(super) fn keep(&mut self, files: Vec<Unloaded>) {
        self.unloaded.extend(files);
    }

    /// Takes out what no reader can use: versions, and files whose memory goes.
    pub(super) fn unused(&mut self) -> Vec<Unloaded> {
        let mut before_last = self.list.len().saturating_sub(1);
        self.list.retain(|version| {
            let is_last = before_last == 0;
            before_last = before_last.wrapping_sub(1);
            is_last || version.readers > 0
        });
        let Self { list, unloaded } = self;
        unloaded.extract_if(.., |file| !list.iter().any(|version| version.readers > 0 && version.has(file))).collect()
    }
}

impl Object {
    /// What the list says of it, the counts apart.
    pub(super) fn info(&self) -> ObjectInfo {
        ObjectInfo {
            base: self.mapping.bias,
            name: self.path.as_ptr(),
            program_headers: self.program_headers.0 as *const u8,
            program_header_count: self.program_headers.1,
            loaded: 0,
            unloaded: 0,
            tls_module: 0,
            tls_data: core::ptr::null(),
        }
    }
}
