//! Content hashes.

use sha1::{Digest, Sha1};

/// SHA-1 in hex, as Backstage uses for etags and generated names (CAT-11, CAT-44). It detects change;
/// nothing's safety rests on it.
pub(crate) fn hex(content: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(40);
    for byte in Sha1::digest(content) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The first bytes of the hash as a positive number.
pub(crate) fn number(content: &[u8]) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&Sha1::digest(content)[..8]);
    i64::from_be_bytes(first) & i64::MAX
}
