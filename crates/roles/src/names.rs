//! How roles, people and groups are named, as strictly as the RBAC plugin reads them.

use callboard_model::{EntityRef, Error, RefContext, Result, shortened};

/// The longest name or namespace.
const LONGEST: usize = 63;

/// The member of a role that is every caller.
pub(crate) const EVERYONE: &str = "everyone";

/// Checks a role's full name, such as `role:default/viewer`, and gives it back.
pub(crate) fn role(text: &str) -> Result<String> {
    let (kind, namespace, name) = split(text)?;
    if kind != "role" {
        return Err(wrong(text, "it is of the kind `role`"));
    }
    well_formed(text, namespace, name)?;
    Ok(text.to_owned())
}

/// A role's full name from a short one of the configuration, such as `viewer`.
pub(crate) fn short_role(text: &str) -> Result<String> {
    if text.contains(':') {
        return role(text);
    }
    match text.split_once('/') {
        Some((namespace, name)) => role(&format!("role:{namespace}/{name}")),
        None => role(&format!("role:default/{text}")),
    }
}

/// A person or a group, with its full name.
pub(crate) fn member(text: &str) -> Result<EntityRef> {
    let lower = text.to_lowercase();
    let (kind, namespace, name) = split(&lower)?;
    if !matches!(kind, "user" | "group") {
        return Err(wrong(text, "members are of the kinds `user` and `group`"));
    }
    well_formed(text, namespace, name)?;
    EntityRef::parse(&lower, RefContext::default()).map_err(|error| wrong(text, &error.to_string()))
}

fn split(text: &str) -> Result<(&str, &str, &str)> {
    let full = || {
        wrong(
            text,
            "it is written in full, as `<kind>:<namespace>/<name>`",
        )
    };
    let (kind, rest) = text.split_once(':').ok_or_else(full)?;
    let (namespace, name) = rest.split_once('/').ok_or_else(full)?;
    Ok((kind, namespace, name))
}

fn well_formed(text: &str, namespace: &str, name: &str) -> Result<()> {
    let parts = |part: &str, separators: &[char], upper: bool| {
        part.len() <= LONGEST
            && part.split(separators).all(|piece| {
                let fits =
                    |c: char| c.is_ascii_alphanumeric() && (upper || !c.is_ascii_uppercase());
                !piece.is_empty() && piece.chars().all(fits)
            })
    };
    if !parts(name, &['.', '_', '-'], true) {
        return Err(wrong(
            text,
            "a name is made of letters and digits, with single `-`, `_` or `.` between them, and has at most 63",
        ));
    }
    if !parts(namespace, &['-'], false) {
        return Err(wrong(
            text,
            "a namespace is made of small letters and digits, with single `-` between them, and has at most 63",
        ));
    }
    Ok(())
}

fn wrong(text: &str, rule: &str) -> Error {
    let message = format!("`{}` is not a name that fits: {rule}", shortened(text, 100));
    Error::invalid("role-name", message)
        .hint("write `role:default/viewer`, `user:default/ada` or `group:default/crew`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_full() {
        assert_eq!(
            role("role:default/Viewer_1").unwrap(),
            "role:default/Viewer_1"
        );
        assert_eq!(short_role("viewer").unwrap(), "role:default/viewer");
        assert_eq!(short_role("team/viewer").unwrap(), "role:team/viewer");
        assert_eq!(
            member("User:default/Ada").unwrap().as_str(),
            "user:default/ada"
        );
        for text in [
            "viewer",
            "role:viewer",
            "user:default/ada",
            "role:De/a",
            "role:default/a b",
            "role:default/a--b",
            "role:default/",
            "role:default/-",
        ] {
            assert!(role(text).is_err(), "{text}");
        }
        for text in [
            "role:default/a",
            "component:default/a",
            "ada",
            "user:/a",
            "everyone",
        ] {
            assert!(member(text).is_err(), "{text}");
        }
    }
}
