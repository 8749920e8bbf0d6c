//! The operations of the catalog, as the portal describes them itself: one that is added is tested by being described.

use axum::body::Body;
use axum::http::{Method, Request};
use callboard_testkit::{Answer, TestApp};
use serde_json::{Map, Value, json};

/// What is asked for in place of a part of a path, by the part's name.
const PARTS: [(&str, &str); 5] = [
    ("kind", "component"),
    ("namespace", "default"),
    ("name", "checkout"),
    ("uid", UNKNOWN),
    ("id", UNKNOWN),
];
/// An id that nobody has.
const UNKNOWN: &str = "a8098c1a-f86e-41da-bd1a-00112444be1e";

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// With its parts in braces.
    path: String,
    pub(crate) parts: Vec<String>,
    pub(crate) parameters: Vec<String>,
    /// A body that is right, if it takes one.
    pub(crate) body: Option<Map<String, Value>>,
}

impl Operation {
    /// All of the catalog's, except the change feed, whose answer has no end.
    pub(crate) async fn all(app: &TestApp) -> Vec<Self> {
        let description = app.get("/api/openapi.json").await.json();
        let mut all = Vec::new();
        for (path, operations) in description["paths"]
            .as_object()
            .expect("paths are described")
        {
            if !path.starts_with("/api/catalog/") || path.ends_with("/stream") {
                continue;
            }
            for (method, operation) in operations.as_object().expect("a path has operations") {
                all.push(Self::described(&description, path, method, operation));
            }
        }
        assert!(all.len() >= 24, "{} operations are described", all.len());
        all
    }

    fn described(description: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let named = |place: &str| {
            let parameters = operation["parameters"].as_array();
            let parameters = parameters.into_iter().flatten();
            let of_place = parameters.filter(|parameter| parameter["in"] == place);
            of_place
                .map(|parameter| {
                    parameter["name"]
                        .as_str()
                        .expect("a parameter has a name")
                        .to_owned()
                })
                .collect()
        };
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        Self {
            method: method.to_uppercase().parse().expect("it is a method"),
            path: path.to_owned(),
            parts: named("path"),
            parameters: named("query"),
            body: schema.is_object().then(|| {
                let body = sample(description, schema, "");
                body.as_object().expect("every body is an object").clone()
            }),
        }
    }

    /// Its path, with `value` in the place of the part `name`.
    pub(crate) fn path_with(&self, name: &str, value: &str) -> String {
        let mut path = self.path.clone();
        for part in &self.parts {
            let usual = PARTS.iter().find(|(known, _)| known == part);
            let (_, usual) = usual.unwrap_or_else(|| panic!("{self}: what is `{part}`?"));
            let value = if part == name { value } else { usual };
            path = path.replace(&format!("{{{part}}}"), value);
        }
        path
    }

    /// Its path.
    pub(crate) fn path(&self) -> String {
        self.path_with("", "")
    }

    /// Asks with this path and query, and the usual body.
    pub(crate) async fn ask(&self, app: &TestApp, path: &str) -> Answer {
        match &self.body {
            Some(body) => {
                let body = Value::from(body.clone()).to_string();
                self.send(app, path, Some("application/json"), body).await
            }
            None => self.send(app, path, None, "").await,
        }
    }

    /// Asks with this body.
    pub(crate) async fn ask_with(&self, app: &TestApp, body: impl Into<Body>) -> Answer {
        self.send(app, &self.path(), Some("application/json"), body)
            .await
    }

    /// Sends a request.
    pub(crate) async fn send(
        &self,
        app: &TestApp,
        path: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(self.method.clone()).uri(path);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(body.into());
        app.send(request.unwrap_or_else(|error| panic!("{path}: {error}")))
            .await
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A value that fits a schema, and what is asked of the property `name` where that matters.
fn sample(description: &Value, schema: &Value, name: &str) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference
            .strip_prefix('#')
            .expect("it is in the description");
        return sample(
            description,
            description.pointer(pointer).expect("it is described"),
            name,
        );
    }
    let one_of = schema["oneOf"].as_array().into_iter().flatten();
    if let Some(one) = one_of.into_iter().find(|one| one["type"] != "null") {
        return sample(description, one, name);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let types = &schema["type"];
    let is = |name: &str| {
        let several = types.as_array().into_iter().flatten();
        types == name || several.into_iter().any(|one| one == name)
    };
    match name {
        "cursor" => json!("bm9uZQ=="),
        // Nothing is read from it: no host is allowed.
        "target" => json!("https://127.0.0.1:1/catalog-info.yaml"),
        "entityRef" => json!("component:default/checkout"),
        "catalogFilename" => json!("catalog-info.yaml"),
        "location" if is("string") => json!("url:https://127.0.0.1:1/catalog-info.yaml"),
        "type" => json!("url"),
        _ if is("object") || schema["properties"].is_object() => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let known = properties.map(|(name, of)| (name.clone(), sample(description, of, name)));
            Value::Object(known.collect())
        }
        _ if is("array") => json!([sample(description, &schema["items"], "")]),
        _ if is("integer") => json!(1),
        _ if is("boolean") => json!(false),
        _ if is("string") => json!("kind"),
        _ => panic!("what is `{name}`? {schema}"),
    }
}
