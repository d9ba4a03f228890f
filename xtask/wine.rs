//! The Wine that stands in for Windows. Here and in the conformance tests, which run without `./x` too.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The `wine` script of Debian complains about missing 32-bit support first.
const DEBIAN: &str = "/usr/lib/wine/wine64";

/// `$WINE`, a path or a command of `$PATH`, else the one that is installed.
pub fn program() -> PathBuf {
    match std::env::var_os("WINE").filter(|wine| !wine.is_empty()) {
        Some(wine) => wine.into(),
        None if Path::new(DEBIAN).is_file() => DEBIAN.into(),
        None => "wine64".into(),
    }
}

/// Gives a command that starts [`program`] its environment: quiet, without windows, with a configuration of its own.
///
/// # Errors
/// The configuration cannot be made.
pub fn set_up(command: &mut Command) -> io::Result<()> {
    let prefix = prefix()?;
    command.env("WINEDEBUG", "-all").env_remove("DISPLAY");
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // The library of Wayland, which Wine 10 asks for a display, says so on the standard error output where it is missing.
        command.env("XDG_RUNTIME_DIR", &prefix);
    }
    command.env("WINEPREFIX", prefix);
    Ok(())
}

/// The configuration: `$WINEPREFIX`, else one in the cache for each Wine, so that the user's own stays as it is. Made at its
/// first use, which takes a while.
fn prefix() -> io::Result<PathBuf> {
    let prefix = match std::env::var_os("WINEPREFIX").filter(|path| !path.is_empty()) {
        Some(given) => PathBuf::from(given),
        None => cache()?.join("distx").join(name()),
    };
    // Wine's own mark comes late; a Wine that keeps its configuration elsewhere never makes it.
    let mark = prefix.join(".distx-complete");
    let is_ready = || mark.exists() || prefix.join("system.reg").exists();
    if is_ready() {
        return Ok(prefix);
    }
    fs::create_dir_all(&prefix)?;
    let lock = File::create(prefix.join(".distx-lock"))?;
    lock.lock()?;
    if !is_ready() {
        let mut boot = Command::new(program());
        boot.args(["wineboot", "--init"]).env("WINEPREFIX", &prefix).env("WINEDEBUG", "-all").env_remove("DISPLAY");
        // No questions about Mono and Gecko, which nothing here needs.
        boot.env("WINEDLLOVERRIDES", "mscoree,mshtml=");
        let status = boot.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{boot:?}: {status}")));
        }
        File::create(&mark)?;
    }
    Ok(prefix)
}

/// `wine` for Debian's, for others with their path in it.
fn name() -> String {
    let program = program();
    if program == Path::new(DEBIAN) {
        return "wine".into();
    }
    let path = program.to_string_lossy();
    path.split('/').filter(|part| !part.is_empty()).fold("wine".into(), |name, part| format!("{name}-{part}"))
}

fn cache() -> io::Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
    cache.ok_or_else(|| io::Error::other("neither XDG_CACHE_HOME nor HOME is set"))
}
