//! Documents made small.
//!
//! Entities look alike, so a *dictionary* of what many of them contain makes each several times smaller, and
//! unpacking one takes two microseconds.

use std::cell::RefCell;
use std::sync::Arc;

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound, get_frame_content_size};

/// Bytes that a dictionary has at most.
const DICTIONARY: usize = if cfg!(any(test, fuzzing)) {
    512
} else {
    65_536
};
/// Documents that a dictionary is learned from.
pub(super) const SAMPLES: usize = if cfg!(any(test, fuzzing)) { 8 } else { 1_000 };
/// Longer documents say little about others.
const LONGEST_SAMPLE: usize = 16_384;
const LEVEL: i32 = 3;
/// Bytes of documents that are kept as they are because somebody asked for them lately: the same few are asked for
/// again and again.
const RECENT: u64 = if cfg!(test) { 2_048 } else { 16 << 20 };
/// Bytes of a usual document.
const USUAL: u64 = 2_048;

thread_local! {
    static PACKER: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static UNPACKER: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// A dictionary, ready to be used, and what was unpacked with it lately.
pub(crate) struct Packing {
    pack: CDict<'static>,
    unpack: DDict<'static>,
    recent: Cache<Version, Bytes, Size>,
}

/// A document's number, and how often it had changed: what is kept of an earlier version is not found any more.
pub(crate) type Version = (u32, u32);

/// A document counts as much as it is long.
#[derive(Clone)]
struct Size;

impl Weighter<Version, Bytes> for Size {
    fn weight(&self, _: &Version, json: &Bytes) -> u64 {
        json.len().max(1) as u64
    }
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
            recent: Cache::with_weighter((RECENT / USUAL) as usize, RECENT, Size),
        }
    }

    /// A document that somebody asked for lately.
    pub(super) fn recent(&self, version: Version) -> Option<Bytes> {
        self.recent.get(&version)
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
    /// Packed.
    Packed(Packed),
}

/// A packed document, and what to unpack it with.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(super) bytes: Box<[u8]>,
    pub(super) version: Version,
    pub(super) packing: Arc<Packing>,
}

impl Json {
    /// The JSON as text, to be called without holding the index.
    pub(crate) fn bytes(self) -> Bytes {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Packed(packed) => {
                let plain = packed.unpack();
                let Packed {
                    version, packing, ..
                } = packed;
                packing.recent.insert(version, plain.clone());
                plain
            }
        }
    }

    /// The same of one of many, which says nothing about what will be asked for next.
    pub(crate) fn bytes_of_many(self) -> Bytes {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Packed(packed) => packed.unpack(),
        }
    }
}

impl Packed {
    fn unpack(&self) -> Bytes {
        self.packing.unpack(&self.bytes).map_or_else(
            || {
                tracing::error!("an entity in memory cannot be unpacked");
                Bytes::from_static(b"null")
            },
            Bytes::from,
        )
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
            let json = Json::Packed(Packed {
                bytes: packed,
                version: (samples as u32, 0),
                packing: Arc::clone(&packing),
            });
            assert_eq!(json.clone().bytes_of_many(), plain);
            assert_eq!(packing.recent((samples as u32, 0)), None);
            assert_eq!(json.bytes(), plain);
            assert_eq!(packing.recent((samples as u32, 0)), Some(plain));
            assert_eq!(packing.recent((samples as u32, 1)), None);
        }
    }

    #[test]
    fn only_so_much_is_kept_unpacked() {
        let packing = Arc::new(Packing::learn(&[]));
        let plain = Bytes::from("x".repeat(200));
        for number in 0..1_000 {
            let bytes = packing.pack(&plain).unwrap();
            let packing = Arc::clone(&packing);
            let packed = Packed {
                bytes,
                version: (number, 0),
                packing,
            };
            Json::Packed(packed).bytes();
        }
        assert!(packing.recent.weight() <= RECENT);
        assert!(!packing.recent.is_empty());
    }
}
