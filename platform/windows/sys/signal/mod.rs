//! Signals. Bottom-up: `frame`, `actions`, `task`, `delivery`, `enter`, `redirect`, `send`; then who sends them: `fault`,
//! `console_events`.

pub mod actions;
pub mod console_events;
pub mod delivery;
pub mod enter;
pub mod fault;
pub mod frame;
pub mod interrupt;
pub mod redirect;
pub mod send;
pub mod task;
