//! Which way round.

use callboard_model::{Error, Result, shortened};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::field_name;

/// Smallest or largest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

impl Direction {
    /// The other one, if `turn`.
    pub(crate) fn turned(self, turn: bool) -> Self {
        match (self, turn) {
            (direction, false) => direction,
            (Self::Asc, true) => Self::Desc,
            (Self::Desc, true) => Self::Asc,
        }
    }
}

/// Requests that sort by more fields are refused.
const MOST: usize = 8;

/// A field to sort by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderField {
    /// Its dotted path, in any case.
    pub(crate) field: String,
    /// Which way round.
    #[serde(default)]
    pub(crate) order: Direction,
}

impl OrderField {
    /// Reads `field`, `field,asc` or `field,desc`, as by-query takes it.
    pub(crate) fn parse_order_field(text: &str) -> Result<Self> {
        let (field, order) = match text.split_once(',') {
            Some((field, order)) => (field, order),
            None => (text, "asc"),
        };
        Self::of(field, order).ok_or_else(|| {
            let text = shortened(text, 80);
            let message = format!(
                "invalid order field `{text}`: expected `<field>`, `<field>,asc` or `<field>,desc`"
            );
            Error::invalid("invalid-order", message)
        })
    }

    /// Reads `asc:field` or `desc:field`, as the plain list takes it.
    pub(crate) fn parse_order(text: &str) -> Result<Self> {
        text.split_once(':')
            .and_then(|(order, field)| Self::of(field, order))
            .ok_or_else(|| {
                let text = shortened(text, 80);
                let message =
                    format!("invalid order `{text}`: expected `asc:<field>` or `desc:<field>`");
                Error::invalid("invalid-order", message)
            })
    }

    /// Refuses more fields than anybody sorts by, and names that none has.
    pub(crate) fn check(orders: &[Self]) -> Result<()> {
        if orders.len() > MOST {
            let message = format!("there are more than {MOST} fields to sort by");
            return Err(Error::invalid("too-many-orders", message).hint("sort by fewer"));
        }
        orders
            .iter()
            .try_for_each(|order| field_name::check(&order.field))
    }

    fn of(field: &str, order: &str) -> Option<Self> {
        let order = match order {
            "asc" => Direction::Asc,
            "desc" => Direction::Desc,
            _ => return None,
        };
        (!field.is_empty()).then(|| Self {
            field: field.to_owned(),
            order,
        })
    }

    /// The key in the index.
    pub(crate) fn key(&self) -> String {
        self.field.to_lowercase()
    }
}
