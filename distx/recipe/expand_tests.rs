//! Tests of loops and variables.

use crate::Recipe;
use crate::json::Value;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const DEFAULTS: [(&str, &str); 2] = [("DISTX_PREFIX", "p-"), ("DISTX_ARCH", "x86_64")];

fn read(text: &str) -> Recipe {
    Recipe::read("f.json", text.as_bytes(), &DEFAULTS).expect(text)
}

/// The strings of the list `a`.
fn list(text: &str) -> Vec<String> {
    let recipe = read(text);
    let node = recipe.get("a").expect(text).expect(text);
    recipe.strings(&node).expect(text).into_iter().map(String::from).collect()
}

/// What is said when the file is read, or else `a` is expanded.
fn error(text: &str) -> String {
    let recipe = match Recipe::read("f.json", text.as_bytes(), &DEFAULTS) {
        Ok(recipe) => recipe,
        Err(error) => return error.to_string(),
    };
    recipe.get("a").expect_err(text).to_string()
}

#[test]
fn a_string_in_a_list_is_repeated_for_every_value() {
    let loops = r#""loop": {"X": ["1", "2"], "Y": ["a", "b"], "NONE": []}, "env": {"ONE": "{DISTX_PREFIX}q"}"#;
    for (items, expected) in [
        (r#""plain", "{X}""#, &["plain", "1", "2"][..]),
        (r#""{X}{Y}""#, &["1a", "1b", "2a", "2b"]),
        (r#""{Y}{X}{Y}""#, &["a1a", "a2a", "b1b", "b2b"]),
        (r#""{ONE}-{DISTX_ARCH}""#, &["p-q-x86_64"]),
        (r#""{{X}}", "{{{X}}}""#, &["{X}", "{1}", "{2}"]),
        (r#""{NONE}{X}", "end""#, &["end"]),
    ] {
        assert_eq!(list(&format!("{{{loops}, \"a\": [{items}]}}")), expected, "{items}");
    }
}

#[test]
fn values_of_variables_use_others_in_any_order() {
    let text = r#"{
        "loop": {"OUT": ["{BASE}/{ARCH}.o"], "ARCH": ["x", "y"]},
        "env": {"BASE": "{DISTX_PREFIX}{NAME}", "NAME": "n"},
        "a": ["{OUT}"]
    }"#;
    assert_eq!(list(text), ["p-n/x.o", "p-n/y.o"]);
}

#[test]
fn within_a_key_its_variable_has_one_value() {
    let text = r#"{
        "loop": {"X": ["1", "2"], "Y": ["a", "b"]},
        "a": {"{X}": {"plain": "is {X}", "list": [["{X}{Y}"]], "{Y}": "{X}{Y}"}, "last": true}
    }"#;
    let recipe = read(text);
    let node = recipe.get("a").expect("good").expect("there");
    let keys: Vec<_> = recipe.members(&node).expect("object").iter().map(|member| member.key.text.as_str()).collect();
    assert_eq!(keys, ["1", "2", "last"]);
    let second = node.get("2").expect("2");
    assert_eq!(second.get("plain").map(|node| &node.value), Some(&Value::String("is 2".into())));
    let inner = &recipe.list(second.get("list").expect("list")).expect("list")[0];
    assert_eq!(recipe.strings(inner).expect("strings"), ["2a", "2b"]);
    assert_eq!(second.get("b").map(|node| &node.value), Some(&Value::String("2b".into())));
}

#[test]
fn the_file_may_set_a_default_otherwise() {
    assert_eq!(list(r#"{"env": {"DISTX_ARCH": "arm"}, "a": ["{DISTX_ARCH}"]}"#), ["arm"]);
}

#[test]
fn what_cannot_be_expanded_is_said_with_its_place() {
    for (text, expected) in [
        (
            r#"{"loop": {"ARCH": ["1"]}, "a": ["{ARHC}"]}"#,
            "f.json:1:33: a: unknown variable {ARHC}; did you mean \"ARCH\"?",
        ),
        (r#"{"a": ["{whatever}"]}"#, "f.json:1:8: a: unknown variable {whatever}; known are DISTX_ARCH, DISTX_PREFIX"),
        (r#"{"loop": {"X": ["1", "2"]}, "a": {"b": "{X}"}}"#, "f.json:1:40: a.b: {X} has 2 values"),
        (r#"{"loop": {"X": []}, "a": "{X}"}"#, "f.json:1:26: a: {X} has 0 values"),
        (r#"{"a": "{x"}"#, "f.json:1:7: a: in \"{x\": \"{\" begins a variable"),
        (r#"{"loop": {"X": ["1", "1"]}, "a": {"{X}": 1}}"#, "f.json:1:35: a.{X}: the key \"1\" is there already"),
        (
            r#"{"env": {"A": "{B}", "B": "{C}", "C": "{B}"}}"#,
            "f.json:1:39: env.C: the variables use each other in a circle: B -> C -> B",
        ),
        (r#"{"env": {"A": "{A}"}}"#, "f.json:1:15: env.A: the variables use each other in a circle: A -> A"),
        (
            r#"{"env": {"A": "1"}, "loop": {"A": []}}"#,
            "f.json:1:30: loop.A: the variable \"A\" is there already, at line 1, column 10",
        ),
        (r#"{"env": {"A": ["1"]}}"#, "f.json:1:15: env.A: expected a string, found a list; lists stand in \"loop\""),
        (r#"{"loop": {"A": "1"}}"#, "f.json:1:16: loop.A: expected a list of strings, found a string"),
        (r#"{"loop": {"A": [1]}}"#, "f.json:1:17: loop.A: expected a string, found a number"),
        (r#"{"env": []}"#, "f.json:1:9: env: expected an object, found a list"),
        (r#"{"env": {"{A}": ""}}"#, "f.json:1:10: env.{A}: \"{A}\" cannot be a variable's name"),
        (r#"{"loop": {"X": ["1", "2"]}, "env": {"A": "{X}"}}"#, "f.json:1:42: env.A: {X} has 2 values"),
    ] {
        let said = error(text);
        assert!(said.starts_with(expected), "{text}\n{said}");
    }
}

#[test]
fn a_short_file_cannot_ask_for_endless_memory() {
    let mut text = String::from(r#"{"loop": {"V0": ["0", "1"]"#);
    for n in 1..60 {
        text += &format!(r#", "V{n}": ["{{V{}}}", "{{V{}}}"]"#, n - 1, n - 1);
    }
    text += "}}";
    assert!(error(&text).contains("the loops make more than"));
    let deep: Vec<_> = (0..1000).map(|n| format!("\"V{n}\": \"{{V{}}}\"", n + 1)).collect();
    assert!(error(&format!("{{\"env\": {{{}, \"V1000\": \"\"}}}}", deep.join(","))).contains("more than 100 deep"));
}
