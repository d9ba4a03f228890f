//! What the events of a console are to a process.

use platform::abi::signal;

/// The session of services: nobody is logged on to it.
pub const SERVICES: u32 = 0;

/// The signal of an event (`CTRL_C_EVENT` and the like) in a session of Windows; `None` for one that is not about this process.
///
/// A service is told of every user who logs off, without whom, and nobody's logging off ends it. In other sessions it is the
/// session's own user. Shutting down ends services too.
#[must_use]
pub const fn signal(event: Event, session: u32) -> Option<i32> {
    match event {
        Event::Interrupt => Some(signal::INT),
        Event::Break => Some(signal::QUIT),
        Event::LogOff if session == SERVICES => None,
        Event::Close | Event::LogOff => Some(signal::HUP),
        Event::ShutDown => Some(signal::TERM),
    }
}

/// An event of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Break.
    Break,
    /// The window goes.
    Close,
    /// A user logs off.
    LogOff,
    /// The system shuts down.
    ShutDown,
}

impl Event {
    /// The event of Windows' number.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Interrupt,
            1 => Self::Break,
            2 => Self::Close,
            5 => Self::LogOff,
            6 => Self::ShutDown,
            _ => return None,
        })
    }

    /// Whether Windows ends the process once its handler has returned.
    #[must_use]
    pub const fn is_last(self) -> bool {
        !matches!(self, Self::Interrupt | Self::Break)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: u32 = 1;

    #[test]
    fn a_user_who_logs_off_ends_the_programs_of_the_session_and_no_service() {
        assert_eq!(signal(Event::LogOff, USERS), Some(signal::HUP));
        assert_eq!(signal(Event::LogOff, SERVICES), None);
    }

    #[test]
    fn other_events_are_the_same_signals_in_every_session() {
        for session in [SERVICES, USERS, 7] {
            assert_eq!(signal(Event::Interrupt, session), Some(signal::INT));
            assert_eq!(signal(Event::Break, session), Some(signal::QUIT));
            assert_eq!(signal(Event::Close, session), Some(signal::HUP));
            assert_eq!(signal(Event::ShutDown, session), Some(signal::TERM));
        }
    }

    #[test]
    fn numbers_are_those_of_windows() {
        let known =
            [(0, Event::Interrupt), (1, Event::Break), (2, Event::Close), (5, Event::LogOff), (6, Event::ShutDown)];
        for number in 0..10 {
            let event = known.iter().find(|row| row.0 == number).map(|row| row.1);
            assert_eq!(Event::from_number(number), event, "{number}");
            assert_eq!(event.is_some_and(Event::is_last), number >= 2 && event.is_some());
        }
    }
}
