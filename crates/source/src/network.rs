//! Which addresses are on the public internet, and which lead inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far an address may be trusted to be what it seems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// On the public internet.
    Public,
    /// This machine or a network around it.
    Private,
    /// The link itself, where clouds hand out credentials, and addresses that no file is read from.
    Link,
}

/// Where `address` leads.
pub(crate) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    if address.is_link_local() || address.is_multicast() || a >= 240 {
        return Reach::Link;
    }
    let shared = a == 100 && (64..128).contains(&b);
    let special = (a, b, c) == (192, 0, 0) || (a == 198 && (b == 18 || b == 19));
    if a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_documentation()
        || shared
        || special
    {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if let Some(inner) = inner_v4(address) {
        return reach_v4(inner);
    }
    let first = address.segments()[0];
    if (first & 0xffc0) == 0xfe80 || address.is_multicast() {
        return Reach::Link;
    }
    let local = (first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfec0;
    let documentation = first == 0x2001 && address.segments()[1] == 0x0db8;
    if address.is_loopback() || address.is_unspecified() || local || documentation {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 or 6to4.
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(from(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach_of(address: &str) -> Reach {
        reach(address.parse().unwrap())
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        for address in [
            "93.184.215.14",
            "1.1.1.1",
            "172.32.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
        ] {
            assert_eq!(reach_of(address), Reach::Public, "{address}");
        }
    }

    #[test]
    fn addresses_of_this_machine_and_of_networks_inside_are_private() {
        for address in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fd00::1",
            "fec0::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
        ] {
            assert_eq!(reach_of(address), Reach::Private, "{address}");
        }
    }

    #[test]
    fn addresses_where_clouds_hand_out_credentials_are_neither() {
        for address in [
            "169.254.169.254",
            "fe80::1",
            "::ffff:169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
        ] {
            assert_eq!(reach_of(address), Reach::Link, "{address}");
        }
    }
}
