use proptest::prelude::*;

use super::*;

fn read(text: &[u8]) -> Parsed {
    entities(text, Kinds::built_in(), &yaml::Options::default())
}

/// A group without problems, as a document.
fn group(name: &str) -> String {
    format!(
        "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: {name}\nspec:\n  type: team\n  children: []\n"
    )
}

fn names(parsed: &Parsed) -> Vec<&str> {
    parsed
        .entities
        .iter()
        .filter_map(|entity| entity.entity.name())
        .collect()
}

/// Each problem as `line:column 'what is there' code`.
fn places(text: &[u8], problems: &[Problem]) -> Vec<String> {
    let place = |problem: &Problem| {
        let span = problem.span.unwrap();
        let there = String::from_utf8_lossy(&text[span.start..span.end]);
        format!("{}:{} '{there}' {}", span.line, span.column, problem.code)
    };
    problems.iter().map(place).collect()
}

#[test]
fn every_document_with_a_name_is_an_entity() {
    let text = [group("a"), "---\n# nothing\n".to_owned(), group("b")].concat();
    let parsed = read(text.as_bytes());
    assert_eq!(names(&parsed), ["a", "b"]);
    assert_eq!(parsed.entities[1].span.line, 11);
    assert!(
        parsed.problems.is_empty()
            && parsed
                .entities
                .iter()
                .all(|entity| entity.problems.is_empty())
    );
}

#[test]
fn problems_point_at_the_value_that_is_wrong() {
    let text = "apiVersion: backstage.io/v1alpha1
kind: Component
owner: me
metadata:
  name: my name
  labels:
    bad key: x
    tier: 1
  tags: [ok, Bad]
spec:
  type: service
  owner: 'group:'
  dependsOn:
    - orders
    - resource:db
";
    let parsed = read(text.as_bytes());
    assert_eq!(
        places(text.as_bytes(), &parsed.entities[0].problems),
        [
            "3:1 'owner' unknown-field",
            "5:9 'my name' invalid-name",
            "7:5 'bad key' invalid-key",
            "8:11 '1' wrong-type",
            "9:14 'Bad' invalid-tag",
            "10:1 'spec' missing-field",
            "12:10 ''group:'' invalid-entity-ref",
            "14:7 'orders' invalid-entity-ref",
        ]
    );
}

#[test]
fn places_count_characters_for_people_and_bytes_for_machines() {
    let text = "apiVersion: v1\nkind: Group\nmetadata: { title: Bücher, name: ä }\n";
    let parsed = read(text.as_bytes());
    assert_eq!(
        places(text.as_bytes(), &parsed.entities[0].problems),
        ["3:34 'ä' invalid-name", "1:13 'v1' unknown-api-version"]
    );
}

#[test]
fn a_broken_document_leaves_those_around_it() {
    let text = [
        group("a"),
        "---\nkind: [\n".to_owned(),
        group("b"),
        "---\na: 1\na: 2\n".to_owned(),
        group("c"),
    ]
    .concat();
    let parsed = read(text.as_bytes());
    assert_eq!(names(&parsed), ["a", "b", "c"]);
    let codes: Vec<&str> = parsed
        .problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect();
    assert_eq!(codes, ["yaml-syntax", "yaml-duplicate-key"]);
}

#[test]
fn a_document_that_is_no_entity_is_a_problem_of_the_text() {
    let text = "- a\n---\nhello\n---\nkind: Group\nmetadata: {}\n";
    let parsed = read(text.as_bytes());
    assert!(parsed.entities.is_empty());
    assert_eq!(
        parsed
            .problems
            .iter()
            .map(|problem| problem.message.as_str())
            .collect::<Vec<_>>(),
        [
            "this document is a list, and an entity is a mapping",
            "this document is a string, and an entity is a mapping",
            "`apiVersion` is missing, and every entity needs one",
            "`metadata.name` is missing, and every entity needs one",
        ]
    );
}

#[test]
fn an_entity_defined_twice_counts_once() {
    let text = [group("a"), group("b"), group("A")].concat();
    let parsed = read(text.as_bytes());
    assert_eq!(names(&parsed), ["a", "b"]);
    assert_eq!(
        parsed.problems[0].message,
        "`group:default/a` is defined in line 1 and again in line 17, and the first one counts"
    );
    assert_eq!(
        places(text.as_bytes(), &parsed.problems),
        ["21:9 'A' duplicate-entity"]
    );
}

#[test]
fn a_placeholder_is_judged_once_it_is_filled_in() {
    let text = "apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: pay
  description: { $text: ./about.txt }
spec:
  type: openapi
  lifecycle: production
  owner: payments
  definition:
    $text: ./openapi.yaml
";
    assert_eq!(read(text.as_bytes()).entities[0].problems, []);
    let text = text.replace("$text: ./openapi.yaml", "{ $text: a, $json: b }");
    assert_eq!(read(text.as_bytes()).entities[0].problems.len(), 1);
}

#[test]
fn a_byte_that_is_not_utf_8_breaks_only_its_document() {
    let mut text = group("a").into_bytes();
    text.extend(b"---\nkind: Gr\xFFup\nmetadata: { name: x }\n");
    text.extend(group("b").into_bytes());
    let parsed = read(&text);
    assert_eq!(names(&parsed), ["a", "b"]);
    assert_eq!(
        places(&text, &parsed.problems),
        ["10:9 '\u{FFFD}' not-utf-8"]
    );
}

#[test]
fn utf_16_is_recognised() {
    let text: Vec<u8> = "\u{FEFF}kind: Group\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let parsed = read(&text);
    assert!(parsed.entities.is_empty());
    assert_eq!(
        parsed.problems[0].message,
        "the text is UTF-16, and only UTF-8 is read"
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        places(&bytes, &read(&bytes).problems);
    }

    #[test]
    fn nothing_that_looks_like_an_entity_makes_it_panic(
        lines in prop::collection::vec("(---|kind: (Group|API|[a-z]{2})|apiVersion: backstage.io/v1alpha1|metadata:|  (name|tags|labels|links): ([a-zA-Z ]{0,3}|\\[a, 1\\]|\\{ a: 1 \\})|spec: ?(\\{ owner: ':' \\})?|  (owner|children|type): ?[\\[a:/{]{0,3})", 0..12)
    ) {
        let text = lines.join("\n");
        let parsed = read(text.as_bytes());
        places(text.as_bytes(), &parsed.problems);
        for entity in &parsed.entities {
            places(text.as_bytes(), &entity.problems);
        }
    }
}

#[test]
fn a_hostile_text_is_answered_in_time() {
    let labels: String = (0..100_000)
        .map(|number| format!("    Key{number} !: {number}\n"))
        .collect();
    let twins: String = (0..100_000)
        .map(|number| format!("    {}ey{}: x\n", ["k", "K"][number % 2], number / 2))
        .collect();
    let again = format!(
        "{}{}",
        "    a: x\n".repeat(1_000),
        "    zz: x\n".repeat(1_000)
    );
    for pairs in [labels, twins, again] {
        let text = format!("apiVersion: v1\nkind: Group\nmetadata:\n  name: a\n  labels:\n{pairs}");
        let parsed = read(text.as_bytes());
        let problems = parsed
            .entities
            .first()
            .map_or(&parsed.problems, |entity| &entity.problems);
        assert!((100..=103).contains(&problems.len()), "{}", problems.len());
        assert!(
            problems
                .iter()
                .any(|problem| problem.code == "more-problems")
        );
    }
}
