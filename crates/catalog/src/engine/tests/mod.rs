//! The pipeline from files on disk to final entities, on the database that this test run is about.

mod broken;
mod claims;
mod feed;
mod files;
mod history;
mod malformed;
mod options;
mod orphans;
mod providers;
mod relations;
mod reload;
mod settling;
mod urls;
mod web;
mod world;
