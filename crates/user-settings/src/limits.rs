//! How much somebody may keep: what everybody may write has to end somewhere.

use callboard_model::{Error, ErrorKind, Result};

/// The most bytes of a bucket's name, and of a key; those of Backstage's table.
const LONGEST_NAME: usize = 255;
/// The most bytes of a value as JSON.
pub(crate) const LARGEST_VALUE: usize = 64 * 1024;
/// The most settings of one person.
pub(crate) const MOST_SETTINGS: i64 = 1_000;
/// The most settings that one request asks for; Backstage's client asks for 100.
pub(crate) const MOST_ASKED: usize = 1_000;

/// Checks the names of a setting.
///
/// # Errors
/// `Invalid`, when one is empty or too long.
pub(crate) fn check_names(bucket: &str, key: &str) -> Result<()> {
    for (what, name) in [("bucket", bucket), ("key", key)] {
        if name.is_empty() || name.len() > LONGEST_NAME {
            let message = format!("the {what} is empty or longer than {LONGEST_NAME} bytes");
            return Err(Error::invalid("setting-name", message));
        }
        if name.contains('\0') {
            let message = format!("the {what} has a character that no name has: U+0000");
            return Err(Error::invalid("setting-name", message));
        }
    }
    Ok(())
}

/// Checks a value, written as JSON.
///
/// # Errors
/// `Invalid`, when it is too large.
pub(crate) fn check_value(json: &str) -> Result<()> {
    if json.len() > LARGEST_VALUE {
        let message = format!(
            "`value` has {} bytes as JSON, and {LARGEST_VALUE} are allowed",
            json.len()
        );
        return Err(Error::invalid("setting-too-large", message));
    }
    Ok(())
}

/// What somebody is told who has too many.
pub(crate) fn too_many(user: &str) -> Error {
    let message = format!("`{user}` keeps {MOST_SETTINGS} settings already");
    Error::new(ErrorKind::Conflict, "too-many-settings", message)
        .hint("remove those that are not used")
}
