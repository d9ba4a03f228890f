//! Permission to execute as this process gave or took it. Windows has no such bit that a program could change: to others a file's
//! name and contents tell ([`super::stat`]).

use alloc::vec::Vec;

use super::nt::Handle;
use super::sync::Mutex;
use super::{stat, volume};

struct Known {
    index: u64,
    volume: u64,
    allowed: bool,
}

static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// A file got this mode: a new one (`made`), or by `chmod`.
pub fn set(file: &Handle, mode: u32, made: bool) {
    /// The oldest is forgotten.
    const MOST: usize = 64;
    let allowed = mode & 0o111 != 0;
    if made && !allowed && KNOWN.lock().is_empty() {
        // Its contents will tell.
        return;
    }
    let Ok(index) = stat::index(file) else { return };
    let volume = volume::of(file);
    let mut known = KNOWN.lock();
    known.retain(|known| (known.index, known.volume) != (index, volume));
    if known.len() == MOST {
        known.remove(0);
    }
    if !made || allowed {
        known.push(Known { index, volume, allowed });
    }
}

/// What this process said of a file, if it did.
pub fn get(file: &Handle) -> Option<bool> {
    if KNOWN.lock().is_empty() {
        return None;
    }
    let index = stat::index(file).ok()?;
    let find = |volume: Option<u64>| {
        let known = KNOWN.lock();
        let is_it = |known: &&Known| known.index == index && volume.is_none_or(|volume| volume == known.volume);
        known.iter().find(is_it).map(|known| known.allowed)
    };
    // The volume costs more.
    find(None)?;
    find(Some(volume::of(file)))
}
