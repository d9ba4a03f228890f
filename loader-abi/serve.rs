//! The loader's side: any platform as a table.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::mem::size_of;
use core::sync::atomic::AtomicU32;

use platform::abi::{at, file_type, open as open_flags};
use platform::{
    Deadline, Errno, FileSystem, GuestEntry, Ids, Lock, Map, Platform, Result, SignalAction, SlotBase, Spawn,
    SpawnAction, Stat, ThreadStart, Timespec, Usage, WindowSize,
};

use crate::guest_fn;
use crate::table::{AddressInfo, Host, ObjectInfo, SpawnRequest, SpawnStep, VERSION};
use crate::wire::{Word, bytes, bytes_mut, error, store, strings};

/// What the loader itself does for the C library. Failures of the `dl` group carry a NUL-terminated message for `dlerror`.
pub trait Loader {
    /// `dlopen`: a handle. `path` is `None` for the program itself; `caller` an address in the calling file.
    fn dl_open(&self, path: Option<&[u8]>, flags: u32, caller: usize, message: &mut [u8]) -> Result<usize>;
    /// `dlclose`.
    fn dl_close(&self, handle: usize, message: &mut [u8]) -> Result<()>;
    /// `dlsym`: the symbol's address; `handle` 0 is RTLD_DEFAULT, `usize::MAX` RTLD_NEXT.
    fn dl_symbol(&self, handle: usize, name: &[u8], caller: usize, message: &mut [u8]) -> Result<usize>;
    /// `dladdr`; `None` when the address lies in no loaded file.
    fn dl_address(&self, address: usize) -> Option<AddressInfo>;
    /// The loaded file with this number, in load order; `None` past the last.
    fn dl_object(&self, index: usize) -> Option<ObjectInfo>;
    /// Runs the finalisers of all loaded files, last initialised first; once. Other threads that load or unload files wait from then
    /// on until the process ends.
    fn finalize(&self);
    /// Keeps all files that are loaded now or later: the process ends. Waits for other threads' `dl_open` and `dl_close`.
    fn dl_keep(&self);
    /// The program's file, as an absolute path, where the host takes the loader for it.
    fn program(&self) -> Option<&[u8]>;
    /// Keeps the file that the address lies in, and what it needs, until the process ends. Waits for no `dlopen`.
    fn dl_pin(&self, address: usize);
    /// `Platform::exec`, where a program of our own kind comes up under this loader again.
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Errno;
    /// `Platform::spawn`, where a program of our own kind comes up under this loader again.
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32>;
}

/// A platform and a loader that exist once in the process, so that plain functions reach them.
pub trait Serve: 'static {
    /// The operating system.
    type Platform: Platform + 'static;
    /// The loader.
    type Loader: Loader + 'static;
    /// The one operating system.
    fn platform() -> &'static Self::Platform;
    /// The one loader.
    fn loader() -> &'static Self::Loader;
}

/// What a program is started with.
#[derive(Clone, Copy, Debug)]
pub struct ProcessStart {
    /// Number of arguments.
    pub argument_count: usize,
    /// The arguments and a null pointer, for the life of the process.
    pub arguments: *const *const c_char,
    /// The environment and a null pointer, for the life of the process.
    pub environment: *const *const c_char,
}

