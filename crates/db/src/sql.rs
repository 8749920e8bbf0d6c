//! One SQL text for both databases.
//!
//! What differs between them is written as a form that is replaced before the text is sent:
//!
//! | form | SQLite | PostgreSQL |
//! |---|---|---|
//! | `json_rows($1) AS item` | `json_each($1) AS item` | `jsonb_array_elements(CAST($1 AS jsonb)) AS item(value)` |
//! | `FOR UPDATE SKIP LOCKED` | nothing: there is one writer | itself |
//!
//! `item.value->>'name'` then reads a field as text on both.

use std::borrow::Cow;

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

const JSON_ROWS: &str = "json_rows(";
const SKIP_LOCKED: &str = "FOR UPDATE SKIP LOCKED";

/// `sql` as `dialect` understands it; see the module's table.
pub(crate) fn render(sql: &'static str, dialect: Dialect) -> Cow<'static, str> {
    if !sql.contains(JSON_ROWS) && !sql.contains(SKIP_LOCKED) {
        return Cow::Borrowed(sql);
    }
    Cow::Owned(match dialect {
        Dialect::Sqlite => sql
            .replace(JSON_ROWS, "json_each(")
            .replace(SKIP_LOCKED, ""),
        Dialect::Postgres => render_json_rows(sql),
    })
}

fn render_json_rows(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once(JSON_ROWS) {
        let (parameter, tail) = after.split_once(") AS item").unwrap_or((after, ""));
        out.push_str(before);
        out.push_str("jsonb_array_elements(CAST(");
        out.push_str(parameter);
        out.push_str(" AS jsonb)) AS item(value)");
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_travel_as_one_json_parameter() {
        let sql = "SELECT item.value->>'a' FROM json_rows($1) AS item WHERE x = $2";
        assert_eq!(
            render(sql, Dialect::Sqlite),
            "SELECT item.value->>'a' FROM json_each($1) AS item WHERE x = $2"
        );
        assert_eq!(
            render(sql, Dialect::Postgres),
            "SELECT item.value->>'a' FROM jsonb_array_elements(CAST($1 AS jsonb)) AS item(value) WHERE x = $2"
        );
    }
}
