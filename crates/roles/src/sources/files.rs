//! Reads the files of roles, again when they change. What was good stays when they cannot be read.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use callboard_model::{Error, Result};

use super::{Said, conditions_file, csv_file, roles_file};
use crate::config::PermissionSettings;

/// The largest file of lines.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The files that the configuration names.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    settings: PermissionSettings,
    working_directory: PathBuf,
}

/// When a file was changed, and how large it is; nothing, when there is none.
type Look = Option<(SystemTime, u64)>;

/// How the files look: whoever sees the same twice knows that nobody is writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looks([Look; 3]);

impl Files {
    pub(crate) fn new(settings: &PermissionSettings, working_directory: &Path) -> Self {
        Self {
            settings: settings.clone(),
            working_directory: working_directory.to_owned(),
        }
    }

    /// Whether there is a file to be read again when it changes.
    pub(crate) fn are_followed(&self) -> bool {
        let rbac = &self.settings.rbac;
        self.settings.roles_file.is_some()
            || (rbac.policy_file_reload && rbac.policies_csv_file.is_some())
    }

    /// How they look now. Those that are not read again look always alike.
    pub(crate) async fn look(&self) -> Looks {
        let rbac = &self.settings.rbac;
        let reload = rbac.policy_file_reload;
        let csv = rbac.policies_csv_file.as_ref().filter(|_| reload);
        let conditions = rbac.conditional_policies_file.as_ref().filter(|_| reload);
        let mut looks = Looks::default();
        let paths = [self.settings.roles_file.as_ref(), csv, conditions];
        for (look, path) in looks.0.iter_mut().zip(paths) {
            if let Some(path) = path {
                let metadata = tokio::fs::metadata(self.working_directory.join(path)).await;
                *look = metadata
                    .ok()
                    .and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
            }
        }
        looks
    }

    /// The roles of the file of this portal.
    ///
    /// # Errors
    /// `Invalid`, when there is no such file, or nothing in it can be understood.
    pub(crate) async fn roles(&self) -> Result<Said> {
        let Some(path) = &self.settings.roles_file else {
            return Ok(Said::default());
        };
        let text = self.text(path).await?;
        let limits = self.settings.rbac.validation.conditional_policies;
        usable(roles_file::read(&text, &shown(path), limits), path)
    }

    /// The roles of the files of the RBAC plugin.
    ///
    /// # Errors
    /// `Invalid`, when there is no such file, or nothing in it can be understood.
    pub(crate) async fn policies(&self) -> Result<Said> {
        let rbac = &self.settings.rbac;
        let Some(path) = &rbac.policies_csv_file else {
            return Ok(Said::default());
        };
        let text = self.text(path).await?;
        let mut said = usable(csv_file::read(&text, &shown(path)), path)?;
        if let Some(path) = &rbac.conditional_policies_file {
            let text = self.text(path).await?;
            conditions_file::add(&mut said, &text, &shown(path), &rbac.validation);
        }
        Ok(said)
    }

    async fn text(&self, path: &Path) -> Result<String> {
        let at = self.working_directory.join(path);
        let unreadable = |why: String| {
            let message = format!("`{}` cannot be read: {why}", shown(path));
            Error::invalid("roles-file", message).hint("correct the path, or the file")
        };
        let metadata = tokio::fs::metadata(&at).await;
        let metadata = metadata.map_err(|error| unreadable(error.to_string()))?;
        if metadata.len() > MOST_BYTES {
            return Err(unreadable(format!("it is larger than {MOST_BYTES} bytes")));
        }
        let text = tokio::fs::read_to_string(&at).await;
        text.map_err(|error| unreadable(error.to_string()))
    }
}

/// What a file says, unless it says nothing but what is wrong.
fn usable(said: Said, path: &Path) -> Result<Said> {
    match said.problems.first() {
        Some(problem) if said.roles.is_empty() && said.direct.is_empty() => {
            let message = format!("`{}` says nothing that counts: {problem}", shown(path));
            Err(Error::invalid("roles-file", message))
        }
        _ => Ok(said),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