impl Host {
    /// The table of `P`.
    pub fn serve<P: Serve>(start: ProcessStart) -> Self {
        let slot = P::platform().thread_slot();
        Self {
            size: size_of::<Self>() as u32,
            version: VERSION,
            page_bytes: P::platform().page_bytes() as u32,
            slot_base: match slot.base {
                SlotBase::ThreadPointer => 0,
                SlotBase::Gs => 1,
            },
            slot_offset: slot.offset as i64,
            argument_count: start.argument_count,
            arguments: start.arguments,
            environment: start.environment,
            map: map::<P>,
            unmap: unmap::<P>,
            protect: protect::<P>,
            remap: remap::<P>,
            advise: advise::<P>,
            sync_map: sync_map::<P>,
            open: open::<P>,
            close: close::<P>,
            read: read::<P>,
            write: write::<P>,
            read_at: read_at::<P>,
            write_at: write_at::<P>,
            write_two: write_two::<P>,
            seek: seek::<P>,
            stat: stat::<P>,
            truncate: truncate::<P>,
            allocate: allocate::<P>,
            sync: sync::<P>,
            duplicate: duplicate::<P>,
            duplicate_to: duplicate_to::<P>,
            descriptor_flags: descriptor_flags::<P>,
            set_descriptor_flags: set_descriptor_flags::<P>,
            status_flags: status_flags::<P>,
            set_status_flags: set_status_flags::<P>,
            lock: lock::<P>,
            lock_query: lock_query::<P>,
            lock_file: lock_file::<P>,
            pipe: pipe::<P>,
            terminal_size: terminal_size::<P>,
            copy: copy::<P>,
            access: access::<P>,
            make_directory: make_directory::<P>,
            unlink: unlink::<P>,
            rename: rename::<P>,
            link: link::<P>,
            symlink: symlink::<P>,
            read_link: read_link::<P>,
            set_mode: set_mode::<P>,
            set_owner: set_owner::<P>,
            set_times: set_times::<P>,
            file_system: file_system::<P>,
            change_directory: change_directory::<P>,
            current_directory: current_directory::<P>,
            set_umask: set_umask::<P>,
            read_directory: read_directory::<P>,
            clock: clock::<P>,
            clock_resolution: clock_resolution::<P>,
            set_clock: set_clock::<P>,
            sleep: sleep::<P>,
            thread_create: thread_create::<P>,
            thread_exit: thread_exit::<P>,
            thread_id: thread_id::<P>,
            thread_stack: thread_stack::<P>,
            set_thread_slot: set_thread_slot::<P>,
            yield_now: yield_now::<P>,
            processor_count: processor_count::<P>,
            futex_wait: futex_wait::<P>,
            futex_wake: futex_wake::<P>,
            exit: exit::<P>,
            terminate: terminate::<P>,
            process_id: process_id::<P>,
            parent_id: parent_id::<P>,
            ids: ids::<P>,
            exec: exec::<P>,
            spawn: spawn::<P>,
            wait: wait::<P>,
            usage: usage::<P>,
            executable_path: executable_path::<P>,
            host_name: host_name::<P>,
            signal_action: signal_action::<P>,
            signal_mask: signal_mask::<P>,
            signal_send: signal_send::<P>,
            random: random::<P>,
            dl_open: dl_open::<P>,
            dl_close: dl_close::<P>,
            dl_symbol: dl_symbol::<P>,
            dl_address: dl_address::<P>,
            dl_object: dl_object::<P>,
            finalize: finalize::<P>,
            dl_pin: dl_pin::<P>,
            is_secure: is_secure::<P>,
            dl_keep: dl_keep::<P>,
            descriptor_limit: descriptor_limit::<P>,
            signal_owner: signal_owner::<P>,
            set_signal_owner: set_signal_owner::<P>,
        }
    }
}

/// Shims: `name(arguments) -> i64 = expression` with `p` for the platform.
macro_rules! shims {
    ($($name:ident($($argument:ident : $type:ty),*) $(-> $result:ty)? = |$p:ident| $body:expr;)*) => {$(
        guest_fn! {
            unsafe fn $name<P: Serve>($($argument: $type),*) $(-> $result)? {
                #[allow(unused_variables, reason = "some requests go to the loader")]
                let $p = P::platform();
                // SAFETY: the contract of the table: pointers are valid for their length, out-pointers for one write.
                #[allow(unused_unsafe, reason = "some requests have no pointers")]
                unsafe { $body }
            }
        }
    )*};
}

/// The file that the guest means: its own program, where it says `/proc/self/exe`, which on the host is the loader or nothing.
fn meant<P: Serve>(path: &[u8]) -> &[u8] {
    own_file::<P>(path).unwrap_or(path)
}

