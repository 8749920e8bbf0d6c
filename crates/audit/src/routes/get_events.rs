//! Who did what.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Query, Result};
use callboard_model::{Error, shortened};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::AuditTrail;
use crate::cursor::{Cursor, EventOutcome};
use crate::permissions::ReadEvents;
use crate::row::EventRow;
use crate::sql::{self, Asked};

/// Events on a page that asks for no other number.
const USUAL: usize = 100;
/// Events on a page.
const MOST: usize = 1_000;
/// The characters of a name that is asked for: no stored one is longer.
const LONGEST: usize = 510;

/// Which events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Goes on where another page ended: from its `pageInfo`. What the first page was asked for goes on as well.
    cursor: Option<String>,
    /// Only what this one did: a reference such as `user:default/ada`, the subject of a program such as
    /// `external:ci`, or `guest`.
    #[param(example = "user:default/ada")]
    actor: Option<String>,
    /// Only events of this name.
    #[param(example = "sign-in")]
    event: Option<String>,
    /// Only what ended like this.
    #[param(inline)]
    outcome: Option<EventOutcome>,
    /// Only what happened at this time or later, such as `2026-11-28` or `2026-11-28T03:00:00Z`, in UTC.
    from: Option<String>,
    /// Only what happened before this time.
    to: Option<String>,
    /// The most events to answer; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// A page of events, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventsPage {
    /// The events.
    items: Vec<EventItem>,
    /// The page after this one.
    page_info: EventsPageInfo,
}

/// The page after a page of events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventsPageInfo {
    /// Leads to older events; missing on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    next_cursor: Option<String>,
}

/// Something that somebody did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventItem {
    /// No other event has it.
    id: String,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// What it was.
    event: String,
    /// Who did it; missing when nobody is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    actor: Option<String>,
    /// How it ended.
    #[schema(value_type = EventOutcome)]
    outcome: String,
    /// The request that it was part of: the `x-request-id` of its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    request_id: Option<String>,
    /// What else there is to know.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
}

/// Read who did what
///
/// Sign-ins, changes, refusals, the newest first. Secrets are not among them. A page that follows another holds what was
/// there when the first was asked for: what happens meanwhile is on the first page of the next time.
#[utoipa::path(
    get,
    path = "/api/audit/events",
    tag = "audit",
    params(Parameters),
    responses(
        (status = 200, description = "The events.", body = EventsPage),
        (status = 400, description = "A parameter is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not read them.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_events(
    State(trail): State<AuditTrail>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Json<EventsPage>> {
    caller.may::<ReadEvents>()?;
    let limit = parameters.limit()?;
    let start = match &parameters.cursor {
        Some(cursor) => Cursor::parse(cursor)?,
        None => parameters.start()?,
    };
    let asked = Asked {
        before: &start.place(),
        from: start.from,
        actor: start.actor.as_deref(),
        event: start.event.as_deref(),
        outcome: start.outcome.map(EventOutcome::as_str),
        // One more tells whether there is a next page.
        limit: i64::try_from(limit + 1).unwrap_or(i64::MAX),
    };
    let mut rows = sql::events(&trail.0.foundations.database, &asked).await?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|last| start.after(last).print()).transpose()?;
    let items = rows
        .into_iter()
        .map(EventItem::of)
        .collect::<Result<_, Error>>()?;
    Ok(Json(EventsPage {
        items,
        page_info: EventsPageInfo { next_cursor },
    }))
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

    /// The start of the list that is asked for.
    fn start(&self) -> Result<Cursor, Error> {
        let to = self
            .to
            .as_deref()
            .map(|text| time("to", text))
            .transpose()?;
        let from = self
            .from
            .as_deref()
            .map(|text| time("from", text))
            .transpose()?;
        Ok(Cursor {
            at: to.unwrap_or(i64::MAX),
            id: String::new(),
            from: from.unwrap_or(0),
            actor: name("actor", self.actor.as_deref())?,
            event: name("event", self.event.as_deref())?,
            outcome: self.outcome,
        })
    }
}

impl Cursor {
    /// The same list, from behind `last`.
    fn after(&self, last: &EventRow) -> Self {
        Self {
            at: last.at,
            id: last.id.clone(),
            ..self.clone()
        }
    }
}

impl EventItem {
    fn of(row: EventRow) -> Result<Self, Error> {
        let details = serde_json::from_str(&row.details).map_err(|error| {
            Error::internal("audit-details", "the details of an event do not parse").source(error)
        })?;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(Self {
            id: row.id,
            at: printed(row.at),
            event: row.event,
            actor: some(row.actor),
            outcome: row.outcome,
            request_id: some(row.request_id),
            details,
        })
    }
}

/// A name to ask for.
fn name(parameter: &str, text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = text else { return Ok(None) };
    let is_name =
        !text.is_empty() && text.chars().count() <= LONGEST && !text.contains(char::is_control);
    if is_name {
        return Ok(Some(text.to_owned()));
    }
    let message = format!(
        "`{parameter}` is empty, longer than {LONGEST} characters, or has control characters in it"
    );
    let hint = format!("leave `{parameter}` out for all of them");
    Err(Error::invalid("invalid-name", message).hint(hint))
}

/// A time in Unix milliseconds.
fn time(parameter: &str, text: &str) -> Result<i64, Error> {
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    let since = humantime::parse_rfc3339(&whole)
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok());
    millis.ok_or_else(|| {
        let text = shortened(text, 100);
        Error::invalid(
            "invalid-time",
            format!("`{parameter}` is no time in UTC: `{text}`"),
        )
        .hint("write `2026-11-28` or `2026-11-28T03:00:00Z`")
    })
}

fn printed(unix_millis: i64) -> String {
    // Beyond the year 9999 there are no such texts.
    const LAST: u64 = 253_402_300_799_000;
    let at = u64::try_from(unix_millis).unwrap_or(0).min(LAST);
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(at)).to_string()
}

#[cfg(test)]
mod tests;
