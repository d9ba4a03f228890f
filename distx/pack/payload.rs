//! The payload: directory and members.

use anyhow::{Error, Result, anyhow};
use loader_abi::payload::{ALIGN, Contents, Directory, Mark, checksum};
use sha2::{Digest, Sha256};

use crate::resolve::File;

/// A member of a packed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name there: a path in the root or beside the program.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// It is what runs.
    pub is_program: bool,
}

impl Listed {
    pub(crate) fn all(directory: &Directory<'_>) -> Vec<Self> {
        let program = directory.program();
        let listed = directory.members().map(|member| Self {
            name: String::from_utf8_lossy(member.name).into_owned(),
            bytes: member.bytes,
            is_program: Some(member) == program,
        });
        listed.collect()
    }
}

/// The same bytes for every host.
pub struct Payload {
    pub bytes: Vec<u8>,
    /// Where it will begin is still open.
    pub mark: Mark,
}

impl Payload {
    /// Of these files, the program first.
    ///
    /// # Errors
    /// A name is forbidden in a payload.
    pub fn new(files: &[File]) -> Result<Self> {
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_by_key(|index| &files[*index].name);
        let member = |index: &usize| {
            let file = &files[*index];
            (file.name.clone().into_bytes(), file.bytes.len() as u64, Sha256::digest(&file.bytes).into())
        };
        let program = order.iter().position(|index| *index == 0).unwrap_or(0);
        let contents = Contents { members: order.iter().map(member).collect(), program };
        let mut bytes = contents.directory().map_err(|what| {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            anyhow!("{what}: {}", names.join(", "))
        })?;
        let mark = Mark { offset: 0, directory_bytes: bytes.len() as u64, checksum: checksum(&bytes) };
        let directory = bytes.clone();
        let directory = Self::directory(&directory, &mark)?;
        for (member, index) in directory.members().zip(order) {
            let place = member.offset as usize..(member.offset + member.bytes) as usize;
            bytes.resize(bytes.len().max(place.end), 0);
            bytes[place].copy_from_slice(&files[index].bytes);
        }
        Ok(Self { bytes, mark })
    }

    fn directory<'d>(bytes: &'d [u8], mark: &Mark) -> Result<Directory<'d>> {
        Directory::parse(bytes, &Mark { offset: ALIGN, ..*mark }, u64::MAX).map_err(Error::msg)
    }

    /// What is in it.
    ///
    /// # Errors
    /// None for a payload that was made here.
    pub fn listed(&self) -> Result<Vec<Listed>> {
        let directory = self.bytes.get(..self.mark.directory_bytes as usize).unwrap_or_default();
        Self::directory(directory, &self.mark).map(|directory| Listed::all(&directory))
    }
}
