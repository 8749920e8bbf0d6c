//! Changes of which plugins are listed as having permissions.

use callboard_model::{Error, ErrorKind, Result};

use super::{Edit, conflict};
use crate::sql::write;

/// The most plugins that are listed.
const MOST_PLUGINS: usize = 1_000;

impl Edit<'_> {
    /// Lists plugins, none of which is listed yet; `known` are listed for another reason.
    pub(crate) async fn add_plugins(&mut self, ids: &[String], known: &[String]) -> Result<()> {
        let is_listed = |id: &&String| known.contains(id) || self.stored.plugins.contains(*id);
        if let Some(id) = ids.iter().find(is_listed) {
            return Err(conflict(format!("the plugin `{id}` is listed already")));
        }
        if self.stored.plugins.len() + ids.len() > MOST_PLUGINS {
            let message = format!("at most {MOST_PLUGINS} plugins are listed");
            return Err(Error::invalid("too-many-plugins", message));
        }
        write::add_plugins(&mut self.tx, ids).await
    }

    /// No longer lists plugins; `known` are listed for another reason, and stay.
    pub(crate) async fn remove_plugins(&mut self, ids: &[String], known: &[String]) -> Result<()> {
        if let Some(id) = ids.iter().find(|id| known.contains(id)) {
            let message = format!("the plugin `{id}` is listed by the portal or its configuration");
            return Err(
                Error::new(ErrorKind::Forbidden, "plugin-configured", message)
                    .hint("change `permission.rbac.pluginsWithPermission`"),
            );
        }
        if let Some(id) = ids.iter().find(|id| !self.stored.plugins.contains(*id)) {
            let message = format!("the plugin `{id}` is not listed");
            return Err(Error::not_found("no-plugin", message));
        }
        write::remove_plugins(&mut self.tx, ids).await
    }
}
