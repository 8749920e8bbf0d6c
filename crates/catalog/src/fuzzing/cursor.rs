//! Places in lists that clients carry around, and may have changed.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use callboard_model::Result;

use super::check;
use super::sample::{SAMPLE, ref_of};
use crate::history::Position;
use crate::query::{Cursor, Listing, LocationQuestion, Offset};

/// The input is a cursor, or the JSON in it: what is behind the base64 would hardly ever be reached otherwise.
pub(super) fn run(input: &[u8]) {
    let mut cursors = vec![BASE64_STANDARD.encode(input)];
    cursors.extend(std::str::from_utf8(input).map(str::to_owned));
    for cursor in cursors {
        if let Some(cursor) = reads_back(&cursor, Cursor::parse, Cursor::print) {
            follow(cursor);
        }
        reads_back(&cursor, Offset::parse, Offset::print);
        reads_back(&cursor, Position::parse, Position::print);
        let after = |question: &LocationQuestion| question.cursor_after("1b");
        reads_next(&cursor, LocationQuestion::from_cursor, after);
    }
}

/// What is read is printed as something that reads as the same.
fn reads_back<T: PartialEq + std::fmt::Debug>(
    text: &str,
    parse: fn(&str) -> Result<T>,
    print: fn(&T) -> Result<String>,
) -> Option<T> {
    let (read, printed) = reads_next(text, parse, print)?;
    if let Ok(again) = printed {
        assert_eq!(again, read);
    }
    Some(read)
}

/// What is read, and what is read from the text that it leads to.
fn reads_next<T>(
    text: &str,
    parse: fn(&str) -> Result<T>,
    print: impl Fn(&T) -> Result<String>,
) -> Option<(T, Result<T>)> {
    match parse(text) {
        Ok(read) => {
            let printed = print(&read).expect("what was read is JSON");
            let next = parse(&printed);
            if let Err(error) = &next {
                // Printing may escape what was not escaped, and so get too long.
                assert!(printed.len() > 128 * 1024, "{error}");
            }
            Some((read, next))
        }
        Err(error) => {
            check::refusal(&error);
            None
        }
    }
}

/// Walks from the cursor to both ends of its list; nobody is met twice on the way.
fn follow(cursor: Cursor) {
    for back in [false, true] {
        let (mut at, mut met) = (cursor.clone(), BTreeSet::new());
        at.is_previous = back;
        loop {
            let listing = Listing {
                cursor: at,
                limit: 3,
                offset: 0,
                count: false,
            };
            let page = match listing.page_of_all(&SAMPLE.index.read()) {
                Ok(page) => page,
                Err(error) => return check::refusal(&error),
            };
            for item in page.items.flatten() {
                let entity_ref = ref_of(item);
                assert!(!met.contains(&entity_ref), "{entity_ref} is met twice");
                met.insert(entity_ref);
            }
            let next = if back { page.previous } else { page.next };
            let Some(next) = next else { break };
            let printed = next.print().expect("a cursor is JSON");
            at = match Cursor::parse(&printed) {
                Ok(next) => next,
                Err(error) => {
                    assert!(printed.len() > 128 * 1024, "{error}");
                    break;
                }
            };
        }
    }
}
