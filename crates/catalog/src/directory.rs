//! The people and groups of the catalog, for signing in and for roles.

use std::fmt;

use callboard_auth::{Directory, Person, PersonQuery};
use callboard_model::{EntityRef, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Catalog;
use crate::query::Expression;

/// The most people that a query finds: more than one is as bad as none.
const MOST: usize = 2;
/// The most people that are looked at, whose annotations are alike but for upper and lower case.
const MOST_ALIKE: usize = 100;

/// The people and groups of a catalog. Who asks is the portal itself, so nothing is hidden from it.
pub(crate) struct People(pub(crate) Catalog);

#[derive(Deserialize)]
struct UserEntity {
    kind: String,
    metadata: Metadata,
    #[serde(default)]
    spec: Spec,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    annotations: Map<String, Value>,
}

#[derive(Default, Deserialize)]
struct Spec {
    #[serde(default)]
    profile: Profile,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    display_name: Option<String>,
    email: Option<String>,
    picture: Option<String>,
}

#[derive(Deserialize)]
struct Related {
    #[serde(default)]
    relations: Vec<Relation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relation {
    #[serde(rename = "type")]
    relation_type: String,
    target_ref: String,
}

impl People {
    fn found(&self, query: &PersonQuery) -> Vec<Vec<u8>> {
        let index = self.0.index().read();
        let ids: Vec<u32> = match query {
            PersonQuery::Ref(entity_ref) => index.id_of(entity_ref.as_str()).into_iter().collect(),
            PersonQuery::Values(values) => {
                let values = values.iter().map(|(key, value)| is(key, value));
                users(values).evaluate(&index).iter().take(MOST).collect()
            }
            PersonQuery::Annotation(name, value) => {
                let annotation = is(&format!("metadata.annotations.{name}"), value);
                let alike = users([annotation]).evaluate(&index);
                alike.iter().take(MOST_ALIKE).collect()
            }
        };
        let documents = ids.into_iter().filter_map(|id| index.json(id));
        documents.map(|json| json.bytes().to_vec()).collect()
    }
}

impl Directory for People {
    fn people(&self, query: &PersonQuery) -> Result<Vec<Person>> {
        let found = self.found(query);
        let entities = found.iter().filter_map(|json| user(json));
        let exactly = entities.filter(|entity| entity.is_exactly(query));
        Ok(exactly.filter_map(person).take(MOST).collect())
    }

    fn groups_of(&self, member: &EntityRef) -> Vec<EntityRef> {
        let json = {
            let index = self.0.index().read();
            let id = index.id_of(member.as_str());
            id.and_then(|id| index.json(id))
        };
        let Some(json) = json else {
            return Vec::new();
        };
        let Ok(related) = serde_json::from_slice::<Related>(&json.bytes()) else {
            return Vec::new();
        };
        let belongs =
            |relation: &Relation| matches!(relation.relation_type.as_str(), "memberOf" | "childOf");
        let relations = related.relations.into_iter().filter(belongs);
        let targets = relations.filter_map(|relation| relation.target_ref.parse().ok());
        targets
            .filter(|target: &EntityRef| target.kind() == "group")
            .collect()
    }

    fn revision(&self) -> u64 {
        u64::try_from(self.0.index().revision()).unwrap_or(0)
    }
}

impl fmt::Debug for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("People")
    }
}

impl UserEntity {
    /// Whether the index, to which upper and lower case are alike, found the right one.
    fn is_exactly(&self, query: &PersonQuery) -> bool {
        match query {
            PersonQuery::Ref(_) | PersonQuery::Values(_) => true,
            PersonQuery::Annotation(name, value) => {
                let annotation = self.metadata.annotations.get(name);
                annotation.and_then(Value::as_str) == Some(value)
            }
        }
    }
}

fn is(key: &str, value: &str) -> Expression {
    Expression::Is(key.to_lowercase(), value.to_lowercase())
}

fn users(like: impl IntoIterator<Item = Expression>) -> Expression {
    Expression::All([is("kind", "user")].into_iter().chain(like).collect())
}

/// The entity of a person, when it is one.
fn user(json: &[u8]) -> Option<UserEntity> {
    let entity: UserEntity = serde_json::from_slice(json).ok()?;
    entity.kind.eq_ignore_ascii_case("user").then_some(entity)
}

