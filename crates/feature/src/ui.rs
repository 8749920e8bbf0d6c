//! What a feature adds to the pages.

use serde::Serialize;

/// What a feature adds to the pages.
#[derive(Clone, Debug, Default)]
pub struct UiContribution {
    /// Entries of the sidebar.
    pub navigation: Vec<NavItem>,
}

/// An entry of the sidebar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// What it is called.
    pub title: String,
    /// Where it leads, such as `/catalog`.
    pub path: String,
    /// The name of one of the UI's icons.
    pub icon: String,
}

impl NavItem {
    /// An entry called `title` that leads to `path`.
    pub fn new(title: impl Into<String>, path: impl Into<String>, icon: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            path: path.into(),
            icon: icon.into(),
        }
    }
}
