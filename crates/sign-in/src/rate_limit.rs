//! How often one address may try to sign in.
//!
//! A bucket per address. Many people may be behind one address, and every page that is opened asks once, so a bucket
//! is large; it is there to stop programs.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use callboard_model::Clock;

/// The requests that an address may send at once.
const BURST: u64 = 300;
/// The milliseconds after which it may send another one.
const EACH: u64 = 100;
/// The most addresses that are remembered. Beyond, those that are not share one bucket.
const MOST: usize = 10_000;

/// Buckets by address.
#[derive(Debug)]
pub(crate) struct RateLimit {
    clock: Clock,
    buckets: Mutex<HashMap<Option<IpAddr>, Bucket>>,
}

/// A bucket, as the time at which it is full again.
#[derive(Clone, Copy, Debug)]
struct Bucket(u64);

impl RateLimit {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            buckets: Mutex::default(),
        }
    }

    /// Takes one request of `address`. The seconds to wait, when there are none left.
    ///
    /// # Errors
    /// After how many seconds there is one again.
    pub(crate) fn take(&self, address: IpAddr) -> Result<(), u64> {
        let now = self.clock.unix_millis();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(network(address));
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| now < bucket.0);
            if buckets.len() >= MOST {
                key = None;
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket(now));
        let full_again = bucket.0.max(now) + EACH;
        let wait = full_again.saturating_sub(now + BURST * EACH);
        if wait > 0 {
            return Err(wait.div_ceil(1000));
        }
        bucket.0 = full_again;
        Ok(())
    }
}

/// One customer of a network has as many IPv6 addresses as they like, but one prefix.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_that_tries_too_often_waits_and_others_do_not() {
        let clock = Clock::manual(1_000_000);
        let limit = RateLimit::new(clock.clone());
        for _ in 0..BURST {
            limit.take(address("2001:db8::1")).unwrap();
        }

        assert_eq!(
            limit.take(address("2001:db8::2")),
            Err(1),
            "the same network"
        );
        limit.take(address("192.0.2.1")).unwrap();
        clock.advance(Duration::from_millis(EACH));
        limit.take(address("2001:db8::1")).unwrap();
        assert!(limit.take(address("2001:db8::1")).is_err());
    }

    #[test]
    fn addresses_are_not_remembered_without_end() {
        let clock = Clock::manual(1_000_000);
        let limit = RateLimit::new(clock.clone());
        let count = || limit.buckets.lock().unwrap().len();
        for number in 0..MOST as u32 + 200 {
            limit.take(Ipv4Addr::from(number).into()).unwrap();
        }

        assert_eq!(count(), MOST + 1);
        clock.advance(Duration::from_secs(60));
        limit.take(address("192.0.2.1")).unwrap();
        assert_eq!(count(), 1);
    }
}
