//! The pipeline from files on disk to final entities, on the database that this test run is about.

mod broken;
mod claims;
mod feed;
mod files;
mod history;
mod malformed;
mod relations;
mod urls;
mod web;
mod world;
