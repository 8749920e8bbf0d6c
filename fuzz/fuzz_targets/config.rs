//! Configuration files: `crates/catalog/src/fuzzing/config.rs` says what has to hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| callboard_catalog::fuzzing::run("config", input));
