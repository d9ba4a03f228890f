//! Devices without a content of their own.

use platform::Result;

use super::kind::Kind;
use super::open_file::{Memory, Object, OpenFile};
use crate::pure::status::{self, from_status};
use crate::sys::native::{guest, nt, random};
use crate::sys::signal::delivery;
use crate::sys::signal::task::in_request;

/// `/dev/null`, or another character device.
pub struct Null;

impl Object for Null {
    fn kind(&self) -> Kind {
        Kind::Null
    }

    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        loop {
            let handle = file.handle()?;
            match in_request(Err(status::nt::CANCELLED), || nt::read(handle, buffer, None)) {
                Err(status::nt::CANCELLED) => delivery::interrupted()?,
                other => return other.map_err(from_status),
            }
        }
    }

    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize> {
        loop {
            let handle = file.handle()?;
            match in_request(Err(status::nt::CANCELLED), || nt::write(handle, data, None)) {
                Err(status::nt::CANCELLED) => delivery::interrupted()?,
                other => return other.map_err(from_status),
            }
        }
    }

    fn seek(&self, _file: &OpenFile, _offset: i64, _whence: u32) -> Result<u64> {
        Ok(0)
    }
}

/// `/dev/zero`; no handle.
pub struct Zero;

impl Object for Zero {
    fn kind(&self) -> Kind {
        Kind::Zero
    }

    fn read(&self, _file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        guest::fill(buffer, |_| Ok(())).map(|()| buffer.len())
    }

    fn write(&self, _file: &OpenFile, data: &[u8]) -> Result<usize> {
        Ok(data.len())
    }

    fn read_at(&self, file: &OpenFile, buffer: &mut [u8], _offset: u64) -> Result<usize> {
        self.read(file, buffer)
    }

    fn seek(&self, _file: &OpenFile, _offset: i64, _whence: u32) -> Result<u64> {
        Ok(0)
    }

    fn memory(&self) -> Result<Memory> {
        Ok(Memory::Zeros)
    }
}

/// `/dev/urandom`; no handle.
pub struct Random;

impl Object for Random {
    fn kind(&self) -> Kind {
        Kind::Random
    }

    fn read(&self, _file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        random::fill(buffer).map(|()| buffer.len())
    }

    fn write(&self, _file: &OpenFile, data: &[u8]) -> Result<usize> {
        Ok(data.len())
    }

    fn read_at(&self, file: &OpenFile, buffer: &mut [u8], _offset: u64) -> Result<usize> {
        self.read(file, buffer)
    }

    fn seek(&self, _file: &OpenFile, _offset: i64, _whence: u32) -> Result<u64> {
        Ok(0)
    }
}
