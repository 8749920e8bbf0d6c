//! What a token is for, when it is not for everything (AUTH-09).

use callboard_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

use crate::{Action, PermissionInfo};

/// The parts of the portal that a token is for. What is named in none of them it may not do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Restrictions(pub Vec<Restriction>);

/// One part of the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Restriction {
    /// The plugin whose operations may be called, such as `catalog`; those of all when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// The permissions that may be used; all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// What may be done; everything when there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

impl Restrictions {
    /// The parts that hold for the operations of `plugin`.
    ///
    /// # Errors
    /// `Forbidden`, in Backstage's words, when none does.
    pub fn for_plugin(&self, plugin: Option<&str>) -> Result<Self> {
        let holds = |part: &&Restriction| {
            part.plugin.is_none() || (plugin.is_some() && part.plugin.as_deref() == plugin)
        };
        let parts: Vec<_> = self.0.iter().filter(holds).cloned().collect();
        if parts.is_empty() {
            return Err(self.elsewhere());
        }
        Ok(Self(parts))
    }

    fn elsewhere(&self) -> Error {
        let plugins = self.0.iter().filter_map(|part| part.plugin.as_deref());
        let plugins: Vec<_> = plugins.map(|plugin| format!("'{plugin}'")).collect();
        let message = format!(
            "This token's access is restricted to plugin(s) {}",
            plugins.join(", ")
        );
        Error::new(ErrorKind::Forbidden, "token-restricted", message)
            .hint("use a token that is meant for this part of the portal")
    }

    /// Whether one of the parts lets `permission` be used.
    pub(crate) fn allow(&self, permission: &PermissionInfo) -> bool {
        self.0.iter().any(|part| part.allows(permission))
    }

    /// Whether one of the parts lets something be done that no permission is asked for, such as changing one's own
    /// settings.
    pub(crate) fn allow_unnamed(&self, action: Action) -> bool {
        let fits = |part: &Restriction| {
            part.permissions.is_empty()
                && (part.actions.is_empty() || part.actions.contains(&action))
        };
        self.0.iter().any(fits)
    }
}

impl Restriction {
    fn allows(&self, permission: &PermissionInfo) -> bool {
        let named = self.permissions.is_empty()
            || self.permissions.iter().any(|name| *name == permission.name);
        let acts = self.actions.is_empty()
            || permission
                .action
                .is_some_and(|action| self.actions.contains(&action));
        named && acts
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn permission(name: &'static str, action: Action) -> PermissionInfo {
        PermissionInfo {
            name: Cow::Borrowed(name),
            action: Some(action),
            resource_type: None,
        }
    }

    fn part(plugin: Option<&str>, permissions: &[&str], actions: &[Action]) -> Restriction {
        Restriction {
            plugin: plugin.map(str::to_owned),
            permissions: permissions.iter().map(|&name| name.to_owned()).collect(),
            actions: actions.to_vec(),
        }
    }

    #[test]
    fn a_token_is_for_its_plugins_alone() {
        let restrictions = Restrictions(vec![
            part(Some("catalog"), &[], &[]),
            part(Some("search"), &[], &[]),
        ]);

        assert_eq!(restrictions.for_plugin(Some("catalog")).unwrap().0.len(), 1);
        for elsewhere in [Some("scaffolder"), None] {
            let error = restrictions.for_plugin(elsewhere).unwrap_err();
            assert_eq!(
                error.message(),
                "This token's access is restricted to plugin(s) 'catalog', 'search'"
            );
        }
    }

    #[test]
    fn a_part_for_every_plugin_holds_everywhere() {
        let restrictions = Restrictions(vec![part(None, &[], &[Action::Read])]);

        let here = restrictions.for_plugin(Some("todo")).unwrap();

        assert!(here.allow(&permission("todo.read", Action::Read)));
        assert!(!here.allow(&permission("todo.update", Action::Update)));
        assert!(here.allow_unnamed(Action::Read) && !here.allow_unnamed(Action::Update));
    }

    #[test]
    fn permissions_and_actions_narrow_each_other() {
        let restrictions = Restrictions(vec![part(None, &["a", "b"], &[Action::Read])]);

        assert!(restrictions.allow(&permission("a", Action::Read)));
        assert!(!restrictions.allow(&permission("a", Action::Delete)));
        assert!(!restrictions.allow(&permission("c", Action::Read)));
        assert!(!restrictions.allow_unnamed(Action::Read));
    }
}
