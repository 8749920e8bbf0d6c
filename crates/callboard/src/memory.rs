//! Gives memory back to the system while there is little to do.

use std::hint::black_box;
use std::time::Duration;

use callboard_feature::{Feature, Job};
use tokio::time::timeout;

/// How long the allocator keeps what is free, in case it is asked for again.
const KEPT: Duration = Duration::from_secs(1);

/// Bytes of a block that the allocator makes a page of its own for.
const PAGE: usize = 4 << 20;

/// Has what is free given back in silence too.
///
/// The allocator looks for what it has kept long enough only when it lets go of a page. A portal that has just read
/// its catalog and then rests would hold on to all that reading it took: as much as the catalog itself.
pub(crate) fn feature() -> Feature {
    Feature::new("memory").job(Job::new("memory-return", |stop| async move {
        while !stop.is_cancelled() {
            // A pause that a stop ends at once.
            let _ = timeout(KEPT, stop.cancelled()).await;
            // Nothing is written to it, so that the system has no memory to find for it.
            drop(black_box(Vec::<u8>::with_capacity(PAGE)));
        }
        Ok(())
    }))
}
