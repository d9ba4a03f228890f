//! `posix_spawn` and `execve` over `CreateProcessW`.
//!
//! The child gets exactly the descriptors that are not close-on-exec, after the actions, under the same numbers
//! ([`inherit`]), and if it is of our own kind the signal mask, the ignored signals, and arguments, environment and current
//! directory as they are ([`sent`]): Windows' own have other rules.
//! `/bin/sh -c COMMAND` is the command interpreter of Windows with the same command where the root has no shell.
//! `execve` starts the program as a child, waits for it and ends with its code.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{CStr, c_void};
use core::ptr::{null, null_mut};

use platform::abi::{at, open as flag};
use platform::{Errno, Fd, Result, Spawn, SpawnAction};
use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;
use windows_sys::Win32::System::Memory::{
    CreateFileMappingW, FILE_MAP_WRITE, MapViewOfFile, PAGE_READWRITE, UnmapViewOfFile,
};
use windows_sys::Win32::System::SystemInformation::GetWindowsDirectoryW;
use windows_sys::Win32::System::Threading::{
    CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW, CREATE_UNICODE_ENVIRONMENT, CreateProcessW, DETACHED_PROCESS,
    DeleteProcThreadAttributeList, EXTENDED_STARTUPINFO_PRESENT, InitializeProcThreadAttributeList,
    PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PROCESS_INFORMATION, STARTF_USESTDHANDLES, STARTUPINFOEXW,
    UpdateProcThreadAttribute,
};

use super::program::{self, Program};
use crate::pure::inherit::{self, Inheritance, Inherited};
use crate::pure::path::{self, Target};
use crate::pure::{command_line, environment, sent, utf16};
use crate::sys::file::open_file::OpenFile;
use crate::sys::file::{console, descriptors, open, patience, places, resolve, stat};
use crate::sys::native::attributes::is_directory;
use crate::sys::native::error_mode;
use crate::sys::native::nt::{Handle, last_error};
use crate::sys::native::sync::Mutex;
use crate::sys::signal::{actions, task};

/// Descriptors and directory that the child will have.
struct Plan {
    files: Vec<(Fd, Arc<OpenFile>)>,
    directory: Vec<u8>,
}

impl Plan {
    fn set(&mut self, fd: Fd, file: Arc<OpenFile>) {
        self.files.retain(|row| row.0 != fd);
        self.files.push((fd, file));
    }

    fn file(&self, path: &[u8], making: bool) -> Result<Target> {
        resolve::resolve(at::CURRENT_DIRECTORY, &path::absolute(path, &self.directory), making)
    }

    /// The steps in order, on the plan instead of in the child.
    fn take(&mut self, actions: &[SpawnAction<'_>], closed_later: &[Fd]) -> Result<()> {
        let mut closed_later = closed_later.to_vec();
        for action in actions {
            match *action {
                SpawnAction::Close { fd } => {
                    closed_later.retain(|later| *later != fd);
                    self.files.retain(|row| row.0 != fd);
                }
                SpawnAction::Duplicate { fd, target } => {
                    let file = self.files.iter().find(|row| row.0 == fd).map(|row| row.1.clone()).ok_or(Errno::BADF)?;
                    // POSIX.1-2024 posix_spawn_file_actions_adddup2: onto itself means "keep it".
                    closed_later.retain(|later| *later != target);
                    self.set(target, file);
                }
                SpawnAction::Open { fd, path, flags, mode } => {
                    let file = match self.file(path, flags & flag::CREATE != 0)? {
                        Target::File(file) => open::open_file(&file, flags, mode)?,
                        Target::Device(device) => open::open_device(device, flags)?,
                    };
                    closed_later.retain(|later| *later != fd);
                    self.set(fd, Arc::new(file));
                }
                SpawnAction::ChangeDirectory { path } => {
                    let full = path::absolute(path, &self.directory);
                    let (target, name) = resolve::resolve_named(at::CURRENT_DIRECTORY, &full, false)?;
                    let Target::File(file) = target else { return Err(Errno::NOTDIR) };
                    let handle = stat::open_path(&file, 0x80, true)?;
                    if !is_directory(&handle)? {
                        return Err(Errno::NOTDIR);
                    }
                    self.directory = places::name_of(&handle, Some(&name))?;
                }
            }
        }
        self.files.retain(|row| !closed_later.contains(&row.0));
        self.files.sort_by_key(|row| row.0);
        Ok(())
    }
}

/// The command line of a program.
fn line(arguments: &[&CStr]) -> Result<Vec<u16>> {
    /// Documented limit of `CreateProcessW`.
    const LINE_UNITS: usize = 32_767;
    let mut line = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        command_line::append(&mut line, &utf16::to_wide(argument.to_bytes())?, index == 0);
    }
    line.push(0);
    if line.len() > LINE_UNITS { Err(Errno::TOO_BIG) } else { Ok(line) }
}

