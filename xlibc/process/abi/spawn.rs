//! `<spawn.h>`. Functions return the error number itself.

use crate::environment;
use crate::process::actions::{posix_spawn_file_actions_t, posix_spawnattr_t};
use crate::process::find::search;
use crate::rt::{CResult, Errno, Result, SpawnRequest, c_bytes, host};
use crate::types::{c_char, c_int, c_short, mode_t, pid_t, sigset_t};
use platform::{Files, SpawnAction};

/// What the two spawn functions share: `find` runs the request on each candidate for the file.
///
/// # Safety
/// As for `posix_spawn`.
unsafe fn start(
    process: *mut pid_t,
    find: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<pid_t>) -> Result<pid_t>,
    actions: *const posix_spawn_file_actions_t,
    attributes: *const posix_spawnattr_t,
    arguments: *const *const c_char,
    environment: *const *const c_char,
) -> Result<()> {
    // SAFETY: caller contract.
    let steps = unsafe { actions.as_ref() }.map_or(&[][..], posix_spawn_file_actions_t::steps);
    // SAFETY: caller contract.
    let attributes = unsafe { attributes.as_ref() }.unwrap_or(&posix_spawnattr_t::INITIAL);
    let (mask, group) = (attributes.wanted_mask(), attributes.wanted_group());
    let spawn = |path: &[u8], environment| {
        let request = SpawnRequest {
            path: path.into(),
            arguments,
            environment,
            steps: steps.as_ptr(),
            step_count: steps.len(),
            default_signals: attributes.wanted_defaults(),
            signal_mask: mask.unwrap_or(0),
            flags: u32::from(mask.is_some()) | u32::from(group.is_some()) << 1,
            process_group: group.unwrap_or(0),
        };
        // SAFETY: caller contract; path and steps are slices.
        unsafe { host().spawn_request(&request) }
    };
    // SAFETY: caller contract.
    let child = unsafe { environment::with_steady(environment, |list| find(&mut |path| spawn(path, list))) }?;
    if !process.is_null() {
        // SAFETY: caller contract.
        unsafe { process.write(child) };
    }
    Ok(())
}

/// POSIX.1-2024. Async-signal-safe. `ENOENT`, `EACCES`, `ENOEXEC`, `ENOMEM`, `EAGAIN`.
///
/// # Safety
/// `process` is null or valid for one write; `path` is a string; the lists end with a null pointer; the rest is null or initialised.
#[export]
pub unsafe extern "C" fn posix_spawn(
    process: *mut pid_t,
    path: *const c_char,
    actions: *const posix_spawn_file_actions_t,
    attributes: *const posix_spawnattr_t,
    arguments: *const *mut c_char,
    environment: *const *mut c_char,
) -> c_int {
    // SAFETY: caller contract.
    let path = unsafe { c_bytes(path) };
    // SAFETY: caller contract.
    unsafe { start(process, |attempt| attempt(path), actions, attributes, arguments.cast(), environment.cast()) }
        .error_number()
}

/// POSIX.1-2024: looks for a name without slash in `PATH`.
///
/// # Safety
/// As for `posix_spawn`.
#[export]
pub unsafe extern "C" fn posix_spawnp(
    process: *mut pid_t,
    file: *const c_char,
    actions: *const posix_spawn_file_actions_t,
    attributes: *const posix_spawnattr_t,
    arguments: *const *mut c_char,
    variables: *const *mut c_char,
) -> c_int {
    // SAFETY: caller contract.
    let file = unsafe { c_bytes(file) };
    // SAFETY: `environ` is a list by the ABI's contract.
    let path = unsafe { environment::value(b"PATH") };
    let find = |attempt: &mut dyn FnMut(&[u8]) -> Result<pid_t>| search(file, path, attempt);
    // SAFETY: caller contract.
    unsafe { start(process, find, actions, attributes, arguments.cast(), variables.cast()) }.error_number()
}

