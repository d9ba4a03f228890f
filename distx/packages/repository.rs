//! Where packages come from, as people write it down.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::signature::PublicKey;

/// A repository: `https://HOST/PATH`, `http://localhost:PORT`, `file:FOLDER`, a path, or `well-known`. Behind a `#` may stand the
/// public key that its index must be signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub place: Place,
    /// Whose signature alone counts.
    pub key: Option<PublicKey>,
}

/// The place of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// What the host that a package's key begins with says at `/.well-known/distx.json`.
    WellKnown,
    /// A folder of this machine.
    Folder(PathBuf),
    /// A server, without a slash at the end.
    Web(String),
}

impl Source {
    /// Reads the text of a source; a relative path is one seen from `folder`.
    pub fn parse(text: &str, folder: &Path) -> Result<Source> {
        let text = text.trim();
        let (place, key) = match text.split_once("#ed25519:") {
            Some((place, digits)) => (place, Some(PublicKey::parse(&format!("ed25519:{digits}"))?)),
            None => (text, None),
        };
        let place = Source::place(place, folder).with_context(|| format!("repository `{}`", text.escape_debug()))?;
        Ok(Source { place, key })
    }

    fn place(text: &str, folder: &Path) -> Result<Place> {
        ensure!(!text.is_empty(), "the text is empty");
        if text == "well-known" {
            return Ok(Place::WellKnown);
        }
        if let Some(path) = text.strip_prefix("file:") {
            return Ok(Place::Folder(folder.join(file_path(path)?)));
        }
        if text.contains("://") {
            let text = text.trim_end_matches('/');
            ensure!(!text.contains(['?', '#']), "`?` and `#` cannot be in it");
            check_url(text)?;
            return Ok(Place::Web(text.to_owned()));
        }
        Ok(Place::Folder(folder.join(text)))
    }
}

impl Place {
    /// The name that trust is kept by, and that messages show.
    pub fn name(&self) -> String {
        match self {
            Place::WellKnown => "well-known".into(),
            Place::Folder(folder) => {
                let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
                format!("file:{}", folder.display())
            }
            Place::Web(url) => url.clone(),
        }
    }
}

/// The path of `file:PATH`, `file:///PATH` or `file:///C:/PATH`.
fn file_path(text: &str) -> Result<PathBuf> {
    let path = match text.strip_prefix("//") {
        Some(rest) => {
            let local = rest.strip_prefix("localhost").unwrap_or(rest);
            ensure!(local.starts_with('/'), "a `file:` on another host; write file:///PATH");
            // A drive stands behind a slash in a URL.
            let drive = local.as_bytes().get(2) == Some(&b':');
            local.strip_prefix('/').filter(|_| cfg!(windows) && drive).unwrap_or(local)
        }
        None => text,
    };
    ensure!(!path.is_empty(), "`file:` without a path");
    let decoded = percent_decoded(path).context("`%` stands before two hexadecimal digits in a URL")?;
    Ok(PathBuf::from(String::from_utf8(decoded).context("the path is not UTF-8")?))
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.extend(crate::hexadecimal::unhex(digits)?);
        bytes.extend(rest.as_bytes());
    }
    Some(bytes)
}

/// Refuses URLs that anybody between us and the server could answer: https is needed, except on this machine.
pub(crate) fn check_url(url: &str) -> Result<()> {
    let Some((scheme, rest)) = url.split_once("://") else { bail!("`{}` is no URL", url.escape_debug()) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    ensure!(!authority.contains('@'), "a name or password in a URL");
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').unwrap_or(port)),
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    ensure!(
        !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()),
        "`{}` names no host",
        url.escape_debug()
    );
    ensure!(
        url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'),
        "a URL has no spaces, `\\` or letters beyond ASCII: write %20"
    );
    match scheme {
        "https" => Ok(()),
        "http" if matches!(host, "localhost" | "127.0.0.1" | "::1") => Ok(()),
        "http" => bail!("http is for localhost only, since anybody between could change what comes: use https"),
        other => bail!("`{other}:` is not known: https, file or a path"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Result<Place> {
        Source::parse(text, Path::new("/project")).map(|source| source.place)
    }

    #[test]
    fn each_form_of_a_place_is_known() {
        let web = |text: &str| Place::Web(text.into());
        let folder = |text: &str| Place::Folder(text.into());
        for (text, expected) in [
            ("https://example.org/a/", web("https://example.org/a")),
            ("http://localhost:8000", web("http://localhost:8000")),
            ("http://127.0.0.1:1/x", web("http://127.0.0.1:1/x")),
            ("http://[::1]:80", web("http://[::1]:80")),
            ("file:///srv/my%20packages", folder("/srv/my packages")),
            ("file:rel", folder("/project/rel")),
            ("file:/abs", folder("/abs")),
            ("../near", folder("/project/../near")),
            ("well-known", Place::WellKnown),
        ] {
            assert_eq!(place(text).expect(text), expected);
        }
    }

    #[test]
    fn a_pinned_key_follows_the_place() {
        let text = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let source = Source::parse(&format!("https://example.org#{text}"), Path::new("/")).expect("a source");
        assert_eq!(source.place, Place::Web("https://example.org".into()));
        assert_eq!(source.key.expect("a key").to_string(), text);
        assert!(Source::parse("https://example.org#ed25519:12", Path::new("/")).is_err());
    }

    #[test]
    fn places_that_others_could_answer_for_are_refused() {
        for text in [
            "http://example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost@example.org",
            "https://user:password@example.org",
            "ftp://example.org",
            "https://",
            "https://:80",
            "https://a b",
            "https://a/ü",
            "",
            "https://a:b",
            "https://a/?x",
            "file:",
            "file://host/share",
            "file:%zz",
            "http://[::1",
            "http://\\localhost",
        ] {
            assert!(place(text).is_err(), "{text}");
        }
    }
}
