//! What happened to entities.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Query, Result};
use callboard_model::{EntityRef, Error};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::Catalog;
use crate::history::{self, Change, Diff, Page, Position};
use crate::query::Readable;
use crate::sql;
use crate::sql::history::EventRow;

/// Events on a page that asks for no other number.
const USUAL: usize = 100;
/// Events on a page.
const MOST: usize = 1_000;
/// How long a request waits for something to happen: less than proxies wait for an answer.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// A part of the history.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Goes on where another page ended: from its `pageInfo`. What the first page was asked for goes on as well.
    cursor: Option<String>,
    /// Only of the entity with this reference.
    #[param(example = "component:default/checkout")]
    entity_ref: Option<String>,
    /// Only of the entity with this uid. An entity that goes and comes again has another one.
    entity_id: Option<String>,
    /// Whether the oldest (`asc`) or the newest (`desc`) event comes first; the newest unless `afterEventId` is given.
    #[param(inline)]
    order: Option<Order>,
    /// The most events to answer; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Only events after the one with this id; `last` for those that happen from now on.
    after_event_id: Option<String>,
    /// Waits until there is an event to answer, at most 25 seconds.
    #[serde(default)]
    #[param(required = false)]
    block: bool,
}

/// Which end of the history comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    /// The oldest event.
    Asc,
    /// The newest event.
    Desc,
}

/// A page of the history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HistoryPage {
    /// The events.
    items: Vec<HistoryEvent>,
    /// The pages beside this one.
    page_info: HistoryPageInfo,
}

/// The pages beside a page of the history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HistoryPageInfo {
    /// Leads to the next page. With the oldest first it is always there, and leads to what happens later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    next_cursor: Option<String>,
    /// Leads to the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    prev_cursor: Option<String>,
}

/// Something that happened to an entity.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HistoryEvent {
    /// Grows with time: `afterEventId` takes it.
    id: String,
    /// When it happened.
    #[schema(format = DateTime)]
    event_at: String,
    /// What happened.
    #[schema(value_type = EventType)]
    event_type: String,
    /// The entity.
    entity_ref: String,
    /// The entity's uid.
    entity_id: String,
    /// The location that the entity was read from when it said so, such as `url:https://…/catalog-info.yaml`. Missing
    /// when the entity itself said nothing new and others did, in their relations to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    source: Option<String>,
    /// What is different since, of an entity that was updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    diff: Option<Vec<Change>>,
    /// How many more differences there are than `diff` tells.
    #[serde(skip_serializing_if = "is_zero")]
    #[schema(required = false)]
    omitted_changes: u64,
}

/// What happened.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes text that is sent as it is stored")]
pub(super) enum EventType {
    /// The entity came to be.
    Created,
    /// It is different since.
    Updated,
    /// It is gone since.
    Deleted,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Read what happened to entities
///
/// Who came, changed and went, when, and which location said so; with what is different since. Relations that others
/// declare count as changes of an entity too, except in its first minutes. With `afterEventId` and `block` one follows
/// what happens: ask again with the `nextCursor` of each answer, also of one with the status 202.
#[utoipa::path(
    get,
    path = "/api/catalog/history",
    tag = "catalog",
    params(Parameters),
    responses(
        (status = 200, description = "The events.", body = HistoryPage),
        (status = 202, description = "Nothing happened while the request waited.", body = HistoryPage),
        (status = 400, description = "A parameter is wrong.", body = ErrorBody),
        (status = 404, description = "This portal keeps no history.", body = ErrorBody),
        (status = 503, description = "The database, where the history is, does not answer.", body = ErrorBody),
    )
)]
pub(super) async fn get_history(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
) -> Result<(StatusCode, Json<HistoryPage>)> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    if !catalog.inner().config.history.is_on() {
        let error = Error::not_found("history-off", "this portal keeps no history of changes");
        return Err(error
            .hint("set `catalog.history` to `true` in the configuration")
            .into());
    }
    let limit = parameters.limit()?;
    let position = position(&catalog, &readable, &parameters).await?;
    let mut moves = catalog.revisions();
    let waiting = async {
        loop {
            moves.mark_unchanged();
            let page = read(&catalog, &readable, &position, limit).await?;
            if !parameters.block || !page.events.is_empty() || moves.changed().await.is_err() {
                return Ok::<_, Error>(page);
            }
        }
    };
    let stopped = catalog.stopped();
    let waited = tokio::select! {
        waited = timeout(LONGEST_WAIT, waiting) => waited.ok(),
        () = stopped.cancelled() => None,
    };
    let page = match waited {
        Some(page) => page?,
        None => read(&catalog, &readable, &position, limit).await?,
    };
    let status = match parameters.block && page.events.is_empty() {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    };
    Ok((status, Json(HistoryPage::of(page)?)))
}

