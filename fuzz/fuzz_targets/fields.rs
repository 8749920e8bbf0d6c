//! Projections of entities: `crates/catalog/src/fuzzing/fields.rs` says what has to hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| callboard_catalog::fuzzing::run("fields", input));
