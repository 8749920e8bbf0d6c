//! What the catalog knows: kinds, relations, annotations, labels and tags.

use std::collections::BTreeSet;

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::kinds::{Field, Form, Kind, Kinds, RelationWords, Term};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Catalog;
use crate::permissions::ReadEntity;

/// Everything that entities may be and say, built-in and declared.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Model {
    /// The kinds, the built-in ones first.
    kinds: Vec<ModelKind>,
    /// How entities relate.
    relations: Vec<ModelRelation>,
    /// The annotations that are described; others may be used too.
    annotations: Vec<ModelTerm>,
    /// The labels that are described; others may be used too.
    labels: Vec<ModelTerm>,
    /// The tags that are described; others may be used too.
    tags: Vec<ModelTerm>,
}

/// A kind.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelKind {
    /// As entities write it, and what one and several of them are called.
    names: KindNames,
    /// What it is for.
    description: String,
    /// What its entities require, by `apiVersion` and `spec.type`.
    versions: Vec<KindVersion>,
}

/// What a kind is called.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KindNames {
    /// As entities write it, such as `Component`.
    kind: String,
    /// What one of them is called.
    singular: String,
    /// What several of them are called.
    plural: String,
}

/// What one `apiVersion`, or one `spec.type` of it, requires.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KindVersion {
    /// The version.
    api_version: String,
    /// The `spec.type` that it is for; without one, every other.
    #[serde(skip_serializing_if = "Option::is_none")]
    spec_type: Option<String>,
    /// What it is for, when that is more than what the kind is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The fields that name other entities.
    relation_fields: Vec<RelationField>,
    /// The JSON Schema of `spec`.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    spec_schema: serde_json::Value,
}

/// A field whose value, a reference or a list of them, makes relations.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RelationField {
    /// Where it is, such as `spec.owner`.
    path: String,
    /// The relation that it makes, such as `ownedBy`.
    relation: String,
    /// The kind that a reference may leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    default_kind: Option<String>,
    /// The only kinds that a reference may name.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_kinds: Option<Vec<String>>,
}

/// A relation and its reverse.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModelRelation {
    /// The kinds that it starts at.
    from_kind: BTreeSet<String>,
    /// The kinds that it usually leads to; none when any is as likely.
    to_kind: BTreeSet<String>,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Its type, and what that is called.
    forward: RelationName,
    /// Its type seen from the other end, and what that is called.
    reverse: RelationName,
}

/// One direction of a relation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RelationName {
    /// As entities show it, such as `ownedBy`.
    #[serde(rename = "type")]
    relation_type: String,
    /// What people call it, such as `owned by`.
    title: String,
}

/// An annotation, a label or a tag.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelTerm {
    /// As entities write it.
    name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// What it means.
    description: String,
    /// The JSON Schema of its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    schema: Option<serde_json::Value>,
}

/// Get what the catalog knows
///
/// Answers with the kinds, relations, annotations, labels and tags that are built in or declared in the files of
/// `catalog.model`. It changes only when the server starts anew.
#[utoipa::path(
    get,
    path = "/api/catalog/model",
    tag = "catalog",
    responses(
        (status = 200, description = "The model.", body = Model),
        (status = 403, description = "The caller may not read entities.", body = ErrorBody),
    )
)]
pub(super) async fn get_model(
    State(catalog): State<Catalog>,
    caller: Caller,
) -> Result<Json<Model>> {
    caller.may_some::<ReadEntity>()?;
    Ok(Json(Model::of(&catalog.inner().kinds)))
}

impl Model {
    fn of(kinds: &Kinds) -> Self {
        let terms = |terms: &[Term]| terms.iter().map(ModelTerm::of).collect();
        Self {
            kinds: kinds.iter().map(ModelKind::of).collect(),
            relations: kinds
                .relation_words()
                .iter()
                .map(|words| ModelRelation::of(words, kinds))
                .collect(),
            annotations: terms(kinds.annotations()),
            labels: terms(kinds.labels()),
            tags: terms(kinds.tags()),
        }
    }
}

