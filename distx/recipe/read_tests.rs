//! Tests of the accessors, and with made-up files.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Recipe {
    Recipe::read("distx-build.json", text.as_bytes(), &[]).expect(text)
}

#[test]
fn unknown_keys_are_named_with_what_was_meant() {
    let recipe = read(r#"{"pkgs": {}, "dpe": [], "run": {"b": {"cmdd": []}}, "//": 1, "env": {}}"#);
    let said: Vec<_> = recipe.unknown(&["dep", "run"]).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "distx-build.json:1:2: pkgs: unknown key \"pkgs\"; known are env, loop, dep, run",
            "distx-build.json:1:14: dpe: unknown key \"dpe\"; did you mean \"dep\"?",
        ]
    );
    let run = recipe.get("run").expect("good").expect("there");
    let error = recipe.fields(&recipe.members(&run).expect("object")[0].value, &["cmd", "env"]).expect_err("unknown");
    assert_eq!(error.to_string(), "distx-build.json:1:39: run.b.cmdd: unknown key \"cmdd\"; did you mean \"cmd\"?");
}

#[test]
fn accessors_say_what_they_expected() {
    let recipe = read(r#"{"a": {"b": [1], "c": "s"}}"#);
    let a = recipe.get("a").expect("good").expect("there");
    let (b, c) = (a.get("b").expect("b"), a.get("c").expect("c"));
    for (error, expected) in [
        (recipe.list(&a).expect_err("object"), "1:7: a: expected a list, found an object"),
        (recipe.string(b).expect_err("list"), "1:13: a.b: expected a string, found a list"),
        (recipe.strings(b).expect_err("number"), "1:14: a.b: expected a string, found a number"),
        (recipe.strings(c).expect_err("string"), "1:23: a.c: expected a list of strings, found a string"),
        (recipe.members(c).expect_err("string"), "1:23: a.c: expected an object, found a string"),
        (recipe.pairs(&a).expect_err("list"), "1:13: a.b: expected a string, found a list"),
    ] {
        assert_eq!(error.to_string(), format!("distx-build.json:{expected}"));
    }
    assert_eq!(recipe.string(c), Ok("s"));
    assert_eq!(recipe.get("none"), Ok(None));
}

#[test]
fn a_file_is_an_object() {
    let error = Recipe::read("f", b"[1]", &[]).expect_err("a list");
    assert_eq!(error.to_string(), "f:1:1: expected an object, found a list");
    assert!(Recipe::read("f", b"{", &[]).expect_err("cut").to_string().starts_with("f:1:2: "));
}

const GOOD: [&[u8]; 3] = [
    br#"{"loop": {"A": ["1", "2"], "B": ["{A}x"]}, "env": {"C": "c{DISTX_ARCH}"}, "dep": ["{A}{B}-{C}"]}"#,
    br#"{"// c": null, "target": {"{DISTX_ARCH}": {"exec": [["a", "{{}}"], []], "n": -1.5e3, "t": true}}}"#,
    b"{\"a\": \"\\ud83d\\ude00\\n\", \"b\": [[[[{}]]]]}",
];

#[test]
fn damaged_files_are_read_or_refused() {
    crate::fuzz::drive(fuzz, &GOOD, 20_000);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}\":, \\\\u0-9a-eA\\n/.]{0,60}") {
        fuzz(text.as_bytes());
    }

    #[test]
    fn strings_come_back_as_they_were(text in any::<String>()) {
        prop_assume!(!text.contains('\0'));
        let mut file = String::from("{\"a\": [\"");
        for c in text.chars() {
            match c {
                '"' | '\\' => file.extend(['\\', c]),
                '{' | '}' => file.extend([c, c]),
                c if c < ' ' => file += &format!("\\u{:04x}", u32::from(c)),
                c => file.push(c),
            }
        }
        file += "\"]}";
        let recipe = Recipe::read("f", file.as_bytes(), &[]);

        let recipe = recipe?;
        let node = recipe.get("a")?.expect("there");
        prop_assert_eq!(recipe.strings(&node)?, [text.as_str()]);
    }
}
