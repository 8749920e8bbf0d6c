//! What policies can be about, and what they say: Backstage's operations around permissions (PERM-02, PERM-04).

mod apply_conditions;
mod authorize;
mod metadata;

use std::collections::BTreeMap;
use std::sync::Arc;

use callboard_auth::{PermissionInfo, ResourceRules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What every feature lets policies decide, by the feature's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions(Arc<BTreeMap<&'static str, Declared>>);

/// What one feature lets policies decide.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub(crate) permissions: Vec<PermissionInfo>,
    pub(crate) resources: Vec<Arc<dyn ResourceRules>>,
}

impl FromIterator<(&'static str, Declared)> for Permissions {
    /// A feature may hand itself over in several parts.
    fn from_iter<I: IntoIterator<Item = (&'static str, Declared)>>(parts: I) -> Self {
        let mut all: BTreeMap<_, Declared> = BTreeMap::new();
        for (feature, part) in parts {
            if !part.permissions.is_empty() || !part.resources.is_empty() {
                let known = all.entry(feature).or_default();
                known.permissions.extend(part.permissions);
                known.resources.extend(part.resources);
            }
        }
        Self(Arc::new(all))
    }
}

impl Permissions {
    fn of_plugin(&self, plugin: &str) -> Option<&Declared> {
        self.0.get(plugin)
    }

    fn named(&self, name: &str) -> Option<&PermissionInfo> {
        let mut all = self.0.values().flat_map(|declared| &declared.permissions);
        all.find(|permission| permission.name == name)
    }

    /// The things of a type, and the plugin that has them.
    fn resources(&self, resource_type: &str) -> Option<(&'static str, &dyn ResourceRules)> {
        let mut all = self.0.iter().flat_map(|(plugin, declared)| {
            let resources = declared.resources.iter();
            resources.map(|resource| (*plugin, resource.as_ref()))
        });
        all.find(|(_, resource)| resource.resource_type() == resource_type)
    }
}

/// A definite answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Verdict {
    /// They may.
    Allow,
    /// They may not.
    Deny,
}

impl From<bool> for Verdict {
    fn from(allowed: bool) -> Self {
        if allowed { Self::Allow } else { Self::Deny }
    }
}

/// One, or several.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
enum OneOrMany<T> {
    /// One.
    One(T),
    /// Several.
    Many(Vec<T>),
}

impl OneOrMany<String> {
    /// The same answers, in the same shape, as `judge` gives to all of them.
    fn judged<E>(
        &self,
        judge: impl FnOnce(&[&str]) -> Result<Vec<bool>, E>,
    ) -> Result<OneOrMany<Verdict>, E> {
        Ok(match self {
            Self::One(one) => {
                let allowed = judge(&[one])?;
                OneOrMany::One(allowed.first().is_some_and(|allowed| *allowed).into())
            }
            Self::Many(many) => {
                let refs: Vec<&str> = many.iter().map(String::as_str).collect();
                let verdicts = judge(&refs)?.into_iter().map(Verdict::from);
                OneOrMany::Many(verdicts.collect())
            }
        })
    }
}

/// The operations.
pub(super) fn routes(permissions: Permissions) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(metadata::get_permissions_metadata))
        .routes(routes!(apply_conditions::apply_permission_conditions))
        .routes(routes!(authorize::authorize))
        .routes(routes!(authorize::get_permission_health))
        .with_state(permissions)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use callboard_auth::Action;

    use super::*;

    fn declared(name: &'static str) -> Declared {
        Declared {
            permissions: vec![PermissionInfo {
                name: Cow::Borrowed(name),
                action: Some(Action::Create),
                resource_type: None,
            }],
            resources: Vec::new(),
        }
    }

    #[test]
    fn a_feature_in_several_parts_has_the_permissions_of_all_of_them() {
        let parts = [
            ("catalog", declared("a")),
            ("pages", Declared::default()),
            ("catalog", declared("b")),
        ];

        let all: Permissions = parts.into_iter().collect();

        assert!(all.of_plugin("pages").is_none());
        let names = all.of_plugin("catalog").unwrap().permissions.iter();
        assert_eq!(names.map(|one| &*one.name).collect::<Vec<_>>(), ["a", "b"]);
        assert!(all.named("b").is_some() && all.named("c").is_none());
    }
}
