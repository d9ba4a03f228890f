//! Input and output of wide characters (C23 7.31.3).

use super::source::Source;
use super::stream::Stream;
use crate::rt::{Errno, Result};
use crate::text::encoding::{Decoder, Step};

impl Stream {
    /// The next character; `None` at the end. `EILSEQ` sets the error indicator.
    pub fn get_wide(&mut self) -> Result<Option<u32>> {
        self.orient(1);
        loop {
            let Some(byte) = self.get()? else {
                let cut = self.decoder.is_some_and(|decoder| decoder.is_inside());
                return if cut { self.bad_sequence() } else { Ok(None) };
            };
            let Some(decoder) = &mut self.decoder else { return Ok(Some(byte.into())) };
            let inside = decoder.is_inside();
            match decoder.push(byte) {
                Step::Character(character) => return Ok(Some(character)),
                Step::More => {}
                Step::Invalid => {
                    if inside {
                        // The byte may begin a character of its own. Just taken, so there is room for it.
                        self.unget(byte)?;
                    }
                    return self.bad_sequence();
                }
            }
        }
    }

    fn bad_sequence<T>(&mut self) -> Result<T> {
        self.error = true;
        let encoding = self.encoding;
        self.decoder = Some(Decoder::new(encoding));
        Err(Errno::ILSEQ)
    }

    /// Puts a character. `EILSEQ` if the encoding has none for it.
    pub fn put_wide(&mut self, character: u32) -> Result<()> {
        self.orient(1);
        if matches!(self.source, Source::Wide(_)) {
            return self.put_into_memory(character);
        }
        match self.encoding.encode(character) {
            Some(encoded) => match encoded.as_bytes() {
                [byte] => self.put(*byte),
                bytes => self.write(bytes).result().map(|_| ()),
            },
            None => {
                self.error = true;
                Err(Errno::ILSEQ)
            }
        }
    }

    /// Memory of wide characters holds them as they are, whatever the locale can encode.
    fn put_into_memory(&mut self, character: u32) -> Result<()> {
        self.begin_writing()?;
        // Bytes that were put before.
        self.send(&[]).result()?;
        match &mut self.source {
            Source::Wide(memory) => memory.put(character).inspect_err(|_| self.error = true),
            _ => Err(Errno::BADF),
        }
    }

    /// `ungetwc`: one character always fits. `EILSEQ`; false when there is no room.
    pub fn unget_wide(&mut self, character: u32) -> Result<bool> {
        self.orient(1);
        let encoded = self.encoding.encode(character).ok_or(Errno::ILSEQ)?;
        for byte in encoded.as_bytes().iter().rev() {
            if !self.unget(*byte)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
