//! A portal with nothing but roles, things to be permitted, and people who say who they are.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, Request};
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    Action, Audit, AuditEvent, AuditLog, Authenticator, Caller, Conditions, Credentials, Directory,
    Found, Gate, ParamInfo, ParamKind, PermissionInfo, Person, PersonQuery, Principal,
    ResourceRules, RuleInfo, Strangers, admit,
};
use callboard_db::Database;
use callboard_db::testing::TestDatabase;
use callboard_feature::{Feature, Features};
use callboard_http::Edge;
use callboard_model::{Clock, EntityRef, Ids, Result};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Foundations, PermissionSettings, Roles};

/// Groups: everybody whose name begins with `c` is of the crew, and the crew is of the house.
#[derive(Debug)]
pub(super) struct House;

impl Directory for House {
    fn people(&self, _: &PersonQuery) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }

    fn groups_of(&self, member: &EntityRef) -> Vec<EntityRef> {
        let group = match (member.kind(), member.name()) {
            ("group", "crew") => "group:default/house",
            ("user", name) if name.starts_with('c') => "group:default/crew",
            _ => return Vec::new(),
        };
        vec![group.parse().unwrap()]
    }

    fn revision(&self) -> u64 {
        1
    }
}

/// Ten things, `thing-0` to `thing-9`; the rule `BELOW` is true for those with smaller numbers, and `OWNS` for the
/// first of them when whoever asks is `cora`.
#[derive(Debug)]
pub(super) struct Things;

static RULES: [RuleInfo; 2] = [
    RuleInfo {
        name: "BELOW",
        description: "Things with smaller numbers",
        resource_type: "thing",
        params: &[ParamInfo {
            name: "number",
            description: "The first that is not",
            kind: ParamKind::Text,
            required: true,
        }],
    },
    RuleInfo {
        name: "OWNS",
        description: "The first thing, which is Cora's",
        resource_type: "thing",
        params: &[ParamInfo {
            name: "claims",
            description: "Who asks",
            kind: ParamKind::Texts,
            required: true,
        }],
    },
];

fn is_like(tree: &Conditions, number: u32) -> bool {
    match tree {
        Conditions::AllOf(trees) => trees.iter().all(|tree| is_like(tree, number)),
        Conditions::AnyOf(trees) => trees.iter().any(|tree| is_like(tree, number)),
        Conditions::Not(tree) => !is_like(tree, number),
        Conditions::Rule(used) if used.rule == "BELOW" => {
            number < used.params["number"].as_str().unwrap().parse().unwrap()
        }
        Conditions::Rule(used) => {
            let claims = used.params["claims"].as_array().unwrap();
            number == 0 && claims.contains(&json!("user:default/cora"))
        }
    }
}

impl ResourceRules for Things {
    fn resource_type(&self) -> &'static str {
        "thing"
    }

    fn rules(&self) -> &'static [RuleInfo] {
        &RULES
    }

    fn judge(&self, _: &Caller, conditions: &Conditions, refs: &[&str]) -> Result<Vec<bool>> {
        let number = |thing: &&str| thing.trim_start_matches("thing-").parse().unwrap_or(99);
        Ok(refs
            .iter()
            .map(|thing| is_like(conditions, number(thing)))
            .collect())
    }

    fn find(&self, _: &Caller, tree: Option<&Conditions>, most: usize) -> Result<Option<Found>> {
        let found = (0..10).filter(|number| tree.is_none_or(|tree| is_like(tree, *number)));
        let refs: Vec<String> = found.map(|number| format!("thing-{number}")).collect();
        Ok(Some(Found {
            total: refs.len(),
            refs: refs.into_iter().take(most).collect(),
        }))
    }
}

/// Believes the header `x-user`; a text without a colon is a program.
#[derive(Debug)]
struct Believes;

#[async_trait]
impl Authenticator for Believes {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Credentials>> {
        let shown = request
            .headers
            .get("x-user")
            .map(|text| text.to_str().unwrap());
        Ok(shown.map(|text| match text.parse::<EntityRef>() {
            Ok(user) => Credentials::of(Principal::user(user.clone(), vec![user])),
            Err(_) => Credentials::of(Principal::service(text)),
        }))
    }
}

/// What was written down.
#[derive(Debug, Default)]
pub(super) struct Written(Mutex<Vec<AuditEvent>>);

impl Written {
    pub(super) fn events(&self) -> Vec<String> {
        let events = self.0.lock().unwrap();
        let told = events.iter().map(|event| {
            let actor = event.actor.as_deref().unwrap_or("nobody");
            format!("{} by {actor}", event.event)
        });
        told.collect()
    }
}

impl AuditLog for Written {
    fn record(&self, event: AuditEvent) {
        self.0.lock().unwrap().push(event);
    }
}

pub(super) struct Stage {
    pub(super) roles: Roles,
    pub(super) written: Arc<Written>,
    pub(super) database: Database,
    router: Router,
    _test_database: TestDatabase,
}

