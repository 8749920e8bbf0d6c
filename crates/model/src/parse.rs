//! From text to entities.

use serde_json::Value;

use crate::kinds::Kinds;
use crate::{Entity, Problem, Span, validate, yaml};

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The entities, in the order of the text, broken ones included as far as they have a name.
    pub entities: Vec<ParsedEntity>,
    /// What is wrong with the text and belongs to no entity with a name.
    pub problems: Vec<Problem>,
}

/// One entity of a text.
#[derive(Clone, Debug)]
pub struct ParsedEntity {
    /// What the document says.
    pub entity: Entity,
    /// Where its document is.
    pub span: Span,
    /// What is wrong with it, each with its place in the text.
    pub problems: Vec<Problem>,
}

/// Reads every entity in `bytes`.
pub fn entities(bytes: &[u8], kinds: &Kinds, options: &yaml::Options) -> Parsed {
    let mut parsed = Parsed::default();
    let stream = yaml::parse(&String::from_utf8_lossy(bytes), options);
    parsed.problems = stream.problems;
    for document in stream.documents {
        let Value::Object(object) = document.value else {
            continue;
        };
        let entity = Entity::new(object);
        let mut problems = validate::envelope(&entity);
        problems.extend(kinds.validate(&entity));
        problems.extend(kinds.relations(&entity).1);
        parsed.entities.push(ParsedEntity {
            entity,
            span: document.span,
            problems,
        });
    }
    parsed
}