/// The program, where the path is a name of the process's own file.
fn own_file<P: Serve>(path: &[u8]) -> Option<&'static [u8]> {
    let process = path.strip_prefix(b"/proc/")?.strip_suffix(b"/exe")?;
    let own = match process {
        b"self" | b"thread-self" => true,
        // No process has a number with a zero in front.
        [b'1'..=b'9', ..] if process.iter().all(u8::is_ascii_digit) && process.len() < 10 => {
            process.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')) == P::platform().process_id()
        }
        _ => false,
    };
    if own { P::loader().program() } else { None }
}

/// `fstatat`. The own file's name is a link, also on a host that has no such name.
fn status<P: Serve>(directory: i32, path: &[u8], flags: u32) -> Result<Stat> {
    let platform = P::platform();
    match own_file::<P>(path) {
        None => platform.stat(directory, path, flags),
        Some(file) if flags & at::SYMLINK_NOFOLLOW == 0 => platform.stat(directory, file, flags),
        Some(file) => platform.stat(directory, path, flags).or_else(|_| {
            let found = platform.stat(directory, file, flags & !at::SYMLINK_NOFOLLOW)?;
            Ok(Stat { mode: file_type::SYMLINK | 0o777, size: 0, blocks: 0, nlink: 1, ..found })
        }),
    }
}

/// `readlinkat`. The own file's name leads to the program as the host knows it now, else as it was started.
fn link_target<P: Serve>(directory: i32, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let platform = P::platform();
    let Some(file) = own_file::<P>(path) else { return platform.read_link(directory, path, buffer) };
    let mut whole = [0; 4096];
    let flags = open_flags::PATH | open_flags::CLOSE_ON_EXEC;
    let found = platform.open(at::CURRENT_DIRECTORY, file, flags, 0).and_then(|fd| {
        let path = platform.descriptor_path(fd, &mut whole);
        // The descriptor only named a place.
        let _ = platform.close(fd);
        path
    });
    let target = found.ok().and_then(|length| whole.get(..length)).unwrap_or(file);
    let length = target.len().min(buffer.len());
    for (to, from) in buffer.iter_mut().zip(target) {
        *to = *from;
    }
    Ok(length)
}

