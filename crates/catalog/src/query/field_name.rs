//! Names of fields, as requests write them.

use callboard_model::{Error, Result};

/// A longer name is refused. No key in the index has more than 200 bytes.
const LONGEST: usize = 500;
/// Of a name that is refused, so many characters are told.
const TOLD: usize = 60;

/// Refuses a name that no field can have.
pub(crate) fn check(name: &str) -> Result<()> {
    if name.len() <= LONGEST {
        return Ok(());
    }
    let start: String = name.chars().take(TOLD).collect();
    let message = format!(
        "the name of a field has {} bytes, and none has more than {LONGEST}: it begins with `{start}`",
        name.len()
    );
    Err(Error::invalid("field-too-long", message).hint("write a dotted path such as `spec.type`"))
}
