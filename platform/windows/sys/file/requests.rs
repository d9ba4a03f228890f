//! Requests on descriptors.

use alloc::sync::Arc;

use platform::abi::open as flag;
use platform::{Fd, Files, Lock, Piece, PieceMut, Result, Stat, WindowSize};

use super::{copy, descriptors, open, pipe, record_locks, resolve, stat};
use crate::Windows;
use crate::pure::path::{Device, Target};
use crate::pure::slots;
use crate::sys::memory::demand;

impl Files for Windows {
    /// `openat`.
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        let close_on_exec = flags & flag::CLOSE_ON_EXEC != 0;
        let (target, name) = resolve::resolve_named(directory, path, flags & flag::CREATE != 0)?;
        let file = match target {
            // POSIX leaves open whether /dev/fd/N shares the offset; sharing is what pipes and consoles need.
            Target::Device(Device::Descriptor(fd)) => return descriptors::duplicate(fd, 0, close_on_exec),
            Target::Device(device) => open::open_device(device, flags)?,
            Target::File(file) => open::open_file(&file, flags, mode)?.named(name),
        };
        descriptors::add(0, Arc::new(file), close_on_exec)
    }

    fn close(&self, fd: Fd) -> Result<()> {
        descriptors::close(fd)
    }

    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        descriptors::get(fd)?.read(demand::writable(buffer))
    }

    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        descriptors::get(fd)?.write(demand::readable(data))
    }

    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        descriptors::get(fd)?.seek(offset, whence)
    }

    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        stat::stat(directory, path, flags)
    }

    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        descriptors::get(fd)?.read_at(demand::writable(buffer), offset)
    }

    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        descriptors::get(fd)?.write_at(demand::readable(data), offset)
    }

    fn read_vector(&self, fd: Fd, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        descriptors::get(fd)?.read_vector(pieces, offset)
    }

    fn write_vector(&self, fd: Fd, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        descriptors::get(fd)?.write_vector(pieces, offset)
    }

    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        descriptors::get(fd)?.truncate(length)
    }

    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        descriptors::get(fd)?.allocate(offset, length)
    }

    fn sync(&self, fd: Fd, _data_only: bool) -> Result<()> {
        descriptors::get(fd)?.sync()
    }

    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        descriptors::duplicate(fd, at_least, close_on_exec)
    }

    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        descriptors::duplicate_to(fd, target, close_on_exec)
    }

    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        descriptors::flags(fd)
    }

    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        descriptors::set_flags(fd, flags)
    }

    fn status_flags(&self, fd: Fd) -> Result<u32> {
        Ok(descriptors::get(fd)?.status_flags())
    }

    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        descriptors::get(fd)?.set_status_flags(flags);
        Ok(())
    }

    fn descriptor_limit(&self) -> usize {
        slots::LIMIT
    }

    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()> {
        record_locks::set(&*descriptors::get(fd)?, lock, wait)
    }

    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        record_locks::query(&*descriptors::get(fd)?, lock)
    }

    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()> {
        record_locks::whole_file(&*descriptors::get(fd)?, operation)
    }

    /// `pipe2`.
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        let (reader, writer) = pipe::make(flags & flag::NON_BLOCK)?;
        let close_on_exec = flags & flag::CLOSE_ON_EXEC != 0;
        let reader = descriptors::add(0, Arc::new(reader), close_on_exec)?;
        match descriptors::add(0, Arc::new(writer), close_on_exec) {
            Ok(writer) => Ok((reader, writer)),
            Err(errno) => {
                descriptors::close(reader)?;
                Err(errno)
            }
        }
    }

    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        descriptors::get(fd)?.window_size()
    }

    fn copy(&self, target: Fd, source: Fd, offset: Option<u64>, length: usize) -> Result<usize> {
        copy::copy(&*descriptors::get(target)?, &*descriptors::get(source)?, offset, length)
    }
}
