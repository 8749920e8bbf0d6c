//! Which files make up the configuration.

use std::path::{Path, PathBuf};

use crate::Environment;

/// Where the configuration comes from; the overrides of the environment always come last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources(pub(crate) Origin);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Defaults(PathBuf),
    Files(Vec<PathBuf>),
    Text { name: String, text: String },
}

impl Sources {
    /// The default files of `directory`, as far as they exist: `app-config.yaml`, then
    /// `app-config.<name>.yaml` for each name in `BACKSTAGE_ENV`, `app-config.local.yaml` and
    /// `app-config.<name>.local.yaml`. Later ones win.
    pub fn defaults_in(directory: impl Into<PathBuf>) -> Self {
        Self(Origin::Defaults(directory.into()))
    }

    /// Exactly these files, each of which must exist; later ones win.
    pub fn files<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>) -> Self {
        Self(Origin::Files(paths.into_iter().map(Into::into).collect()))
    }

    /// One text that messages call `name`; what it includes is looked up beside that name.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Origin::Text {
            name: name.into(),
            text: text.into(),
        })
    }

    /// Every file that would be read if it existed, lowest layer first.
    pub fn candidates(&self, environment: &Environment) -> Vec<PathBuf> {
        match &self.0 {
            Origin::Defaults(directory) => defaults(directory, environment),
            Origin::Files(paths) => paths.clone(),
            Origin::Text { .. } => Vec::new(),
        }
    }
}

fn defaults(directory: &Path, environment: &Environment) -> Vec<PathBuf> {
    let file = |name: String| directory.join(name);
    let mut paths = vec![file("app-config.yaml".to_owned())];
    paths.extend(
        environment
            .names()
            .map(|name| file(format!("app-config.{name}.yaml"))),
    );
    paths.push(file("app-config.local.yaml".to_owned()));
    paths.extend(
        environment
            .names()
            .map(|name| file(format!("app-config.{name}.local.yaml"))),
    );
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_files_come_in_the_order_of_backstage() {
        let environment = Environment::from_pairs([("BACKSTAGE_ENV", "production, eu ,")]);
        let paths = Sources::defaults_in("/etc").candidates(&environment);

        let names: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        insta::assert_snapshot!(names.join("\n"), @"
        /etc/app-config.yaml
        /etc/app-config.production.yaml
        /etc/app-config.eu.yaml
        /etc/app-config.local.yaml
        /etc/app-config.production.local.yaml
        /etc/app-config.eu.local.yaml
        ");
    }
}
