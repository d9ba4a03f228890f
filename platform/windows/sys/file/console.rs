//! Consoles: UTF-16 in and out of Windows, UTF-8 in and out of the program.

use alloc::vec::Vec;
use core::ptr::{null, null_mut};

use platform::abi::{open as flag, poll};
use platform::{Errno, Result, WindowSize};
use windows_sys::Win32::Foundation::{
    ERROR_OPERATION_ABORTED, GENERIC_READ, GENERIC_WRITE, GetLastError, WAIT_IO_COMPLETION, WAIT_OBJECT_0,
};
use windows_sys::Win32::Storage::FileSystem::{CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_EXISTING};
use windows_sys::Win32::System::Console::{
    CONSOLE_SCREEN_BUFFER_INFO, ENABLE_LINE_INPUT, GetConsoleCP, GetConsoleMode, GetConsoleScreenBufferInfo,
    GetNumberOfConsoleInputEvents, INPUT_RECORD, KEY_EVENT, PeekConsoleInputW, ReadConsoleInputW, ReadConsoleW,
    WriteConsoleW,
};
use windows_sys::Win32::System::Threading::{INFINITE, WaitForSingleObjectEx};

use super::kind::Kind;
use super::open_file::{Object, OpenFile, Readiness};
use crate::pure::console_text::{Carry, Typed, first_units, is_typing};
use crate::pure::status::from_win32;
use crate::sys::native::nt::{Handle, last_error};
use crate::sys::native::once::Once;
use crate::sys::native::sync::Mutex;
use crate::sys::native::{console_mode, guest};
use crate::sys::signal::delivery;
use crate::sys::signal::task::{self, in_request};

/// Whether the process has a console.
pub fn is_there() -> bool {
    // SAFETY: no arguments.
    unsafe { GetConsoleCP() != 0 }
}

/// Whether a handle is a console's.
pub fn is_console(handle: &Handle) -> bool {
    let mut mode = 0;
    // SAFETY: one word is written.
    unsafe { GetConsoleMode(handle.raw(), &mut mode) != 0 }
}

