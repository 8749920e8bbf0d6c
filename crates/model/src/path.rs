//! Places inside an entity as people write them, such as `metadata.tags[2]`.

use serde_json::{Map, Value};

/// `parent` and a key in it.
pub(crate) fn key(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

/// `parent` and what the JSON pointer `pointer` adds, where a number is a list's index.
pub(crate) fn below(parent: &str, pointer: &str) -> String {
    pointer
        .split('/')
        .skip(1)
        .fold(parent.to_owned(), |path, part| {
            if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("{path}[{part}]")
            } else {
                key(&path, &part.replace("~1", "/").replace("~0", "~"))
            }
        })
}

/// The deepest value on the way to a path.
pub(crate) struct Located<'v> {
    /// Its JSON pointer.
    pub(crate) pointer: String,
    /// The value; `None` is the root.
    pub(crate) value: Option<&'v Value>,
    /// Whether it is what the path names.
    pub(crate) whole: bool,
}

/// Follows `path` into `object` as far as it leads.
///
/// Keys may hold dots, as annotations do, so the longest key that fits is taken.
pub(crate) fn locate<'v>(object: &'v Map<String, Value>, path: &str) -> Located<'v> {
    let mut pointer = String::new();
    let mut next = member(object, path, &mut pointer);
    let mut value = None;
    let mut rest = path;
    while let Some((inner, after)) = next {
        (value, rest) = (Some(inner), after);
        next = match inner {
            Value::Object(object) => {
                member(object, rest.strip_prefix('.').unwrap_or(rest), &mut pointer)
            }
            Value::Array(items) => item(items, rest, &mut pointer),
            _ => None,
        };
    }
    Located {
        pointer,
        value,
        whole: rest.is_empty(),
    }
}

fn member<'v, 'p>(
    object: &'v Map<String, Value>,
    path: &'p str,
    pointer: &mut String,
) -> Option<(&'v Value, &'p str)> {
    if path.is_empty() {
        return None;
    }
    let fits = |key: &str| {
        path.strip_prefix(key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let (key, value) = object
        .iter()
        .filter(|(key, _)| fits(key))
        .max_by_key(|(key, _)| key.len())?;
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    Some((value, &path[key.len()..]))
}

fn item<'v, 'p>(
    items: &'v [Value],
    path: &'p str,
    pointer: &mut String,
) -> Option<(&'v Value, &'p str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    let value = items.get(index.parse::<usize>().ok()?)?;
    pointer.push('/');
    pointer.push_str(index);
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(path: &str) -> (String, bool) {
        let entity = json!({
            "metadata": { "tags": ["a", "b"], "annotations": { "a.b/c": "x", "a": { "b/c": 1 } } },
        });
        let located = locate(entity.as_object().unwrap(), path);
        (located.pointer, located.whole)
    }

    #[test]
    fn a_path_is_found_through_lists_and_dotted_keys() {
        assert_eq!(
            found("metadata.tags[1]"),
            ("/metadata/tags/1".to_owned(), true)
        );
        assert_eq!(
            found("metadata.annotations.a.b/c"),
            ("/metadata/annotations/a.b~1c".to_owned(), true)
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_gives_the_last_value_on_the_way() {
        assert_eq!(
            found("metadata.tags[7]"),
            ("/metadata/tags".to_owned(), false)
        );
        assert_eq!(found("metadata.name"), ("/metadata".to_owned(), false));
        assert_eq!(found("spec.owner"), (String::new(), false));
    }

    #[test]
    fn a_pointer_is_written_as_people_write_it() {
        assert_eq!(below("spec", "/dependsOn/2"), "spec.dependsOn[2]");
        assert_eq!(below("", "/a~1b/c~0d"), "a/b.c~d");
    }
}
