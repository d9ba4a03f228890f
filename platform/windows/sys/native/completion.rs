//! The end of a request. A handle that was opened for overlapped use, as an inherited one may be, answers before the request is
//! done; the file itself tells the end of any request on it, so each request has an event of its own.

use core::cell::UnsafeCell;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering};

use windows_sys::Wdk::Storage::FileSystem::NtCancelIoFileEx;
use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, WAIT_IO_COMPLETION};
use windows_sys::Win32::System::IO::IO_STATUS_BLOCK;
use windows_sys::Win32::System::Threading::{CreateEventW, INFINITE, WaitForSingleObjectEx};

use crate::pure::status::nt;

/// Events that no request uses now.
static IDLE: [AtomicPtr<core::ffi::c_void>; 32] = [const { AtomicPtr::new(null_mut()) }; 32];

/// Where a request reports its end.
pub struct Completion {
    event: HANDLE,
    block: UnsafeCell<IO_STATUS_BLOCK>,
}

impl Completion {
    /// For one request. `None` when Windows has no more events.
    pub fn new() -> Option<Self> {
        let idle = IDLE.iter().map(|place| place.swap(null_mut(), Ordering::AcqRel)).find(|event| !event.is_null());
        // SAFETY: no pointers. The kernel resets the event when a request begins.
        let event = idle.unwrap_or_else(|| unsafe { CreateEventW(null(), 1, 0, null()) });
        (!event.is_null()).then(|| Self { event, block: UnsafeCell::new(IO_STATUS_BLOCK::default()) })
    }

    /// The event to pass.
    pub fn event(&self) -> HANDLE {
        self.event
    }

    /// The status block to pass.
    pub fn block(&self) -> *mut IO_STATUS_BLOCK {
        self.block.get()
    }

    /// Waits until the request to `file` that answered `first` is done, or ends it when a signal comes for this thread; its
    /// status. What was transferred before it was cancelled counts.
    pub fn wait(&self, file: HANDLE, first: i32) -> i32 {
        let mut status = first;
        if first == nt::PENDING {
            // SAFETY: open handles. The kernel writes the block before it sets the event.
            unsafe {
                while WaitForSingleObjectEx(self.event, INFINITE, 1) == WAIT_IO_COMPLETION {
                    let mut cancelled = IO_STATUS_BLOCK::default();
                    NtCancelIoFileEx(file, self.block(), &mut cancelled);
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
        let keep = |place: &AtomicPtr<_>| {
            place.compare_exchange(null_mut(), self.event, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        if !IDLE.iter().any(keep) {
            // SAFETY: ours, and no request uses it any more.
            unsafe { CloseHandle(self.event) };
        }
    }
}