shims! {
    map(address: usize, length: usize, protection: u32, flags: u32, fd: i32, offset: u64) -> i64 =
        |p| p.map(Map { address, length, protection, flags, fd, offset }).word();
    unmap(address: usize, length: usize) -> i64 = |p| p.unmap(address, length).word();
    protect(address: usize, length: usize, protection: u32) -> i64 = |p| p.protect(address, length, protection).word();
    remap(address: usize, old: usize, new: usize, flags: u32, target: usize) -> i64 =
        |p| p.remap(address, old, new, flags, target).word();
    advise(address: usize, length: usize, advice: u32) -> i64 = |p| p.advise(address, length, advice).word();
    sync_map(address: usize, length: usize, flags: u32) -> i64 = |p| p.sync_map(address, length, flags).word();

    open(directory: i32, path: *const u8, length: usize, flags: u32, mode: u32) -> i64 =
        |p| {
            let path = bytes(path, length);
            let file = if flags & open_flags::NO_FOLLOW == 0 { meant::<P>(path) } else { path };
            p.open(directory, file, flags, mode).word()
        };
    close(fd: i32) -> i64 = |p| p.close(fd).word();
    read(fd: i32, data: *mut u8, length: usize) -> i64 = |p| p.read(fd, bytes_mut(data, length)).word();
    write(fd: i32, data: *const u8, length: usize) -> i64 = |p| p.write(fd, bytes(data, length)).word();
    read_at(fd: i32, data: *mut u8, length: usize, offset: u64) -> i64 =
        |p| p.read_at(fd, bytes_mut(data, length), offset).word();
    write_at(fd: i32, data: *const u8, length: usize, offset: u64) -> i64 =
        |p| p.write_at(fd, bytes(data, length), offset).word();
    write_two(fd: i32, first: *const u8, first_length: usize, second: *const u8, second_length: usize) -> i64 =
        |p| p.write_two(fd, bytes(first, first_length), bytes(second, second_length)).word();
    seek(fd: i32, offset: i64, whence: u32) -> i64 = |p| p.seek(fd, offset, whence).word();
    stat(directory: i32, path: *const u8, length: usize, flags: u32, out: *mut Stat) -> i64 =
        |p| store(out, status::<P>(directory, bytes(path, length), flags));
    truncate(fd: i32, length: u64) -> i64 = |p| p.truncate(fd, length).word();
    allocate(fd: i32, offset: u64, length: u64) -> i64 = |p| p.allocate(fd, offset, length).word();
    sync(fd: i32, data_only: u32) -> i64 = |p| p.sync(fd, data_only != 0).word();
    duplicate(fd: i32, at_least: i32, close_on_exec: u32) -> i64 =
        |p| p.duplicate(fd, at_least, close_on_exec != 0).word();
    duplicate_to(fd: i32, target: i32, close_on_exec: u32) -> i64 =
        |p| p.duplicate_to(fd, target, close_on_exec != 0).word();
    descriptor_flags(fd: i32) -> i64 = |p| p.descriptor_flags(fd).word();
    set_descriptor_flags(fd: i32, flags: u32) -> i64 = |p| p.set_descriptor_flags(fd, flags).word();
    status_flags(fd: i32) -> i64 = |p| p.status_flags(fd).word();
    set_status_flags(fd: i32, flags: u32) -> i64 = |p| p.set_status_flags(fd, flags).word();
    lock(fd: i32, lock: *const Lock, wait: u32) -> i64 = |p| p.lock(fd, lock.read(), wait != 0).word();
    lock_query(fd: i32, lock: *mut Lock) -> i64 = |p| store(lock, p.lock_query(fd, lock.read()));
    lock_file(fd: i32, operation: u32) -> i64 = |p| p.lock_file(fd, operation).word();
    pipe(flags: u32, out: *mut [i32; 2]) -> i64 = |p| store(out, p.pipe(flags).map(|(read, write)| [read, write]));
    terminal_size(fd: i32, out: *mut WindowSize) -> i64 = |p| store(out, p.terminal_size(fd));
    copy(target: i32, source: i32, offset: *mut u64, length: usize) -> i64 =
        |p| p.copy(target, source, offset.as_mut(), length).word();

    access(directory: i32, path: *const u8, length: usize, mode: u32, flags: u32) -> i64 =
        |p| p.access(directory, meant::<P>(bytes(path, length)), mode, flags).word();
    make_directory(directory: i32, path: *const u8, length: usize, mode: u32) -> i64 =
        |p| p.make_directory(directory, bytes(path, length), mode).word();
    unlink(directory: i32, path: *const u8, length: usize, flags: u32) -> i64 =
        |p| p.unlink(directory, bytes(path, length), flags).word();
    rename(from_directory: i32, from: *const u8, from_length: usize, to_directory: i32, to: *const u8, to_length: usize)
        -> i64 = |p| p.rename(from_directory, bytes(from, from_length), to_directory, bytes(to, to_length)).word();
    link(from_directory: i32, from: *const u8, from_length: usize, to_directory: i32, to: *const u8, to_length: usize,
        flags: u32) -> i64 =
        |p| p.link(from_directory, bytes(from, from_length), to_directory, bytes(to, to_length), flags).word();
    symlink(target: *const u8, target_length: usize, directory: i32, path: *const u8, length: usize) -> i64 =
        |p| p.symlink(bytes(target, target_length), directory, bytes(path, length)).word();
    read_link(directory: i32, path: *const u8, length: usize, data: *mut u8, data_length: usize) -> i64 =
        |p| link_target::<P>(directory, bytes(path, length), bytes_mut(data, data_length)).word();
    set_mode(directory: i32, path: *const u8, length: usize, mode: u32, flags: u32) -> i64 =
        |p| p.set_mode(directory, bytes(path, length), mode, flags).word();
    set_owner(directory: i32, path: *const u8, length: usize, uid: u32, gid: u32, flags: u32) -> i64 =
        |p| p.set_owner(directory, bytes(path, length), uid, gid, flags).word();
    set_times(directory: i32, path: *const u8, length: usize, times: *const [Timespec; 2], flags: u32) -> i64 =
        |p| p.set_times(directory, bytes(path, length), times.read(), flags).word();
    file_system(directory: i32, path: *const u8, length: usize, flags: u32, out: *mut FileSystem) -> i64 =
        |p| store(out, p.file_system(directory, meant::<P>(bytes(path, length)), flags));
    change_directory(directory: i32, path: *const u8, length: usize) -> i64 =
        |p| p.change_directory(directory, bytes(path, length)).word();
    current_directory(data: *mut u8, length: usize) -> i64 = |p| p.current_directory(bytes_mut(data, length)).word();
    set_umask(mask: u32) -> i64 = |p| p.set_umask(mask).word();
    read_directory(fd: i32, data: *mut u8, length: usize) -> i64 =
        |p| p.read_directory(fd, bytes_mut(data, length)).word();

    clock(clock: i32, out: *mut Timespec) -> i64 = |p| store(out, p.clock(clock));
    clock_resolution(clock: i32, out: *mut Timespec) -> i64 = |p| store(out, p.clock_resolution(clock));
    set_clock(clock: i32, time: *const Timespec) -> i64 = |p| p.set_clock(clock, time.read()).word();
    sleep(deadline: *const Deadline) -> i64 = |p| p.sleep(deadline.read()).word();

    thread_create(entry: GuestEntry, argument: usize, slot: usize, stack_bytes: usize, guard_bytes: usize) -> i64 =
        |p| p.thread_create(ThreadStart { entry, argument, slot, stack_bytes, guard_bytes }).word();
    thread_exit() -> ! = |p| p.thread_exit();
    thread_id() -> i32 = |p| p.thread_id();
    thread_stack(out: *mut [usize; 2]) -> i64 = |p| store(out, p.thread_stack().map(|(low, end)| [low, end]));
    set_thread_slot(value: usize) = |p| p.set_thread_slot(value);
    yield_now() = |p| p.yield_now();
    processor_count() -> usize = |p| p.processor_count();

    futex_wait(word: *const u32, expected: u32, deadline: *const Deadline, shared: u32) -> i64 =
        |p| p.futex_wait(&*word.cast::<AtomicU32>(), expected, deadline.as_ref().copied(), shared != 0).word();
    futex_wake(word: *const u32, count: u32, shared: u32) -> i64 =
        |p| p.futex_wake(&*word.cast::<AtomicU32>(), count, shared != 0).word();

    exit(code: i32) -> ! = |p| p.exit(code);
    terminate(signal: i32) -> ! = |p| p.terminate(signal);
    process_id() -> i32 = |p| p.process_id();
    parent_id() -> i32 = |p| p.parent_id();
    ids(out: *mut Ids) = |p| out.write(p.ids());
    exec(path: *const u8, length: usize, arguments: *const *const c_char, environment: *const *const c_char) -> i64 =
        |p| match (strings(arguments), strings(environment)) {
            (Ok(arguments), Ok(environment)) => error(P::loader().exec(meant::<P>(bytes(path, length)), &arguments, &environment)),
            _ => error(Errno::NOMEM),
        };
    spawn(request: *const SpawnRequest) -> i64 = |p| {
        with_spawn(&*request, |spawn| P::loader().spawn(Spawn { path: meant::<P>(spawn.path), ..spawn })).word()
    };
    wait(process: i32, options: u32, status: *mut i32) -> i64 = |p| match p.wait(process, options) {
        Ok((process, found)) => {
            status.write(found);
            i64::from(process)
        }
        Err(errno) => error(errno),
    };
    usage(who: i32, out: *mut Usage) -> i64 = |p| store(out, p.usage(who));
    executable_path(data: *mut u8, length: usize) -> i64 = |p| p.executable_path(bytes_mut(data, length)).word();
    host_name(data: *mut u8, length: usize) -> i64 = |p| p.host_name(bytes_mut(data, length)).word();

    signal_action(signal: i32, action: *const SignalAction, old: *mut SignalAction) -> i64 =
        |p| store(old, p.signal_action(signal, action.as_ref().copied()));
    signal_mask(how: u32, mask: *const u64, old: *mut u64) -> i64 =
        |p| store(old, p.signal_mask(how, mask.as_ref().copied()));
    signal_send(process: i32, thread: i32, signal: i32) -> i64 = |p| p.signal_send(process, thread, signal).word();

    random(data: *mut u8, length: usize) -> i64 = |p| p.random(bytes_mut(data, length)).word();

    dl_open(path: *const u8, length: usize, flags: u32, caller: usize, message: *mut u8, message_length: usize) -> i64 =
        |p| {
            let path = if path.is_null() { None } else { Some(bytes(path, length)) };
            P::loader().dl_open(path, flags, caller, bytes_mut(message, message_length)).word()
        };
    dl_close(handle: usize, message: *mut u8, message_length: usize) -> i64 =
        |p| P::loader().dl_close(handle, bytes_mut(message, message_length)).word();
    dl_symbol(handle: usize, name: *const u8, length: usize, caller: usize, out: *mut usize, message: *mut u8,
        message_length: usize) -> i64 =
        |p| store(out, P::loader().dl_symbol(handle, bytes(name, length), caller, bytes_mut(message, message_length)));
    dl_address(address: usize, out: *mut AddressInfo) -> i64 = |p| store(out, P::loader().dl_address(address).ok_or(Errno::NOENT));
    dl_object(index: usize, out: *mut ObjectInfo) -> i64 = |p| store(out, P::loader().dl_object(index).ok_or(Errno::NOENT));
    finalize() = |p| P::loader().finalize();
    dl_pin(address: usize) = |p| P::loader().dl_pin(address);

    is_secure() -> u32 = |p| u32::from(p.is_secure());
    dl_keep() = |p| P::loader().dl_keep();
    descriptor_limit() -> usize = |p| p.descriptor_limit();
    signal_owner(fd: i32, out: *mut i32) -> i64 = |p| store(out, p.signal_owner(fd));
    set_signal_owner(fd: i32, owner: i32) -> i64 = |p| p.set_signal_owner(fd, owner).word();
}

