//! Locations that people register: stored, and claimed as Location entities in the same transaction, so that
//! every process reads them from the moment on at which the answer goes out.

use std::future::Future;

use callboard_db::{Retries, Tx};
use callboard_model::{Error, ErrorKind, LocationRef, Result};

use super::{Engine, ingest, remove};
use crate::config::ConflictStrategy;
use crate::provider::{Deferred, Mutation};
use crate::providers::{location_entity, registered_entity};
use crate::sql::locations::{self, LocationRow};

/// Who claims registered locations.
pub(crate) const PROVIDER: &str = "registered-locations";

/// A location as somebody asks for it.
#[derive(Clone, Debug)]
pub(crate) struct NewLocation {
    pub(crate) location: LocationRef,
    /// `required`, `optional`, or empty.
    pub(crate) presence: String,
}

impl NewLocation {
    /// The row with this id, standing for itself.
    pub(crate) fn row(&self, id: String) -> Result<LocationRow> {
        let entity = location_entity(&self.location).entity;
        let entity_ref = entity.entity_ref().map_err(|error| {
            Error::internal("generated-location", "a generated name is wrong").source(error)
        })?;
        Ok(LocationRow {
            id,
            location_type: self.location.kind.clone(),
            target: self.location.target.clone(),
            entity_ref: entity_ref.to_string(),
            presence: self.presence.clone(),
        })
    }
}

impl Engine {
    /// Registers a location.
    pub(crate) async fn register(
        &self,
        new: &NewLocation,
        on_conflict: ConflictStrategy,
    ) -> Result<LocationRow> {
        let row = new.row(self.ids.uuid().to_string())?;
        let registered = self
            .locations_written(|| self.try_register(&row, on_conflict))
            .await?;
        if registered.id != row.id
            && let Ok(entity_ref) = registered.entity_ref.parse()
        {
            self.refresh(&entity_ref).await?;
        }
        Ok(registered)
    }

    /// Who is refused does not keep others waiting: the turn ends before the answer.
    async fn try_register(
        &self,
        row: &LocationRow,
        on_conflict: ConflictStrategy,
    ) -> Result<LocationRow> {
        let mut tx = self.database.begin().await?;
        remove::in_turn(&mut tx).await?;
        let alike = locations::alike(&mut tx, row).await?;
        if let Some(same) = alike.iter().find(|other| is_same_place(other, row)) {
            tx.commit().await?;
            return match on_conflict {
                ConflictStrategy::Refresh => Ok(same.clone()),
                ConflictStrategy::Reject => Err(exists(row)),
            };
        }
        if let Some(other) = alike.first() {
            tx.commit().await?;
            return Err(name_taken(row, other));
        }
        self.write_location(tx, row).await?;
        Ok(row.clone())
    }

    /// Has a registered location read from another target; its entity keeps its name.
    pub(crate) async fn change_location(&self, id: &str, new: &NewLocation) -> Result<LocationRow> {
        self.locations_written(|| self.try_change(id, new)).await
    }

    async fn try_change(&self, id: &str, new: &NewLocation) -> Result<LocationRow> {
        let mut tx = self.database.begin().await?;
        remove::in_turn(&mut tx).await?;
        let Some(known) = locations::by_id_in(&mut tx, id).await? else {
            tx.commit().await?;
            return Err(no_such_location(id));
        };
        let row = LocationRow {
            entity_ref: known.entity_ref,
            ..new.row(known.id)?
        };
        let alike = locations::alike(&mut tx, &row).await?;
        if alike
            .iter()
            .any(|other| other.id != row.id && is_same_place(other, &row))
        {
            tx.commit().await?;
            return Err(exists(&row));
        }
        self.write_location(tx, &row).await?;
        Ok(row)
    }

    async fn write_location(&self, mut tx: Tx, row: &LocationRow) -> Result<()> {
        locations::write(&mut tx, row).await?;
        let added = vec![registered_entity(row)];
        let mutation = Mutation::Delta {
            added,
            removed: Vec::new(),
        };
        ingest::apply_within(self, &mut tx, PROVIDER, mutation).await?;
        tx.commit().await
    }

