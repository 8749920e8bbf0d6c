//! Looks names up, and leaves out addresses that the name has no business with.
//!
//! The connection is made to the very addresses that were looked at, so a name that changes in between (DNS
//! rebinding) gains nothing.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::allow::AllowList;
use crate::network::{Reach, reach};

/// The guarded resolver of the client.
#[derive(Clone, Debug)]
pub(crate) struct GuardedResolver(pub(crate) AllowList);

/// A name that only stands for addresses that may not be reached.
#[derive(Debug)]
pub(crate) struct PrivateAddress {
    pub(crate) host: String,
    pub(crate) listed: bool,
}

impl fmt::Display for PrivateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` stands for an address of a private network",
            self.host
        )
    }
}

impl std::error::Error for PrivateAddress {}

/// Whether `address` may be reached under the name `host`.
pub(crate) fn may_reach(address: IpAddr, allow: &AllowList, host: &str) -> bool {
    match reach(address) {
        Reach::Public => true,
        Reach::Private => allow.names(host),
        // A name can be made to stand for it; whoever means it writes it down.
        Reach::Link => host.trim_matches(['[', ']']) == address.to_string() && allow.names(host),
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let reachable: Vec<SocketAddr> = found
                .iter()
                .filter(|address| may_reach(address.ip(), &allow, &host))
                .copied()
                .collect();
            if reachable.is_empty() && !found.is_empty() {
                let listed = allow.names(&host);
                return Err(PrivateAddress { host, listed }.into());
            }
            Ok(Box::new(reachable.into_iter()) as Addrs)
        })
    }
}
