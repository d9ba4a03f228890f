//! Names of locales.
#![forbid(unsafe_code)]

use core::ffi::CStr;

/// LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES: their numbers are 0 to 5.
pub const CATEGORIES: usize = 6;

/// Bytes of a name with its NUL. glibc's longest, "ca_ES.UTF-8@valencia", has 21.
const ROOM: usize = 32;

/// The name of one category: "C", or one that means UTF-8, as the program gave it. NUL-terminated, zeros follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name([u8; ROOM]);

impl Name {
    pub const C: Self = {
        let mut bytes = [0; ROOM];
        bytes[0] = b'C';
        Self(bytes)
    };

    /// A name by its form: "C" and its twin "POSIX"; "C.UTF-8"; or a language with or without a territory, whose characters are UTF-8,
    /// with or without a modifier (`de_DE.utf8`, `sr_RS.UTF-8@latin`). `None` for other encodings and whatever else.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if matches!(text, b"C" | b"POSIX") {
            return Some(Self::C);
        }
        let (text_of_place, rest) = split_once(text, b'.')?;
        let (encoding, modifier) =
            split_once(rest, b'@').map_or((rest, None), |(encoding, rest)| (encoding, Some(rest)));
        let is_utf8 = encoding.eq_ignore_ascii_case(b"UTF-8") || encoding.eq_ignore_ascii_case(b"UTF8");
        let place = match text_of_place {
            b"C" => modifier.is_none(),
            _ => is_place(text_of_place),
        };
        let is_word = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric);
        let mut bytes = [0; ROOM];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        (is_utf8 && place && modifier.is_none_or(is_word) && text.len() < ROOM).then_some(Self(bytes))
    }

    /// Whether characters are UTF-8.
    pub fn is_utf8(&self) -> bool {
        *self != Self::C
    }

    pub fn text(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or(c"C")
    }
}

fn split_once(text: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| *byte == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A language of ISO 639, and a territory of ISO 3166 or an area of UN M.49.
fn is_place(text: &[u8]) -> bool {
    let (language, territory) = split_once(text, b'_').map_or((text, None), |(language, rest)| (language, Some(rest)));
    let is_territory = |text: &[u8]| match text.len() {
        2 => text.iter().all(u8::is_ascii_uppercase),
        3 => text.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    matches!(language.len(), 2 | 3) && language.iter().all(u8::is_ascii_lowercase) && territory.is_none_or(is_territory)
}

/// The names of all categories, in the order of their numbers.
pub type Names = [Name; CATEGORIES];

/// Names from one for all categories, or from six with `;` between them.
pub fn parse_all(text: &[u8]) -> Option<Names> {
    if let Some(name) = Name::parse(text) {
        return Some([name; CATEGORIES]);
    }
    let mut parts = text.split(|byte| *byte == b';');
    let mut names = [Name::C; CATEGORIES];
    for name in &mut names {
        *name = Name::parse(parts.next()?)?;
    }
    parts.next().is_none().then_some(names)
}

/// The name for `LC_ALL`: one if all categories have it, else six with `;` between them.
#[derive(Debug)]
pub struct Joined([u8; CATEGORIES * ROOM]);

impl Joined {
    pub const C: Self = {
        let mut bytes = [0; CATEGORIES * ROOM];
        bytes[0] = b'C';
        Self(bytes)
    };

    pub fn new(names: &Names) -> Self {
        let [first, others @ ..] = names;
        let others = if others.iter().all(|name| name == first) { &[][..] } else { others };
        let separated = others.iter().flat_map(|name| b";".iter().chain(name.text().to_bytes()));
        let mut bytes = [0; CATEGORIES * ROOM];
        for (place, byte) in bytes.iter_mut().zip(first.text().to_bytes().iter().chain(separated)) {
            *place = *byte;
        }
        Self(bytes)
    }

    pub fn text(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or(c"C")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_utf_8_keep_their_form() {
        for text in [
            "C.UTF-8",
            "C.utf8",
            "C.UTF8",
            "C.utf-8",
            "en_US.UTF-8",
            "de_DE.utf8",
            "fil_PH.UTF-8",
            "en.UTF-8",
            "eo.utf8",
            "es_419.UTF-8",
            "ca_ES.UTF-8@valencia",
            "sr_RS.UTF-8@latin",
            "de_DE.Utf-8@euro",
        ] {
            let name = Name::parse(text.as_bytes()).unwrap();
            assert!(name.is_utf8());
            assert_eq!(name.text().to_str(), Ok(text));
        }
        for text in ["C", "POSIX"] {
            assert_eq!(Name::parse(text.as_bytes()), Some(Name::C));
        }
        assert!(!Name::C.is_utf8());
    }

    #[test]
    fn other_names_are_refused() {
        for text in [
            "",
            "c",
            ".",
            "C.",
            "C.ASCII",
            "c.UTF-8",
            "POSIX.UTF-8",
            "C.UTF-8@x",
            "en_US",
            "en_US.",
            "en_US.ISO-8859-1",
            "de_DE@euro",
            "ja_JP.eucJP",
            "en_US.UTF-16",
            "en_US.UTF-8@",
            "en_US.UTF-8@a/b",
            "en_US.UTF-8@a@b",
            "en_US.UTF-8.UTF-8",
            "e_US.UTF-8",
            "engl_US.UTF-8",
            "EN_US.UTF-8",
            "en_us.UTF-8",
            "en_.UTF-8",
            "_US.UTF-8",
            "en_USA.UTF-8",
            "en_U1.UTF-8",
            "en-US.UTF-8",
            ".UTF-8",
            "../x.UTF-8",
            "/en_US.UTF-8",
            "en_US/.UTF-8",
            "en_US.UTF-8/",
            " en_US.UTF-8",
            "en_US.UTF-8@abcdefghijklmnopqrst",
            "C;C",
            "C;C;C;C;C;C;C",
            "C;C;C;C;C;x",
            ";;;;;",
            "C;C;C;C;C;",
        ] {
            assert!(parse_all(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn the_name_of_all_brings_all_back() {
        let kinds = ["C", "C.UTF-8", "de_DE.utf8", "ca_ES.UTF-8@valencia1234567890a"];
        let kinds = kinds.map(|text| Name::parse(text.as_bytes()).unwrap());
        for number in 0..kinds.len().pow(CATEGORIES as u32) {
            let mut rest = number;
            let names: Names = core::array::from_fn(|_| {
                let name = kinds[rest % kinds.len()];
                rest /= kinds.len();
                name
            });
            assert_eq!(parse_all(Joined::new(&names).text().to_bytes()), Some(names));
        }
        assert_eq!(Joined::new(&[kinds[1]; CATEGORIES]).text(), c"C.UTF-8");
        assert_eq!(Joined::new(&[Name::C; CATEGORIES]).text(), Joined::C.text());
        let mixed = [Name::C, kinds[1], Name::C, Name::C, Name::C, kinds[2]];
        assert_eq!(Joined::new(&mixed).text(), c"C;C.UTF-8;C;C;C;de_DE.utf8");
    }
}
