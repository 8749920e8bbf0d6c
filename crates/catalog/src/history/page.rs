//! A page of the history.

use callboard_db::{Database, Rows};
use callboard_model::Result;

use super::Position;
use super::record::source_of;
use crate::sql::history::{self, EventRow, Part};

/// Events read at once, at least: most of them may be none that the caller may see.
const PIECE: usize = 100;
/// How often to read on for one page.
const PIECES: usize = 20;

/// Events, and where to go on.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) events: Vec<EventRow>,
    /// The page behind. In the order of time there always is one: it fills when something happens.
    pub(crate) next: Option<Position>,
    pub(crate) previous: Option<Position>,
}

/// Reads the page at `position`: at most `limit` events of which `see` says that they are seen. It leaves out of them
/// what is not.
pub(crate) async fn page(
    database: &Database,
    position: &Position,
    limit: usize,
    see: impl Fn(&mut EventRow) -> bool,
) -> Result<Page> {
    let walked = Walk::along(database, position, limit, see).await?;
    let to = |at, is_previous| Position {
        at,
        is_previous,
        ..position.clone()
    };
    let (first, last) = (walked.events.first(), walked.events.last());
    let (first, last) = (first.map(|event| event.id), last.map(|event| event.id));
    let further = walked.more.then_some(walked.reached);
    let (next, previous) = if position.is_previous {
        // Walking backwards, the last event that was met is the first of the page.
        let next = first.or(position.at);
        (Some(to(next, false)), further.map(|at| to(at, true)))
    } else {
        let open = !position.newest_first;
        let next = further.or_else(|| open.then_some(last.or(position.at)));
        let previous = position.at.and(first);
        (
            next.map(|at| to(at, false)),
            previous.map(|at| to(Some(at), true)),
        )
    };
    let mut events = walked.events;
    if position.is_previous {
        events.reverse();
    }
    tell_sources(database, &mut events).await?;
    Ok(Page {
        events,
        next,
        previous,
    })
}

/// Events as they are met from a position on.
struct Walk {
    events: Vec<EventRow>,
    /// Whether there may be more.
    more: bool,
    /// The id of the last event that was looked at and, if it may be seen, is in the page.
    reached: Option<i64>,
}

impl Walk {
    async fn along(
        database: &Database,
        position: &Position,
        limit: usize,
        see: impl Fn(&mut EventRow) -> bool,
    ) -> Result<Self> {
        let mut walk = Self {
            events: Vec::new(),
            more: true,
            reached: position.at,
        };
        for _ in 0..PIECES {
            let wanted = (limit + 1).max(PIECE);
            let rows = history::events(database, &walk.part(position, wanted)).await?;
            let is_last = rows.len() < wanted;
            for mut row in rows {
                let is_seen = see(&mut row);
                if is_seen && walk.events.len() == limit {
                    return Ok(walk);
                }
                walk.reached = Some(row.id);
                if is_seen {
                    walk.events.push(row);
                }
            }
            if is_last {
                walk.more = false;
                return Ok(walk);
            }
        }
        Ok(walk)
    }

    /// What is to be read next.
    fn part<'a>(&self, position: &'a Position, limit: usize) -> Part<'a> {
        let newest_first = position.newest_first != position.is_previous;
        let floor = position.after.unwrap_or(0);
        let (above, below) = if newest_first {
            (floor, self.reached.unwrap_or(i64::MAX))
        } else {
            (self.reached.unwrap_or(floor).max(floor), i64::MAX)
        };
        Part {
            entity_ref: position.entity_ref.as_deref(),
            above,
            below,
            newest_first,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        }
    }
}

/// Where the entities come from whose creation is told by their own rows.
async fn tell_sources(database: &Database, events: &mut [EventRow]) -> Result<()> {
    let is_untold = |event: &EventRow| event.kind == "created" && event.source.is_empty();
    let untold = events.iter().filter(|event| is_untold(event));
    let untold = Rows::of_texts(untold.map(|event| event.entity_ref.as_str()));
    let sources: Vec<(String, String)> = history::own_halves(database, &untold)
        .await?
        .into_iter()
        .map(|(entity_ref, own)| (entity_ref, source_of(own)))
        .collect();
    for event in events.iter_mut().filter(|event| is_untold(event)) {
        let source = sources.iter().find(|(r, _)| *r == event.entity_ref);
        if let Some((_, source)) = source {
            event.source.clone_from(source);
        }
    }
    Ok(())
}
