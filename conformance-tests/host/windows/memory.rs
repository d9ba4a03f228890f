//! What Windows has committed of the guest's memory.

use core::ffi::c_void;
use core::ptr::with_exposed_provenance_mut as pointer;
use core::sync::atomic::{AtomicU64, Ordering};

use platform::abi::{mapping, open, protection, signal};
use platform::{Errno, Files, Map, Memory, Piece, PieceMut, SignalAction, Signals};
use platform_windows::injection::{Answer, Request, inject};
use windows_sys::Win32::Foundation::STATUS_COMMITMENT_LIMIT;
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_FREE, MEM_RESERVE, MEMORY_BASIC_INFORMATION, PAGE_READONLY, PAGE_READWRITE, VirtualQuery,
};

use crate::cases::{Case, Outcome, Place, expect};

/// The cases.
pub const CASES: &[Case] = &[
    ("pages on demand are committed by blocks", blocks),
    ("a stack does not come on demand", stack),
    ("buffers are committed before the kernel gets them", buffers),
    ("a private copy of a file on demand", copy),
    ("without memory an access is SIGBUS", exhausted),
    ("without memory a request does what fits", exhausted_buffers),
];

const BLOCK: usize = 64 << 10;
const HUGE: usize = 256 << 30;
const READ_WRITE: u32 = protection::READ | protection::WRITE;

fn no_reserve(length: usize) -> Map {
    let flags = mapping::PRIVATE | mapping::ANONYMOUS | mapping::NO_RESERVE;
    Map { address: 0, length, protection: READ_WRITE, flags, fd: -1, offset: 0 }
}

fn query(address: usize) -> MEMORY_BASIC_INFORMATION {
    let mut found = MEMORY_BASIC_INFORMATION::default();
    // SAFETY: one structure is written.
    unsafe { VirtualQuery(pointer(address), &mut found, size_of::<MEMORY_BASIC_INFORMATION>()) };
    found
}

fn state(address: usize) -> u32 {
    query(address).State
}

/// # Safety
/// The guest may write to the address.
unsafe fn put(address: usize, byte: u8) {
    // SAFETY: caller contract.
    unsafe { pointer::<u8>(address).write_volatile(byte) }
}

fn blocks(place: &Place) -> Outcome {
    let host = place.host;
    let base = host.map(no_reserve(HUGE)).map_err(|errno| alloc::format!("map: {errno:?}"))?;
    let middle = base + HUGE / 2;
    for address in [base, middle, base + HUGE - 1] {
        expect("before the first access", state(address), MEM_RESERVE)?;
    }
    // SAFETY: mapped for writing.
    unsafe { put(middle + 5 * BLOCK + 100, 1) };
    let block = query(middle + 5 * BLOCK);
    expect("a block", (block.State, block.RegionSize, block.Protect), (MEM_COMMIT, BLOCK, PAGE_READWRITE))?;
    expect("before it", state(middle + 5 * BLOCK - 1), MEM_RESERVE)?;
    expect("behind it", state(middle + 6 * BLOCK), MEM_RESERVE)?;
    // A block ends where the protection does.
    expect("protect", host.protect(middle, BLOCK + 4096, protection::READ), Ok(()))?;
    expect("protecting commits nothing", state(middle), MEM_RESERVE)?;
    // SAFETY: mapped for reading, then for writing.
    unsafe {
        pointer::<u8>(middle + BLOCK).read_volatile();
        put(middle + BLOCK + 4096, 1);
    }
    let (first, second) = (query(middle + BLOCK), query(middle + BLOCK + 4096));
    expect("the part to read", (first.Protect, first.RegionSize), (PAGE_READONLY, 4096))?;
    expect("the part to write", (second.Protect, second.RegionSize), (PAGE_READWRITE, BLOCK - 4096))?;
    const DONT_NEED: u32 = 4;
    expect("advise", host.advise(middle, 8 * BLOCK, DONT_NEED), Ok(()))?;
    for address in [middle + BLOCK, middle + 5 * BLOCK] {
        expect("not needed", state(address), MEM_RESERVE)?;
    }
    expect("unmap", host.unmap(base, HUGE), Ok(()))?;
    expect("unmapped", state(middle), MEM_FREE)
}

fn stack(place: &Place) -> Outcome {
    let host = place.host;
    let request = no_reserve(1 << 20);
    let base = host.map(Map { flags: request.flags | mapping::STACK, ..request });
    let base = base.map_err(|errno| alloc::format!("map: {errno:?}"))?;
    let found = query(base);
    expect("committed", (found.State, found.RegionSize), (MEM_COMMIT, 1 << 20))?;
    expect("unmap", host.unmap(base, 1 << 20), Ok(()))
}

