//! Whole stories, told with requests.

mod clients;
mod codes;
mod consent;
mod offers;
mod refresh;
mod stage;