/// The command line of the command interpreter, started as a shell: only as `sh -c COMMAND`.
fn shell_line(arguments: &[&CStr]) -> Result<Vec<u16>> {
    /// Documented limit of `cmd.exe`.
    const LINE_UNITS: usize = 8191;
    let [_, option, command] = arguments else { return Err(Errno::NOEXEC) };
    if option.to_bytes() != b"-c" {
        return Err(Errno::NOEXEC);
    }
    let mut line = command_line::for_interpreter(&utf16::to_wide(command.to_bytes())?).ok_or(Errno::NOEXEC)?;
    line.push(0);
    if line.len() > LINE_UNITS { Err(Errno::TOO_BIG) } else { Ok(line) }
}

/// Starts a child; its handle and number.
pub fn start(request: &Spawn<'_>) -> Result<(Handle, i32)> {
    /// Between making inheritable handles and closing them no other child may start.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let all = descriptors::all();
    let closed_later: Vec<Fd> = all.iter().filter(|row| row.2).map(|row| row.0).collect();
    let mut plan = Plan { files: all.into_iter().map(|row| (row.0, row.1)).collect(), directory: places::current() };
    plan.take(request.actions, &closed_later)?;
    let program = Program::find(request.path, |path| plan.file(path, false))?;
    let ours = program.is_ours();
    let mut line = match line(request.arguments) {
        _ if program.is_interpreter => shell_line(request.arguments)?,
        // It is told its arguments otherwise.
        Err(_) if ours => line(&[c"xload"])?,
        line => line?,
    };
    let variables: Vec<&[u8]> = request.environment.iter().map(|variable| variable.to_bytes()).collect();
    let system_root = places::wide_answer(|buffer, length| {
        // SAFETY: the buffer is writable for the length.
        unsafe { GetWindowsDirectoryW(buffer, length) }
    })
    .map(|wide| utf16::to_bytes(&wide))
    .unwrap_or_default();
    let block = places::with_places(|places| environment::to_windows(&variables, places, &system_root, ours))?;
    let Target::File(folder) = plan.file(b".", false)? else { return Err(Errno::NOENT) };
    // A child of our own kind is told its directory otherwise, and leaves the one of Windows alone.
    let directory = if ours { None } else { Some(program::folder(&folder)?) };
    if program.is_interpreter && folder.is_on_network() {
        // It would say so, and run the command in the folder of Windows.
        return Err(Errno::OPNOTSUPP);
    }
    let place = utf16::to_bytes(&folder.nt);
    let strings = ours.then(|| sent::encode(&plan.directory, &place, request.arguments, request.environment));

    let _guard = ONE_AT_A_TIME.lock();
    let passed = Passed::new(&plan.files, request, strings.as_deref())?;
    let mut info = STARTUPINFOEXW::default();
    info.StartupInfo.cb = size_of::<STARTUPINFOEXW>() as u32;
    info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    info.StartupInfo.hStdInput = passed.standard(0);
    info.StartupInfo.hStdOutput = passed.standard(1);
    info.StartupInfo.hStdError = passed.standard(2);
    info.StartupInfo.cbReserved2 = passed.block.len() as u16;
    info.StartupInfo.lpReserved2 = passed.block.as_ptr().cast_mut();
    let mut attributes = Attributes::new(&passed.raw)?;
    info.lpAttributeList = attributes.pointer();
    let mut flags = CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
    if request.process_group == Some(0) {
        flags |= CREATE_NEW_PROCESS_GROUP;
    }
    if !console::is_there() {
        // Windows would open a window for the child. Its own programs get a console without one, which some need.
        flags |= if ours { DETACHED_PROCESS } else { CREATE_NO_WINDOW };
    }
    let application = program.path();
    let mut started = PROCESS_INFORMATION::default();
    let start = || {
        // SAFETY: strings end with zeros; the line may be written to; all structures live during the call.
        error_mode::as_inherited(|| unsafe {
            let done = CreateProcessW(
                application.as_ptr(),
                line.as_mut_ptr(),
                null(),
                null(),
                i32::from(!passed.raw.is_empty()),
                flags,
                block.as_ptr().cast::<c_void>(),
                directory.as_ref().map_or(null(), |directory| directory.as_ptr()),
                (&raw const info.StartupInfo).cast(),
                &mut started,
            );
            if done == 0 { Err(last_error()) } else { Ok(()) }
        })
    };
    // A program that was just made may be held by a scanner, and a system under load short of something.
    let done = patience::ask(|errno| matches!(errno, Errno::BUSY | Errno::AGAIN), start);
    // Windows answers "bad format" late for some files, and "access denied" for directories and data.
    done.map_err(|errno| if errno == Errno::BADF { Errno::NOEXEC } else { errno })?;
    drop(Handle::own(started.hThread));
    let handle = Handle::own(started.hProcess).ok_or(Errno::AGAIN)?;
    Ok((handle, started.dwProcessId as i32))
}

