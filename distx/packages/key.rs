//! Names of packages: `distx.org_2024-xlibc-x86_64`.

use std::fmt;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::archive::names;

const LENGTH_MAX: usize = 128;

/// The name of a package: a host, `_`, and a name that the host chose. It is the name of a folder, of an archive and a part of
/// a URL, so it holds letters, digits and `._+-` only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

impl Key {
    /// The key of a text.
    pub fn parse(text: &str) -> Result<Key> {
        let name = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
        let Some((host, rest)) = text.split_once('_').filter(|(host, rest)| !host.is_empty() && !rest.is_empty())
        else {
            bail!("`{}` is no package: a key is HOST_NAME, such as distx.org_2024-xlibc-x86_64", text.escape_debug());
        };
        let host_good = host.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
        if text.len() > LENGTH_MAX
            || !text.chars().all(name)
            || !host_good
            || !host.contains('.')
            || rest.contains("..")
        {
            bail!(
                "`{}` is no package: a key is a host's name with a dot, `_`, and letters, digits, `.`, `_`, `+` and `-`",
                text.escape_debug()
            );
        }
        if host.split('.').any(|label| label.is_empty() || label.starts_with('-') || label.ends_with('-')) {
            bail!("`{text}` is no package: `{host}` is no name of a host");
        }
        names::component(text)?;
        Ok(Key(text.to_owned()))
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the package comes from unless repositories are chosen: the part before the first `_`.
    pub fn host(&self) -> &str {
        self.0.split('_').next().unwrap_or_default()
    }

    /// The name of its archive in a repository.
    pub fn archive(&self) -> String {
        format!("{}.tar.xz", self.0)
    }
}

impl TryFrom<String> for Key {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Key> {
        Key::parse(&text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_distx_are_keys() {
        for text in ["distx.org_2024-xlibc-x86_64", "distx.org_2024-llvm-libcxx-common", "a.b_c", "x.y_1.2+3"] {
            assert_eq!(Key::parse(text).expect(text).as_str(), text);
        }
        assert_eq!(Key::parse("distx.org_2024-xlibc-x86_64").expect("a key").host(), "distx.org");
    }

    #[test]
    fn what_could_name_another_place_is_no_key() {
        let long = format!("a.b_{}", "c".repeat(LENGTH_MAX));
        let bad = [
            "", "_", "a.b", "a.b_", "_x", "a_b", "../a.b_c", "a.b_../c", "a.b_c/d", "a.b_c\\d", "a.b_c:d", "a.b_c\0",
            "..b_c", "a..b_c", "a.b_c..d", "a.b_c.", "nul.b_c", "-a.b_c", "a.b_c d", "a.b_ü", "a.b_%2e", "a@b.c_d",
            &long,
        ];
        for text in bad {
            assert!(Key::parse(text).is_err(), "{text}");
        }
    }
}
