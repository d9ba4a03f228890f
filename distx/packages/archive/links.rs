//! Symbolic links of a package: each leads to a member of the same package, without a way around.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use anyhow::{Result, bail, ensure};

/// A path of a member, by components, without the package's folder.
pub type Place = Vec<String>;

/// What lies at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// A folder.
    Folder,
    /// A file, or another name of one.
    File,
    /// A link with its text.
    Link(String),
}

/// Links followed to reach one target: what Linux allows.
const FOLLOWED_MAX: usize = 40;

/// The place of a relative target seen from the folder `at`; `None` if it is absolute or climbs out of the package.
/// By text alone: what links on the way do is `resolve`'s.
pub fn joined(at: &Path, target: &Path) -> Option<Place> {
    let mut place: Place = Vec::new();
    for part in at.components().chain(target.components()) {
        match part {
            Component::Normal(name) => place.push(name.to_str()?.to_owned()),
            Component::CurDir => {}
            Component::ParentDir => drop(place.pop()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(place)
}

/// The file or folder that a link leads to, all links on the way followed.
pub fn resolve(members: &BTreeMap<Place, Member>, link: &Place) -> Result<Place> {
    let name = link.join("/");
    let mut at: Place = Vec::new();
    let mut rest: Vec<String> = link.iter().rev().cloned().collect();
    let mut followed = 0;
    while let Some(part) = rest.pop() {
        match &*part {
            "" | "." => continue,
            ".." => {
                ensure!(at.pop().is_some(), "link `{name}` leads out of the package");
                continue;
            }
            _ => at.push(part),
        }
        match members.get(&at) {
            Some(Member::Folder) => {}
            Some(Member::File) => ensure!(rest.is_empty(), "link `{name}` goes through the file `{}`", at.join("/")),
            Some(Member::Link(target)) => {
                followed += 1;
                ensure!(
                    followed <= FOLLOWED_MAX,
                    "link `{name}` never ends: links in a circle, or more than {FOLLOWED_MAX}"
                );
                check_text(&name, target)?;
                at.pop();
                rest.extend(target.split('/').rev().map(str::to_owned));
            }
            None => bail!("link `{name}` leads to `{}`, which is not in the package", at.join("/")),
        }
    }
    Ok(at)
}

fn check_text(name: &str, target: &str) -> Result<()> {
    ensure!(!target.is_empty(), "link `{name}` leads nowhere");
    ensure!(!target.starts_with('/'), "link `{name}` leads to the absolute path `{}`", target.escape_debug());
    let strange = target.contains(['\\', ':']) || target.chars().any(char::is_control);
    ensure!(
        !strange,
        "link `{name}` leads to `{}`, a path of Windows or with control characters",
        target.escape_debug()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        text.split('/').map(str::to_owned).collect()
    }

    fn package(links: &[(&str, &str)]) -> BTreeMap<Place, Member> {
        let mut members = BTreeMap::from([
            (place("lib"), Member::Folder),
            (place("lib/deep"), Member::Folder),
            (place("lib/libc.so.1"), Member::File),
        ]);
        members.extend(links.iter().map(|(at, to)| (place(at), Member::Link((*to).to_owned()))));
        members
    }

    #[test]
    fn chains_inside_the_package_end_at_a_member() {
        let members =
            package(&[("lib/libc.so", "libc.so.1"), ("lib/deep/c", "../libc.so"), ("l", "lib"), ("c", "l/deep/c")]);
        for link in ["lib/libc.so", "lib/deep/c", "c"] {
            assert_eq!(resolve(&members, &place(link)).expect(link), place("lib/libc.so.1"));
        }
        assert_eq!(resolve(&members, &place("l")).expect("a folder"), place("lib"));
    }

    #[test]
    fn each_way_out_is_refused() {
        for (target, why) in [
            ("/etc/passwd", "absolute"),
            ("../x", "out of the package"),
            ("lib/../../x", "out of the package"),
            ("lib/nothing", "not in the package"),
            ("lib/libc.so.1/..", "through the file"),
            ("C:\\x", "Windows"),
            ("c:x", "Windows"),
            ("..\\x", "Windows"),
            ("", "nowhere"),
            ("link", "never ends"),
            ("up/../..", "out of the package"),
        ] {
            // `up` looks as if one folder deep, and leads to the top.
            let members = package(&[("link", target), ("up", "lib/..")]);
            let error = resolve(&members, &place("link")).expect_err(target).to_string();
            assert!(error.contains(why), "{target}: {error}");
        }
    }
}
