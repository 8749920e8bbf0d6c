use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(text: &str) -> Stream {
    parse(text, &Options::default())
}

/// The problems of `text`, each as `line:column 'what is there' code`.
fn places(text: &str, options: &Options) -> Vec<String> {
    let place = |problem: &Problem| {
        let span = problem.span.unwrap();
        format!(
            "{}:{} '{}' {}",
            span.line,
            span.column,
            &text[span.start..span.end],
            problem.code
        )
    };
    parse(text, options).problems.iter().map(place).collect()
}

fn values(text: &str) -> Vec<Value> {
    read(text)
        .documents
        .into_iter()
        .map(|document| document.value)
        .collect()
}

#[test]
fn every_value_and_key_has_its_place() {
    let text =
        "# top\nname: ä b # c\nlist:\n  - one\n  - {k: 'two'}\ntext: |\n  line\nempty:\n\"q\": 1\n";
    let document = &read(text).documents[0];
    let at = |span: Option<Span>| {
        span.map(|span| (span.line, span.column, &text[span.start..span.end]))
            .unwrap()
    };
    assert_eq!(at(document.spans.value("/name")), (2, 7, "ä b"));
    assert_eq!(at(document.spans.key("/name")), (2, 1, "name"));
    assert_eq!(at(document.spans.value("/list/0")), (4, 5, "one"));
    assert_eq!(at(document.spans.value("/list/1/k")), (5, 9, "'two'"));
    assert_eq!(at(document.spans.value("/list/1")), (5, 5, "{k: 'two'}"));
    assert_eq!(
        at(document.spans.value("/list")),
        (4, 3, "- one\n  - {k: 'two'}")
    );
    assert_eq!(at(document.spans.key("/q")), (9, 1, "\"q\""));
    assert_eq!(at(document.spans.value("/empty")).2, "");
    assert_eq!(document.spans.value("").unwrap().line, 2);
    assert_eq!(document.spans.value("/nothing"), None);
    assert_eq!(document.spans.value("/list/7"), None);
    assert_eq!(document.spans.value("name"), None);
    assert_eq!(document.spans.key("/list/0"), None);
}

#[test]
fn keys_with_slashes_and_tildes_are_found_by_escaped_pointers() {
    let text = "a/b:\n  c~d: 1\n";
    let spans = &read(text).documents[0].spans;
    assert_eq!(
        spans
            .value("/a~1b/c~0d")
            .map(|span| (span.line, span.column)),
        Some((2, 8))
    );
}

#[test]
fn what_is_below_an_alias_is_where_the_alias_is() {
    let text = "a: &x {k: [1]}\nb: *x\n";
    let spans = &read(text).documents[0].spans;
    assert_eq!(
        spans
            .value("/b/k/0")
            .map(|span| &text[span.start..span.end]),
        Some("*x")
    );
}

#[test]
fn a_collection_as_a_key_leaves_the_places_around_it() {
    let text = "? [a, b]\n: one\nc: two\n";
    let spans = &read(text).documents[0].spans;
    assert_eq!(
        spans
            .value("/[ a, b ]")
            .map(|span| &text[span.start..span.end]),
        Some("one")
    );
    assert_eq!(
        spans.value("/c").map(|span| &text[span.start..span.end]),
        Some("two")
    );
}

#[test]
fn a_byte_order_mark_counts_as_bytes_and_not_as_a_column() {
    let text = "\u{FEFF}a: 1\n";
    let span = read(text).documents[0].spans.key("/a").unwrap();
    assert_eq!(
        (span.line, span.column, &text[span.start..span.end]),
        (1, 1, "a")
    );
}

#[test]
fn documents_know_their_places() {
    let spans: Vec<Span> = read("a: 1\n---\nb: 2\n")
        .documents
        .iter()
        .map(|document| document.span)
        .collect();
    assert_eq!((spans[0].line, spans[1].line), (1, 2));
    assert!(spans[0].end <= spans[1].start, "{spans:?}");
}

#[test]
fn a_key_given_twice_names_the_first_one() {
    let text = "a:\n  b: 1\n  c: { d: 1 }\n  b: 2\n  b: 3\n";
    let problems = read(text).problems;
    assert_eq!(
        places(text, &Options::default()),
        ["4:3 'b' yaml-duplicate-key", "5:3 'b' yaml-duplicate-key"]
    );
    assert_eq!(
        problems[0].message,
        "the key `b` is given twice in one mapping, first in line 2"
    );
}

