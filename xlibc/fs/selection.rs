//! `scandir`: chosen entries of a directory, in memory that its caller frees.

use super::directory::{DIR, dirent};
use crate::rt::{Errno, Platform, Result, heap, thread};
use crate::types::{c_int, c_void, size_t};

/// Which entries to keep.
pub type Select = unsafe extern "C" fn(*const dirent) -> c_int;
/// What to sort by.
pub type Order = unsafe extern "C" fn(*mut *const dirent, *mut *const dirent) -> c_int;

unsafe extern "C" {
    /// The engine of `qsort`, in C: an exception of the comparison passes it.
    fn xlibc_qsort(data: *mut c_void, count: size_t, size: size_t, order: Compare);
}

type Compare = unsafe extern "C" fn(*const c_void, *const c_void) -> c_int;

/// A growing list in the memory of `malloc`.
#[derive(Debug)]
pub struct Selection {
    entries: *mut *mut dirent,
    count: usize,
    room: usize,
}

impl Selection {
    /// The entries of a directory that `select` keeps, sorted. `ENOMEM`, `EOVERFLOW` for more than `INT_MAX`, and what reading
    /// the directory reports.
    ///
    /// # Safety
    /// No other thread uses the stream; the functions can be called with entries.
    pub unsafe fn read(
        host: &impl Platform,
        stream: &DIR,
        select: Option<Select>,
        order: Option<Order>,
    ) -> Result<Self> {
        let mut found = Self { entries: core::ptr::null_mut(), count: 0, room: 0 };
        loop {
            // SAFETY: caller contract.
            let entry = unsafe { stream.read(host)? };
            if entry.is_null() {
                break;
            }
            // What the caller's function does to errno is its own affair.
            let errno = thread().errno.get();
            // SAFETY: caller contract.
            let keep = select.is_none_or(|select| unsafe { select(entry) } != 0);
            thread().errno.set(errno);
            if keep {
                // SAFETY: a record of the stream.
                unsafe { found.push(entry)? };
            }
        }
        if let (Some(order), true) = (order, found.count > 1) {
            // SAFETY: both are functions of two pointers that return an int.
            let order = unsafe { core::mem::transmute::<Order, Compare>(order) };
            // SAFETY: `count` pointers at `entries`; the function takes pointers to two of them, as POSIX says.
            unsafe { xlibc_qsort(found.entries.cast(), found.count, size_of::<*mut dirent>(), order) };
        }
        Ok(found)
    }

    /// The list and its length, for the caller of `scandir` to free.
    pub fn into_parts(self) -> (*mut *mut dirent, c_int) {
        let parts = (self.entries, self.count as c_int);
        core::mem::forget(self);
        parts
    }

    /// # Safety
    /// `entry` is a record of `d_reclen` bytes.
    unsafe fn push(&mut self, entry: *const dirent) -> Result<()> {
        if self.count == c_int::MAX as usize {
            return Err(Errno::OVERFLOW);
        }
        // SAFETY: `entries` is null or from `malloc`, and replaced on success.
        self.entries = unsafe { heap::grow(self.entries, &mut self.room, self.count + 1, 16) }?;
        // SAFETY: caller contract.
        let length = usize::from(unsafe { (*entry).d_reclen });
        let copy = heap::allocate(length)?;
        // SAFETY: fresh memory of that length; there is room for one more pointer.
        unsafe {
            copy.copy_from_nonoverlapping(entry.cast(), length);
            self.entries.add(self.count).write(copy.cast());
        }
        self.count += 1;
        Ok(())
    }
}

impl Drop for Selection {
    fn drop(&mut self) {
        for index in 0..self.count {
            // SAFETY: `count` entries were pushed, each from `malloc`; nobody has seen them.
            unsafe { heap::release((*self.entries.add(index)).cast()) };
        }
        // SAFETY: from `malloc` or null.
        unsafe { heap::release(self.entries.cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::abi::{at, open};
    use crate::rt::c_bytes;
    use platform::Files;
    use platform_sim::Sim;

    unsafe extern "C" fn visible(entry: *const dirent) -> c_int {
        // SAFETY: an entry.
        c_int::from(unsafe { !c_bytes((*entry).d_name.as_ptr()).starts_with(b".") })
    }

    unsafe extern "C" fn last_first(left: *mut *const dirent, right: *mut *const dirent) -> c_int {
        // SAFETY: entries.
        let names = unsafe { (c_bytes((**left).d_name.as_ptr()), c_bytes((**right).d_name.as_ptr())) };
        names.1.cmp(names.0) as c_int
    }

    #[test]
    fn entries_are_chosen_and_sorted_and_an_error_leaves_nothing() {
        let sim = Sim::default();
        let numbers = 0..40;
        for number in numbers.clone() {
            sim.put_file(format!("/tmp/{number:02}").as_bytes(), b"");
        }
        let fd = sim.open(at::CURRENT_DIRECTORY, b"/tmp", open::READ_ONLY | open::DIRECTORY, 0).unwrap();
        let stream = DIR::new(&sim, fd).unwrap();
        // SAFETY: the only user of the stream; functions of entries.
        let found = unsafe { Selection::read(&sim, &stream, Some(visible), Some(last_first)) }.unwrap();
        let names: Vec<_> = (0..found.count)
            // SAFETY: that many entries.
            .map(|index| unsafe { c_bytes((**found.entries.add(index)).d_name.as_ptr()) }.to_vec())
            .collect();
        let expected: Vec<_> = numbers.rev().map(|number| format!("{number:02}").into_bytes()).collect();
        assert_eq!(names, expected);
        // SAFETY: as above.
        unsafe { stream.seek(&sim, 0) };
        sim.hook.fail_once("read_directory", 0, Errno::IO);
        // SAFETY: as above.
        assert_eq!(unsafe { Selection::read(&sim, &stream, None, None) }.err(), Some(Errno::IO));
    }
}
