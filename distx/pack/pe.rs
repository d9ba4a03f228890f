//! What Windows shows of a packed program, and the checksum over all of it.

use anyhow::{Context, Result, anyhow};
use editpe::{Image, ResourceEntryName};

use crate::request::Window;

/// IMAGE_SUBSYSTEM_WINDOWS_GUI: a console is not opened.
const SUBSYSTEM_GUI: u16 = 2;

/// Sets icon and subsystem; the manifest and the version stay.
///
/// # Errors
/// The icon is no `.ico` file, or the loader no executable of Windows.
pub fn dress(loader: &mut Vec<u8>, icon: Option<Vec<u8>>, window: Window) -> Result<()> {
    if icon.is_none() && window == Window::Console {
        return Ok(());
    }
    let mut image = Image::parse(&loader[..]).map_err(|error| anyhow!("the loader for Windows: {error}"))?;
    if let Some(icon) = icon {
        let mut resources = image.resource_directory().cloned().context("the loader for Windows has no resources")?;
        resources.set_main_icon(icon).map_err(|error| anyhow!("the icon: {error}; it must be an .ico file"))?;
        // Windows looks types up by halves.
        let table = resources.root_mut();
        let mut kinds: Vec<ResourceEntryName> = table.entries().into_iter().cloned().collect();
        kinds.sort_by_key(|kind| match kind {
            ResourceEntryName::ID(number) => *number,
            ResourceEntryName::Name(_) => 0,
        });
        for (place, kind) in kinds.iter().enumerate() {
            if let Some(entry) = table.get(kind).cloned() {
                table.insert_at(kind, entry, place);
            }
        }
        image.set_resource_directory(resources).map_err(|error| anyhow!("the loader for Windows: {error}"))?;
    }
    if window == Window::Gui {
        image.set_subsystem(SUBSYSTEM_GUI);
    }
    let dressed = image.data().to_vec();
    *loader = dressed;
    Ok(())
}

/// Writes the optional header's CheckSum, which goes over the whole file: 16-bit words added with carry, and the length (as
/// `CheckSumMappedFile` does it).
///
/// # Errors
/// Not an executable of Windows.
pub fn set_checksum(file: &mut [u8]) -> Result<()> {
    let start = file.get(0x3c..).and_then(<[u8]>::first_chunk).map(|bytes| u32::from_le_bytes(*bytes) as usize);
    let header = start.filter(|start| file.get(*start..).is_some_and(|header| header.starts_with(b"PE\0\0")));
    // Behind the signature and the COFF header, 64 bytes into the optional header.
    let at = header.context("not an executable of Windows")? + 4 + 20 + 64;
    let place = at..at + 4;
    file.get_mut(place.clone()).context("not an executable of Windows")?.fill(0);
    let sum = file.chunks(2).fold(0, |sum: u32, pair| {
        let word = u32::from(pair[0]) | u32::from(pair.get(1).copied().unwrap_or(0)) << 8;
        let sum = sum + word;
        (sum & 0xffff) + (sum >> 16)
    });
    let checksum = sum.wrapping_add(file.len() as u32);
    file[place].copy_from_slice(&checksum.to_le_bytes());
    Ok(())
}