#[test]
fn the_documents_around_a_broken_one_are_read() {
    let cases = [
        "a: [1\n",
        "a: 'open\n",
        "a:\n\tb: 1\n",
        "a: 1\na: 2\n",
        "a: *nobody\n",
        "a: b: c\n",
        "}\n",
        "%bad\n",
        "a: \"\\q\"\n",
    ];
    for broken in cases {
        let text = format!("first: 1\n---\n{broken}---\nlast: 1\n");
        let stream = read(&text);
        let values: Vec<&Value> = stream
            .documents
            .iter()
            .map(|document| &document.value)
            .collect();
        assert_eq!(
            values,
            [&json!({ "first": 1 }), &json!({ "last": 1 })],
            "{broken} {:?}",
            stream.problems
        );
        assert_eq!(stream.problems.len(), 1, "{broken} {:?}", stream.problems);
    }
}

#[test]
fn syntax_errors_are_explained_where_they_are() {
    let cases = [
        ("a:\n\tb: 1\n", "2:1 '\t' yaml-syntax"),
        ("a: @b\n", "1:4 '@' yaml-syntax"),
        ("a: b: c\n", "1:5 ':' yaml-syntax"),
        ("a: ]\n", "1:4 ']' yaml-syntax"),
        ("a: *b\n", "1:4 '*b' yaml-unresolved-alias"),
        ("a: &x [*x]\n", "1:8 '*x' yaml-recursive-alias"),
        ("a:\n  b: |\n   c\n\t d\n", "4:1 '\t' yaml-syntax"),
        ("a: \"b\nc: 1\n", "1:4 '\"' yaml-syntax"),
        ("a: {b: 1\n", "1:4 '{' yaml-syntax"),
        ("ä: ü: 1\n", "1:5 ':' yaml-syntax"),
    ];
    for (text, expected) in cases {
        assert_eq!(places(text, &Options::default()), [expected], "{text}");
    }
}

#[test]
fn a_tab_as_indentation_is_named() {
    let problem = &read("a:\n\tb: 1\n").problems[0];
    assert_eq!(
        problem.message,
        "a tab indents this line, and YAML indents with spaces only"
    );
    assert_eq!(problem.hint.as_deref(), Some("replace the tab with spaces"));
}

#[test]
fn mistakes_that_people_make_are_explained() {
    let cases = [
        ("a: 'it's'\n", "something follows the closing quote"),
        ("a: %x\n", "a text may not begin with this character"),
        (
            "a: \u{7}\n",
            "the control character `\\u{7}` may not stand in YAML",
        ),
        (
            "a: *\n",
            "`*` begins an alias and `&` an anchor, and no name follows",
        ),
        ("a: !h!x 1\n", "`!` begins a tag, and what follows is none"),
        (
            "a: |x\n b\n",
            "only `+`, `-`, a digit from 1 to 9 and a comment may follow `|` or `>`",
        ),
        (
            "a: \"\\w\"\n",
            "a `\\` in this text in double quotes begins no known escape",
        ),
        (
            "a:\n  b: 1\n\tc: 2\n",
            "a tab indents a line below this text, and YAML indents with spaces only",
        ),
        (
            "%YAML 2.0\n---\na\n",
            "this version of YAML is unknown; 1.2 is read",
        ),
        ("a: 1\n... b\n", "only a comment may follow `...`"),
        ("%a b\nc: 1\n", "a `---` is missing before this"),
        ("a: - b\n", "a list item `- ` is not expected here"),
    ];
    for (text, message) in cases {
        let problem = &read(text).problems[0];
        assert_eq!(problem.message, message, "{text}");
        assert!(problem.hint.is_some(), "{text}");
    }
}

#[test]
fn merging_is_off_unless_asked_for() {
    let text = "a: &x { k: 1 }\nb:\n  <<: *x\n  l: 2\n";
    assert_eq!(values(text)[0]["b"], json!({ "<<": { "k": 1 }, "l": 2 }));
    let merged = parse(
        text,
        &Options {
            merge_keys: true,
            ..Options::default()
        },
    );
    assert_eq!(merged.documents[0].value["b"], json!({ "k": 1, "l": 2 }));
}