    /// Ends the registration of a location: what only it led to goes.
    pub(crate) async fn unregister(&self, id: &str) -> Result<()> {
        self.locations_written(|| self.try_unregister(id)).await
    }

    async fn try_unregister(&self, id: &str) -> Result<()> {
        let mut tx = self.database.begin().await?;
        remove::in_turn(&mut tx).await?;
        let Some(known) = locations::by_id_in(&mut tx, id).await? else {
            tx.commit().await?;
            return Err(no_such_location(id));
        };
        locations::delete(&mut tx, &known.entity_ref).await?;
        let gone = known.entity_ref.parse().map_err(|error| {
            Error::internal("generated-location", "a stored name is wrong").source(error)
        })?;
        let mutation = Mutation::Delta {
            added: Vec::new(),
            removed: vec![gone],
        };
        ingest::apply_within(self, &mut tx, PROVIDER, mutation).await?;
        tx.commit().await
    }

    /// Claims every registered location, and none that is not: they are claimed when they are registered, so this
    /// only mends what something else took away.
    pub(crate) async fn claim_registered(&self) -> Result<()> {
        self.locations_written(|| async {
            let mut tx = self.database.begin().await?;
            remove::in_turn(&mut tx).await?;
            let rows = locations::all_in(&mut tx).await?;
            let entities: Vec<Deferred> = rows.iter().map(registered_entity).collect();
            let mutation = Mutation::Full(entities);
            ingest::apply_within(self, &mut tx, PROVIDER, mutation).await?;
            tx.commit().await
        })
        .await
    }

    /// Writes with `attempt`, again when it lost against others, and wakes who reads what was written.
    async fn locations_written<T, F: Future<Output = Result<T>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<T> {
        let mut retries = Retries::default();
        loop {
            match attempt().await {
                Err(error) if retries.again(&error).await => {}
                written => {
                    self.wake();
                    return written;
                }
            }
        }
    }

    /// Every registered location.
    pub(crate) async fn locations(&self) -> Result<Vec<LocationRow>> {
        locations::all(&self.database).await
    }

    /// At most `limit` registered locations after an id, and how many there are.
    pub(crate) async fn locations_after(
        &self,
        id: &str,
        limit: usize,
    ) -> Result<(Vec<LocationRow>, usize)> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let page = locations::page(&self.database, id, limit).await?;
        let count = locations::count(&self.database).await?;
        Ok((page, usize::try_from(count).unwrap_or(0)))
    }

    /// The registered location with this id.
    pub(crate) async fn location(&self, id: &str) -> Result<LocationRow> {
        let found = locations::by_id(&self.database, id).await?;
        found.ok_or_else(|| no_such_location(id))
    }

    /// The registered location at this place.
    pub(crate) async fn location_at(&self, place: &LocationRef) -> Result<Option<LocationRow>> {
        locations::by_target(&self.database, &place.kind, &place.target).await
    }
}

fn is_same_place(one: &LocationRow, other: &LocationRow) -> bool {
    one.location_type == other.location_type && one.target == other.target
}

fn exists(row: &LocationRow) -> Error {
    let message = format!(
        "Location {}:{} already exists",
        row.location_type, row.target
    );
    Error::new(ErrorKind::Conflict, "location-exists", message)
        .hint("refresh it, or send `onConflict=refresh`")
}

/// A location that was changed keeps the name that another one would get now.
fn name_taken(row: &LocationRow, other: &LocationRow) -> Error {
    let message = format!(
        "`{}` stands for {}:{} already, which once was {}:{}",
        row.entity_ref, other.location_type, other.target, row.location_type, row.target
    );
    Error::new(ErrorKind::Conflict, "location-name-taken", message).hint(format!(
        "delete the location `{}` and register its target anew",
        other.id
    ))
}

/// There is no location with this id.
pub(crate) fn no_such_location(id: &str) -> Error {
    Error::not_found(
        "no-such-location",
        format!("Found no location with ID {id}"),
    )
}
