//! Tests of the JSON reader.

use super::*;
use alloc::string::ToString;
use alloc::vec;

fn at(line: u32, column: u32) -> Position {
    Position { line, column }
}

fn string(text: &str) -> Value {
    let node = parse(text.as_bytes()).expect(text);
    node.value
}

#[test]
fn every_kind_of_value_is_read() {
    for (text, expected) in [
        ("null", Value::Null),
        (" true ", Value::Bool(true)),
        ("false", Value::Bool(false)),
        ("-0.5e+10", Value::Number("-0.5e+10".into())),
        ("0", Value::Number("0".into())),
        ("\"\"", Value::String("".into())),
        (r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, Value::String("a\"\\/\u{8}\u{c}\n\r\té😀".into())),
        ("[]", Value::List(vec![])),
        ("{ }", Value::Object(vec![])),
        ("\u{FEFF}null", Value::Null),
    ] {
        assert_eq!(string(text), expected, "{text}");
    }
}

#[test]
fn keys_and_values_know_their_place() {
    let node = parse("{\n  \"é\": [1,\n\t\"b\"], \"c\": {\"d\": null}}".as_bytes()).expect("good");
    let Value::Object(members) = &node.value else { panic!("an object") };
    assert_eq!((members[0].key.at, members[0].value.at), (at(2, 3), at(2, 8)));
    let Value::List(items) = &members[0].value.value else { panic!("a list") };
    assert_eq!((items[0].at, items[1].at), (at(2, 9), at(3, 2)));
    assert_eq!(members[1].key.at, at(3, 8));
    let inner = node.get("c").and_then(|c| c.get("d")).expect("d");
    assert_eq!(node.path_to(inner.at), "c.d");
    assert_eq!(node.path_to(at(3, 2)), "é");
    assert_eq!(node.path_to(at(1, 1)), "");
}

#[test]
fn comments_are_left_out_and_may_repeat() {
    let node = parse(br#"{"//": 1, "a": {"// x": [], "b": 2}, "//": {}}"#).expect("good");
    let Value::Object(members) = &node.value else { panic!("an object") };
    assert_eq!(members.len(), 1);
    assert_eq!(node.path_to(at(1, 32)), "a.b");
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (text, line, column, message) in [
        ("", 1, 1, "expected a value, found the end of the file"),
        ("{\"a\": 1,\n}", 1, 8, "a comma before '}'"),
        ("[1,]", 1, 3, "a comma before ']'"),
        ("[1 2]", 1, 4, "expected \",\" or ']', found '2'"),
        ("{\n \"a\": [1\n", 3, 1, "what begins at line 2, column 7 lacks its ']'"),
        ("{\"a\" 1}", 1, 6, "expected \":\" behind the key \"a\""),
        ("{a: 1}", 1, 2, "expected a key in double quotation marks, found 'a'"),
        ("{'a': 1}", 1, 2, "expected a key in double quotation marks"),
        ("['a']", 1, 2, "double quotation marks"),
        ("[// no\n]", 1, 2, "JSON has no comments"),
        ("{\n/* no */}", 2, 1, "JSON has no comments"),
        ("[True]", 1, 2, "\"True\" is not a value"),
        ("[01]", 1, 2, "\"01\" is not a number"),
        ("[1.]", 1, 2, "is not a number"),
        ("[-]", 1, 2, "is not a number"),
        ("[1e]", 1, 2, "is not a number"),
        ("\"a", 1, 1, "no quotation mark at its end"),
        ("\"a\nb\"", 1, 1, "no quotation mark at its end"),
        ("\"a\tb\"", 1, 3, "write \\u0009"),
        (r#""C:\dir""#, 1, 4, "a backslash itself is written"),
        (r#""\u12""#, 1, 2, "four hexadecimal digits"),
        (r#""\ud800""#, 1, 2, "half of a surrogate pair"),
        (r#""\ud800\u0041""#, 1, 2, "half of a surrogate pair"),
        (r#""\udc00""#, 1, 2, "half of a surrogate pair"),
        (r#""\u0000""#, 1, 2, "NUL"),
        ("{} {}", 1, 4, "goes on behind its end"),
        ("{\"a\": 1,\n \"b\": 2, \"a\": 3}", 2, 10, "the key \"a\" is there already, at line 1, column 2"),
    ] {
        let error = parse(text.as_bytes()).expect_err(text);
        assert_eq!(error.at, Some(at(line, column)), "{text}: {error}");
        assert!(error.message.contains(message), "{text}: {error}");
    }
    let error = parse(b"{\n\"a\xFF\"}").expect_err("not UTF-8");
    assert_eq!((error.at, error.to_string().contains("UTF-8")), (Some(at(2, 3)), true));
}

#[test]
fn depth_and_size_have_limits() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert!(parse(nested(MAX_DEPTH + 1).as_bytes()).expect_err("too deep").message.contains("deep"));
    assert!(parse("[".repeat(1_000_000).as_bytes()).is_err());
    assert!(parse(&vec![b' '; MAX_BYTES + 1]).expect_err("too large").message.contains("larger"));
}
