//! One SQL text for both databases.
//!
//! What differs between them is written as a form that is replaced before the text is sent:
//!
//! | form | SQLite | PostgreSQL |
//! |---|---|---|
//! | `WITH item (a, b) AS ($rows)` | `VALUES (?, ?), (?, ?) …` | `SELECT * FROM UNNEST(CAST($2 AS text[]), CAST($3 AS bigint[]))` |
//! | `FROM item JOIN …` | `FROM item CROSS JOIN …`: the rows lead, or it might look through a table for each of them | itself |
//! | `FOR UPDATE …` at the end | nothing: there is one writer | itself |
//! | `now_ms()` | the clock of this machine | the clock of the server |
//!
//! [`Rows`] are what `$rows` stands for. On PostgreSQL they follow the single parameters; on SQLite they come before
//! them and have no numbers, because it looks up every number in a list.

use std::borrow::Cow;
use std::ops::Range;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::Dialect;

/// A value bound to `$1`, `$2` ….
#[derive(Clone, Debug)]
pub enum Param<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// No value, of type text.
    Null,
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Param<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl<'a> From<Option<&'a str>> for Param<'a> {
    fn from(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// A row of either database: a tuple of its columns (deriving would compile both drivers twice).
pub trait FromRow:
    for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> FromRow for T where
    T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin
{
}

/// Many rows, bound column by column in the place of `$rows`.
#[derive(Clone, Debug, Default)]
pub struct Rows<'a> {
    columns: Vec<Column<'a>>,
}

/// One value of every row.
#[derive(Clone, Debug)]
pub(crate) enum Column<'a> {
    Texts(Vec<&'a str>),
    Ints(Vec<i64>),
}

impl<'a> Rows<'a> {
    /// Rows of one text each.
    pub fn of_texts(values: impl IntoIterator<Item = &'a str>) -> Self {
        Self::default().texts(values)
    }

    /// Rows of one number each.
    pub fn of_ints(values: impl IntoIterator<Item = i64>) -> Self {
        Self::default().ints(values)
    }

    /// Adds a column of texts. Every column has to have the same length.
    #[must_use]
    pub fn texts(mut self, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.columns
            .push(Column::Texts(values.into_iter().collect()));
        self
    }

    /// Adds a column of numbers. Every column has to have the same length.
    #[must_use]
    pub fn ints(mut self, values: impl IntoIterator<Item = i64>) -> Self {
        self.columns
            .push(Column::Ints(values.into_iter().collect()));
        self
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        let lengths = self.columns.iter().map(|column| match column {
            Column::Texts(values) => values.len(),
            Column::Ints(values) => values.len(),
        });
        lengths.min().unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn columns(&self) -> &[Column<'a>] {
        &self.columns
    }

    /// Pieces of a few sizes only, so that the database prepares a few statements only.
    pub(crate) fn pieces(&self, params: usize) -> Vec<Range<usize>> {
        let most = (MOST_PARAMETERS - params) / self.columns.len().max(1);
        let sizes = PIECES.iter().copied().filter(|size| *size <= most);
        let (mut start, end) = (0, self.len());
        let mut pieces = Vec::new();
        for size in sizes {
            while end - start >= size {
                pieces.push(start..start + size);
                start += size;
            }
        }
        pieces
    }
}

/// SQLite's limit of parameters in one statement.
const MOST_PARAMETERS: usize = 32_766;
const PIECES: [usize; 5] = [512, 128, 32, 8, 1];

const ROWS: &str = "$rows";
const LOCK: &str = "FOR UPDATE";
const NOW: &str = "now_ms()";

/// `sql` as `dialect` understands it, with `rows` of a statement that has `params` single parameters.
pub(crate) fn render(
    sql: &'static str,
    dialect: Dialect,
    rows: Option<(&Rows<'_>, usize)>,
    params: usize,
) -> Cow<'static, str> {
    let mut text = Cow::Borrowed(sql);
    if let Dialect::Sqlite = dialect
        && let Some((before, _)) = sql.split_once(LOCK)
    {
        text = Cow::Borrowed(before);
    }
    if text.contains(NOW) {
        text = Cow::Owned(text.replace(NOW, now(dialect)));
    }
    if let Some((rows, count)) = rows {
        let columns = rows.columns.len();
        text = Cow::Owned(match dialect {
            Dialect::Sqlite => leading(&shifted(&text, params, count * columns)).replacen(
                ROWS,
                &values(columns, count),
                1,
            ),
            Dialect::Postgres => text.replacen(ROWS, &unnest(rows, params), 1),
        });
    }
    text
}

/// Joins that start at the rows, in an order that SQLite keeps: it knows nothing of how many rows there are, and would
/// rather go through all that has the same single parameter.
fn leading(text: &str) -> String {
    const START: &str = "FROM item";
    let mut led = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let (before, after) = rest.split_at(at + START.len());
        led.push_str(before);
        if after.trim_start().starts_with("JOIN ") {
            led.push_str(" CROSS");
        }
        rest = after;
    }
    led.push_str(rest);
    led
}

