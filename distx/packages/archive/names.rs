//! Names inside an archive that mean the same file on every host, below the package's folder, or are refused.

use anyhow::{Result, bail, ensure};

const COMPONENT_MAX: usize = 255;
const PATH_MAX: usize = 1024;
const DEPTH_MAX: usize = 64;

/// The components of a member's name. `/` separates; a last one may end in `/`, as those of folders do; `.` is dropped.
pub fn components(name: &[u8]) -> Result<Vec<String>> {
    let Ok(text) = std::str::from_utf8(name) else {
        bail!("member `{}`: the name is not UTF-8", name.escape_ascii());
    };
    ensure!(
        text.len() <= PATH_MAX,
        "member `{}...`: the name is longer than {PATH_MAX} bytes",
        text.get(..40).unwrap_or("?")
    );
    ensure!(!text.starts_with('/'), "member `{}`: an absolute path", text.escape_debug());
    let mut parts = Vec::new();
    for part in text.strip_suffix('/').unwrap_or(text).split('/').filter(|part| *part != ".") {
        component(part).map_err(|error| error.context(format!("member `{}`", text.escape_debug())))?;
        parts.push(part.to_owned());
    }
    ensure!(!parts.is_empty(), "member `{}`: the name is empty", text.escape_debug());
    ensure!(parts.len() <= DEPTH_MAX, "member `{}`: more than {DEPTH_MAX} folders deep", text.escape_debug());
    Ok(parts)
}

/// Refuses what is not the plain name of one file on all of Linux and Windows.
pub fn component(name: &str) -> Result<()> {
    ensure!(!name.is_empty(), "an empty name in a path");
    ensure!(name != ".." && name != ".", "`{name}` in a path");
    ensure!(name.len() <= COMPONENT_MAX, "a name longer than {COMPONENT_MAX} bytes");
    // `:` is a drive or an alternate stream of a file, the others cannot be in names on Windows.
    if let Some(c) = name.chars().find(|c| c.is_control() || "\\:<>\"|?*".contains(*c)) {
        bail!("the character `{}` in a name", c.escape_debug());
    }
    ensure!(!name.ends_with(['.', ' ']), "a name that ends in `.` or a space, which Windows drops");
    ensure!(!is_device(name), "the name of a device on Windows");
    Ok(())
}

/// Whether Windows opens a device by this name, whatever stands behind a dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_ascii_uppercase();
    if matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|number| matches!(number, "0" | "¹" | "²" | "³") || matches!(number.as_bytes(), [b'1'..=b'9']))
}

/// What two names have in common that a host without upper and lower case takes for one.
pub fn folded(path: &[String]) -> String {
    path.join("/").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_taken_apart() {
        let parts = |name: &str| components(name.as_bytes()).expect(name);
        assert_eq!(parts("k/include/c++/v1/__config"), ["k", "include", "c++", "v1", "__config"]);
        assert_eq!(parts("./k/dir/"), ["k", "dir"]);
        assert_eq!(parts("k/Grüße .txt"), ["k", "Grüße .txt"]);
        assert_eq!(parts("k/com10"), ["k", "com10"]);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let long = "x".repeat(256);
        let deep = "d/".repeat(65);
        let bad = [
            "",
            "/",
            ".",
            "/k/a",
            "..",
            "k/../a",
            "../k",
            "k/..",
            "k//a",
            "C:/a",
            "C:a",
            "k/C:",
            "k\\a",
            "\\\\host\\a",
            "k/a\0b",
            "k/a:stream",
            "k/nul",
            "k/NUL.txt",
            "k/con",
            "k/Com1.h",
            "k/lpt9",
            "k/aux.c/x",
            "k/a.",
            "k/a ",
            "k/a\n",
            "k/...",
            "k/a?",
            "k/conin$",
            "k/com¹",
            &long,
            &deep,
        ];
        for name in bad {
            assert!(components(name.as_bytes()).is_err(), "{name:?}");
        }
        assert!(components(b"k/\xff").is_err());
    }
}
