//! Waiting for descriptors: `poll`.
//!
//! A look asks each open file; between looks the thread waits for the handles that the files name. What has no such handle is looked at
//! again after a pause.

use alloc::sync::Arc;
use alloc::vec::Vec;

use platform::abi::poll;
use platform::{Deadline, Errno, Result, Wait, Waiting};
use windows_sys::Win32::Foundation::HANDLE;

use super::descriptors;
use super::open_file::{OpenFile, Readiness};
use crate::Windows;
use crate::pure::{back_off, slots};
use crate::sys::native::{clock, many};
use crate::sys::signal::delivery;

impl Waiting for Windows {
    fn wait_many(&self, items: &mut [Wait], deadline: Option<Deadline>, mask: Option<u64>) -> Result<usize> {
        if items.len() > slots::LIMIT {
            return Err(Errno::INVAL);
        }
        deadline.as_ref().map(clock::remaining_ns).transpose()?;
        let before = mask.map(delivery::exchange_mask);
        let result = wait(items, deadline.as_ref());
        if let Some(before) = before {
            delivery::restore_mask(before);
        }
        result
    }
}

fn wait(items: &mut [Wait], deadline: Option<&Deadline>) -> Result<usize> {
    let mut pauses = back_off::Looks::new();
    loop {
        let found = items.iter_mut().filter_map(|item| look(item).then_some(())).count();
        if found > 0 {
            return Ok(found);
        }
        // Nothing is held here: a handler may not come back. Between this and the wait nothing else is alertable.
        delivery::interrupted_always()?;
        let left = deadline.map(clock::remaining_ns).transpose()?;
        if left == Some(0) {
            return Ok(0);
        }
        if !Sources::of(items)?.wait(left, &mut pauses) {
            return Err(Errno::NOMEM);
        }
    }
}

/// Sets what is there; whether there is anything.
fn look(item: &mut Wait) -> bool {
    /// Told unasked.
    const ALWAYS: u16 = poll::ERROR | poll::HANG_UP | poll::INVALID;
    item.returned = match item.fd {
        ..0 => 0,
        fd => descriptors::get(fd).map_or(poll::INVALID, |file| file.look() & (item.events | ALWAYS)),
    };
    item.returned != 0
}

/// What there is to wait for.
#[derive(Default)]
struct Sources {
    handles: Vec<HANDLE>,
    /// Keeps the handles open.
    files: Vec<Arc<OpenFile>>,
    /// Something has no handle to wait for.
    often: bool,
}

impl Sources {
    fn of(items: &[Wait]) -> Result<Self> {
        let mut sources = Self::default();
        for file in items.iter().filter_map(|item| descriptors::get(item.fd).ok()) {
            match file.readiness() {
                Readiness::Constant => {}
                Readiness::Unknown => sources.often = true,
                Readiness::Handle(handle) => {
                    if !sources.handles.contains(&handle) {
                        sources.handles.try_reserve(1).map_err(|_| Errno::NOMEM)?;
                        sources.files.try_reserve(1).map_err(|_| Errno::NOMEM)?;
                        sources.handles.push(handle);
                        sources.files.push(file);
                    }
                }
            }
        }
        Ok(sources)
    }

    fn wait(&self, left: Option<u64>, pauses: &mut back_off::Looks) -> bool {
        let time = if self.often { Some(pauses.next_ns().min(left.unwrap_or(u64::MAX))) } else { left };
        many::wait(&self.handles, time)
    }
}