fn is_input(handle: &Handle) -> bool {
    let mut count = 0;
    // SAFETY: one word is written.
    unsafe { GetNumberOfConsoleInputEvents(handle.raw(), &mut count) != 0 }
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

/// A console. To Windows its input and its output are two files; a terminal that is open for reading and writing is both.
#[derive(Default)]
pub struct Console {
    input: Once<Result<Side>>,
    output: Once<Result<Side>>,
    carry: Mutex<Carry>,
    typed: Mutex<Line>,
}

/// A side of the console.
enum Side {
    /// The open file's handle is of this side.
    Own,
    /// It is of the other one.
    Opened(Handle),
}

impl Side {
    fn of<'a>(found: &'a Result<Self>, file: &'a OpenFile) -> Result<&'a Handle> {
        match found {
            Ok(Self::Own) => file.handle(),
            Ok(Self::Opened(handle)) => Ok(handle),
            Err(errno) => Err(*errno),
        }
    }
}

/// A line that was read from the console.
#[derive(Default)]
struct Line {
    text: Typed,
    /// Its bytes that were not asked for yet.
    bytes: Vec<u8>,
}

impl Console {
    fn input<'a>(&'a self, file: &'a OpenFile) -> Result<&'a Handle> {
        let find = || if is_input(file.handle()?) { Ok(Side::Own) } else { open(flag::READ_ONLY).map(Side::Opened) };
        Side::of(self.input.get(find), file)
    }

    fn output<'a>(&'a self, file: &'a OpenFile) -> Result<&'a Handle> {
        let find = || {
            let side = if is_input(file.handle()?) { Side::Opened(open(flag::WRITE_ONLY)?) } else { Side::Own };
            let side = Ok(side);
            console_mode::understand_sequences(Side::of(&side, file)?);
            side
        };
        Side::of(self.output.get(find), file)
    }
}

impl Object for Console {
    fn kind(&self) -> Kind {
        Kind::Console
    }

    /// Reads of a line what the buffer takes; Ctrl-Z at the start of a line is the end of input.
    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        let input = self.input(file)?;
        loop {
            if let Some(count) = take(&mut self.typed.lock().bytes, buffer)? {
                return Ok(count);
            }
            if !self.typed.lock().text.has_more {
                wait_for_key(input)?;
            }
            let mut units = [0u16; 4096];
            let Some(record) = read_record(input, &mut units)? else {
                // Ctrl-C or Ctrl-Break: the handler thread tells which signal.
                delivery::interrupted_by_console()?;
                continue;
            };
            let mut typed = self.typed.lock();
            let Some(bytes) = typed.text.bytes(record, record.len() == 4096) else { return Ok(0) };
            typed.bytes.extend_from_slice(&bytes);
        }
    }

    /// Writes all of the data; an unfinished character at its end waits for the next write.
    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize> {
        /// Older consoles refuse more at once.
        const PIECE: usize = 8192;
        let output = self.output(file)?;
        let mut carry = self.carry.lock();
        let mut own = [0; PIECE];
        let mut written = 0;
        for piece in data.chunks(PIECE) {
            let own = own.get_mut(..piece.len()).unwrap_or_default();
            let shown = guest::copy(own, piece).and_then(|()| show(output, &carry.wide(own), PIECE));
            match shown {
                Err(errno) if written == 0 => return Err(errno),
                Err(_) => break,
                Ok(()) => written += piece.len(),
            }
        }
        Ok(written)
    }

    /// A line can be read when its end is typed; without lines, a character.
    fn look(&self, file: &OpenFile) -> u16 {
        let mut events = if file.writable() { poll::OUT | poll::OUT_NORMAL } else { 0 };
        if file.readable() {
            let is_ready = {
                let typed = self.typed.lock();
                typed.text.has_more || !typed.bytes.is_empty()
            };
            match self.input(file) {
                Err(_) => events |= poll::ERROR,
                Ok(input) if is_ready || has_line(input) => events |= poll::IN | poll::IN_NORMAL,
                Ok(_) => {}
            }
        }
        events
    }

    fn readiness(&self, file: &OpenFile) -> Readiness {
        match self.input(file) {
            Ok(input) if file.readable() => {
                // As long as part of a line is typed the handle is signalled.
                if events(input) == 0 { Readiness::Handle(input.raw()) } else { Readiness::Unknown }
            }
            _ => Readiness::Constant,
        }
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

/// Waits until somebody types, or a signal comes. A read of the console can be ended too, but the console goes on with it, and
/// throws the line away that is typed next.
fn wait_for_key(input: &Handle) -> Result<()> {
    loop {
        // What came before ends no wait any more: another wait of this thread may have ended for it.
        delivery::interrupted()?;
        // SAFETY: an open handle.
        match unsafe { WaitForSingleObjectEx(input.raw(), INFINITE, 1) } {
            WAIT_OBJECT_0 if is_key_next(input) => return Ok(()),
            WAIT_OBJECT_0 | WAIT_IO_COMPLETION => {}
            _ => return Err(last_error()),
        }
    }
}

/// How many events a console has.
fn events(input: &Handle) -> u32 {
    let mut count = 0;
    // SAFETY: one word is written, 0 where it is no input.
    unsafe { GetNumberOfConsoleInputEvents(input.raw(), &mut count) };
    count
}

/// Whether what a console has is a line, or where it does not wait for lines a character.
fn has_line(input: &Handle) -> bool {
    /// The key that ends a line.
    const RETURN: u16 = 13;
    let (mut mode, mut count) = (0, 0);
    let mut records = [INPUT_RECORD::default(); 128];
    // SAFETY: a word, and at most as many records as there are, are written.
    let known = unsafe {
        GetConsoleMode(input.raw(), &mut mode) != 0
            && PeekConsoleInputW(input.raw(), records.as_mut_ptr(), records.len() as u32, &mut count) != 0
    };
    let by_line = mode & ENABLE_LINE_INPUT != 0;
    let ends = |record: &INPUT_RECORD| {
        if u32::from(record.EventType) != KEY_EVENT {
            return false;
        }
        // SAFETY: the record is a key's, and any bits are a valid character.
        let (key, character) = unsafe { (record.Event.KeyEvent, record.Event.KeyEvent.uChar.UnicodeChar) };
        let types = is_typing(key.bKeyDown != 0, key.wVirtualKeyCode, character);
        types && (!by_line || character == RETURN)
    };
    // More than that is read in any case.
    !known || count as usize == records.len() || records.iter().take(count as usize).any(ends)
}

/// Whether somebody types; what else a console tells, such as that a key was let go or the window moved, is taken away.
fn is_key_next(input: &Handle) -> bool {
    let mut record = INPUT_RECORD::default();
    let mut count = 0;
    // SAFETY: one record is written. Only the part of a key event is looked at in one.
    unsafe {
        if PeekConsoleInputW(input.raw(), &mut record, 1, &mut count) == 0 {
            return true;
        }
        if count == 0 {
            return false;
        }
        if u32::from(record.EventType) == KEY_EVENT {
            let key = record.Event.KeyEvent;
            if is_typing(key.bKeyDown != 0, key.wVirtualKeyCode, key.uChar.UnicodeChar) {
                return true;
            }
        }
        ReadConsoleInputW(input.raw(), &mut record, 1, &mut count);
    }
    false
}

/// What was typed, up to the end of a line or of the buffer; `None` when Ctrl-C or a signal ended the request.
fn read_record<'a>(input: &Handle, units: &'a mut [u16; 4096]) -> Result<Option<&'a [u16]>> {
    let mut count = 0;
    // SAFETY: the units are writable for the count given. The error is the thread's own word.
    let (ok, error) = in_request((0, ERROR_OPERATION_ABORTED), || unsafe {
        let ok = ReadConsoleW(input.raw(), units.as_mut_ptr().cast(), units.len() as u32, &mut count, null());
        (ok, GetLastError())
    });
    // Wine gives a request that was cancelled another error.
    if ok == 0 && error != ERROR_OPERATION_ABORTED && task::current().waiting() == 0 {
        return Err(from_win32(error));
    }
    Ok(if ok == 0 || count == 0 { None } else { units.get(..count as usize) })
}

/// Writes text in pieces of at most `most` units.
fn show(output: &Handle, text: &[u16], most: usize) -> Result<()> {
    let mut rest = text;
    while !rest.is_empty() {
        let piece = first_units(rest, most);
        let mut done = 0;
        // SAFETY: the units are readable for the count given.
        let ok = unsafe { WriteConsoleW(output.raw(), piece.as_ptr(), piece.len() as u32, &mut done, null()) };
        if ok == 0 {
            return Err(last_error());
        }
        rest = rest.get(done as usize..).unwrap_or_default();
    }
    Ok(())
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