/// A section of memory with these bytes, for a child to inherit.
fn section(bytes: &[u8]) -> Result<Handle> {
    let inherit = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: null_mut(),
        bInheritHandle: 1,
    };
    let (high, low) = ((bytes.len() as u64 >> 32) as u32, bytes.len() as u32);
    // SAFETY: a section of this size without a file or name; the view is as long, and new.
    unsafe {
        let section = CreateFileMappingW(INVALID_HANDLE_VALUE, &inherit, PAGE_READWRITE, high, low, null());
        let section = Handle::own(section).ok_or_else(last_error)?;
        let view = MapViewOfFile(section.raw(), FILE_MAP_WRITE, 0, 0, bytes.len());
        if view.Value.is_null() {
            return Err(last_error());
        }
        core::ptr::copy_nonoverlapping(bytes.as_ptr(), view.Value.cast(), bytes.len());
        UnmapViewOfFile(view);
        Ok(section)
    }
}

/// Inheritable handles for a child and the block that says what they are.
struct Passed {
    rows: Vec<(Fd, Handle)>,
    /// Open until the child has its own.
    _strings: Option<Handle>,
    raw: Vec<HANDLE>,
    block: Vec<u8>,
}

impl Passed {
    fn new(files: &[(Fd, Arc<OpenFile>)], request: &Spawn<'_>, strings: Option<&[u8]>) -> Result<Self> {
        let mut rows = Vec::new();
        let mut told = Vec::new();
        for (fd, file) in files {
            let handle = match &file.handle {
                Some(handle) => {
                    let copy = handle.duplicate(true)?;
                    let raw = copy.raw() as usize;
                    rows.push((*fd, copy));
                    raw
                }
                None => usize::MAX,
            };
            let flags = file.status_flags();
            told.push((Inherited { fd: *fd, handle, kind: file.kind() as u32, flags }, file.object.runtime_kind()));
        }
        let mask = request.signal_mask.unwrap_or_else(task::current_mask);
        let ignored = actions::ignored() & !request.default_signals;
        let strings = strings.map(section).transpose()?;
        let handle = strings.as_ref().map_or(0, |section| section.raw() as usize);
        let all = Inheritance { descriptors: Vec::new(), mask, ignored, strings: handle };
        let block = inherit::encode(&told, flag::APPEND, &all).ok_or(Errno::MFILE)?;
        let raw = rows.iter().map(|row| &row.1).chain(&strings).map(Handle::raw).collect();
        Ok(Self { rows, _strings: strings, raw, block })
    }

    fn standard(&self, fd: Fd) -> HANDLE {
        self.rows.iter().find(|row| row.0 == fd).map_or(INVALID_HANDLE_VALUE, |row| row.1.raw())
    }
}

/// A list with one attribute: the handles that the child inherits, and no others. Without any there is no list, and the child is
/// started without inheritance: Windows takes an empty list for none.
struct Attributes {
    words: Vec<usize>,
}

impl Attributes {
    fn new(handles: &[HANDLE]) -> Result<Self> {
        if handles.is_empty() {
            return Ok(Self { words: Vec::new() });
        }
        let mut size = 0;
        // SAFETY: asks for the size only.
        unsafe { InitializeProcThreadAttributeList(null_mut(), 1, 0, &mut size) };
        let mut words = vec![0usize; size.div_ceil(8)];
        // SAFETY: the list has the size asked for; the handles outlive it in the caller.
        let done = unsafe {
            InitializeProcThreadAttributeList(words.as_mut_ptr().cast(), 1, 0, &mut size) != 0
                && UpdateProcThreadAttribute(
                    words.as_mut_ptr().cast(),
                    0,
                    PROC_THREAD_ATTRIBUTE_HANDLE_LIST as usize,
                    handles.as_ptr().cast(),
                    size_of_val(handles),
                    null_mut(),
                    null(),
                ) != 0
        };
        if done { Ok(Self { words }) } else { Err(last_error()) }
    }

    fn pointer(&mut self) -> *mut c_void {
        if self.words.is_empty() { null_mut() } else { self.words.as_mut_ptr().cast() }
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        if !self.words.is_empty() {
            // SAFETY: an initialised list.
            unsafe { DeleteProcThreadAttributeList(self.words.as_mut_ptr().cast()) };
        }
    }
}
