//! Signals by their names, without `SIG` (POSIX.1-2024 `sig2str`).
#![forbid(unsafe_code)]

/// Names of the signals from 1 on.
const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "POLL",
    "PWR", "SYS",
];
/// Other names.
const ALIASES: [(&str, i32); 4] = [("IO", 29), ("IOT", 6), ("CLD", 17), ("UNUSED", 31)];
/// `SIGRTMIN` and `SIGRTMAX`.
pub const FIRST_REAL_TIME: i32 = 35;
pub const LAST_REAL_TIME: i32 = 64;
/// `SIG2STR_MAX`: bytes of the longest name with its NUL, and room.
pub const ROOM: usize = 16;

/// A name in the form of `sig2str`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// What it begins with.
    pub word: &'static str,
    /// `+` or `-` and a digit or two, or nothing.
    pub distance: i32,
}

/// The name of a signal, where there is such a signal.
#[must_use]
pub fn of(number: i32) -> Option<Name> {
    const MIDDLE: i32 = (FIRST_REAL_TIME + LAST_REAL_TIME) / 2 + 1;
    match number {
        FIRST_REAL_TIME..MIDDLE => Some(Name { word: "RTMIN", distance: number - FIRST_REAL_TIME }),
        MIDDLE..=LAST_REAL_TIME => Some(Name { word: "RTMAX", distance: number - LAST_REAL_TIME }),
        _ => {
            let at = usize::try_from(number).ok()?.checked_sub(1)?;
            Some(Name { word: NAMES.get(at)?, distance: 0 })
        }
    }
}

impl Name {
    /// The name and a NUL.
    #[must_use]
    pub fn text(self) -> [u8; ROOM] {
        let tens = self.distance.unsigned_abs() as u8 / 10;
        let ones = self.distance.unsigned_abs() as u8 % 10;
        let sign = if self.distance < 0 { b'-' } else { b'+' };
        let number = [sign, b'0' + tens, b'0' + ones];
        let number = number.into_iter().filter(|_| self.distance != 0).filter(|byte| tens != 0 || *byte != b'0');
        let mut text = [0; ROOM];
        for (to, from) in text.iter_mut().zip(self.word.bytes().chain(number)) {
            *to = from;
        }
        text
    }
}

/// The signal with this name, or this decimal number.
#[must_use]
pub fn number(name: &[u8]) -> Option<i32> {
    if let Some(number) = decimal(name) {
        return of(number).map(|_| number);
    }
    let after = |word: &str| name.strip_prefix(word.as_bytes());
    let real_time = match (after("RTMIN"), after("RTMAX")) {
        (Some([]), _) => Some(FIRST_REAL_TIME),
        (Some([b'+', digits @ ..]), _) => decimal(digits).map(|distance| FIRST_REAL_TIME + distance),
        (_, Some([])) => Some(LAST_REAL_TIME),
        (_, Some([b'-', digits @ ..])) => decimal(digits).map(|distance| LAST_REAL_TIME - distance),
        _ => None,
    };
    if let Some(number) = real_time {
        return (FIRST_REAL_TIME..=LAST_REAL_TIME).contains(&number).then_some(number);
    }
    let known = NAMES.iter().zip(1..).map(|(known, number)| (*known, number)).chain(ALIASES);
    known.into_iter().find(|(known, _)| known.as_bytes() == name).map(|(_, number)| number)
}

/// One or two digits, as a number.
fn decimal(digits: &[u8]) -> Option<i32> {
    match *digits {
        [ones @ b'0'..=b'9'] => Some(i32::from(ones - b'0')),
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(i32::from(tens - b'0') * 10 + i32::from(ones - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_a_name_that_leads_back() {
        for signal in (1..=31).chain(35..=64) {
            let text = of(signal).unwrap().text();
            let end = text.iter().position(|byte| *byte == 0).unwrap();
            assert_eq!(number(&text[..end]), Some(signal), "{signal}");
        }
        for none in [0, -1, 32, 33, 34, 65, i32::MIN, i32::MAX] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn real_time_signals_are_counted_from_the_nearer_end() {
        for (signal, text) in [(35, "RTMIN"), (36, "RTMIN+1"), (45, "RTMIN+10"), (49, "RTMIN+14"), (50, "RTMAX-14")] {
            assert!(of(signal).unwrap().text().starts_with(format!("{text}\0").as_bytes()), "{signal}");
        }
        assert!(of(64).unwrap().text().starts_with(b"RTMAX\0"));
    }

    #[test]
    fn names_of_no_signal() {
        for name in
            ["", "SIGHUP", "hup", "RTMIN+30", "RTMAX-30", "RTMIN-1", "RTMIN+", "RTMAX+1", "0", "32", "65", "007", "1x"]
        {
            assert_eq!(number(name.as_bytes()), None, "{name}");
        }
        for (name, signal) in
            [("IO", 29), ("CLD", 17), ("9", 9), ("09", 9), ("64", 64), ("RTMAX-29", 35), ("RTMIN+29", 64)]
        {
            assert_eq!(number(name.as_bytes()), Some(signal), "{name}");
        }
    }
}