/// POSIX.1-2024.
///
/// # Safety
/// `actions` is valid for one write.
#[export]
pub unsafe extern "C" fn posix_spawn_file_actions_init(actions: *mut posix_spawn_file_actions_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { actions.write(posix_spawn_file_actions_t::EMPTY) };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `actions` is initialised.
#[export]
pub unsafe extern "C" fn posix_spawn_file_actions_destroy(actions: *mut posix_spawn_file_actions_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { (*actions).clear() };
    0
}

/// Adds a step; `EBADF` if one of its descriptors can be none.
///
/// # Safety
/// `actions` is initialised.
unsafe fn add(actions: *mut posix_spawn_file_actions_t, fds: &[c_int], action: SpawnAction<'_>) -> c_int {
    if fds.iter().any(|fd| usize::try_from(*fd).map_or(true, |fd| fd >= host().descriptor_limit())) {
        return Errno::BADF.number();
    }
    // SAFETY: caller contract.
    unsafe { (*actions).push(action) }.error_number()
}

/// POSIX.1-2024. `EBADF` for a descriptor that is negative or `OPEN_MAX` at least, `ENOMEM`.
///
/// # Safety
/// `actions` is initialised.
#[export]
pub unsafe extern "C" fn posix_spawn_file_actions_addclose(
    actions: *mut posix_spawn_file_actions_t,
    fd: c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { add(actions, &[fd], SpawnAction::Close { fd }) }
}

/// POSIX.1-2024. `EBADF` for a descriptor that is negative or `OPEN_MAX` at least, `ENOMEM`.
///
/// # Safety
/// `actions` is initialised.
#[export]
pub unsafe extern "C" fn posix_spawn_file_actions_adddup2(
    actions: *mut posix_spawn_file_actions_t,
    fd: c_int,
    target: c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { add(actions, &[fd, target], SpawnAction::Duplicate { fd, target }) }
}

/// POSIX.1-2024. `EBADF` for a descriptor that is negative or `OPEN_MAX` at least, `ENOMEM`.
///
/// # Safety
/// `actions` is initialised, `path` a string.
#[export]
pub unsafe extern "C" fn posix_spawn_file_actions_addopen(
    actions: *mut posix_spawn_file_actions_t,
    fd: c_int,
    path: *const c_char,
    flags: c_int,
    mode: mode_t,
) -> c_int {
    // SAFETY: caller contract.
    let open = SpawnAction::Open { fd, path: unsafe { c_bytes(path) }, flags: flags as u32, mode };
    // SAFETY: caller contract.
    unsafe { add(actions, &[fd], open) }
}

/// POSIX.1-2024 `addchdir` under its older name. `ENOMEM`.
///
/// # Safety
/// `actions` is initialised, `path` a string.
#[export]
pub unsafe extern "C" fn posix_spawn_file_actions_addchdir_np(
    actions: *mut posix_spawn_file_actions_t,
    path: *const c_char,
) -> c_int {
    // SAFETY: caller contract.
    let change = SpawnAction::ChangeDirectory { path: unsafe { c_bytes(path) } };
    // SAFETY: caller contract.
    unsafe { add(actions, &[], change) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is valid for one write.
#[export]
pub unsafe extern "C" fn posix_spawnattr_init(attributes: *mut posix_spawnattr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { attributes.write(posix_spawnattr_t::INITIAL) };
    0
}

/// POSIX.1-2024: there is nothing to free.
#[export]
pub extern "C" fn posix_spawnattr_destroy(_attributes: *mut posix_spawnattr_t) -> c_int {
    0
}

/// POSIX.1-2024. `EINVAL` for flags that are unknown or that no host here can do (scheduling, sessions).
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn posix_spawnattr_setflags(attributes: *mut posix_spawnattr_t, flags: c_short) -> c_int {
    type T = posix_spawnattr_t;
    if flags & !(T::SET_PROCESS_GROUP | T::SET_DEFAULTS | T::SET_MASK | T::WITHOUT_EFFECT) != 0 {
        return Errno::INVAL.number();
    }
    // SAFETY: caller contract.
    unsafe { (*attributes).flags = c_int::from(flags) };
    0
}

/// Setters and getters of one field each.
macro_rules! fields {
    ($($set:ident, $get:ident: $field:ident as $type:ty;)*) => {$(
        /// POSIX.1-2024.
        ///
        /// # Safety
        /// `attributes` is initialised, `value` as the type says.
        #[export]
        pub unsafe extern "C" fn $set(attributes: *mut posix_spawnattr_t, value: *const $type) -> c_int {
            // SAFETY: caller contract.
            unsafe { (*attributes).$field = value.read() };
            0
        }

        /// POSIX.1-2024.
        ///
        /// # Safety
        /// `attributes` is initialised, `value` valid for one write.
        #[export]
        pub unsafe extern "C" fn $get(attributes: *const posix_spawnattr_t, value: *mut $type) -> c_int {
            // SAFETY: caller contract.
            unsafe { value.write((*attributes).$field) };
            0
        }
    )*};
}
fields! {
    posix_spawnattr_setsigdefault, posix_spawnattr_getsigdefault: defaults as sigset_t;
    posix_spawnattr_setsigmask, posix_spawnattr_getsigmask: mask as sigset_t;
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn posix_spawnattr_setpgroup(attributes: *mut posix_spawnattr_t, group: pid_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { (*attributes).process_group = group };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `group` valid for one write.
#[export]
pub unsafe extern "C" fn posix_spawnattr_getpgroup(attributes: *const posix_spawnattr_t, group: *mut pid_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { group.write((*attributes).process_group) };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `flags` valid for one write.
#[export]
pub unsafe extern "C" fn posix_spawnattr_getflags(attributes: *const posix_spawnattr_t, flags: *mut c_short) -> c_int {
    // SAFETY: caller contract.
    unsafe { flags.write((*attributes).flags as c_short) };
    0
}
