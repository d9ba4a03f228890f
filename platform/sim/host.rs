//! The simulation as a platform.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use platform::abi::{access, at, clock, descriptor, file_time, file_type, mapping, open, seek, signal};
use platform::{
    Deadline, Errno, Fd, FileSystem, Ids, Lock, Map, Platform, Result, SignalAction, Slot, SlotBase, Stat, ThreadStart,
    Timespec, WindowSize,
};

use crate::disk::{Body, Ino, Place};
use crate::memory::PAGE;
use crate::open::{Description, PIPE_BYTES, Pipe, Target};
use crate::{EPOCH_SECONDS, SLOT, Sim, State};

impl State {
    /// The directory that relative paths of an `*at` call start from.
    fn directory(&self, directory: Fd) -> Result<Ino> {
        if directory == at::CURRENT_DIRECTORY {
            return Ok(self.disk.current);
        }
        self.node_of(directory).and_then(|ino| self.disk.names(ino).map(|_| ino))
    }

    fn node_of(&self, fd: Fd) -> Result<Ino> {
        match self.descriptors.get(fd)?.borrow().target {
            Target::Node(ino) => Ok(ino),
            _ => Err(Errno::INVAL),
        }
    }

    fn walk(&self, directory: Fd, path: &[u8], follow: bool) -> Result<Place> {
        let start = if path.first() == Some(&b'/') { crate::disk::ROOT } else { self.directory(directory)? };
        let place = self.disk.walk(start, path, follow)?;
        if let (true, Some(ino)) = (place.directory_wanted, place.node) {
            self.disk.names(ino)?;
        }
        Ok(place)
    }

    /// The node a path or, with `EMPTY_PATH`, a descriptor means.
    fn find(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Ino> {
        if path.is_empty() && flags & at::EMPTY_PATH != 0 {
            return if directory == at::CURRENT_DIRECTORY { Ok(self.disk.current) } else { self.node_of(directory) };
        }
        self.walk(directory, path, flags & at::SYMLINK_NOFOLLOW == 0)?.node.ok_or(Errno::NOENT)
    }

    fn limit(&self, length: usize) -> usize {
        self.faults.transfer_limit.map_or(length, |limit| length.min(limit))
    }

    /// Ends a description: counts of nodes and pipes.
    fn closed(&mut self, description: Option<Description>) {
        match description.map(|description| description.target) {
            Some(Target::Node(ino)) => {
                self.disk.node_mut(ino).open -= 1;
                self.disk.release(ino);
            }
            Some(Target::PipeRead(pipe)) => pipe.borrow_mut().readers -= 1,
            Some(Target::PipeWrite(pipe)) => pipe.borrow_mut().writers -= 1,
            _ => {}
        }
    }

    fn read_node(&self, ino: Ino, buffer: &mut [u8], offset: u64) -> Result<usize> {
        match &self.disk.node(ino).body {
            Body::Regular(data) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(data.len());
                let n = self.limit(buffer.len()).min(data.len() - start);
                buffer[..n].copy_from_slice(&data[start..start + n]);
                Ok(n)
            }
            Body::Null => Ok(0),
            Body::Directory(_) => Err(Errno::ISDIR),
            Body::Symlink(_) => Err(Errno::INVAL),
        }
    }

    fn write_node(&mut self, ino: Ino, data: &[u8], offset: u64) -> Result<usize> {
        let mut n = self.limit(data.len());
        let used = self.disk.used();
        let (room, now) = (self.faults.disk_bytes.map(|limit| limit.saturating_sub(used)), self.disk.now());
        let node = self.disk.node_mut(ino);
        let Body::Regular(contents) = &mut node.body else {
            return if matches!(node.body, Body::Null) { Ok(n) } else { Err(Errno::INVAL) };
        };
        let start = usize::try_from(offset).map_err(|_| Errno::FBIG)?;
        if let Some(room) = room {
            n = n.min(contents.len().saturating_add(room).saturating_sub(start));
            if n == 0 && !data.is_empty() {
                return Err(Errno::NOSPC);
            }
        }
        let end = start.checked_add(n).filter(|end| *end < 1 << 30).ok_or(Errno::FBIG)?;
        if contents.len() < end {
            contents.resize(end, 0);
        }
        contents[start..end].copy_from_slice(&data[..n]);
        node.stat.modified = now;
        node.stat.changed = now;
        Ok(n)
    }
}

