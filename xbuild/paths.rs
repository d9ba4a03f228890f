//! Names of files. Two names of a file that differ in `./` and `//` are one; `..` stays, since links may lie before it.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::os;

/// The folder that relative names start from, and what absolute ones look like here.
#[derive(Clone, Debug)]
pub struct Folder {
    path: String,
    drives: bool,
}

impl Folder {
    /// The current one. Where `/c/dir` is also called `C:/dir`, it gets that name, which programs of the host understand as well.
    pub fn current() -> os::Result<Folder> {
        let path = os::current_folder()?;
        if let [b'/', letter, b'/', ..] = path.as_bytes()
            && letter.is_ascii_alphabetic()
        {
            let name = alloc::format!("{}:{}", letter.to_ascii_uppercase() as char, &path[2..]);
            let same = |name: &str| os::stat(name).map(|stat| stat.identity).ok();
            if same(&name).is_some() && same(&name) == same(&path) {
                return Ok(Folder { path: name, drives: true });
            }
        }
        Ok(Folder { path, drives: false })
    }

    /// Its absolute name.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The absolute name of a file.
    pub fn absolute(&self, name: &str) -> String {
        let mut whole = String::new();
        self.write_absolute(name, &mut whole);
        whole
    }

    /// Writes the absolute name of a file into an empty string.
    pub fn write_absolute(&self, name: &str, whole: &mut String) {
        let slashes = if self.drives { Cow::from(name.replace('\\', "/")) } else { name.into() };
        let mut rest = &slashes[..];
        match slashes.as_bytes() {
            [letter, b':', b'/', ..] if self.drives && letter.is_ascii_alphabetic() => {
                whole.push(letter.to_ascii_uppercase().into());
                whole.push(':');
                rest = &slashes[2..];
            }
            // A server's name, which starts with two slashes on some hosts.
            [b'/', b'/', ..] if self.drives => whole.push('/'),
            [b'/', ..] => {}
            _ => whole.push_str(self.path.trim_end_matches('/')),
        }
        for part in rest.split('/').filter(|part| !matches!(*part, "" | ".")) {
            whole.push('/');
            whole.push_str(part);
        }
        if whole.is_empty() {
            whole.push('/');
        }
    }

    /// The name from this folder on where the file lies below it: what people read.
    pub fn short<'a>(&self, name: &'a str) -> &'a str {
        name.strip_prefix(self.path.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name)
    }
}

/// The last part of a name.
pub fn last(name: &str) -> &str {
    name.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The folder that a file lies in, if its name says so.
pub fn parent(name: &str) -> Option<&str> {
    name.trim_end_matches('/').rsplit_once('/').map(|(folder, _)| folder).filter(|folder| !folder.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_name() {
        let folder = Folder { path: "/p".into(), drives: false };
        for (name, expected) in [
            ("a", "/p/a"),
            ("./a//b/.", "/p/a/b"),
            ("/x/./y", "/x/y"),
            ("../a", "/p/../a"),
            ("/", "/"),
            ("C:/a", "/p/C:/a"),
        ] {
            assert_eq!(folder.absolute(name), expected, "{name}");
        }
        assert_eq!(folder.short("/p/src/a.c"), "src/a.c");
        assert_eq!(folder.short("/pq/a.c"), "/pq/a.c");
    }

    #[test]
    fn drives_count_where_there_are_some() {
        let folder = Folder { path: "C:/p".into(), drives: true };
        for (name, expected) in [
            (r"c:\x\y", "C:/x/y"),
            ("a/b", "C:/p/a/b"),
            (r"a\b", "C:/p/a/b"),
            ("//server/share/a", "//server/share/a"),
            ("/c/a", "/c/a"),
        ] {
            assert_eq!(folder.absolute(name), expected, "{name}");
        }
    }
}
