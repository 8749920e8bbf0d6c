//! What features let policies decide.

use std::collections::BTreeMap;
use std::sync::Arc;

use callboard_auth::{Conditions, PermissionInfo, ResourceRules};
use callboard_feature::Features;
use callboard_model::{Error, Result, shortened};

/// What every feature lets policies decide, by the feature's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared(pub(crate) BTreeMap<&'static str, Plugin>);

/// What one feature lets policies decide.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plugin {
    pub(crate) permissions: Vec<PermissionInfo>,
    pub(crate) resources: Vec<Arc<dyn ResourceRules>>,
}

impl Declared {
    /// What all of `features` declare.
    pub(crate) fn by(features: &Features) -> Self {
        let mut all: BTreeMap<_, Plugin> = BTreeMap::new();
        for part in features.parts() {
            if !part.permissions.is_empty() || !part.resources.is_empty() {
                let plugin = all.entry(part.name).or_default();
                plugin.permissions.extend(part.permissions.iter().cloned());
                plugin.resources.extend(part.resources.iter().cloned());
            }
        }
        Self(all)
    }

    pub(crate) fn permissions(&self) -> impl Iterator<Item = &PermissionInfo> {
        self.0.values().flat_map(|plugin| &plugin.permissions)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&PermissionInfo> {
        self.permissions()
            .find(|permission| permission.name == name)
    }

    /// The things of a type, and the plugin that has them.
    pub(crate) fn resources(
        &self,
        resource_type: &str,
    ) -> Option<(&'static str, &dyn ResourceRules)> {
        let mut all = self.0.iter().flat_map(|(name, plugin)| {
            let resources = plugin.resources.iter();
            resources.map(|resource| (*name, resource.as_ref()))
        });
        all.find(|(_, resource)| resource.resource_type() == resource_type)
    }

    /// Checks that every rule in `conditions` is there and is told what it has to know.
    ///
    /// # Errors
    /// `Invalid`, with the rule or parameter that is wrong.
    pub(crate) fn check(&self, conditions: &Conditions) -> Result<()> {
        match conditions {
            Conditions::AllOf(trees) | Conditions::AnyOf(trees) => {
                trees.iter().try_for_each(|tree| self.check(tree))
            }
            Conditions::Not(tree) => self.check(tree),
            Conditions::Rule(used) => {
                let rules = self.resources(&used.resource_type);
                let rules = rules.map(|(_, resource)| resource.rules());
                let mut rules = rules.into_iter().flatten();
                match rules.find(|rule| rule.name == used.rule) {
                    Some(rule) => rule.check(used),
                    None => {
                        let (rule, about) = (
                            shortened(&used.rule, 100),
                            shortened(&used.resource_type, 100),
                        );
                        let message = format!("there is no rule `{rule}` about `{about}`");
                        Err(Error::invalid("unknown-rule", message)
                            .hint("choose one of `/api/permission/plugins/condition-rules`"))
                    }
                }
            }
        }
    }
}
