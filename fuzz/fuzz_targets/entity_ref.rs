//! References: `crates/catalog/src/fuzzing/entity_ref.rs` says what has to hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| callboard_catalog::fuzzing::run("entity_ref", input));
