//! Memory and file mappings.

use crate::code;
use crate::report::Test;
use core::ptr::with_exposed_provenance_mut as pointer;
use platform::abi::{at, mapping, open, protection};
use platform::{Errno, Map, Platform};

const READ_WRITE: u32 = protection::READ | protection::WRITE;

fn anonymous(length: usize) -> Map {
    Map { address: 0, length, protection: READ_WRITE, flags: mapping::PRIVATE | mapping::ANONYMOUS, fd: -1, offset: 0 }
}

/// The bytes at `address`.
///
/// # Safety
/// They are mapped for reading, and nobody writes to them while the slice is used.
unsafe fn bytes<'a>(address: usize, length: usize) -> &'a [u8] {
    // SAFETY: caller contract.
    unsafe { core::slice::from_raw_parts(pointer(address), length) }
}

/// # Safety
/// The byte at `address` is mapped for writing.
unsafe fn put(address: usize, byte: u8) {
    // SAFETY: caller contract.
    unsafe { pointer::<u8>(address).write_volatile(byte) }
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let page = host.page_bytes();

    t.case("memory", "places", |t| {
        let place = host.random_place();
        t.fact("a multiple of 64 KiB", place.is_multiple_of(64 << 10));
        Ok(())
    });
    t.case("memory", "pages", |t| {
        t.fact("a power of two, at least 4096", page.is_power_of_two() && page >= 4096);
        Ok(())
    });
    t.case("memory", "anonymous", |t| {
        let length = 5 * page;
        let address = t.need("map", "some pages", host.map(anonymous(length)))?;
        t.fact("aligned to a page", address % page == 0 && address != 0);
        // SAFETY: just mapped.
        t.fact("zero", unsafe { bytes(address, length) }.iter().all(|byte| *byte == 0));
        // SAFETY: just mapped.
        unsafe {
            put(address, 1);
            put(address + length - 1, 2);
        }
        let other = t.need("map", "more", host.map(anonymous(length)))?;
        t.fact("elsewhere", other + length <= address || address + length <= other);
        t.same("unmap", "one", host.unmap(other, length), Ok(()));
        t.same("unmap", "the other", host.unmap(address, length), Ok(()));
        t.error("map", "no bytes", host.map(anonymous(0)), Errno::INVAL);
        t.error("map", "more than there is", host.map(anonymous((usize::MAX / 2) & !(page - 1))), Errno::NOMEM);
        Ok(())
    });
    t.case("memory", "protection", |t| {
        let address = t.need("map", "inaccessible", host.map(Map { protection: 0, ..anonymous(4 * page) }))?;
        t.same("protect", "one page opened", host.protect(address + page, page, READ_WRITE), Ok(()));
        // SAFETY: just opened.
        unsafe { put(address + page, 7) };
        t.same("protect", "for reading", host.protect(address + page, page, protection::READ), Ok(()));
        // SAFETY: still readable.
        t.equal("the content stays", unsafe { bytes(address + page, 1) }, &[7]);
        t.error("protect", "not at a page", host.protect(address + 1, page, READ_WRITE), Errno::INVAL);
        t.same("unmap", "all", host.unmap(address, 4 * page), Ok(()));
        Ok(())
    });
    t.case("memory", "code is written, then run", |t| {
        t.native_only()?;
        let address = t.need("map", "a page", host.map(anonymous(page)))?;
        for (index, byte) in code::ANSWER.into_iter().enumerate() {
            // SAFETY: just mapped.
            unsafe { put(address + index, byte) };
        }
        t.need("protect", "runnable", host.protect(address, page, protection::READ | protection::EXECUTE))?;
        code::publish(address);
        // SAFETY: `ANSWER` was put there.
        t.equal("it runs", unsafe { code::call(address) }, 42);
        t.same("unmap", "code", host.unmap(address, page), Ok(()));
        Ok(())
    });
    t.case("memory", "fixed addresses", |t| {
        let address = t.need("map", "a reservation", host.map(Map { protection: 0, ..anonymous(8 * page) }))?;
        let inside = Map { address: address + 2 * page, flags: anonymous(1).flags | mapping::FIXED, ..anonymous(page) };
        let got = host.map(inside);
        // A host may be unable to split a reservation: an error, never another address.
        if got.is_ok() {
            t.same("map", "inside", got, Ok(address + 2 * page));
            // SAFETY: just mapped.
            unsafe { put(address + 2 * page, 1) };
            let careful = Map { flags: anonymous(1).flags | mapping::FIXED_NO_REPLACE, ..inside };
            t.error("map", "taken", host.map(careful), Errno::EXIST);
        } else {
            t.have("map (fixed)", &got);
        }
        t.same("unmap", "all", host.unmap(address, 8 * page), Ok(()));
        Ok(())
    });
    t.case("memory", "parts can go", |t| {
        let address = t.need("map", "pages", host.map(anonymous(4 * page)))?;
        // SAFETY: just mapped.
        unsafe { put(address, 3) };
        match host.unmap(address + 2 * page, 2 * page) {
            Ok(()) => {
                // SAFETY: the first pages are still there.
                t.equal("the rest stays", unsafe { bytes(address, 1) }, &[3]);
                t.same("unmap", "the rest", host.unmap(address, 2 * page), Ok(()));
            }
            refused => {
                t.error("unmap", "a host that cannot split", refused, Errno::INVAL);
                t.same("unmap", "as mapped", host.unmap(address, 4 * page), Ok(()));
            }
        }
        Ok(())
    });
    t.case("memory", "growing", |t| {
        let address = t.need("map", "two pages", host.map(anonymous(2 * page)))?;
        // SAFETY: just mapped.
        unsafe { put(address + page, 9) };
        let moved = host.remap(address, 2 * page, 64 * page, mapping::REMAP_MAY_MOVE, 0);
        if moved.is_err() {
            t.same("unmap", "unchanged", host.unmap(address, 2 * page), Ok(()));
        }
        let moved = t.need("remap", "longer", moved)?;
        // SAFETY: just mapped.
        t.equal("content moved along", unsafe { bytes(moved + page, 1) }, &[9]);
        // SAFETY: as above.
        t.equal("new bytes are zero", unsafe { bytes(moved + 63 * page, 1) }, &[0]);
        t.same("remap", "shorter", host.remap(moved, 64 * page, page, 0, 0), Ok(moved));
        t.same("unmap", "what is left", host.unmap(moved, page), Ok(()));
        Ok(())
    });
    t.case("memory", "advice", |t| {
        const DONT_NEED: u32 = 4;
        let address = t.need("map", "a page", host.map(anonymous(page)))?;
        // SAFETY: just mapped.
        unsafe { put(address, 9) };
        let advised = host.advise(address, page, DONT_NEED);
        if t.have("advise", &advised) {
            t.same("advise", "not needed", advised, Ok(()));
            // SAFETY: still mapped.
            t.equal("private memory is zero again", unsafe { bytes(address, 1) }, &[0]);
        }
        t.same("unmap", "a page", host.unmap(address, page), Ok(()));
        Ok(())
    });

    t.case("memory", "a private view of a file", |t| {
        t.make_with("file", b"content of the file")?;
        let fd = t.open("file", open::READ_ONLY)?;
        let view = Map { flags: mapping::PRIVATE, fd, ..anonymous(page) };
        let address = t.need("map", "writable, of a file for reading", host.map(view))?;
        t.close(fd);
        // SAFETY: just mapped.
        t.equal("the file's bytes", unsafe { bytes(address, 7) }, b"content");
        // SAFETY: just mapped.
        t.fact("zero behind its end", unsafe { bytes(address, page) }[19..].iter().all(|byte| *byte == 0));
        // SAFETY: just mapped.
        unsafe { put(address, b'X') };
        t.holds("file", b"content of the file");
        t.same("unmap", "the view", host.unmap(address, page), Ok(()));
        t.remove("file");
        Ok(())
    });
    t.case("memory", "a view is narrowed and opened again", |t| {
        // What the loader does with a program file.
        let fd = t.make("file")?;
        for number in 0..3_u8 {
            let mut filled = 0;
            while filled < page {
                filled += t.need("write", "a page", host.write(fd, &[number + 1; 512]))?;
            }
        }
        let view = Map { flags: mapping::PRIVATE, protection: protection::READ, fd, ..anonymous(3 * page) };
        let address = t.need("map", "for reading", host.map(view))?;
        let runnable = protection::READ | protection::EXECUTE;
        t.same("protect", "a page runnable", host.protect(address + page, page, runnable), Ok(()));
        t.same("protect", "a page writable", host.protect(address + 2 * page, page, READ_WRITE), Ok(()));
        // SAFETY: just made writable.
        unsafe { put(address + 2 * page, 99) };
        // SAFETY: mapped for reading.
        t.equal("others are unchanged", unsafe { bytes(address, 1) }, &[1]);
        // SAFETY: as above.
        t.equal("the last byte", unsafe { bytes(address + 3 * page - 1, 1) }, &[3]);
        let mut byte = [0];
        t.same("read_at", "the file", host.read_at(fd, &mut byte, 2 * page as u64), Ok(1));
        t.equal("has its own", byte, [3]);
        t.same("unmap", "the view", host.unmap(address, 3 * page), Ok(()));
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("memory", "a view from an offset", |t| {
        let fd = t.make("file")?;
        t.same("truncate", "two pages", host.truncate(fd, 2 * page as u64), Ok(()));
        t.same("write_at", "at the second", host.write_at(fd, b"second", page as u64), Ok(6));
        let view = Map { flags: mapping::PRIVATE, fd, offset: page as u64, ..anonymous(page) };
        let address = t.need("map", "the second page", host.map(view))?;
        // SAFETY: just mapped.
        t.equal("its bytes", unsafe { bytes(address, 6) }, b"second");
        t.same("unmap", "the view", host.unmap(address, page), Ok(()));
        t.error("map", "an offset inside a page", host.map(Map { offset: 7, ..view }), Errno::INVAL);
        t.close(fd);
        t.error("map", "closed descriptor", host.map(view), Errno::BADF);
        t.remove("file");
        Ok(())
    });
    t.case("memory", "a shared view of a file", |t| {
        const SYNC: u32 = 4;
        let fd = t.make("file")?;
        t.same("write", "content", host.write(fd, b"before"), Ok(6));
        let view = Map { flags: mapping::SHARED, fd, ..anonymous(page) };
        let mapped = host.map(view);
        if mapped.is_err() {
            t.close(fd);
            t.remove("file");
        }
        let address = t.need("map (shared)", "writable", mapped)?;
        // SAFETY: just mapped.
        unsafe { put(address, b'B') };
        t.same("sync_map", "written back", host.sync_map(address, page, SYNC), Ok(()));
        t.same("unmap", "the view", host.unmap(address, page), Ok(()));
        t.close(fd);
        t.holds("file", b"Before");
        let fd = t.open("file", open::READ_ONLY)?;
        t.error("map", "shared and writable of a file for reading", host.map(Map { fd, ..view }), Errno::ACCES);
        t.close(fd);
        t.remove("file");
        let _ = at::CURRENT_DIRECTORY;
        Ok(())
    });
}