/// A descriptor open for reading, or for writing with `write`.
fn usable(description: &Description, write: bool) -> Result<()> {
    let mode = description.flags & open::ACCESS_MODE;
    let fits = if write { mode != open::READ_ONLY } else { mode != open::WRITE_ONLY };
    if fits { Ok(()) } else { Err(Errno::BADF) }
}

impl Sim {
    fn meet(&self, method: &'static str) -> Result<std::sync::MutexGuard<'_, State>> {
        let mut state = self.state();
        state.faults.meet(method)?;
        let now = self.real_time(state.slept_ns);
        state.disk.set_now(now);
        Ok(state)
    }

    fn elapsed(&self, slept_ns: u64) -> u64 {
        self.started.elapsed().as_nanos() as u64 + slept_ns
    }

    fn real_time(&self, slept_ns: u64) -> Timespec {
        Timespec { seconds: EPOCH_SECONDS, nanoseconds: 0 }.saturating_add_ns(self.elapsed(slept_ns))
    }
}

impl Platform for Sim {
    fn page_bytes(&self) -> usize {
        PAGE
    }
    fn map(&self, request: Map) -> Result<usize> {
        let mut state = self.meet("map")?;
        if request.length == 0 {
            return Err(Errno::INVAL);
        }
        if request.flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0 {
            return Err(Errno::OPNOTSUPP);
        }
        let used = state.regions.used();
        if state.faults.memory_bytes.is_some_and(|limit| used + request.length > limit) {
            return Err(Errno::NOMEM);
        }
        let anonymous = request.flags & mapping::ANONYMOUS != 0;
        if !request.offset.is_multiple_of(PAGE as u64) {
            return Err(Errno::INVAL);
        }
        if !anonymous && request.flags & mapping::SHARED != 0 {
            return Err(Errno::NOSYS);
        }
        let node = if anonymous { None } else { Some(state.node_of(request.fd)?) };
        let address = state.regions.map(request.length)?;
        if let Some(ino) = node {
            // SAFETY: the region was just made with this length.
            let pages = unsafe { std::slice::from_raw_parts_mut(address as *mut u8, request.length) };
            if let Body::Regular(data) = &state.disk.node(ino).body {
                let start = (request.offset as usize).min(data.len());
                let n = pages.len().min(data.len() - start);
                pages[..n].copy_from_slice(&data[start..start + n]);
            }
        }
        Ok(address)
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        self.meet("unmap")?.regions.unmap(address, length)
    }
    fn protect(&self, address: usize, length: usize, _protection: u32) -> Result<()> {
        let state = self.meet("protect")?;
        if !address.is_multiple_of(PAGE) {
            return Err(Errno::INVAL);
        }
        if state.regions.covers(address, length) { Ok(()) } else { Err(Errno::NOMEM) }
    }

    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        let mut state = self.meet("open")?;
        let exclusive = flags & (open::CREATE | open::EXCLUSIVE) == open::CREATE | open::EXCLUSIVE;
        let place = state.walk(directory, path, flags & open::NO_FOLLOW == 0 && !exclusive)?;
        let writes = flags & open::ACCESS_MODE != open::READ_ONLY;
        let ino = match place.node {
            Some(_) if exclusive => return Err(Errno::EXIST),
            Some(ino) => ino,
            None if flags & open::CREATE == 0 => return Err(Errno::NOENT),
            None if place.directory_wanted => return Err(Errno::ISDIR),
            None => {
                let mode = file_type::REGULAR | (mode & 0o7777 & !state.umask);
                let ino = state.disk.add(Body::Regular(Vec::new()), mode, crate::disk::ROOT);
                state.disk.enter(place.directory, place.name, ino);
                ino
            }
        };
        match &mut state.disk.node_mut(ino).body {
            Body::Directory(_) if writes || flags & open::CREATE != 0 => return Err(Errno::ISDIR),
            Body::Symlink(_) => return Err(Errno::LOOP),
            Body::Regular(data) if writes && flags & open::TRUNCATE != 0 => data.clear(),
            Body::Regular(_) | Body::Null if flags & open::DIRECTORY == open::DIRECTORY => return Err(Errno::NOTDIR),
            _ => {}
        }
        let description = Description { target: Target::Node(ino), offset: 0, flags };
        let fd = state.descriptors.add(Rc::new(RefCell::new(description)), 0, flags & open::CLOSE_ON_EXEC != 0)?;
        state.disk.node_mut(ino).open += 1;
        Ok(fd)
    }
    fn close(&self, fd: Fd) -> Result<()> {
        let fault = self.meet("close").map(drop);
        let mut state = self.state();
        let description = state.descriptors.take(fd)?;
        state.closed(description);
        fault
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let mut state = self.meet("read")?;
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        usable(&description, false)?;
        let limit = state.limit(buffer.len());
        match &description.target {
            Target::Node(ino) => {
                let n = state.read_node(*ino, buffer, description.offset)?;
                description.offset += n as u64;
                Ok(n)
            }
            Target::Console(_) => {
                let n = limit.min(state.descriptors.console_input.len());
                for (slot, byte) in buffer.iter_mut().zip(state.descriptors.console_input.drain(..n)) {
                    *slot = byte;
                }
                Ok(n)
            }
            Target::PipeRead(pipe) => {
                let mut pipe = pipe.borrow_mut();
                if pipe.bytes.is_empty() && pipe.writers > 0 {
                    return Err(Errno::AGAIN);
                }
                let n = limit.min(pipe.bytes.len());
                for (slot, byte) in buffer.iter_mut().zip(pipe.bytes.drain(..n)) {
                    *slot = byte;
                }
                Ok(n)
            }
            Target::PipeWrite(_) => Err(Errno::BADF),
        }
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        let mut state = self.meet("write")?;
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        usable(&description, true)?;
        let n = state.limit(data.len());
        match &description.target {
            Target::Node(ino) => {
                let ino = *ino;
                let append = description.flags & open::APPEND != 0;
                let offset = if append { state.disk.node(ino).stat().size as u64 } else { description.offset };
                let n = state.write_node(ino, data, offset)?;
                description.offset = offset + n as u64;
                Ok(n)
            }
            Target::Console(2) => {
                state.descriptors.console_error.extend(&data[..n]);
                Ok(n)
            }
            Target::Console(_) => {
                state.descriptors.console_output.extend(&data[..n]);
                Ok(n)
            }
            Target::PipeWrite(pipe) => {
                let mut pipe = pipe.borrow_mut();
                if pipe.readers == 0 {
                    let handled = state.signals.get(&signal::PIPE).is_some_and(|action| action.handler > 1);
                    drop(pipe);
                    drop(description);
                    // A count of references, like all of the state, changes under the lock only.
                    drop(shared);
                    drop(state);
                    // The default, to end the process, would end the tests.
                    if handled {
                        self.signal_send(self.process_id(), 0, signal::PIPE)?;
                    }
                    return Err(Errno::PIPE);
                }
                let n = n.min(PIPE_BYTES - pipe.bytes.len());
                if n == 0 && !data.is_empty() {
                    return Err(Errno::AGAIN);
                }
                pipe.bytes.extend(&data[..n]);
                Ok(n)
            }
            Target::PipeRead(_) => Err(Errno::BADF),
        }
    }
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        let state = self.meet("seek")?;
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        let Target::Node(ino) = description.target else { return Err(Errno::SPIPE) };
        let base = match whence {
            seek::SET => 0,
            seek::CURRENT => description.offset as i64,
            seek::END => state.disk.node(ino).stat().size,
            _ => return Err(Errno::INVAL),
        };
        let at = base.checked_add(offset).ok_or(Errno::OVERFLOW)?;
        description.offset = u64::try_from(at).map_err(|_| Errno::INVAL)?;
        Ok(description.offset)
    }
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        let state = self.meet("stat")?;
        if path.is_empty() && flags & at::EMPTY_PATH != 0 && directory >= 0 {
            let mode = match state.descriptors.get(directory)?.borrow().target {
                Target::Node(ino) => return Ok(state.disk.node(ino).stat()),
                Target::Console(_) => file_type::CHARACTER | 0o620,
                _ => file_type::FIFO | 0o600,
            };
            return Ok(Stat { mode, nlink: 1, blksize: 4096, ..Stat::default() });
        }
        state.find(directory, path, flags).map(|ino| state.disk.node(ino).stat())
    }
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        let state = self.meet("read_at")?;
        let shared = state.descriptors.get(fd)?;
        usable(&shared.borrow(), false)?;
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        let Target::Node(ino) = shared.borrow().target else { return Err(Errno::SPIPE) };
        state.read_node(ino, buffer, offset)
    }
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        let mut state = self.meet("write_at")?;
        let shared = state.descriptors.get(fd)?;
        usable(&shared.borrow(), true)?;
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        let Target::Node(ino) = shared.borrow().target else { return Err(Errno::SPIPE) };
        state.write_node(ino, data, offset)
    }
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        let mut state = self.meet("truncate")?;
        let shared = state.descriptors.get(fd)?;
        usable(&shared.borrow(), true).map_err(|_| Errno::INVAL)?;
        let ino = state.node_of(fd)?;
        i64::try_from(length).map_err(|_| Errno::INVAL)?;
        let length = usize::try_from(length).ok().filter(|length| *length < 1 << 30).ok_or(Errno::FBIG)?;
        let Body::Regular(data) = &mut state.disk.node_mut(ino).body else { return Err(Errno::INVAL) };
        data.resize(length, 0);
        Ok(())
    }
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        let mut state = self.meet("allocate")?;
        usable(&state.descriptors.get(fd)?.borrow(), true)?;
        let ino = state.node_of(fd).map_err(|_| Errno::SPIPE)?;
        let end = offset.checked_add(length).filter(|end| *end < 1 << 30 && length > 0).ok_or(Errno::INVAL)? as usize;
        let used = state.disk.used();
        let room = state.faults.disk_bytes.map(|limit| limit.saturating_sub(used));
        let Body::Regular(data) = &mut state.disk.node_mut(ino).body else { return Err(Errno::NODEV) };
        if room.is_some_and(|room| end > data.len() + room) {
            return Err(Errno::NOSPC);
        }
        data.resize(data.len().max(end), 0);
        Ok(())
    }
    fn sync(&self, fd: Fd, _data_only: bool) -> Result<()> {
        let state = self.meet("sync")?;
        state.descriptors.get(fd).map(drop)?;
        state.node_of(fd).map(drop)
    }
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        let mut state = self.meet("duplicate")?;
        let description = state.descriptors.get(fd)?;
        state.descriptors.add(description, at_least, close_on_exec)
    }
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        let mut state = self.meet("duplicate_to")?;
        let description = state.descriptors.get(fd)?;
        if fd == target {
            return Err(Errno::INVAL);
        }
        let slot = usize::try_from(target).ok().filter(|fd| *fd < crate::open::OPEN_MAX).ok_or(Errno::BADF)?;
        let old = state.descriptors.take(target).unwrap_or(None);
        state.closed(old);
        state.descriptors.put(slot, description, close_on_exec);
        Ok(())
    }
    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        self.meet("descriptor_flags")?.descriptors.close_on_exec(fd).map(u32::from)
    }
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        self.meet("set_descriptor_flags")?.descriptors.set_close_on_exec(fd, flags & descriptor::CLOSE_ON_EXEC != 0)
    }
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        let state = self.meet("status_flags")?;
        let flags = state.descriptors.get(fd)?.borrow().flags;
        Ok(flags & !(open::CREATE | open::EXCLUSIVE | open::TRUNCATE | open::CLOSE_ON_EXEC))
    }
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        let changeable = open::APPEND | open::NON_BLOCK;
        let state = self.meet("set_status_flags")?;
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        description.flags = (description.flags & !changeable) | (flags & changeable);
        Ok(())
    }
    fn lock(&self, fd: Fd, lock: Lock, _wait: bool) -> Result<()> {
        let state = self.meet("lock")?;
        let shared = state.descriptors.get(fd)?;
        if lock.kind > descriptor::LOCK_NONE || lock.start < 0 {
            return Err(Errno::INVAL);
        }
        // One process: no lock of another ever stands in the way.
        match lock.kind {
            descriptor::LOCK_NONE => Ok(()),
            kind => usable(&shared.borrow(), kind == descriptor::LOCK_WRITE),
        }
    }
    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        let state = self.meet("lock_query")?;
        state.descriptors.get(fd).map(drop)?;
        Ok(Lock { kind: descriptor::LOCK_NONE, ..lock })
    }
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        let mut state = self.meet("pipe")?;
        let pipe = Rc::new(RefCell::new(Pipe { readers: 1, writers: 1, ..Pipe::default() }));
        let close_on_exec = flags & open::CLOSE_ON_EXEC != 0;
        let end = |target, flags| Rc::new(RefCell::new(Description { target, offset: 0, flags }));
        let read = state.descriptors.add(end(Target::PipeRead(pipe.clone()), open::READ_ONLY), 0, close_on_exec)?;
        let write = end(Target::PipeWrite(pipe), open::WRITE_ONLY);
        match state.descriptors.add(write, 0, close_on_exec) {
            Ok(write) => Ok((read, write)),
            Err(errno) => {
                let description = state.descriptors.take(read)?;
                state.closed(description);
                Err(errno)
            }
        }
    }
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        let state = self.meet("terminal_size")?;
        match state.descriptors.get(fd)?.borrow().target {
            Target::Console(_) if state.descriptors.terminal => {
                Ok(WindowSize { rows: 24, columns: 80, ..WindowSize::default() })
            }
            _ => Err(Errno::NOTTY),
        }
    }
    fn copy(&self, target: Fd, source: Fd, offset: Option<&mut u64>, length: usize) -> Result<usize> {
        drop(self.meet("copy")?);
        let mut buffer = vec![0; length.min(1 << 20)];
        let n = match &offset {
            Some(offset) => self.read_at(source, &mut buffer, **offset)?,
            None => self.read(source, &mut buffer)?,
        };
        let written = self.write(target, &buffer[..n])?;
        match offset {
            Some(offset) => *offset += written as u64,
            None if written < n => drop(self.seek(source, written as i64 - n as i64, seek::CURRENT)?),
            None => {}
        }
        Ok(written)
    }

    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        let state = self.meet("access")?;
        let ino = state.find(directory, path, flags & at::SYMLINK_NOFOLLOW)?;
        if mode & !(access::READ | access::WRITE | access::EXECUTE) != 0 {
            return Err(Errno::INVAL);
        }
        let granted = state.disk.node(ino).stat.mode >> 6;
        if granted & mode == mode { Ok(()) } else { Err(Errno::ACCES) }
    }
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        let mut state = self.meet("make_directory")?;
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
        let mut state = self.meet("unlink")?;
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
        let mut state = self.meet("rename")?;
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
        let mut state = self.meet("link")?;
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
        let mut state = self.meet("symlink")?;
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
        let state = self.meet("read_link")?;
        let ino = state.find(directory, path, at::SYMLINK_NOFOLLOW)?;
        let Body::Symlink(target) = &state.disk.node(ino).body else { return Err(Errno::INVAL) };
        let n = target.len().min(buffer.len());
        buffer[..n].copy_from_slice(&target[..n]);
        Ok(n)
    }
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        let mut state = self.meet("set_mode")?;
        let ino = state.find(directory, path, flags)?;
        let stat = &mut state.disk.node_mut(ino).stat;
        stat.mode = (stat.mode & file_type::MASK) | (mode & 0o7777);
        Ok(())
    }
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        let mut state = self.meet("set_owner")?;
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
        let mut state = self.meet("set_times")?;
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
        let state = self.meet("file_system")?;
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
        let mut state = self.meet("change_directory")?;
        let ino = state.find(directory, path, at::EMPTY_PATH)?;
        state.disk.names(ino)?;
        state.disk.current = ino;
        Ok(())
    }
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        let state = self.meet("current_directory")?;
        let path = state.disk.path(state.disk.current);
        buffer.get_mut(..path.len()).ok_or(Errno::RANGE)?.copy_from_slice(&path);
        Ok(path.len())
    }
    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(std::mem::replace(&mut self.meet("set_umask")?.umask, mask & 0o777))
    }
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let state = self.meet("read_directory")?;
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        let Target::Node(ino) = description.target else { return Err(Errno::NOTDIR) };
        let names = state.disk.names(ino)?;
        let dots = [(b".".as_slice(), ino), (b"..".as_slice(), state.disk.node(ino).parent)];
        let all = dots.into_iter().chain(names.iter().map(|(name, ino)| (name.as_slice(), *ino)));
        let mut used = 0;
        for (name, ino) in all.skip(description.offset as usize) {
            let length = (19 + name.len() + 1).next_multiple_of(8);
            let Some(record) = buffer.get_mut(used..used + length) else {
                return if used == 0 { Err(Errno::INVAL) } else { Ok(used) };
            };
            description.offset += 1;
            record.fill(0);
            record[..8].copy_from_slice(&ino.to_le_bytes());
            record[8..16].copy_from_slice(&description.offset.to_le_bytes());
            record[16..18].copy_from_slice(&(length as u16).to_le_bytes());
            record[18] = (state.disk.node(ino).stat.mode >> 12) as u8;
            record[19..19 + name.len()].copy_from_slice(name);
            used += length;
        }
        Ok(used)
    }

    fn clock(&self, id: i32) -> Result<Timespec> {
        let state = self.meet("clock")?;
        match id {
            clock::REALTIME | clock::REALTIME_COARSE => Ok(self.real_time(state.slept_ns)),
            clock::MONOTONIC..=clock::MONOTONIC_RAW | clock::MONOTONIC_COARSE | clock::BOOT_TIME => {
                Ok(Timespec::default().saturating_add_ns(self.elapsed(state.slept_ns)))
            }
            _ => Err(Errno::INVAL),
        }
    }
    fn clock_resolution(&self, id: i32) -> Result<Timespec> {
        self.clock(id).map(|_| Timespec { seconds: 0, nanoseconds: 1 })
    }
    fn set_clock(&self, _clock: i32, _time: Timespec) -> Result<()> {
        self.meet("set_clock").and(Err(Errno::PERM))
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        drop(self.meet("sleep")?);
        if !matches!(deadline.clock, clock::REALTIME | clock::MONOTONIC) {
            return Err(Errno::INVAL);
        }
        let now = self.clock(deadline.clock)?;
        self.state().slept_ns += deadline.time.saturating_ns_since(now);
        Ok(())
    }

    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        /// More than an address space holds.
        const TOO_MUCH_STACK: usize = 1 << 47;
        drop(self.meet("thread_create")?);
        if start.stack_bytes >= TOO_MUCH_STACK {
            return Err(Errno::AGAIN);
        }
        let sim = crate::sim();
        let run = move || {
            crate::serve::adopt(sim);
            SLOT.set(start.slot);
            (start.entry)(start.argument);
        };
        std::thread::Builder::new().spawn(run).map(drop).map_err(|_| Errno::AGAIN)
    }
    fn thread_exit(&self) -> ! {
        // The frames below belong to the guest, so the thread cannot be unwound: it sleeps until the test ends.
        loop {
            std::thread::park();
        }
    }
    fn thread_id(&self) -> i32 {
        static NEXT: AtomicI32 = AtomicI32::new(1);
        thread_local! { static ID: i32 = NEXT.fetch_add(1, Ordering::Relaxed) }
        ID.with(|id| *id)
    }
    fn thread_slot(&self) -> Slot {
        Slot { base: SlotBase::ThreadPointer, offset: 0 }
    }
    fn set_thread_slot(&self, value: usize) {
        SLOT.set(value);
    }
    fn yield_now(&self) {
        std::thread::yield_now();
    }
    fn processor_count(&self) -> usize {
        2
    }

    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, _shared: bool) -> Result<()> {
        drop(self.meet("futex_wait")?);
        let end = match deadline {
            Some(deadline) => {
                let left = deadline.time.saturating_ns_since(self.clock(deadline.clock)?);
                Some(Instant::now() + Duration::from_nanos(left.min(3_600_000_000_000)))
            }
            None => None,
        };
        let key = word.as_ptr() as usize;
        let mut wakes = crate::FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if word.load(Ordering::SeqCst) != expected {
            return Err(Errno::AGAIN);
        }
        let seen = *wakes.entry(key).or_insert(0);
        loop {
            let left = end.map_or(Duration::from_secs(60), |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Errno::TIMEDOUT);
            }
            let woken = crate::FUTEX_WOKEN.wait_timeout(wakes, left);
            wakes = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
            // Spurious wakes of the other waiters are within the contract: all waiters of a word return.
            if wakes.get(&key) != Some(&seen) {
                return Ok(());
            }
        }
    }
    fn futex_wake(&self, word: &AtomicU32, _count: u32, _shared: bool) -> Result<usize> {
        drop(self.meet("futex_wake")?);
        let mut wakes = crate::FUTEXES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *wakes.entry(word.as_ptr() as usize).or_insert(0) += 1;
        crate::FUTEX_WOKEN.notify_all();
        Ok(0)
    }

    fn exit(&self, code: i32) -> ! {
        std::process::exit(code)
    }
    fn process_id(&self) -> i32 {
        42
    }
    fn ids(&self) -> Ids {
        Ids { uid: 1000, euid: 1000, gid: 1000, egid: 1000 }
    }
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        let name = b"sim";
        buffer.get_mut(..name.len()).ok_or(Errno::NAMETOOLONG)?.copy_from_slice(name);
        Ok(name.len())
    }

    fn signal_action(&self, number: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        let mut state = self.meet("signal_action")?;
        if !(1..=signal::LAST).contains(&number) {
            return Err(Errno::INVAL);
        }
        let old = state.signals.get(&number).copied().unwrap_or_default();
        if let Some(action) = action {
            if number == signal::KILL || number == signal::STOP {
                return Err(Errno::INVAL);
            }
            state.signals.insert(number, action);
        }
        Ok(old)
    }
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        let mut state = self.meet("signal_mask")?;
        let old = state.signal_mask;
        if let Some(mask) = mask {
            state.signal_mask = match how {
                signal::BLOCK => old | mask,
                signal::UNBLOCK => old & !mask,
                signal::SET_MASK => mask,
                _ => return Err(Errno::INVAL),
            };
        }
        let due = state.pending & !state.signal_mask;
        state.pending &= !due;
        drop(state);
        for number in (1..=signal::LAST).filter(|number| due & (1 << (number - 1)) != 0) {
            self.signal_send(self.process_id(), 0, number)?;
        }
        Ok(old)
    }
    fn signal_send(&self, process: i32, thread: i32, number: i32) -> Result<()> {
        let mut state = self.meet("signal_send")?;
        if !(0..=signal::LAST).contains(&number) {
            return Err(Errno::INVAL);
        }
        if thread == 0 && process != self.process_id() {
            return Err(Errno::SRCH);
        }
        if number == 0 {
            return Ok(());
        }
        if state.signal_mask & (1 << (number - 1)) != 0 {
            state.pending |= 1 << (number - 1);
            return Ok(());
        }
        let action = state.signals.get(&number).copied().unwrap_or_default();
        if action.flags & signal::SA_RESETHAND != 0 {
            state.signals.remove(&number);
        }
        drop(state);
        match action.handler {
            signal::HANDLER_IGNORE => Ok(()),
            signal::HANDLER_DEFAULT => self.terminate(number),
            handler => {
                // SAFETY: the contract of `SignalAction::handler`; the type is that of the guest.
                let handler: loader_abi::guest_fn!(fn(i32, *const i32, *const u64)) =
                    unsafe { std::mem::transmute(handler) };
                // Of siginfo_t and ucontext_t only the signal's number is told.
                let (mut information, context) = ([0; 32], [0; 128]);
                information[0] = number;
                // SAFETY: as above; both live while the handler runs.
                unsafe { handler(number, information.as_ptr(), context.as_ptr()) };
                Ok(())
            }
        }
    }

    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        // xorshift64* (Vigna 2014): the same bytes in every run.
        let mut state = self.meet("random")?;
        for byte in buffer {
            state.random ^= state.random >> 12;
            state.random ^= state.random << 25;
            state.random ^= state.random >> 27;
            *byte = (state.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use platform::abi::{at, open};
    use platform::{Errno, Platform};

    use crate::Sim;

    const HERE: i32 = at::CURRENT_DIRECTORY;

    #[test]
    fn a_full_disk_takes_what_fits_then_refuses() {
        let sim = Sim::new();
        sim.limit_disk(5);
        let fd = sim.open(HERE, b"file", open::CREATE | open::WRITE_ONLY, 0o600).unwrap();
        assert_eq!(sim.write(fd, b"abcdefgh"), Ok(5));
        assert_eq!(sim.write(fd, b"f"), Err(Errno::NOSPC));
        assert_eq!(sim.file(b"/home/file").unwrap(), b"abcde");
    }

    #[test]
    fn an_unlinked_file_lives_until_its_last_descriptor_closes() {
        let sim = Sim::new();
        let fd = sim.open(HERE, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
        sim.unlink(HERE, b"file", 0).unwrap();
        assert_eq!(sim.write(fd, b"still"), Ok(5));
        assert_eq!(sim.stat(fd, b"", at::EMPTY_PATH).unwrap().nlink, 0);
        let copy = sim.duplicate(fd, 0, false).unwrap();
        sim.close(fd).unwrap();
        let mut buffer = [0; 8];
        assert_eq!(sim.read_at(copy, &mut buffer, 0), Ok(5));
        sim.close(copy).unwrap();
        assert_eq!(sim.stat(HERE, b"file", 0), Err(Errno::NOENT));
    }

    #[test]
    fn symlink_loops_end_in_eloop() {
        let sim = Sim::new();
        sim.symlink(b"b", HERE, b"a").unwrap();
        sim.symlink(b"a", HERE, b"b").unwrap();
        assert_eq!(sim.open(HERE, b"a", 0, 0), Err(Errno::LOOP));
        assert_eq!(sim.stat(HERE, b"a", at::SYMLINK_NOFOLLOW).unwrap().size, 1);
    }

    #[test]
    fn a_fault_strikes_once_and_on_time() {
        let sim = Sim::new();
        sim.fail_once("clock", 1, Errno::INTR);
        assert!(sim.clock(0).is_ok());
        assert_eq!(sim.clock(0), Err(Errno::INTR));
        assert!(sim.clock(0).is_ok());
    }
}