/// The permissions to do something to things, and one that is about nothing single.
pub(super) fn permissions() -> Vec<PermissionInfo> {
    let about = |name, action, resource_type: Option<&'static str>| PermissionInfo {
        name: Cow::Borrowed(name),
        action,
        resource_type: resource_type.map(Cow::Borrowed),
    };
    vec![
        about("thing.read", Some(Action::Read), Some("thing")),
        about("thing.delete", Some(Action::Delete), Some("thing")),
        about("thing.create", Some(Action::Create), None),
    ]
}

pub(super) async fn open(database: &Database, settings: &Value, directory: PathBuf) -> Roles {
    let foundations = Foundations {
        database: database.clone(),
        clock: Clock::manual(1_767_225_600_000),
        working_directory: directory,
    };
    let settings: PermissionSettings = serde_json::from_value(settings.clone()).unwrap();
    Roles::open(foundations, settings, Arc::new(House))
        .await
        .unwrap()
}

impl Stage {
    /// Roles whose administrator is Eve, by the configuration.
    pub(super) async fn new() -> Self {
        Self::configured(json!({ "roles": { "admin": ["user:default/eve"] } })).await
    }

    pub(super) async fn configured(mut settings: Value) -> Self {
        settings["enabled"] = json!(true);
        let test_database = TestDatabase::new().await;
        let database = test_database.open().await;
        let roles = open(&database, &settings, ".".into()).await;
        Self::around(roles, database, test_database)
    }

    /// The same portal after a start with another configuration.
    pub(super) fn again(self, roles: Roles) -> Self {
        Self::around(roles, self.database, self._test_database)
    }

    fn around(roles: Roles, database: Database, test_database: TestDatabase) -> Self {
        let things = Feature::new("things")
            .permissions(permissions())
            .resource(Arc::new(Things));
        let feature = crate::feature(&roles, &Features::collect([things]));
        let written = Arc::new(Written::default());
        let audit = Audit::kept_by(Arc::clone(&written) as Arc<dyn AuditLog>);
        let strangers = Strangers::AreGuests;
        let gate = Gate::with(roles.policy(), Arc::new(Believes), strangers, audit);
        let parts = Features::collect([feature]).into_parts().remove(0);
        let (router, _) = parts
            .routes
            .layer(from_fn_with_state(gate, admit))
            .split_for_parts();
        Self {
            roles,
            written,
            database,
            router: Edge::new(Ids::counted(), &mut Registry::default()).wrap(router),
            _test_database: test_database,
        }
    }

    /// Asks as somebody: the status and the JSON of the answer.
    pub(super) async fn ask(
        &self,
        user: &str,
        (method, path): (Method, &str),
        body: Value,
    ) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/permission{path}"))
            .header("x-user", user)
            .header("content-type", "application/json");
        let body = match body {
            Value::Null => Body::empty(),
            json => Body::from(json.to_string()),
        };
        let answer = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }

    pub(super) async fn get(&self, user: &str, path: &str) -> (u16, Value) {
        self.ask(user, (Method::GET, path), Value::Null).await
    }

    pub(super) async fn post(&self, user: &str, path: &str, body: Value) -> (u16, Value) {
        self.ask(user, (Method::POST, path), body).await
    }

    pub(super) async fn put(&self, user: &str, path: &str, body: Value) -> (u16, Value) {
        self.ask(user, (Method::PUT, path), body).await
    }

    pub(super) async fn delete(&self, user: &str, path: &str, body: Value) -> (u16, Value) {
        self.ask(user, (Method::DELETE, path), body).await
    }

    /// Makes a role with members and policies such as `thing read allow`.
    pub(super) async fn role(&self, name: &str, members: &[&str], policies: &[&str]) {
        let body = json!({ "name": name, "memberReferences": members });
        assert_eq!(self.post(EVE, "/roles", body).await.0, 201);
        let policies: Vec<Value> = policies.iter().map(|text| policy(name, text)).collect();
        if !policies.is_empty() {
            assert_eq!(self.post(EVE, "/policies", json!(policies)).await.0, 201);
        }
    }
}

pub(super) const EVE: &str = "user:default/eve";
pub(super) const BOB: &str = "user:default/bob";

/// A policy written `thing read allow`.
pub(super) fn policy(role: &str, text: &str) -> Value {
    let mut parts = text.split(' ');
    let mut next = || parts.next().unwrap();
    json!({ "entityReference": role, "permission": next(), "policy": next(), "effect": next() })
}

/// A condition on reading or deleting things.
pub(super) fn condition(role: &str, name: &str, rule: &Value) -> Value {
    let action = name.rsplit('.').next().unwrap();
    json!({
        "result": "CONDITIONAL", "roleEntityRef": role, "pluginId": "things", "resourceType": "thing",
        "permissionMapping": [{ "name": name, "action": action }], "conditions": rule,
    })
}

pub(super) fn below(number: u32) -> Value {
    json!({ "rule": "BELOW", "resourceType": "thing", "params": { "number": number.to_string() } })
}
