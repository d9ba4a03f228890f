//! Paths and directories.

use std::collections::BTreeMap;

use platform::abi::{access, at, file_time, file_type};
use platform::dirent::Record;
use platform::{Errno, Fd, FileSystem, Names, Result, Timespec};

use crate::disk::{Body, Ino, Place};
use crate::open::Target;
use crate::system::{State, System};

impl State {
    /// The directory that relative paths of an `*at` call start from.
    pub fn directory(&self, directory: Fd) -> Result<Ino> {
        if directory == at::CURRENT_DIRECTORY {
            return Ok(self.disk.current);
        }
        self.node_of(directory).and_then(|ino| self.disk.names(ino).map(|_| ino))
    }

    pub fn node_of(&self, fd: Fd) -> Result<Ino> {
        match self.descriptors.get(fd)?.borrow().target {
            Target::Node(ino) => Ok(ino),
            _ => Err(Errno::INVAL),
        }
    }

    pub fn walk(&self, directory: Fd, path: &[u8], follow: bool) -> Result<Place> {
        let start = if path.first() == Some(&b'/') { crate::disk::ROOT } else { self.directory(directory)? };
        let place = self.disk.walk(start, path, follow)?;
        if let (true, Some(ino)) = (place.directory_wanted, place.node) {
            self.disk.names(ino)?;
        }
        Ok(place)
    }

