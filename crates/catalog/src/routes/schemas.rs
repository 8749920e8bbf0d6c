//! The shape of entities in the API's description. Entities are sent as they are stored; these types
//! only describe them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One thing in the catalog: a component, an API, a team.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entity {
    /// The version of the format, such as `backstage.io/v1alpha1`.
    api_version: String,
    /// What sort of thing it is, such as `Component`.
    kind: String,
    /// What it is called and how it is described.
    metadata: Metadata,
    /// What is particular to the kind.
    #[schema(required = false)]
    spec: BTreeMap<String, Value>,
    /// How it relates to other entities.
    #[schema(required = false)]
    relations: Vec<Relation>,
    /// What is wrong with it.
    #[schema(required = false)]
    status: Status,
}

/// What an entity is called and how it is described. Further keys are allowed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Metadata {
    /// The id that the server gave it.
    #[schema(required = false)]
    uid: String,
    /// Changes whenever the entity does.
    #[schema(required = false)]
    etag: String,
    /// Its name, unique among its kind and namespace.
    name: String,
    /// Its namespace; `default` when it has none.
    #[schema(required = false)]
    namespace: String,
    /// A name for people.
    #[schema(required = false)]
    title: String,
    /// What it is, in a sentence.
    #[schema(required = false)]
    description: String,
    /// Short values that other systems select by.
    #[schema(required = false)]
    labels: BTreeMap<String, String>,
    /// Values that tools attach.
    #[schema(required = false)]
    annotations: BTreeMap<String, String>,
    /// Single words to find it by.
    #[schema(required = false)]
    tags: Vec<String>,
    /// Pages about it elsewhere.
    #[schema(required = false)]
    links: Vec<Link>,
    /// Anything else.
    #[serde(flatten)]
    #[schema(value_type = BTreeMap<String, Value>)]
    others: BTreeMap<String, Value>,
}

/// A page about an entity elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Link {
    /// Where it is.
    url: String,
    /// What to call it.
    #[schema(required = false)]
    title: String,
    /// The name of an icon.
    #[schema(required = false)]
    icon: String,
    /// What sort of page it is.
    #[schema(required = false)]
    r#type: String,
}

/// How an entity relates to another one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relation {
    /// Its type, such as `ownedBy`.
    r#type: String,
    /// The reference of the other entity, such as `group:default/payments`.
    target_ref: String,
}

/// What is wrong with an entity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Status {
    /// One thing each.
    #[schema(required = false)]
    items: Vec<StatusItem>,
}

/// One thing to say about the state of an entity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusItem {
    /// Who says it, such as `backstage.io/catalog-processing`.
    r#type: String,
    /// How bad it is.
    level: StatusLevel,
    /// What it is.
    message: String,
    /// The error behind it.
    #[schema(required = false)]
    error: StatusError,
}

/// How bad it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes JSON that is sent as it is stored")]
pub(super) enum StatusLevel {
    /// Worth knowing.
    Info,
    /// May be wrong.
    Warning,
    /// Is wrong.
    Error,
}

/// The error behind a status item.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusError {
    /// Its class, such as `InputError`.
    name: String,
    /// What went wrong.
    message: String,
}
