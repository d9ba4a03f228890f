//! System calls that rustix has not, or has only behind closed enums that the C ABI's open numbers do not fit.

use core::ffi::CStr;
use core::mem::MaybeUninit;
use platform::{Errno, Fd, Result};
use rustix::fd::BorrowedFd;

pub(crate) use linux_raw_sys::general as kernel;

/// One system call, arguments as words. Unused arguments may hold anything.
///
/// # Safety
/// As the system call says.
#[inline(always)]
pub(crate) unsafe fn raw(number: u32, a: [usize; 6]) -> isize {
    let result: isize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: caller contract; the kernel keeps all registers but rax, rcx and r11.
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") number as usize => result,
            in("rdi") a[0], in("rsi") a[1], in("rdx") a[2], in("r10") a[3], in("r8") a[4], in("r9") a[5],
            lateout("rcx") _, lateout("r11") _,
            options(nostack, preserves_flags),
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: caller contract; the kernel keeps all registers but x0.
    unsafe {
        core::arch::asm!(
            "svc 0",
            in("x8") number as usize,
            inlateout("x0") a[0] => result,
            in("x1") a[1], in("x2") a[2], in("x3") a[3], in("x4") a[4], in("x5") a[5],
            options(nostack, preserves_flags),
        );
    }
    result
}

/// One system call with up to six arguments, as a [`Result`].
///
/// # Safety
/// As the system call says.
#[inline(always)]
pub(crate) unsafe fn call<const N: usize>(number: u32, arguments: [usize; N]) -> Result<usize> {
    let mut six = [0; 6];
    for (to, from) in six.iter_mut().zip(arguments) {
        *to = from;
    }
    // SAFETY: caller contract.
    let word = unsafe { raw(number, six) };
    if word < 0 { Err(Errno::from_number(-word as i32)) } else { Ok(word as usize) }
}

/// A call that does not return.
pub(crate) fn last(number: u32, code: i32) -> ! {
    loop {
        // SAFETY: only `exit` and `exit_group` are passed.
        let _ = unsafe { call(number, [int(code)]) };
    }
}

/// An `int` argument.
pub(crate) const fn int(value: i32) -> usize {
    value as isize as usize
}

/// rustix's error as ours: both hold the kernel's number.
pub(crate) fn ours(error: rustix::io::Errno) -> Errno {
    Errno::from_number(error.raw_os_error())
}

/// A call whose answer is written by the kernel.
///
/// # Safety
/// `request` initialises the value where it succeeds.
pub(crate) unsafe fn stored<T>(request: impl FnOnce(*mut T) -> Result<usize>) -> Result<T> {
    let mut out = MaybeUninit::uninit();
    request(out.as_mut_ptr())?;
    // SAFETY: caller contract.
    Ok(unsafe { out.assume_init() })
}

/// The guest's descriptor for a rustix call. `BorrowedFd` cannot hold -1, which is no descriptor anyway.
pub(crate) fn borrow<'a>(fd: Fd) -> Result<BorrowedFd<'a>> {
    if fd == -1 {
        return Err(Errno::BADF);
    }
    // SAFETY: the calls made with it only pass the number to the kernel, which checks it.
    Ok(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Longest path with its NUL that the kernel takes.
const PATH_BYTES: usize = 4096;
/// Most paths are not longer, and each page of the stack that a program touches first costs a page fault.
const SHORT_PATH_BYTES: usize = 256;

/// Runs `request` with the path as a C string made on the stack. `ENAMETOOLONG` for a longer one; `EINVAL` with a NUL inside.
pub(crate) fn with_path<T>(path: &[u8], request: impl FnOnce(&CStr) -> Result<T>) -> Result<T> {
    let mut request = Some(request);
    let mut answer = Err(Errno::INVAL);
    let mut run = |path: &CStr| {
        if let Some(request) = request.take() {
            answer = request(path);
        }
    };
    if path.len() < SHORT_PATH_BYTES {
        terminate::<SHORT_PATH_BYTES>(path, &mut run)
    } else {
        terminate_long(path, &mut run)
    }?;
    answer
}

/// Apart, so that only long paths have its frame.
#[inline(never)]
fn terminate_long(path: &[u8], run: &mut dyn FnMut(&CStr)) -> Result<()> {
    terminate::<PATH_BYTES>(path, run)
}

fn terminate<const N: usize>(path: &[u8], run: &mut dyn FnMut(&CStr)) -> Result<()> {
    if path.len() >= N {
        return Err(Errno::NAMETOOLONG);
    }
    let mut buffer = [MaybeUninit::<u8>::uninit(); N];
    let start = buffer.as_mut_ptr().cast::<u8>();
    // SAFETY: path and NUL fit, as was just tested.
    let bytes = unsafe {
        start.copy_from_nonoverlapping(path.as_ptr(), path.len());
        start.add(path.len()).write(0);
        core::slice::from_raw_parts(start, path.len() + 1)
    };
    run(CStr::from_bytes_with_nul(bytes).map_err(|_| Errno::INVAL)?);
    Ok(())
}