fn now(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        Dialect::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
    }
}

/// The single parameters `$1` … with other numbers.
fn shifted(text: &str, params: usize, by: usize) -> String {
    (1..=params)
        .fold(text.to_owned(), |text, number| {
            text.replace(&format!("${number}"), &format!("$:{}", number + by))
        })
        .replace("$:", "$")
}

fn values(columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    format!("VALUES {}", vec![row; rows].join(","))
}

fn unnest(rows: &Rows<'_>, params: usize) -> String {
    let columns = rows.columns.iter().enumerate().map(|(place, column)| {
        let element = match column {
            Column::Texts(_) => "text",
            Column::Ints(_) => "bigint",
        };
        format!("CAST(${} AS {element}[])", params + place + 1)
    });
    let columns: Vec<String> = columns.collect();
    format!("SELECT * FROM UNNEST({})", columns.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_lead_the_joins_of_sqlite() {
        let sql = "WITH item (r) AS ($rows) SELECT t.x FROM item
            JOIN t ON t.a = $1 AND t.b = item.r WHERE t.c NOT IN (SELECT r FROM item)";
        let rows = Rows::of_texts(["a"]);
        assert_eq!(
            render(sql, Dialect::Sqlite, Some((&rows, 1)), 1),
            "WITH item (r) AS (VALUES (?)) SELECT t.x FROM item CROSS
            JOIN t ON t.a = $2 AND t.b = item.r WHERE t.c NOT IN (SELECT r FROM item)"
        );
        assert!(!render(sql, Dialect::Postgres, Some((&rows, 1)), 1).contains("CROSS"));
    }

    #[test]
    fn many_rows_are_bound_behind_the_single_parameters() {
        let sql =
            "WITH item (r, n) AS ($rows) SELECT r FROM item WHERE n > $1 FOR UPDATE SKIP LOCKED";
        let rows = Rows::of_texts(["a", "b"]).ints([1, 2]);
        assert_eq!(
            render(sql, Dialect::Sqlite, Some((&rows, 2)), 1),
            "WITH item (r, n) AS (VALUES (?,?),(?,?)) SELECT r FROM item WHERE n > $5 "
        );
        assert_eq!(
            render(sql, Dialect::Postgres, Some((&rows, 2)), 1),
            "WITH item (r, n) AS (SELECT * FROM UNNEST(CAST($2 AS text[]), CAST($3 AS bigint[]))) SELECT r FROM item WHERE n > $1 FOR UPDATE SKIP LOCKED"
        );
    }

    #[test]
    fn pieces_cover_every_row_once() {
        let rows = Rows::of_ints(0..1_234).ints(0..1_234);
        let pieces = rows.pieces(1);
        assert_eq!(pieces.first(), Some(&(0..512)));
        let covered: Vec<usize> = pieces.into_iter().flatten().collect();
        assert_eq!(covered, (0..1_234).collect::<Vec<_>>());
    }
}