async fn read(
    catalog: &Catalog,
    readable: &Readable<'_>,
    position: &Position,
    limit: usize,
) -> Result<Page, Error> {
    let database = &catalog.inner().foundations.database;
    history::page(database, position, limit, |event| {
        let asked = position.entity_id.as_ref();
        asked.is_none_or(|id| *id == event.uid)
            && readable.history_of(&event.entity_ref, &event.uid)
            && leave_out_hidden(readable, event)
    })
    .await
}

/// Leaves out of an event what is different in relations to who may not be seen. False when it tells nothing else: then
/// it is none to this caller.
fn leave_out_hidden(readable: &Readable<'_>, event: &mut EventRow) -> bool {
    if readable.is_whole() || event.diff.is_empty() {
        return true;
    }
    let diff = Diff::parse(&event.diff);
    let seen = readable.seen_among(diff.targets());
    let diff = diff.seen_by(&seen);
    event.diff = diff.as_ref().map_or_else(String::new, Diff::to_json);
    diff.is_some()
}

/// Where the page starts, and of which list it is.
async fn position(
    catalog: &Catalog,
    readable: &Readable<'_>,
    parameters: &Parameters,
) -> Result<Position, Error> {
    if let Some(cursor) = &parameters.cursor {
        return Position::parse(cursor);
    }
    let database = &catalog.inner().foundations.database;
    let after = match parameters.after_event_id.as_deref() {
        None => None,
        Some("last") => Some(sql::feed::newest(database).await?),
        Some(id) => Some(event_id(id)?),
    };
    let newest_first = match parameters.order {
        None => after.is_none(),
        Some(order) => order == Order::Desc,
    };
    let mut position = Position {
        newest_first,
        after,
        // What comes later is found from here on, however little there is now.
        at: after.filter(|_| !newest_first),
        ..Position::default()
    };
    if let Some(text) = &parameters.entity_ref {
        let entity_ref = text.parse::<EntityRef>().map_err(|error| {
            Error::invalid("invalid-entity-ref", error.to_string())
                .hint("write `kind:namespace/name`, or `kind:name` in the namespace `default`")
        })?;
        if entity_ref.as_str().chars().any(char::is_control) {
            let message = "`entityRef` has control characters in it, and no reference has";
            return Err(Error::invalid("invalid-entity-ref", message));
        }
        position.entity_ref = Some(entity_ref.as_str().to_owned());
    }
    if let Some(text) = &parameters.entity_id {
        let uid = text.parse::<Uuid>().map_err(|_| {
            Error::invalid(
                "invalid-entity-id",
                format!("`entityId` is no uid: `{text}`"),
            )
        })?;
        let text = uid.to_string();
        if position.entity_ref.is_none() {
            position.entity_ref = match readable.ref_of_uid(&uid) {
                Some(entity_ref) => Some(entity_ref),
                // Nobody is called like this.
                None => Some(
                    sql::history::gone_with_uid(database, &text)
                        .await?
                        .unwrap_or_default(),
                ),
            };
        }
        position.entity_id = Some(text);
    }
    Ok(position)
}

fn event_id(text: &str) -> Result<i64, Error> {
    text.parse().ok().filter(|id| *id >= 0).ok_or_else(|| {
        Error::invalid(
            "invalid-event-id",
            format!("`afterEventId` is no id of an event: `{text}`"),
        )
        .hint("use the `id` of an event, or `last`")
    })
}

impl Parameters {
    fn limit(&self) -> Result<usize, Error> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=MOST).contains(&limit) {
            return Ok(limit);
        }
        let message = format!("invalid `limit`: it must be between 1 and {MOST}");
        Err(Error::invalid("invalid-limit", message))
    }
}

impl HistoryPage {
    fn of(page: Page) -> Result<Self, Error> {
        let print = |position: Option<Position>| position.map(|position| position.print());
        Ok(Self {
            page_info: HistoryPageInfo {
                next_cursor: print(page.next).transpose()?,
                prev_cursor: print(page.previous).transpose()?,
            },
            items: page.events.into_iter().map(HistoryEvent::of).collect(),
        })
    }
}

impl HistoryEvent {
    fn of(row: EventRow) -> Self {
        let at = Duration::from_millis(u64::try_from(row.at).unwrap_or(0));
        let diff = (!row.diff.is_empty()).then(|| Diff::parse(&row.diff));
        Self {
            id: row.id.to_string(),
            event_at: humantime::format_rfc3339_millis(UNIX_EPOCH + at).to_string(),
            event_type: row.kind,
            entity_ref: row.entity_ref,
            entity_id: row.uid,
            source: Some(row.source).filter(|source| !source.is_empty()),
            omitted_changes: diff.as_ref().map_or(0, |diff| diff.omitted),
            diff: diff.map(|diff| diff.changes),
        }
    }
}

#[cfg(test)]
mod tests;
