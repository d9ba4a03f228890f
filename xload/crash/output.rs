//! Text on its way out, without a heap.

use core::fmt;

/// Bytes that go out in one request.
const ROOM: usize = 1024;

/// Keeps text until there is much of it.
pub(super) struct Output {
    say: fn(&[u8]),
    bytes: [u8; ROOM],
    used: usize,
}

impl Output {
    pub(super) fn new(say: fn(&[u8])) -> Self {
        Self { say, bytes: [0; ROOM], used: 0 }
    }

    /// Sends what is there.
    pub(super) fn flush(&mut self) {
        (self.say)(self.bytes.get(..self.used).unwrap_or_default());
        self.used = 0;
    }
}

impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.as_bytes().chunks(ROOM) {
            if self.used + piece.len() > ROOM {
                self.flush();
            }
            if let Some(place) = self.bytes.get_mut(self.used..self.used + piece.len()) {
                place.copy_from_slice(piece);
                self.used += piece.len();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::fmt::Write;
    use std::sync::Mutex;
    use std::vec::Vec;

    static SAID: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

    fn say(text: &[u8]) {
        SAID.lock().unwrap().push(text.to_vec());
    }

    #[test]
    fn all_of_the_text_comes_out_in_order() {
        let mut output = Output::new(say);
        let mut all = Vec::new();
        for number in 0..400 {
            write!(output, "{number},").unwrap();
            all.extend(std::format!("{number},").into_bytes());
        }
        let long = "x".repeat(3 * ROOM + 1);
        output.write_str(&long).unwrap();
        all.extend(long.into_bytes());
        output.flush();
        let said = SAID.lock().unwrap();
        assert_eq!(said.concat(), all);
        assert!(said.len() < 8 && said.iter().all(|piece| piece.len() <= ROOM));
    }
}
