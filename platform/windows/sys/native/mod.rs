//! Windows itself: requests and facts that know nothing of the guest's files and signals.

pub mod attributes;
pub mod clock;
pub mod completion;
pub mod console_mode;
pub mod error_mode;
pub mod exit;
pub mod file_id;
pub mod gate;
pub mod guest;
pub mod image;
pub mod information;
pub mod injection;
pub mod limited;
pub mod nt;
pub mod once;
pub mod random;
pub mod regions;
pub mod reparse;
pub mod shadow_stack;
pub mod stack;
pub mod sync;
pub mod thread;
pub mod thread_word;
pub mod timer;
pub mod views;
pub mod volume;