fn buffers(place: &Place) -> Outcome {
    let host = place.host;
    place.file("file", b"content")?;
    let base = host.map(no_reserve(HUGE)).map_err(|errno| alloc::format!("map: {errno:?}"))?;
    // SAFETY: mapped for writing, and known to nobody else.
    let buffer = |at: usize, length| unsafe { core::slice::from_raw_parts_mut(pointer::<u8>(base + at), length) };
    let fd = place.open("file", open::READ_WRITE)?;
    expect("read", host.read(fd, buffer(3 * BLOCK - 4, 100)), Ok(7))?;
    expect("what was read", &*buffer(3 * BLOCK - 4, 7), b"content")?;
    // All that is reserved, as far as one request goes.
    expect("read at", host.read_at(fd, buffer(0, HUGE), 0), Ok(7))?;
    expect("behind a request", state(base + (2 << 30)), MEM_RESERVE)?;
    expect("give back", host.advise(base, HUGE, 4), Ok(()))?;
    expect("write", host.write(fd, buffer(HUGE / 2, 3 * BLOCK)), Ok(3 * BLOCK))?;
    let pieces = [Piece::new(buffer(HUGE / 3, BLOCK)), Piece::new(buffer(HUGE / 5, BLOCK))];
    expect("write vector", host.write_vector(fd, &pieces, None), Ok(2 * BLOCK))?;
    let mut pieces = [PieceMut::new(buffer(HUGE / 6, 3)), PieceMut::new(buffer(HUGE / 7, 5 * BLOCK))];
    expect("read vector", host.read_vector(fd, &mut pieces, Some(1)), Ok(5 * BLOCK + 3))?;
    expect("read at", host.read_at(fd, buffer(HUGE / 4, 3 * BLOCK), 1), Ok(3 * BLOCK))?;
    expect("the end of what was read", buffer(HUGE / 4 + 5, 2).to_vec(), alloc::vec![b't', 0])?;
    // What the guest itself may not write to is not made writable for the kernel.
    expect("protect", host.protect(base, BLOCK, protection::READ), Ok(()))?;
    expect("read", host.read_at(fd, buffer(0, 8), 0), Err(Errno::FAULT))?;
    expect("nothing is committed", state(base), MEM_RESERVE)?;
    place.close(fd)?;
    expect("unmap", host.unmap(base, HUGE), Ok(()))?;
    expect("unlink", place.unlink("file"), Ok(()))
}

fn copy(place: &Place) -> Outcome {
    let host = place.host;
    place.file("file", b"content")?;
    let fd = place.open("file", open::READ_ONLY)?;
    let flags = mapping::PRIVATE | mapping::NO_RESERVE;
    let base = host.map(Map { flags, fd, ..no_reserve(HUGE) }).map_err(|errno| alloc::format!("map: {errno:?}"))?;
    // SAFETY: mapped for reading.
    expect("the file's", unsafe { core::slice::from_raw_parts(pointer::<u8>(base), 8) }, b"content\0")?;
    expect("behind the file", state(base + HUGE / 2), MEM_RESERVE)?;
    // SAFETY: mapped for writing.
    unsafe { put(base + HUGE - 1, 1) };
    place.close(fd)?;
    expect("unmap", host.unmap(base, HUGE), Ok(()))?;
    expect("unlink", place.unlink("file"), Ok(()))
}

static FAULTS: AtomicU64 = AtomicU64::new(0);

/// Notes number and code of a signal.
extern "sysv64" fn note(number: i32, info: *const i32, _: *mut c_void) {
    // SAFETY: `siginfo_t` has `si_code` at byte 8.
    let code = unsafe { info.add(2).read() };
    FAULTS.store((number as u64) << 32 | code as u64, Ordering::SeqCst);
}

const NO_MEMORY: Answer = Answer::Status(STATUS_COMMITMENT_LIMIT);

fn exhausted(place: &Place) -> Outcome {
    const BUS_ADRERR: u64 = 2;
    let host = place.host;
    let base = host.map(no_reserve(HUGE)).map_err(|errno| alloc::format!("map: {errno:?}"))?;
    // The block is too much, the page is not.
    inject(Request::Commit, NO_MEMORY, 1);
    // SAFETY: mapped for writing.
    unsafe { put(base, 1) };
    let page = query(base);
    expect("a page", (page.State, page.RegionSize), (MEM_COMMIT, 4096))?;
    let action = SignalAction { handler: note as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
    let before = host.signal_action(signal::BUS, Some(action)).map_err(|errno| alloc::format!("{errno:?}"))?;
    inject(Request::Commit, NO_MEMORY, 2);
    // SAFETY: mapped for writing; when the handler returns there is memory again.
    unsafe { put(base + HUGE / 2, 1) };
    expect("the signal", FAULTS.load(Ordering::SeqCst), (signal::BUS as u64) << 32 | BUS_ADRERR)?;
    expect("signal_action", host.signal_action(signal::BUS, Some(before)).map(drop), Ok(()))?;
    expect("unmap", host.unmap(base, HUGE), Ok(()))
}

fn exhausted_buffers(place: &Place) -> Outcome {
    let host = place.host;
    let fd = place.open("file", open::READ_WRITE | open::CREATE)?;
    expect("truncate", host.truncate(fd, 8 * BLOCK as u64), Ok(()))?;
    let base = host.map(no_reserve(HUGE)).map_err(|errno| alloc::format!("map: {errno:?}"))?;
    // SAFETY: mapped for writing, and known to nobody else.
    let buffer = |at: usize, length| unsafe { core::slice::from_raw_parts_mut(pointer::<u8>(base + at), length) };
    for (answer, times) in [(NO_MEMORY, 1), (Answer::Kernel, 2), (NO_MEMORY, 1)] {
        inject(Request::Commit, answer, times);
    }
    expect("read", host.read_at(fd, buffer(0, 8 * BLOCK), 0), Ok(2 * BLOCK))?;
    inject(Request::Commit, NO_MEMORY, 2);
    expect("read", host.read_at(fd, buffer(HUGE / 2, 8 * BLOCK), 0), Err(Errno::FAULT))?;
    expect("with memory again", host.read_at(fd, buffer(HUGE / 2, 8 * BLOCK), 0), Ok(8 * BLOCK))?;
    place.close(fd)?;
    expect("unmap", host.unmap(base, HUGE), Ok(()))?;
    expect("unlink", place.unlink("file"), Ok(()))
}