impl ModelKind {
    fn of(kind: &Kind) -> Self {
        Self {
            names: KindNames {
                kind: kind.name().to_owned(),
                singular: kind.singular().to_owned(),
                plural: kind.plural().to_owned(),
            },
            description: kind.description().to_owned(),
            versions: kind.forms().iter().flat_map(KindVersion::all_of).collect(),
        }
    }
}

impl KindVersion {
    fn all_of(form: &Form) -> impl Iterator<Item = Self> {
        form.api_versions().iter().map(|api_version| Self {
            api_version: api_version.clone(),
            spec_type: form.spec_type().map(str::to_owned),
            description: form.description().map(str::to_owned),
            relation_fields: form.fields().iter().map(RelationField::of).collect(),
            spec_schema: form.schema().clone(),
        })
    }
}

impl RelationField {
    fn of(field: &Field) -> Self {
        Self {
            path: field.path().to_owned(),
            relation: field.pair().forward.clone(),
            default_kind: field.default_kind().map(str::to_owned),
            allowed_kinds: field.allowed_kinds().map(<[String]>::to_vec),
        }
    }
}

impl ModelRelation {
    fn of(words: &RelationWords, kinds: &Kinds) -> Self {
        let (mut from_kind, mut to_kind) = (BTreeSet::new(), BTreeSet::new());
        for kind in kinds.iter() {
            for field in kind.forms().iter().flat_map(Form::fields) {
                let named = field
                    .allowed_kinds()
                    .unwrap_or_default()
                    .iter()
                    .map(String::as_str);
                let named = named.chain(field.default_kind()).map(str::to_owned);
                if field.pair().forward == words.pair.forward {
                    from_kind.insert(kind.name().to_owned());
                    to_kind.extend(named);
                } else if field.pair().forward == words.pair.reverse {
                    to_kind.insert(kind.name().to_owned());
                    from_kind.extend(named);
                }
            }
        }
        let name = |relation_type: &str, title: &str| RelationName {
            relation_type: relation_type.to_owned(),
            title: title.to_owned(),
        };
        Self {
            from_kind,
            to_kind,
            description: words.description.clone(),
            forward: name(&words.pair.forward, &words.title),
            reverse: name(&words.pair.reverse, &words.reverse_title),
        }
    }
}

impl ModelTerm {
    fn of(term: &Term) -> Self {
        Self {
            name: term.name.clone(),
            title: term.title.clone(),
            description: term.description.clone(),
            schema: term.schema.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::sketch::Api;

    fn named<'v>(list: &'v Value, pointer: &str, name: &str) -> &'v Value {
        let mut items = list.as_array().unwrap().iter();
        items
            .find(|item| item.pointer(pointer).is_some_and(|found| found == name))
            .unwrap()
    }

    #[tokio::test]
    async fn kinds_relations_and_annotations_are_told() {
        let model = Api::with("").await.get_json("/model").await;

        let api = named(&model["kinds"], "/names/kind", "API");
        assert_eq!(api["names"]["plural"], "APIs");
        let types: Vec<&Value> = api["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| &v["specType"])
            .collect();
        assert!(types.contains(&&json!("mcp-server")) && types.contains(&&Value::Null));
        assert_eq!(
            api["versions"][0]["relationFields"][0],
            json!({ "path": "spec.owner", "relation": "ownedBy", "defaultKind": "Group" })
        );
        assert_eq!(
            *named(&model["relations"], "/forward/type", "memberOf"),
            json!({
                "fromKind": ["User"], "toKind": ["Group"],
                "description": "The group that a user belongs to.",
                "forward": { "type": "memberOf", "title": "member of" },
                "reverse": { "type": "hasMember", "title": "has member" },
            })
        );
        let orphan = named(&model["annotations"], "/name", "backstage.io/orphan");
        assert_eq!(orphan["title"], "Orphan");
    }
}