/// Calls `start` with the request in Rust's form.
///
/// # Safety
/// The pointers of the request are as its fields say.
unsafe fn with_spawn(request: &SpawnRequest, start: impl FnOnce(Spawn<'_>) -> Result<i32>) -> Result<i32> {
    // SAFETY: caller contract.
    let (arguments, environment) = unsafe { (strings(request.arguments)?, strings(request.environment)?) };
    let steps = if request.step_count == 0 {
        &[]
    } else {
        // SAFETY: caller contract.
        unsafe { core::slice::from_raw_parts(request.steps, request.step_count) }
    };
    let mut actions = Vec::new();
    actions.try_reserve_exact(steps.len()).map_err(|_| Errno::NOMEM)?;
    for step in steps {
        // SAFETY: caller contract.
        actions.push(unsafe { action(step)? });
    }
    start(Spawn {
        // SAFETY: caller contract.
        path: unsafe { bytes(request.path, request.path_length) },
        arguments: &arguments as &[&CStr],
        environment: &environment,
        actions: &actions,
        signal_mask: (request.flags & 1 != 0).then_some(request.signal_mask),
        default_signals: request.default_signals,
        process_group: (request.flags & 2 != 0).then_some(request.process_group),
    })
}

/// # Safety
/// The path of the step is as its fields say.
unsafe fn action<'a>(step: &SpawnStep) -> Result<SpawnAction<'a>> {
    let SpawnStep { fd, target, flags, mode, .. } = *step;
    // SAFETY: caller contract.
    let path = unsafe { bytes(step.path, step.path_length) };
    match step.kind {
        0 => Ok(SpawnAction::Close { fd }),
        1 => Ok(SpawnAction::Duplicate { fd, target }),
        2 => Ok(SpawnAction::Open { fd, path, flags, mode }),
        3 => Ok(SpawnAction::ChangeDirectory { path }),
        _ => Err(Errno::INVAL),
    }
}
