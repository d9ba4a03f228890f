//! Consoles: UTF-16 in and out of Windows, UTF-8 in and out of the program.

use alloc::vec::Vec;
use core::ptr::{null, null_mut};

use platform::abi::open as flag;
use platform::{Errno, Result, WindowSize};
use windows_sys::Win32::Foundation::{ERROR_OPERATION_ABORTED, GENERIC_READ, GENERIC_WRITE, GetLastError};
use windows_sys::Win32::Storage::FileSystem::{CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_EXISTING};
use windows_sys::Win32::System::Console::{
    CONSOLE_SCREEN_BUFFER_INFO, ENABLE_PROCESSED_OUTPUT, ENABLE_VIRTUAL_TERMINAL_PROCESSING, GetConsoleMode,
    GetConsoleScreenBufferInfo, ReadConsoleW, SetConsoleMode, WriteConsoleW,
};

use super::open_file::{Kind, Object, OpenFile};
use crate::pure::console_text::Carry;
use crate::pure::utf16;
use crate::sys::native::guest;
use crate::sys::native::nt::{Handle, last_error};
use crate::sys::native::sync::Mutex;
use crate::sys::signal::delivery;

/// Whether a handle is a console's, and if so makes output understand escape sequences, as programs for terminals expect.
pub fn is_console(handle: &Handle) -> bool {
    let mut mode = 0;
    // SAFETY: one word is written.
    if unsafe { GetConsoleMode(handle.raw(), &mut mode) } == 0 {
        return false;
    }
    let mut info = CONSOLE_SCREEN_BUFFER_INFO::default();
    // SAFETY: one structure is written; setting a mode has no pointers. Old consoles refuse it and stay as they are.
    unsafe {
        if GetConsoleScreenBufferInfo(handle.raw(), &mut info) != 0 {
            SetConsoleMode(handle.raw(), mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
        }
    }
    true
}

/// `/dev/tty`: the input side when opened for reading only, else the output side. `ENXIO` without a console.
pub fn open(mode: u32) -> Result<Handle> {
    const INPUT: [u16; 7] = [67, 79, 78, 73, 78, 36, 0]; // CONIN$
    const OUTPUT: [u16; 8] = [67, 79, 78, 79, 85, 84, 36, 0]; // CONOUT$
    let name = if mode == flag::READ_ONLY { INPUT.as_ptr() } else { OUTPUT.as_ptr() };
    // SAFETY: the name ends with a zero; the other pointers may be null.
    let raw = unsafe {
        CreateFileW(
            name,
            GENERIC_READ | GENERIC_WRITE,
            FILE_SHARE_READ | FILE_SHARE_WRITE,
            null(),
            OPEN_EXISTING,
            0,
            null_mut(),
        )
    };
    let handle = Handle::own(raw).ok_or(Errno::NXIO)?;
    if is_console(&handle) { Ok(handle) } else { Err(Errno::NXIO) }
}

/// A console's input or output.
#[derive(Default)]
pub struct Console {
    /// Of the output: the start of an unfinished character.
    carry: Mutex<Carry>,
    /// Of the input: bytes of a line that were not asked for yet.
    typed: Mutex<Vec<u8>>,
}

impl Object for Console {
    fn kind(&self) -> Kind {
        Kind::Console
    }

    /// Reads of a line what the buffer takes; Ctrl-Z at the start of a line is the end of input.
    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        const CTRL_Z: u8 = 0x1A;
        loop {
            if let Some(count) = take(&mut self.typed.lock(), buffer)? {
                return Ok(count);
            }
            let mut units = [0u16; 4096];
            let mut count = 0;
            // SAFETY: the units are writable for the count given.
            let ok = unsafe {
                ReadConsoleW(file.handle()?.raw(), units.as_mut_ptr().cast(), units.len() as u32, &mut count, null())
            };
            // SAFETY: reads the thread's own word.
            let error = unsafe { GetLastError() };
            if ok == 0 && error != ERROR_OPERATION_ABORTED {
                return Err(last_error());
            }
            if count == 0 || error == ERROR_OPERATION_ABORTED && ok == 0 {
                // Ctrl-C or Ctrl-Break: the handler thread tells which signal.
                delivery::interrupted_by_console()?;
                continue;
            }
            let mut line = utf16::to_bytes(units.get(..count as usize).unwrap_or_default());
            if line.first() == Some(&CTRL_Z) {
                return Ok(0);
            }
            if line.ends_with(b"\r\n") {
                line.truncate(line.len() - 2);
                line.push(b'\n');
            }
            self.typed.lock().extend_from_slice(&line);
        }
    }

    /// Writes all of the data; an unfinished character at its end waits for the next write.
    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize> {
        /// Older consoles refuse more at once.
        const PIECE: usize = 8192;
        let mut carry = self.carry.lock();
        let mut own = [0; PIECE];
        for piece in data.chunks(PIECE) {
            let own = own.get_mut(..piece.len()).unwrap_or_default();
            guest::copy(own, piece)?;
            let wide = carry.wide(own);
            let mut rest = &wide[..];
            while !rest.is_empty() {
                let mut done = 0;
                // SAFETY: the units are readable for the count given.
                let ok = unsafe {
                    WriteConsoleW(file.handle()?.raw(), rest.as_ptr(), rest.len().min(PIECE) as u32, &mut done, null())
                };
                if ok == 0 {
                    return Err(last_error());
                }
                rest = rest.get(done as usize..).unwrap_or_default();
            }
        }
        Ok(data.len())
    }

    /// Input asks the console's output.
    fn window_size(&self, file: &OpenFile) -> Result<WindowSize> {
        let mut info = CONSOLE_SCREEN_BUFFER_INFO::default();
        // SAFETY: one structure is written.
        let mut ok = unsafe { GetConsoleScreenBufferInfo(file.handle()?.raw(), &mut info) };
        if ok == 0
            && let Ok(output) = open(flag::WRITE_ONLY)
        {
            // SAFETY: as above.
            ok = unsafe { GetConsoleScreenBufferInfo(output.raw(), &mut info) };
        }
        if ok == 0 {
            return Ok(WindowSize::default());
        }
        let window = info.srWindow;
        Ok(WindowSize {
            rows: (window.Bottom - window.Top + 1).unsigned_abs(),
            columns: (window.Right - window.Left + 1).unsigned_abs(),
            width_pixels: 0,
            height_pixels: 0,
        })
    }
}

fn take(typed: &mut Vec<u8>, buffer: &mut [u8]) -> Result<Option<usize>> {
    if typed.is_empty() {
        return Ok(None);
    }
    let count = typed.len().min(buffer.len());
    guest::copy(buffer, typed)?;
    typed.drain(..count);
    Ok(Some(count))
}