#[test]
fn a_text_that_is_too_large_is_refused_unread() {
    let options = Options {
        max_bytes: 10,
        ..Options::default()
    };
    assert_eq!(
        parse("a: 12345678\n", &options).problems[0].code,
        "yaml-too-large"
    );
    assert!(parse("a: 123456\n", &options).problems.is_empty());
}

#[test]
fn nesting_has_a_limit_in_both_styles() {
    let options = Options {
        max_depth: 5,
        ..Options::default()
    };
    assert_eq!(places("[[[[[[1]]]]]]", &options), ["1:6 '[' yaml-too-deep"]);
    assert_eq!(
        places("- - - - - - 1\n", &options)[0]
            .split(' ')
            .next_back(),
        Some("yaml-too-deep")
    );
    assert!(places("[[[[[1]]]]]", &options).is_empty());
    let deep = format!("a: 1\n---\n{}\n---\nb: 2\n", "[".repeat(100_000));
    let stream = read(&deep);
    assert_eq!(stream.problems[0].code, "yaml-too-deep");
    assert_eq!(stream.documents.len(), 2);
}

#[test]
fn an_alias_bomb_is_refused_before_it_goes_off() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    let problem = &read(&text).problems[0];
    assert_eq!(problem.code, "yaml-too-many-values");
    assert_eq!(
        problem.message,
        "the text holds more than 1000000 keys and values, each use of an alias counted in full"
    );
}

#[test]
fn an_alias_that_stands_for_nothing_counts_as_well() {
    let mut text = "a0: &a0 [*x, *x, *x, *x, *x, *x, *x, *x, *x, *x]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    let problem = read(&text).problems.pop().unwrap();
    assert_eq!(problem.code, "yaml-too-many-values");
    assert_eq!(problem.span.map(|span| span.line), Some(6));
}

#[test]
fn a_long_text_is_not_repeated_without_end() {
    let text = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1_000_000),
        "*a, ".repeat(1_000)
    );
    assert_eq!(read(&text).problems[0].code, "yaml-too-many-values");
}

#[test]
fn anchors_in_anchors_are_kept_within_the_limit() {
    let nested = (0..90).fold("x".repeat(1_000_000), |inner, level| {
        format!("&a{level} [{inner}]")
    });
    assert_eq!(read(&nested).problems[0].code, "yaml-too-many-values");
}

#[test]
fn many_values_are_refused() {
    let options = Options {
        max_nodes: 100,
        ..Options::default()
    };
    assert_eq!(parse(&"- x\n".repeat(99), &options).problems, []);
    assert_eq!(
        parse(&"- x\n".repeat(100), &options).problems[0].code,
        "yaml-too-many-values"
    );
}

/// Any JSON, as far as it has a meaning of its own in JavaScript.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f32>()
            .prop_filter("finite", |n| n.is_finite() && n.fract() != 0.0)
            .prop_map(Value::from),
        "[ -~]{0,8}".prop_map(Value::from),
        "\\PC{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z0-9_./ -]{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_read_as_it_is(value in any_json()) {
        let stream = read(&value.to_string());
        prop_assert_eq!(&stream.problems, &[]);
        prop_assert_eq!(&stream.documents[0].value, &value);
    }

    #[test]
    fn every_value_of_a_document_has_a_place_inside_the_text(value in any_json()) {
        let text = serde_json::to_string_pretty(&json!({ "a": value })).unwrap();
        let document = read(&text).documents.remove(0);
        let mut pointers = vec![String::new()];
        while let Some(pointer) = pointers.pop() {
            let span = document.spans.value(&pointer);
            prop_assert!(span.is_some_and(|span| text.get(span.start..span.end).is_some()), "{} in {}", pointer, text);
            match document.value.pointer(&pointer) {
                Some(Value::Object(object)) => pointers.extend(
                    object.keys().map(|key| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))),
                ),
                Some(Value::Array(items)) => pointers.extend((0..items.len()).map(|at| format!("{pointer}/{at}"))),
                _ => {}
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        places(&text, &Options::default());
    }

    #[test]
    fn nothing_that_looks_like_yaml_makes_it_panic(text in "([-?:,\\[\\]{}#&*!|>'\"%@` \\n\t~<]|[a-c0-9.]|---\\n|\\.\\.\\.\\n|: |- |&a |\\*a|<<: ){0,40}") {
        for merge_keys in [false, true] {
            places(&text, &Options { merge_keys, max_depth: 8, max_nodes: 50, ..Options::default() });
        }
    }
}
