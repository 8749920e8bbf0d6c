//! Built-in placeholders, one file each.

mod bundle;
mod data;
mod pointer;
mod yaml_text;

pub(crate) use bundle::Bundle;
pub(crate) use data::{Json, Text, Yaml};

use callboard_model::{LocationRef, Problem};

use crate::placeholder::Documents;

/// The place that a placeholder names: in the same repository as its entity.
fn own_place(target: &str, documents: &Documents<'_>) -> Result<LocationRef, Problem> {
    let place = documents.locate(target, documents.base())?;
    documents.in_same_repository(&place)?;
    Ok(place)
}
