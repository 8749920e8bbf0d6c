//! Which kinds a location may bring in (CAT-42).

use callboard_model::{Entity, LocationRef};
use globset::{GlobBuilder, GlobSet};

/// The rules in their order; an entity is allowed when any rule for its origin allows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules(pub(crate) Vec<Rule>);

/// Some kinds, allowed from some locations.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) allow: Vec<AllowedKind>,
    /// From everywhere when missing.
    pub(crate) locations: Option<Vec<LocationMatch>>,
}

/// A kind, perhaps of one type only; compared without regard to case.
#[derive(Clone, Debug)]
pub(crate) struct AllowedKind {
    pub(crate) kind: String,
    pub(crate) spec_type: Option<String>,
}

/// A location that a rule is about.
#[derive(Clone, Debug)]
pub(crate) struct LocationMatch {
    pub(crate) location_type: String,
    pub(crate) target: TargetMatch,
}

/// How the location's target is compared.
#[derive(Clone, Debug)]
pub(crate) enum TargetMatch {
    Any,
    Exact(String),
    Pattern(GlobSet),
}

impl TargetMatch {
    /// A pattern as Backstage reads it: without regard to case, and `*` also takes leading dots.
    pub(crate) fn pattern(glob: &str) -> Result<Self, globset::Error> {
        let glob = GlobBuilder::new(glob)
            .case_insensitive(true)
            .literal_separator(true)
            .build()?;
        // A set of one refuses what is nested too deeply, where a matcher by itself panics.
        GlobSet::builder().add(glob).build().map(Self::Pattern)
    }
}

impl Rules {
    /// Whether `entity` may come in from `origin`.
    pub(crate) fn allow(&self, entity: &Entity, origin: &LocationRef) -> bool {
        self.0.iter().any(|rule| {
            rule.is_about(origin) && rule.allow.iter().any(|allowed| allowed.matches(entity))
        })
    }
}

impl Rule {
    fn is_about(&self, origin: &LocationRef) -> bool {
        let Some(locations) = &self.locations else {
            return true;
        };
        locations.iter().any(|location| {
            location.location_type == origin.kind
                && match &location.target {
                    TargetMatch::Any => true,
                    TargetMatch::Exact(target) => *target == origin.target,
                    TargetMatch::Pattern(glob) => glob.is_match(&origin.target),
                }
        })
    }
}

impl AllowedKind {
    fn matches(&self, entity: &Entity) -> bool {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        let kind_fits = entity.kind().is_some_and(|kind| same(kind, &self.kind));
        let type_fits = self.spec_type.as_deref().is_none_or(|wanted| {
            let found = entity.spec().and_then(|spec| spec.get("type")?.as_str());
            found.is_some_and(|found| same(found, wanted))
        });
        kind_fits && type_fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(kind: &str, spec_type: &str) -> Entity {
        serde_json::from_value(serde_json::json!({ "kind": kind, "spec": { "type": spec_type } }))
            .unwrap()
    }

    fn rule(kind: &str, spec_type: Option<&str>, locations: Option<Vec<LocationMatch>>) -> Rule {
        let allow = vec![AllowedKind {
            kind: kind.into(),
            spec_type: spec_type.map(str::to_owned),
        }];
        Rule { allow, locations }
    }

    #[test]
    fn nothing_is_allowed_without_a_rule() {
        assert!(!Rules::default().allow(&entity("Component", "service"), &LocationRef::file("/a")));
    }

    #[test]
    fn a_rule_may_ask_for_a_type() {
        let rules = Rules(vec![rule("template", Some("Website"), None)]);
        assert!(rules.allow(&entity("Template", "website"), &LocationRef::file("/a")));
        assert!(!rules.allow(&entity("Template", "service"), &LocationRef::file("/a")));
    }

    #[test]
    fn a_rule_may_be_about_some_locations_only() {
        let about = |target| {
            Some(vec![LocationMatch {
                location_type: "file".into(),
                target,
            }])
        };
        let exact = Rules(vec![rule(
            "User",
            None,
            about(TargetMatch::Exact("/org.yaml".into())),
        )]);
        assert!(exact.allow(&entity("User", ""), &LocationRef::file("/org.yaml")));
        assert!(!exact.allow(&entity("User", ""), &LocationRef::file("/other.yaml")));
        assert!(!exact.allow(&entity("User", ""), &LocationRef::new("url", "/org.yaml")));

        let pattern = Rules(vec![rule(
            "User",
            None,
            about(TargetMatch::pattern("/ORG/**").unwrap()),
        )]);
        assert!(pattern.allow(
            &entity("User", ""),
            &LocationRef::file("/org/.teams/a.yaml")
        ));
        assert!(!pattern.allow(&entity("User", ""), &LocationRef::file("/apps/a.yaml")));
    }
}
