//! `dep` of `distx-build.json`: short names of packages, and adding a key to the list without touching the rest of the file.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use distx_packages::Key;
use distx_packages::index::Package;
use distx_toolchain::target::Cpu;
use loader_abi::files::PACKAGE_PREFIX;
use recipe::json::{self, Node, Value};

/// What a person may have meant by a package's name: the key itself, or `xlibc` for `distx.org_2024-xlibc-<cpu>`, likewise
/// `xlibc-aarch64` and `tzdata`, which is the same for every CPU. The likeliest comes first.
pub fn keys(name: &str) -> Result<Vec<Key>> {
    if name.contains('_') && name.split('_').next().is_some_and(|host| host.contains('.')) {
        return Ok(vec![Key::parse(name)?]);
    }
    let variants = Cpu::ALL.map(Cpu::name).into_iter().chain(["common"]);
    let whole = variants.into_iter().any(|variant| name.strip_suffix(variant).is_some_and(|rest| rest.ends_with('-')));
    let names = match whole {
        true => vec![name.to_owned()],
        false => vec![format!("{name}-{}", std::env::consts::ARCH), format!("{name}-common")],
    };
    names.iter().map(|name| Key::parse(&format!("{PACKAGE_PREFIX}{name}"))).collect()
}

/// The first of `keys` that is listed; the first of all where nothing is, since a repository may have no list.
pub fn chosen(name: &str, keys: Vec<Key>, listed: &BTreeMap<Key, Package>) -> Result<Key> {
    let known =
        keys.iter().find(|key| listed.contains_key(key)).or(keys.first().filter(|_| listed.is_empty())).cloned();
    known.with_context(|| {
        let short = listed.keys().map(|key| key.as_str().strip_prefix(PACKAGE_PREFIX).unwrap_or(key.as_str()));
        let bare = short.clone().filter_map(|name| name.rsplit_once('-')).map(|(name, _)| name);
        let hint = recipe::suggest::hint(name, short.chain(bare));
        format!("no package `{}`{hint}; `distx search` lists them", name.escape_debug())
    })
}

/// The text of `distx-build.json` with these keys at the end of its `dep`.
pub fn added(text: &str, keys: &[Key]) -> Result<String> {
    let root = json::parse(text.as_bytes())?;
    let Value::Object(members) = &root.value else { bail!("expected an object") };
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let quoted: Vec<String> = keys.iter().map(|key| format!("\"{key}\"")).collect();
    let (at, new) = match root.get("dep") {
        Some(list) => {
            let Value::List(items) = &list.value else { bail!("`dep` is no list") };
            let start = offset(text, list);
            let close = start + closing(text.get(start..).unwrap_or_default()).context("`dep` is no list")?;
            let inside = text.get(start + 1..close).unwrap_or_default();
            match items.last() {
                None => (start + 1, quoted.join(", ")),
                Some(last) => {
                    // As the last one stands: on a line of its own, or behind a space.
                    let before = text.get(..offset(text, last)).unwrap_or_default();
                    let line = before.rsplit('\n').next().unwrap_or_default();
                    let separator = match line.trim().is_empty() && before.contains('\n') {
                        true => format!(",{end_of_line}{line}"),
                        false => ", ".to_owned(),
                    };
                    let new: String = quoted.iter().map(|key| format!("{separator}{key}")).collect();
                    (start + 1 + inside.trim_end().len(), new)
                }
            }
        }
        None => {
            let comma = if members.is_empty() { "" } else { "," };
            let new = format!("{end_of_line}    \"dep\": [{}]{comma}", quoted.join(", "));
            let tail = if members.is_empty() { end_of_line } else { "" };
            (offset(text, &root) + 1, new + tail)
        }
    };
    let (front, back) = text.split_at_checked(at).context("the file is odd")?;
    let changed = format!("{front}{new}{back}");
    json::parse(changed.as_bytes()).context("the file cannot be changed: write the package to `dep` by hand")?;
    Ok(changed)
}

/// Where a node begins, in bytes.
fn offset(text: &str, node: &Node) -> usize {
    let line = text.split_inclusive('\n').take(node.at.line.saturating_sub(1) as usize).map(str::len).sum::<usize>();
    let rest = text.get(line..).unwrap_or_default();
    line + rest.chars().take(node.at.column.saturating_sub(1) as usize).map(char::len_utf8).sum::<usize>()
}

/// Where the bracket at the beginning of a text, which is good JSON, is closed.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::parse(&format!("a.b_{name}")).expect("a key")
    }

    #[test]
    fn a_key_is_added_as_the_list_is_written() {
        for (text, expected) in [
            (r#"{"dep": []}"#, r#"{"dep": ["a.b_x", "a.b_y"]}"#),
            (r#"{"dep": ["1"], "run": {}}"#, r#"{"dep": ["1", "a.b_x", "a.b_y"], "run": {}}"#),
            (
                "{\n  \"dep\": [\n    \"ü]\\\"\",\n    \"2\"\n  ]\n}\n",
                "{\n  \"dep\": [\n    \"ü]\\\"\",\n    \"2\",\n    \"a.b_x\",\n    \"a.b_y\"\n  ]\n}\n",
            ),
            (
                "{\r\n\t\"dep\": [\r\n\t\t\"1\"\r\n\t]\r\n}",
                "{\r\n\t\"dep\": [\r\n\t\t\"1\",\r\n\t\t\"a.b_x\",\r\n\t\t\"a.b_y\"\r\n\t]\r\n}",
            ),
            ("{}", "{\n    \"dep\": [\"a.b_x\", \"a.b_y\"]\n}"),
            ("{\n    \"run\": {}\n}\n", "{\n    \"dep\": [\"a.b_x\", \"a.b_y\"],\n    \"run\": {}\n}\n"),
            (r#"{"//": "dep", "dep" : [ "1" ]}"#, r#"{"//": "dep", "dep" : [ "1", "a.b_x", "a.b_y" ]}"#),
        ] {
            assert_eq!(added(text, &[key("x"), key("y")]).expect(text), expected);
        }
        for text in ["", "[]", r#"{"dep": "x"}"#] {
            assert!(added(text, &[key("x")]).is_err(), "{text}");
        }
    }

    #[test]
    fn short_names_are_of_this_cpu_or_of_all() {
        let arch = std::env::consts::ARCH;
        let names = |name: &str| -> Vec<_> { keys(name).expect(name).iter().map(Key::to_string).collect() };
        assert_eq!(names("xlibc"), [format!("distx.org_2024-xlibc-{arch}"), "distx.org_2024-xlibc-common".into()]);
        assert_eq!(names("llvm-rt-aarch64"), ["distx.org_2024-llvm-rt-aarch64"]);
        assert_eq!(names("tzdata-common"), ["distx.org_2024-tzdata-common"]);
        assert_eq!(names("a.b_x"), ["a.b_x"]);
        assert!(keys("../x").is_err());
    }
}