fn person(entity: UserEntity) -> Option<Person> {
    let namespace = entity.metadata.namespace.as_deref().unwrap_or("default");
    Some(Person {
        entity_ref: EntityRef::new("user", namespace, &entity.metadata.name).ok()?,
        display_name: entity.spec.profile.display_name,
        email: entity.spec.profile.email,
        picture: entity.spec.profile.picture,
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use callboard_db::{Database, Settings};
    use callboard_model::{Clock, Ids};
    use serde_json::{Value, json};

    use super::*;
    use crate::index::Change;
    use crate::{CatalogConfig, Foundations};

    async fn people() -> People {
        let foundations = Foundations {
            database: Database::open(&Settings::SqliteMemory).await.unwrap(),
            clock: Clock::manual(0),
            ids: Ids::counted(),
            working_directory: ".".into(),
            source: Default::default(),
        };
        let catalog = Catalog::open(foundations, CatalogConfig::default())
            .await
            .unwrap();
        let entity = |kind: &str, namespace: &str, name: &str, email: &str, relations: Value| {
            let entity = json!({
                "apiVersion": "v1", "kind": kind, "metadata": {
                    "name": name, "namespace": namespace,
                    "annotations": { "github.com/user-id": format!("U_{name}{namespace}") },
                },
                "spec": { "profile": { "email": email, "displayName": format!("The {name}") } },
                "relations": relations,
            });
            Change {
                entity_ref: EntityRef::new(kind, namespace, name).unwrap(),
                uid: Ids::random().uuid(),
                json: Some(Bytes::from(entity.to_string())),
            }
        };
        let relations = json!([
            { "type": "memberOf", "targetRef": "group:default/crew" },
            { "type": "ownerOf", "targetRef": "component:default/site" },
        ]);
        let parents = json!([
            { "type": "childOf", "targetRef": "group:default/all" },
            { "type": "hasMember", "targetRef": "user:default/ada" },
        ]);
        let changes = vec![
            entity("User", "default", "ada", "Ada@example.com", relations),
            entity("User", "default", "bob", "bob@example.com", json!([])),
            entity("User", "more", "bob", "bob@example.com", json!([])),
            entity("Component", "default", "eve", "eve@example.com", json!([])),
            entity("Group", "default", "crew", "crew@example.com", parents),
        ];
        catalog.index().apply(changes, 7);
        People(catalog)
    }

    fn named(people: &People, query: PersonQuery) -> Vec<String> {
        let found = people.people(&query).unwrap();
        let refs = found.iter().map(|person| person.entity_ref.to_string());
        refs.collect()
    }

    fn by_email(text: &str) -> PersonQuery {
        PersonQuery::Values(vec![("spec.profile.email".to_owned(), text.to_owned())])
    }

    fn by_ref(text: &str) -> PersonQuery {
        PersonQuery::Ref(text.parse().unwrap())
    }

    #[tokio::test]
    async fn people_are_found_by_their_reference_and_by_values() {
        let people = people().await;

        assert_eq!(
            named(&people, by_email("ada@EXAMPLE.com")),
            ["user:default/ada"]
        );
        assert_eq!(
            named(&people, by_ref("user:default/ada")),
            ["user:default/ada"]
        );
        assert_eq!(named(&people, by_email("bob@example.com")).len(), 2);
        let nobody: [&str; 0] = [];
        assert_eq!(named(&people, by_email("eve@example.com")), nobody);
        assert_eq!(named(&people, by_ref("component:default/eve")), nobody);
    }

    #[tokio::test]
    async fn ids_of_other_systems_are_compared_letter_by_letter() {
        let people = people().await;
        let by_id =
            |id: &str| PersonQuery::Annotation("github.com/user-id".to_owned(), id.to_owned());

        assert_eq!(named(&people, by_id("U_bobmore")), ["user:more/bob"]);
        let nobody: [&str; 0] = [];
        assert_eq!(named(&people, by_id("u_bobmore")), nobody);
    }

    #[tokio::test]
    async fn a_person_has_a_profile_and_groups_and_groups_have_parents() {
        let people = people().await;
        let groups = |of: &str| {
            let groups = people.groups_of(&of.parse().unwrap());
            groups.iter().map(ToString::to_string).collect::<Vec<_>>()
        };

        let found = people.people(&by_email("ada@example.com")).unwrap();

        assert_eq!(found[0].display_name.as_deref(), Some("The ada"));
        assert_eq!(found[0].email.as_deref(), Some("Ada@example.com"));
        assert_eq!(groups("user:default/ada"), ["group:default/crew"]);
        assert_eq!(groups("group:default/crew"), ["group:default/all"]);
        assert_eq!(groups("user:default/nobody").len(), 0);
        assert_eq!(people.revision(), 7);
    }
}
