//! The pipeline from files on disk to final entities, on the database that this test run is about.

mod broken;
mod bundles;
mod claims;
mod emitted;
mod emitter;
mod feed;
mod files;
mod history;
mod malformed;
mod options;
mod orphans;
mod placeholders;
mod presence;
mod providers;
mod relations;
mod reload;
mod replicas;
mod sequences;
mod settling;
mod some_parts;
mod stress;
mod turns;
mod urls;
mod web;
mod world;
