//! Many short texts in few allocations, to be searched as one.

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

/// Bytes in a page. A text is never in two.
const PAGE: usize = if cfg!(any(test, fuzzing)) { 64 } else { 65_536 };
/// Begins a text, and is no part of any: UTF-8 does not have it.
const START: u8 = 0xff;
/// Bytes before a text: the start, and whom it belongs to, six bits in a byte so that no text looks alike.
const HEAD: usize = 7;

/// Where a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

impl At {
    /// No text.
    pub(super) const NOWHERE: Self = Self(u32::MAX);
}

/// Texts that are added and given up, each with the number of whom it belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pages: Vec<Vec<u8>>,
    garbage: usize,
}

impl Texts {
    /// Adds a text that belongs to `owner`.
    pub(super) fn add(&mut self, text: &str, owner: u32) -> At {
        let size = HEAD + text.len();
        let fits = |page: &Vec<u8>| page.len() + size <= PAGE;
        if !self.pages.last().is_some_and(fits) {
            self.pages
                .push(Vec::with_capacity(size.max(PAGE.min(self.size() + 1_024))));
        }
        let number = self.pages.len() - 1;
        let page = &mut self.pages[number];
        page.push(START);
        page.extend(
            (0..6)
                .rev()
                .map(|digit| 0x80 | (owner >> (digit * 6) & 0x3f) as u8),
        );
        let place = page.len();
        page.extend_from_slice(text.as_bytes());
        let at = (number * PAGE + place).try_into().unwrap_or(u32::MAX);
        At(at)
    }

    /// The text at a place.
    pub(super) fn get(&self, at: At) -> &str {
        let at = at.0 as usize;
        let rest = self
            .pages
            .get(at / PAGE)
            .and_then(|page| page.get(at % PAGE..))
            .unwrap_or_default();
        let end = memchr(START, rest).unwrap_or(rest.len());
        std::str::from_utf8(&rest[..end]).unwrap_or_default()
    }

    /// Nobody has the text at this place any more.
    pub(super) fn give_up(&mut self, at: At) {
        self.garbage += HEAD + self.get(at).len();
    }

    /// Whether most of what is kept is given up.
    pub(super) fn is_wasteful(&self) -> bool {
        self.garbage > PAGE && self.garbage > self.size() / 2
    }

    fn size(&self) -> usize {
        match self.pages.as_slice() {
            [] => 0,
            [full @ .., last] => full.len() * PAGE + last.len(),
        }
    }

    /// Calls `visit` with the place and the owner of every text, also given up, that contains something.
    pub(super) fn search(&self, finder: &Finder<'_>, mut visit: impl FnMut(At, u32)) {
        for (number, page) in self.pages.iter().enumerate() {
            let mut from = 0;
            while let Some(hit) = finder.find(&page[from..]) {
                let hit = from + hit;
                let start = memrchr(START, &page[..hit]).unwrap_or(0);
                let head = &page[start + 1..start + HEAD];
                let owner = head
                    .iter()
                    .fold(0, |owner, digit| owner << 6 | u32::from(digit & 0x3f));
                visit(At((number * PAGE + start + HEAD) as u32), owner);
                from = match memchr(START, &page[hit..]) {
                    Some(next) => hit + next,
                    None => break,
                };
            }
        }
    }
}
