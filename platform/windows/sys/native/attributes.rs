//! What an open file is.

use platform::Result;
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_BASIC_INFORMATION, FILE_OPEN_REPARSE_POINT, FILE_STANDARD_INFORMATION, FileAttributeTagInformation,
    FileBasicInformation, FileStandardInformation,
};
use windows_sys::Wdk::System::SystemServices::FILE_ATTRIBUTE_TAG_INFORMATION;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES,
};

use super::nt::{self, Handle};
use super::reparse;
use crate::pure::reparse::{Point, tag};
use crate::pure::status::{from_status, is_refusal};

/// What a file is for the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A directory with the top of another volume in its place.
    MountPoint,
    /// A symbolic link: one of Windows or of Linux, or a junction.
    Link,
}

/// A file's attributes, and the tag of its reparse point, else 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attributes {
    /// `FILE_ATTRIBUTE_*`.
    pub flags: u32,
    /// `IO_REPARSE_TAG_*`.
    pub tag: u32,
}

impl Attributes {
    /// Asks for the tag only where there is one: FAT and exFAT do not know the question.
    pub fn of(handle: &Handle) -> Result<Self> {
        let basic: FILE_BASIC_INFORMATION = nt::query(handle, FileBasicInformation).map_err(from_status)?;
        Self::with_tag(handle, basic.FileAttributes)
    }

    /// With the tag that the attributes say there is.
    pub fn with_tag(handle: &Handle, flags: u32) -> Result<Self> {
        let unknown = Self { flags, tag: 0 };
        if !unknown.has_reparse_point() {
            return Ok(unknown);
        }
        let tag = match nt::query::<FILE_ATTRIBUTE_TAG_INFORMATION>(handle, FileAttributeTagInformation) {
            Ok(found) => found.ReparseTag,
            Err(status) if is_refusal(status) => reparse::tag(handle)?,
            Err(status) => return Err(from_status(status)),
        };
        Ok(Self { flags, tag })
    }

    /// Whether the file has a reparse point of any kind.
    pub fn has_reparse_point(self) -> bool {
        self.flags & FILE_ATTRIBUTE_REPARSE_POINT != 0
    }

    /// Whether what is open stands for another file or directory, and is no symbolic link.
    pub fn is_stand_in(self, kind: Kind) -> bool {
        kind == Kind::MountPoint || self.has_reparse_point() && self.tag == tag::APP_EXEC_LINK
    }

    /// What the open file of these attributes is.
    pub fn kind(self, handle: &Handle) -> Kind {
        match self.tag {
            _ if !self.has_reparse_point() => self.plain(),
            tag::SYMLINK | tag::LX_SYMLINK => Kind::Link,
            // What cannot be read is a link that leads nowhere: nothing is done to what lies behind.
            tag::MOUNT_POINT if reparse::of(handle) == Ok(Point::Volume) => Kind::MountPoint,
            tag::MOUNT_POINT => Kind::Link,
            _ => self.plain(),
        }
    }

    fn plain(self) -> Kind {
        if self.flags & FILE_ATTRIBUTE_DIRECTORY != 0 { Kind::Directory } else { Kind::File }
    }
}

/// What an open file is.
pub fn kind(handle: &Handle) -> Result<Kind> {
    Ok(Attributes::of(handle)?.kind(handle))
}

/// Whether an open file, which is not itself a link, is a directory. The question takes no right.
pub fn is_directory(handle: &Handle) -> Result<bool> {
    let found: FILE_STANDARD_INFORMATION = nt::query(handle, FileStandardInformation).map_err(from_status)?;
    Ok(found.Directory)
}

/// Whether an open file is a symbolic link itself.
pub fn is_link(handle: &Handle) -> Result<bool> {
    Ok(kind(handle)? == Kind::Link)
}

/// Number of names of a file.
pub fn links(handle: &Handle) -> Result<u32> {
    let found: FILE_STANDARD_INFORMATION = nt::query(handle, FileStandardInformation).map_err(from_status)?;
    Ok(found.NumberOfLinks)
}

/// A file that was read-only, which is no longer.
pub struct Writable {
    handle: Handle,
    attributes: u32,
}

impl Writable {
    /// `None` for a file that is not read-only, or stays it.
    pub fn make(file: &Handle) -> Option<Self> {
        let handle = nt::reopen(file, FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT).ok()?;
        let attributes = nt::query::<FILE_BASIC_INFORMATION>(&handle, FileBasicInformation).ok()?.FileAttributes;
        let file = Self { handle, attributes };
        (attributes & FILE_ATTRIBUTE_READONLY != 0 && file.set(attributes ^ FILE_ATTRIBUTE_READONLY).is_ok())
            .then_some(file)
    }

    /// It is read-only again, also where its name is about to go: the handle is from before.
    pub fn undo(self) {
        let _may_be_gone = self.set(self.attributes);
    }

    fn set(&self, attributes: u32) -> nt::Status<()> {
        let basic = FILE_BASIC_INFORMATION {
            FileAttributes: if attributes == 0 { FILE_ATTRIBUTE_NORMAL } else { attributes },
            ..FILE_BASIC_INFORMATION::default()
        };
        nt::set(&self.handle, FileBasicInformation, &basic)
    }
}
