//! Which volume a file is on, as the number that `stat` calls the device.
//!
//! Wine asks another process, which takes hundreds of microseconds, so for paths the answer is kept for each directory for a
//! moment: what lies in it is on its volume, reparse points aside.

use alloc::vec::Vec;

use platform::Result;
use windows_sys::Wdk::Storage::FileSystem::{
    FileFsFullSizeInformation, FileFsSizeInformation, FileFsVolumeInformation,
};
use windows_sys::Wdk::System::SystemServices::{
    FILE_FS_FULL_SIZE_INFORMATION, FILE_FS_SIZE_INFORMATION, FILE_FS_VOLUME_INFORMATION,
};
use windows_sys::Win32::System::SystemInformation::GetTickCount64;

use super::nt::{self, Handle};
use super::sync::Mutex;
use crate::pure::file_id;
use crate::pure::path::FilePath;
use crate::pure::status::{from_status, is_refusal};

/// Asks Windows for the serial number, which is not one where the file system has none, and for what leads there.
pub fn of(file: &Handle) -> u64 {
    let serial = nt::query_volume::<FILE_FS_VOLUME_INFORMATION>(file, FileFsVolumeInformation)
        .map_or(0, |volume| volume.VolumeSerialNumber);
    file_id::of_volume(serial, &nt::object_name(file).unwrap_or_default())
}

/// Room on the volume of a file.
pub fn size(file: &Handle) -> Result<FILE_FS_FULL_SIZE_INFORMATION> {
    match nt::query_volume(file, FileFsFullSizeInformation) {
        // The older answer does not tell what is free from what this user may have.
        Err(status) if is_refusal(status) => {
            let size: FILE_FS_SIZE_INFORMATION = nt::query_volume(file, FileFsSizeInformation).map_err(from_status)?;
            Ok(FILE_FS_FULL_SIZE_INFORMATION {
                TotalAllocationUnits: size.TotalAllocationUnits,
                CallerAvailableAllocationUnits: size.AvailableAllocationUnits,
                ActualAvailableAllocationUnits: size.AvailableAllocationUnits,
                SectorsPerAllocationUnit: size.SectorsPerAllocationUnit,
                BytesPerSector: size.BytesPerSector,
            })
        }
        other => other.map_err(from_status),
    }
}

struct Known {
    directory: Vec<u16>,
    volume: u64,
    since_ms: u64,
}

/// As [`of`], for an open file that is what its path names itself, not what a link there leads to.
pub fn of_path(file: &Handle, path: &FilePath) -> u64 {
    /// A file system that is mounted in a directory's place shows after this time.
    const KEPT_MS: u64 = 1000;
    const MOST: usize = 16;
    static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());
    let length = path.nt.len() - path.name().len();
    let Some(directory) = path.nt.get(..length).filter(|_| !path.name().is_empty()) else { return of(file) };
    // SAFETY: no arguments; reads memory that Windows shares with every process.
    let now = unsafe { GetTickCount64() };
    let fresh = |known: &Known| now.wrapping_sub(known.since_ms) < KEPT_MS;
    let find = |known: &Known| known.directory == directory && fresh(known);
    if let Some(found) = KNOWN.lock().iter().find(|known| find(known)) {
        return found.volume;
    }
    let volume = of(file);
    let mut known = KNOWN.lock();
    known.retain(|known| fresh(known) && known.directory != directory);
    if known.len() == MOST {
        known.remove(0);
    }
    known.push(Known { directory: directory.to_vec(), volume, since_ms: now });
    volume
}