    /// The node a path or, with `EMPTY_PATH`, a descriptor means.
    pub fn find(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Ino> {
        if path.is_empty() && flags & at::EMPTY_PATH != 0 {
            return if directory == at::CURRENT_DIRECTORY { Ok(self.disk.current) } else { self.node_of(directory) };
        }
        self.walk(directory, path, flags & at::SYMLINK_NOFOLLOW == 0)?.node.ok_or(Errno::NOENT)
    }
}

impl Names for System {
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        let state = self.enter();
        let ino = state.find(directory, path, flags & at::SYMLINK_NOFOLLOW)?;
        if mode & !(access::READ | access::WRITE | access::EXECUTE) != 0 {
            return Err(Errno::INVAL);
        }
        let granted = state.disk.node(ino).stat.mode >> 6;
        if granted & mode == mode { Ok(()) } else { Err(Errno::ACCES) }
    }
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        let mut state = self.enter();
        let place = state.walk(directory, path, false)?;
        if place.node.is_some() {
            return Err(Errno::EXIST);
        }
        let mode = file_type::DIRECTORY | (mode & 0o7777 & !state.umask);
        let ino = state.disk.add(Body::Directory(BTreeMap::new()), mode, place.directory);
        state.disk.enter(place.directory, place.name, ino);
        Ok(())
    }
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        let mut state = self.enter();
        let place = state.walk(directory, path, false)?;
        let ino = place.node.ok_or(Errno::NOENT)?;
        let wants_directory = flags & at::REMOVE_DIRECTORY != 0;
        match (&state.disk.node(ino).body, wants_directory) {
            (Body::Directory(_), false) => return Err(Errno::ISDIR),
            (Body::Directory(names), true) if !names.is_empty() => return Err(Errno::NOTEMPTY),
            (Body::Directory(_), true) if place.name == b"." => return Err(Errno::INVAL),
            (Body::Directory(_), true) => {}
            (_, true) => return Err(Errno::NOTDIR),
            (_, false) => {}
        }
        state.disk.remove(place.directory, &place.name);
        Ok(())
    }
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        let mut state = self.enter();
        let source = state.walk(from_directory, from, false)?;
        let target = state.walk(to_directory, to, false)?;
        let ino = source.node.ok_or(Errno::NOENT)?;
        let moves_directory = state.disk.names(ino).is_ok();
        if target.node == Some(ino) {
            return Ok(());
        }
        if moves_directory && state.disk.is_below(target.directory, ino) {
            return Err(Errno::INVAL);
        }
        match target.node.map(|node| &state.disk.node(node).body) {
            Some(Body::Directory(_)) if !moves_directory => return Err(Errno::ISDIR),
            Some(Body::Directory(names)) if !names.is_empty() => return Err(Errno::NOTEMPTY),
            Some(Body::Directory(_)) => {}
            Some(_) if moves_directory => return Err(Errno::NOTDIR),
            None if target.directory_wanted && !moves_directory => return Err(Errno::NOTDIR),
            _ => {}
        }
        if target.node.is_some() {
            state.disk.remove(target.directory, &target.name);
        }
        state.disk.rename((source.directory, &source.name), (target.directory, target.name));
        Ok(())
    }
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        let mut state = self.enter();
        let source = state.walk(from_directory, from, flags & at::SYMLINK_FOLLOW != 0)?.node.ok_or(Errno::NOENT)?;
        let target = state.walk(to_directory, to, false)?;
        if state.disk.names(source).is_ok() {
            return Err(Errno::PERM);
        }
        if target.node.is_some() {
            return Err(Errno::EXIST);
        }
        state.disk.enter(target.directory, target.name, source);
        Ok(())
    }
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        let mut state = self.enter();
        if target.is_empty() {
            return Err(Errno::NOENT);
        }
        let place = state.walk(directory, path, false)?;
        if place.node.is_some() {
            return Err(Errno::EXIST);
        }
        let ino = state.disk.add(Body::Symlink(target.to_vec()), file_type::SYMLINK | 0o777, crate::disk::ROOT);
        state.disk.enter(place.directory, place.name, ino);
        Ok(())
    }
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        let state = self.enter();
        let ino = state.find(directory, path, at::SYMLINK_NOFOLLOW)?;
        let Body::Symlink(target) = &state.disk.node(ino).body else { return Err(Errno::INVAL) };
        let n = target.len().min(buffer.len());
        buffer[..n].copy_from_slice(&target[..n]);
        Ok(n)
    }
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        let mut state = self.enter();
        let ino = state.find(directory, path, flags)?;
        let stat = &mut state.disk.node_mut(ino).stat;
        stat.mode = (stat.mode & file_type::MASK) | (mode & 0o7777);
        Ok(())
    }
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        let mut state = self.enter();
        let ino = state.find(directory, path, flags)?;
        let stat = &mut state.disk.node_mut(ino).stat;
        if uid != u32::MAX {
            stat.uid = uid;
        }
        if gid != u32::MAX {
            stat.gid = gid;
        }
        Ok(())
    }
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        let mut state = self.enter();
        let ino = state.find(directory, path, flags)?;
        let now = state.disk.now();
        let stat = &mut state.disk.node_mut(ino).stat;
        for (slot, time) in [&mut stat.accessed, &mut stat.modified].into_iter().zip(times) {
            match time.nanoseconds {
                file_time::NOW => *slot = now,
                file_time::OMIT => {}
                0..1_000_000_000 => *slot = time,
                _ => return Err(Errno::INVAL),
            }
        }
        Ok(())
    }
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        let state = self.enter();
        state.find(directory, path, flags)?;
        Ok(FileSystem {
            block_size: 4096,
            fragment_size: 4096,
            blocks: 1 << 18,
            name_max: 255,
            ..FileSystem::default()
        })
    }
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        let mut state = self.enter();
        let ino = state.find(directory, path, at::EMPTY_PATH)?;
        state.disk.names(ino)?;
        state.disk.current = ino;
        Ok(())
    }
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        let state = self.enter();
        let path = state.disk.path(state.disk.current);
        buffer.get_mut(..path.len()).ok_or(Errno::RANGE)?.copy_from_slice(&path);
        Ok(path.len())
    }
    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(std::mem::replace(&mut self.enter().umask, mask & 0o777))
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let state = self.enter();
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        let Target::Node(ino) = description.target else { return Err(Errno::NOTDIR) };
        let names = state.disk.names(ino)?;
        let dots = [(b".".as_slice(), ino), (b"..".as_slice(), state.disk.node(ino).parent)];
        let all = dots.into_iter().chain(names.iter().map(|(name, ino)| (name.as_slice(), *ino)));
        let mut used = 0;
        for (name, ino) in all.skip(description.offset as usize) {
            let record = Record {
                ino,
                next: description.offset as i64 + 1,
                kind: (state.disk.node(ino).stat.mode >> 12) as u8,
                name,
            };
            let Some(length) = record.store(&mut buffer[used..]) else {
                return if used == 0 { Err(Errno::INVAL) } else { Ok(used) };
            };
            description.offset += 1;
            used += length;
        }
        Ok(used)
    }
}
