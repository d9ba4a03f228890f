//! What needs no Windows to be decided, and so is tested on any host: names, tables, encodings, error numbers.

pub mod back_off;
pub mod code;
pub mod command_line;
pub mod console_event;
pub mod console_text;
pub mod dirent;
pub mod environment;
pub mod exception;
pub mod exit_code;
pub mod file_time;
pub mod inherit;
pub mod locks;
pub mod naming;
mod normal;
pub mod path;
pub mod runs;
pub mod sent;
pub mod shadow_stack;
pub mod signal_frame;
pub mod slots;
pub mod status;
pub mod stopped;
pub mod utf16;
pub mod wait_step;
pub mod win32;
