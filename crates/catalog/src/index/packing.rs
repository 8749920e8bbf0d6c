//! Documents made small.
//!
//! Entities look alike, so a *dictionary* of what many of them contain makes each several times smaller, and
//! unpacking one takes two microseconds.

use std::cell::RefCell;
use std::sync::Arc;

use bytes::Bytes;
use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound, get_frame_content_size};

/// Bytes that a dictionary has at most.
const DICTIONARY: usize = if cfg!(test) { 512 } else { 65_536 };
/// Documents that a dictionary is learned from.
pub(super) const SAMPLES: usize = if cfg!(test) { 8 } else { 1_000 };
/// Longer documents say little about others.
const LONGEST_SAMPLE: usize = 16_384;
const LEVEL: i32 = 3;

thread_local! {
    static PACKER: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static UNPACKER: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// A dictionary, ready to be used.
pub(crate) struct Packing {
    pack: CDict<'static>,
    unpack: DDict<'static>,
}

impl Packing {
    /// Learns from samples.
    pub(super) fn learn(samples: &[Bytes]) -> Self {
        let samples: Vec<&[u8]> = samples
            .iter()
            .map(|sample| &sample[..sample.len().min(LONGEST_SAMPLE)])
            .collect();
        // Too few samples to learn from are good enough as they are.
        let dictionary = zstd::dict::from_samples(&samples, DICTIONARY).unwrap_or_else(|_| {
            let mut plain = samples.concat();
            plain.truncate(DICTIONARY);
            plain
        });
        Self {
            pack: CDict::create(&dictionary, LEVEL),
            unpack: DDict::create(&dictionary),
        }
    }

    /// The packed form; `None` when it is not smaller.
    pub(super) fn pack(&self, plain: &[u8]) -> Option<Box<[u8]>> {
        let mut packed = Vec::with_capacity(compress_bound(plain.len()));
        let size = PACKER
            .with_borrow_mut(|packer| packer.compress_using_cdict(&mut packed, plain, &self.pack));
        (size.ok()? < plain.len()).then(|| Box::from(packed))
    }

    fn unpack(&self, packed: &[u8]) -> Option<Vec<u8>> {
        let size = get_frame_content_size(packed).ok()??;
        let mut plain = Vec::with_capacity(usize::try_from(size).ok()?);
        UNPACKER
            .with_borrow_mut(|unpacker| {
                unpacker.decompress_using_ddict(&mut plain, packed, &self.unpack)
            })
            .ok()?;
        Some(plain)
    }
}

impl std::fmt::Debug for Packing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packing")
    }
}

/// An entity's JSON as the index holds it.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    /// As it is.
    Plain(Bytes),
    /// Packed, and with what.
    Packed(Box<[u8]>, Arc<Packing>),
}

impl Json {
    /// The JSON as text, to be called without holding the index.
    pub(crate) fn bytes(self) -> Bytes {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Packed(packed, packing) => match packing.unpack(&packed) {
                Some(plain) => Bytes::from(plain),
                None => {
                    tracing::error!("an entity in memory cannot be unpacked");
                    Bytes::from_static(b"null")
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again_and_is_smaller() {
        let document = |number: usize| {
            Bytes::from(format!(
                r#"{{"kind":"Component","metadata":{{"name":"service-{number}"}},"spec":{{"type":"service"}}}}"#
            ))
        };
        for samples in [0, 3, 500] {
            let packing = Arc::new(Packing::learn(
                &(0..samples).map(document).collect::<Vec<_>>(),
            ));
            let plain = document(1_234);
            let packed = packing.pack(&plain).unwrap();
            assert!(packed.len() < plain.len());
            assert_eq!(Json::Packed(packed, packing).bytes(), plain);
        }
    }
}
