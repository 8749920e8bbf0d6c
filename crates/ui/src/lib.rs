//! The pages, inside the binary.
//!
//! The build script builds `ui/` and embeds what comes out. [`Pages`] answers every path that is no
//! API: an *asset* with its compressed form and long-lived caching, any other path with the one page,
//! which draws the rest in the browser and is told its title, its base path and its navigation.
//!
//! Never here: what a page shows (`ui/`), or anything a visitor may not know: it is in every page.
//! Adding something the page is told: one field of [`PageSettings`], one in `ui/src/config.ts`.
//! Start reading at [`Pages::answer`].

mod answer;
mod assets;
mod page;

pub use answer::Pages;
pub use page::PageSettings;
