//! Descriptors: opening, reading, writing, pipes.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use platform::abi::{at, descriptor, file_type, open, seek, signal};
use platform::{Errno, Fd, Files, Lock, Piece, PieceMut, Process, Result, Signals, Stat, WindowSize};

use crate::disk::{Body, Ino};
use crate::open::{Description, PIPE_BYTES, Pipe, Target, usable};
use crate::system::{State, System};
use crate::waiting::Changed;

impl State {
    pub fn limit(&self, length: usize) -> usize {
        self.limits.transfer_bytes.map_or(length, |limit| length.min(limit))
    }

    /// Ends a description: counts of nodes and pipes.
    pub fn closed(&mut self, description: Option<Description>) {
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

    pub fn read_node(&self, ino: Ino, buffer: &mut [u8], offset: u64) -> Result<usize> {
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

    pub fn write_node(&mut self, ino: Ino, data: &[u8], offset: u64) -> Result<usize> {
        let mut n = self.limit(data.len());
        let used = self.disk.used();
        let (room, now) = (self.limits.disk_bytes.map(|limit| limit.saturating_sub(used)), self.disk.now());
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

/// Moves bytes of a queue into a buffer, `limit` at most: how many.
fn take_bytes(queue: &mut VecDeque<u8>, buffer: &mut [u8], limit: usize) -> usize {
    let n = limit.min(queue.len());
    for (slot, byte) in buffer.iter_mut().zip(queue.drain(..n)) {
        *slot = byte;
    }
    n
}

impl System {
    /// Adds bytes to what descriptor 0 reads.
    pub fn type_input(&self, bytes: &[u8]) {
        let _changed = Changed(self);
        self.state().descriptors.console_input.extend(bytes);
    }
}

impl Files for System {
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        let mut state = self.enter();
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
        let _changed = Changed(self);
        let mut state = self.enter();
        let description = state.descriptors.take(fd)?;
        state.closed(description);
        Ok(())
    }
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let _changed = Changed(self);
        let mut state = self.enter();
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
            Target::Console(_) => Ok(take_bytes(&mut state.descriptors.console_input, buffer, limit)),
            Target::PipeRead(pipe) => {
                let mut pipe = pipe.borrow_mut();
                if pipe.bytes.is_empty() && pipe.writers > 0 {
                    return Err(Errno::AGAIN);
                }
                Ok(take_bytes(&mut pipe.bytes, buffer, limit))
            }
            Target::PipeWrite(_) => Err(Errno::BADF),
        }
    }
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        let _changed = Changed(self);
        let mut state = self.enter();
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
        let state = self.enter();
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
        let state = self.enter();
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
        let state = self.enter();
        let shared = state.descriptors.get(fd)?;
        usable(&shared.borrow(), false)?;
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        let Target::Node(ino) = shared.borrow().target else { return Err(Errno::SPIPE) };
        state.read_node(ino, buffer, offset)
    }
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        let mut state = self.enter();
        let shared = state.descriptors.get(fd)?;
        usable(&shared.borrow(), true)?;
        i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        let Target::Node(ino) = shared.borrow().target else { return Err(Errno::SPIPE) };
        state.write_node(ino, data, offset)
    }
    fn read_vector(&self, fd: Fd, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        let mut data = vec![0; platform::total(pieces.iter().map(PieceMut::len))?];
        let count = match offset {
            None => self.read(fd, &mut data)?,
            Some(offset) => self.read_at(fd, &mut data, offset)?,
        };
        let mut rest = &data[..count];
        for piece in pieces {
            let (part, more) = rest.split_at(piece.len().min(rest.len()));
            piece.bytes()[..part.len()].copy_from_slice(part);
            rest = more;
        }
        Ok(count)
    }
    fn write_vector(&self, fd: Fd, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        platform::total(pieces.iter().map(Piece::len))?;
        let data: Vec<u8> = pieces.iter().flat_map(|piece| piece.bytes()).copied().collect();
        match offset {
            None => self.write(fd, &data),
            Some(offset) => self.write_at(fd, &data, offset),
        }
    }
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        let mut state = self.enter();
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
        let mut state = self.enter();
        usable(&state.descriptors.get(fd)?.borrow(), true)?;
        let ino = state.node_of(fd).map_err(|_| Errno::SPIPE)?;
        let end = offset.checked_add(length).filter(|end| *end < 1 << 30 && length > 0).ok_or(Errno::INVAL)? as usize;
        let used = state.disk.used();
        let room = state.limits.disk_bytes.map(|limit| limit.saturating_sub(used));
        let Body::Regular(data) = &mut state.disk.node_mut(ino).body else { return Err(Errno::NODEV) };
        if room.is_some_and(|room| end > data.len() + room) {
            return Err(Errno::NOSPC);
        }
        data.resize(data.len().max(end), 0);
        Ok(())
    }
    fn sync(&self, fd: Fd, _data_only: bool) -> Result<()> {
        let state = self.enter();
        state.descriptors.get(fd).map(drop)?;
        state.node_of(fd).map(drop)
    }
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        let mut state = self.enter();
        let description = state.descriptors.get(fd)?;
        state.descriptors.add(description, at_least, close_on_exec)
    }
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        let _changed = Changed(self);
        let mut state = self.enter();
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
        self.enter().descriptors.close_on_exec(fd).map(u32::from)
    }
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        self.enter().descriptors.set_close_on_exec(fd, flags & descriptor::CLOSE_ON_EXEC != 0)
    }
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        let state = self.enter();
        let flags = state.descriptors.get(fd)?.borrow().flags;
        Ok(flags & !(open::CREATE | open::EXCLUSIVE | open::TRUNCATE | open::CLOSE_ON_EXEC))
    }
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        let changeable = open::APPEND | open::NON_BLOCK;
        let state = self.enter();
        let shared = state.descriptors.get(fd)?;
        let mut description = shared.borrow_mut();
        description.flags = (description.flags & !changeable) | (flags & changeable);
        Ok(())
    }
    fn descriptor_limit(&self) -> usize {
        crate::open::OPEN_MAX
    }
    fn lock(&self, fd: Fd, lock: Lock, _wait: bool) -> Result<()> {
        let state = self.enter();
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
        let state = self.enter();
        state.descriptors.get(fd).map(drop)?;
        Ok(Lock { kind: descriptor::LOCK_NONE, ..lock })
    }
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        let mut state = self.enter();
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
        let state = self.enter();
        match state.descriptors.get(fd)?.borrow().target {
            Target::Console(_) if state.descriptors.terminal => {
                Ok(WindowSize { rows: 24, columns: 80, ..WindowSize::default() })
            }
            _ => Err(Errno::NOTTY),
        }
    }
    fn copy(&self, target: Fd, source: Fd, offset: Option<u64>, length: usize) -> Result<usize> {
        let mut buffer = vec![0; length.min(1 << 20)];
        let n = match offset {
            Some(offset) => self.read_at(source, &mut buffer, offset)?,
            None => self.read(source, &mut buffer)?,
        };
        let written = self.write(target, &buffer[..n])?;
        if offset.is_none() && written < n {
            self.seek(source, written as i64 - n as i64, seek::CURRENT)?;
        }
        Ok(written)
    }
}
