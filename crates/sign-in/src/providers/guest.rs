//! Nobody in particular, for trying the portal out.

use callboard_auth::{Directory, PersonQuery};
use callboard_model::{EntityRef, Error, ErrorKind, RefContext, Result};

use crate::config::GuestSettings;
use crate::resolvers::Found;

/// Who guests are.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    entity_ref: EntityRef,
    ownership: Vec<EntityRef>,
    let_in: bool,
}

impl Guest {
    /// Reads the configuration; `environment` is what `auth.environment` says.
    pub(super) fn new(settings: &GuestSettings, environment: Option<&str>) -> Result<Self> {
        let named = settings.user_entity_ref.as_deref();
        let entity_ref = reference(named.unwrap_or("user:development/guest"))?;
        let ownership = match &settings.ownership_entity_refs {
            None => vec![entity_ref.clone()],
            Some(refs) => refs
                .iter()
                .map(|text| reference(text))
                .collect::<Result<_>>()?,
        };
        Ok(Self {
            entity_ref,
            ownership,
            let_in: settings.dangerously_allow_outside_development
                || environment == Some("development"),
        })
    }

    /// Whether guests are let in.
    pub(crate) fn is_let_in(&self) -> bool {
        self.let_in
    }

    /// Who they are: as the catalog has it, or else as the configuration says.
    ///
    /// # Errors
    /// `Forbidden`, when they are not let in.
    pub(crate) fn come_in(&self, directory: &dyn Directory) -> Result<Found> {
        if !self.let_in {
            let message = "The guest provider cannot be used outside of a development environment";
            return Err(Error::new(ErrorKind::Forbidden, "guest", message).hint(
                "set `auth.environment: development` where it is one, or `auth.providers.guest.dangerouslyAllowOutsideDevelopment: true`",
            ));
        }
        let known = directory.people(&PersonQuery::Ref(self.entity_ref.clone()))?;
        Ok(match known.first() {
            Some(_) => Found::of(directory, &self.entity_ref),
            None => Found {
                entity_ref: self.entity_ref.clone(),
                ownership: self.ownership.clone(),
            },
        })
    }
}

fn reference(text: &str) -> Result<EntityRef> {
    let context = RefContext {
        kind: Some("user"),
        namespace: None,
    };
    EntityRef::parse(text, context).map_err(|error| {
        let message =
            format!("`auth.providers.guest` names `{text}`, which is no entity reference");
        Error::invalid("sign-in-provider", message)
            .hint("write one such as `user:default/guest`")
            .source(error)
    })
}
