//! Filter parameters, sort orders and texts to look for, against the obvious evaluation.

use callboard_model::Error;

use super::check;
use super::sample::{SAMPLE, ref_of};
use crate::query::reference::Question;
use crate::query::{Cursor, Direction, Filter, FullText, Listing, OrderField};

/// Each line is a parameter: `^` before an `orderField`, `~` before a text to look for, `@` before the fields to
/// look in, and otherwise a `filter`.
pub(super) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let mut question = Question::default();
    let (mut order, mut term, mut fields) = (None, None, None);
    for line in text.lines() {
        match line.split_at_checked(1) {
            Some(("^", field)) => order = Some(field),
            Some(("~", text)) => term = Some(text),
            Some(("@", list)) => fields = Some(list.split(',').collect()),
            _ => question.filters.push(line.to_owned()),
        }
    }
    let filters = question.filters.iter().map(String::as_str);
    match (Filter::parse(filters), order_field(order)) {
        (Ok(filter), Ok(order)) => {
            question.order = order
                .as_ref()
                .map(|order| (order.field.as_str(), order.order == Direction::Desc));
            question.text = term.map(|term| (term, fields));
            compare(filter, &question);
        }
        (filter, order) => {
            let refusals = [filter.err(), order.err()];
            refusals.iter().flatten().for_each(check::refusal);
        }
    }
    if let Some(order) = order
        && let Err(error) = OrderField::parse_order(order)
    {
        check::refusal(&error);
    }
}

fn order_field(text: Option<&str>) -> Result<Option<OrderField>, Error> {
    text.map(OrderField::parse_order_field).transpose()
}

fn compare(filter: Option<Filter>, question: &Question<'_>) {
    let order = question.order.map(|(field, descending)| OrderField {
        field: field.to_owned(),
        order: Direction::Asc.turned(descending),
    });
    let text = question.text.clone().map(|(term, fields)| FullText {
        term: term.to_owned(),
        fields: fields.map(|fields| fields.into_iter().map(str::to_owned).collect()),
    });
    let cursor = Cursor {
        filter,
        order_fields: order.into_iter().collect(),
        full_text_filter: text,
        ..Cursor::default()
    };
    let printed = cursor.print().expect("a cursor is JSON");
    match Cursor::parse(&printed) {
        Ok(read) => assert_eq!(read, cursor),
        // Only what is too long to be carried or to be looked for is refused.
        Err(error) => {
            check::refusal(&error);
            let text = cursor.full_text_filter.as_ref();
            let is_refused = text.is_some_and(|text| text.check().is_err());
            assert!(is_refused || printed.len() > 100_000, "{error}");
        }
    }
    let listing = Listing {
        cursor,
        limit: 1_000,
        offset: 0,
        count: true,
    };
    let page = listing
        .page_of_all(&SAMPLE.index.read())
        .expect("the first page has no place that could be wrong");
    let list = SAMPLE.reference.list(question);
    assert_eq!(page.total, list.len() as u64, "{question:?}");
    let listed: Vec<String> = page.items.flatten().map(ref_of).collect();
    assert_eq!(listed, list, "{question:?}");
}
