//! The end of a request. A handle that was opened for overlapped use, as an inherited one may be, answers before the request is
//! done; the file itself tells the end of any request on it, so each request has an event of its own.

use core::cell::UnsafeCell;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering};

use windows_sys::Wdk::Storage::FileSystem::NtCancelIoFileEx;
use windows_sys::Win32::Foundation::{HANDLE, WAIT_IO_COMPLETION};
use windows_sys::Win32::System::IO::IO_STATUS_BLOCK;
use windows_sys::Win32::System::Threading::{CreateEventW, INFINITE, WaitForSingleObjectEx};

use super::nt::{Handle, Status};
use crate::pure::status::nt;

/// Events that no request uses now.
static IDLE: [AtomicPtr<core::ffi::c_void>; 32] = [const { AtomicPtr::new(null_mut()) }; 32];

/// Where a request reports its end.
pub struct Completion {
    event: Option<Handle>,
    block: UnsafeCell<IO_STATUS_BLOCK>,
}

impl Completion {
    /// For one request.
    pub fn new() -> Status<Self> {
        let idle = IDLE.iter().find_map(|place| Handle::own(place.swap(null_mut(), Ordering::AcqRel)));
        // SAFETY: no pointers. The kernel resets the event when a request begins.
        let event = idle.or_else(|| Handle::own(unsafe { CreateEventW(null(), 1, 0, null()) }));
        let event = Some(event.ok_or(nt::INSUFFICIENT_RESOURCES)?);
        Ok(Self { event, block: UnsafeCell::new(IO_STATUS_BLOCK::default()) })
    }

    /// The event to pass.
    pub fn event(&self) -> HANDLE {
        self.event.as_ref().map_or(null_mut(), Handle::raw)
    }

    /// The status block to pass.
    pub fn block(&self) -> *mut IO_STATUS_BLOCK {
        self.block.get()
    }

    /// Waits until the request that answered `first` is done, or ends it when a signal comes for this thread; its status. What
    /// was transferred before it was cancelled counts.
    pub fn wait(&self, file: &Handle, first: i32) -> i32 {
        let mut status = first;
        if first == nt::PENDING {
            // SAFETY: open handles. The kernel writes the block before it sets the event.
            unsafe {
                while WaitForSingleObjectEx(self.event(), INFINITE, 1) == WAIT_IO_COMPLETION {
                    let mut cancelled = IO_STATUS_BLOCK::default();
                    NtCancelIoFileEx(file.raw(), self.block(), &mut cancelled);
                }
                status = (*self.block()).Anonymous.Status;
            }
        }
        if status == nt::CANCELLED && self.count() != 0 { 0 } else { status }
    }

    /// What a request that is done reports beside its status.
    pub fn count(&self) -> usize {
        // SAFETY: the request is done, so nobody writes the block.
        unsafe { (*self.block()).Information }
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        let Some(event) = self.event.take() else { return };
        let free = |place: &&AtomicPtr<_>| {
            place.compare_exchange(null_mut(), event.raw(), Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        if IDLE.iter().any(|place| free(&place)) {
            core::mem::forget(event);
        }
    }
}
