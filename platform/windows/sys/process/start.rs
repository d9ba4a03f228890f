//! The start of the process: it hands what the process is started with to those who keep it, and runs `main`.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::sync::atomic::Ordering;

use windows_sys::Win32::System::Environment::{FreeEnvironmentStringsW, GetCommandLineW, GetEnvironmentStringsW};

use super::inheritance::{self, sent};
use crate::pure::{command_line, environment, utf16};
use crate::sys::file::{descriptors, hidden, inherited, places};
use crate::sys::native::{exit, image, shadow_stack, stack};
use crate::sys::signal::actions::UNTOUCHABLE;
use crate::sys::signal::{actions, console_events, fault, task};

/// Strings in C's form: each with its zero, and a list ended by a null pointer. They live as long as the process.
pub struct Strings {
    /// Number of strings.
    pub count: usize,
    /// The list.
    pub list: *const *const c_char,
}

impl Strings {
    /// The strings.
    pub fn iter_c(&self) -> impl Iterator<Item = &'static CStr> {
        let list = self.list;
        // SAFETY: `count` pointers to strings that live as long as the process.
        (0..self.count).map(move |at| unsafe { CStr::from_ptr(*list.add(at)) })
    }

    /// The strings' bytes.
    pub fn iter(&self) -> impl Iterator<Item = &'static [u8]> {
        self.iter_c().map(CStr::to_bytes)
    }
}

fn leak(strings: Vec<Vec<u8>>) -> Strings {
    list(strings.into_iter().map(|mut string| {
        string.push(0);
        Box::leak(string.into_boxed_slice()).as_ptr().cast()
    }))
}

fn list(strings: impl Iterator<Item = *const c_char>) -> Strings {
    let mut list: Vec<*const c_char> = strings.collect();
    let count = list.len();
    list.push(core::ptr::null());
    Strings { count, list: Box::leak(list.into_boxed_slice()).as_ptr() }
}

/// Units before the first zero.
///
/// # Safety
/// A zero follows within the same memory, which lives for `'a`.
unsafe fn until_zero<'a>(start: *const u16) -> &'a [u16] {
    let mut length = 0;
    // SAFETY: caller contract.
    while unsafe { *start.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: caller contract.
    unsafe { core::slice::from_raw_parts(start, length) }
}

/// The arguments of this executable, its own name first: as a parent of our own kind gave them, else as UTF-8.
pub fn arguments() -> Strings {
    if let Some(sent) = sent() {
        return list(sent.arguments.iter().map(|argument| argument.as_ptr()));
    }
    // SAFETY: Windows' own string, for the life of the process.
    let line = unsafe { until_zero(GetCommandLineW()) };
    leak(command_line::split(line).iter().map(|argument| utf16::to_bytes(argument)).collect())
}

/// The environment: as a parent of our own kind gave it, else in the guest's form ([`environment::to_guest`]).
pub fn environment() -> Strings {
    if let Some(sent) = sent() {
        return list(sent.environment.iter().map(|variable| variable.as_ptr()));
    }
    let mut variables = Vec::new();
    // SAFETY: no arguments.
    let block = unsafe { GetEnvironmentStringsW() };
    let mut at = block.cast_const();
    while !at.is_null() {
        // SAFETY: strings ended by zeros, up to an empty one.
        let variable = unsafe { until_zero(at) };
        if variable.is_empty() {
            break;
        }
        variables.push(variable);
        // SAFETY: behind the zero comes the next string or the end.
        at = unsafe { at.add(variable.len() + 1) };
    }
    let guest = environment::to_guest(&variables);
    if !block.is_null() {
        // SAFETY: the block from above; nothing refers to it any more.
        unsafe { FreeEnvironmentStringsW(block) };
    }
    leak(guest)
}

/// Runs `main` on the process's first thread, whose stack is as large as the executable's header says. What `main` returns is
/// the exit code.
pub fn run_main(main: fn() -> i32) -> ! {
    shadow_stack::check();
    image::protect_imports();
    stack::commit();
    fault::install();
    console_events::listen();
    places::leave_current();
    let parent = inheritance::get();
    let (mask, ignored) = parent.as_ref().map_or((0, 0), |parent| (parent.mask, parent.ignored));
    actions::ignore(ignored);
    // Signals from outside find this thread from here on.
    task::current().mask.store(mask & !UNTOUCHABLE, Ordering::SeqCst);
    for (fd, file) in inherited::files(parent.as_ref()) {
        descriptors::inherit(fd, file);
    }
    hidden::clean_temporary();
    exit::exit(main())
}
