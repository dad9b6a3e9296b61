//! What the settings allow: operations of AWS, and hosts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use moonring_flow::Reply;

use super::failed;

/// Operations that may be asked for, such as `dynamodb:GetItem` and `states:*`.
pub(super) struct Operations(Vec<String>);

/// Hosts that may be asked, such as `api.example.com` and `*.example.com`.
#[derive(Debug, Clone)]
pub(super) struct Hosts(Vec<String>);

impl Operations {
    pub(super) fn new(allowed: &[String]) -> Self {
        Self(allowed.to_vec())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The reply to an operation that is not allowed; `None` where it is.
    pub(super) fn refusal(&self, service: &str, operation: &str) -> Option<Reply> {
        let is_it = |allowed: &String| {
            allowed
                .split_once(':')
                .is_some_and(|(known, name)| known == service && (name == "*" || name == operation))
        };
        let message = || match operation {
            "*" => format!(
                "signed requests to {service} are not allowed; add {service}:* to MOONRING_AWS_ALLOW"
            ),
            operation => {
                format!("{service}:{operation} is not allowed; add it to MOONRING_AWS_ALLOW")
            }
        };
        (!self.0.iter().any(is_it)).then(|| failed("denied", message()))
    }
}

impl Hosts {
    pub(super) fn new(allowed: &[String]) -> Self {
        Self(allowed.iter().map(|host| host.to_ascii_lowercase()).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a host of a URL may be asked: a name, or an address.
    pub(super) fn allow(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches([']', '.']).to_ascii_lowercase();
        self.0.iter().any(|allowed| match allowed.strip_prefix('*') {
            Some(end) => host.ends_with(end) && host.len() > end.len(),
            None => *allowed == host,
        })
    }

    /// Whether an address may be spoken to: one of the public network, or one that is named itself.
    pub(super) fn allow_address(&self, address: IpAddr) -> bool {
        let own = canonical(address);
        let is_named = |allowed: &String| {
            allowed.parse::<IpAddr>().is_ok_and(|named| canonical(named) == own)
                || allowed == "localhost" && own.is_loopback()
        };
        is_public(own) || self.0.iter().any(is_named)
    }
}

/// An address of version 4, however it is written.
fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => embedded(six).map_or(address, IpAddr::V4),
        four => four,
    }
}

/// The address of version 4 in one of version 6: mapped, compatible, translated (64:ff9b::/96) or
/// 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(of(high, low)),
        [0, 0, 0, 0, 0, 0] if high != 0 => Some(of(high, low)),
        [0x2002, first, second, ..] => Some(of(first, second)),
        _ => None,
    }
}

/// Whether an address is of the public network: not this machine, not this or any private network,
/// nothing reserved.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            !(four.is_private()
                || four.is_loopback()
                || four.is_link_local()
                || four.is_broadcast()
                || four.is_documentation()
                || four.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(six) => {
            let [first, second, ..] = six.segments();
            !(six.is_loopback()
                || six.is_unspecified()
                || six.is_multicast()
                || six.is_unique_local()
                || six.is_unicast_link_local()
                || (first & 0xffc0) == 0xfec0
                || (first == 0x2001 && second == 0xdb8)
                || (first == 0x64 && second == 0xff9b))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(list: &[&str]) -> Hosts {
        Hosts::new(&list.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn hosts_are_allowed_by_their_name_or_the_end_of_it() {
        let hosts = hosts(&["api.example.com", "*.example.org", "10.0.0.5"]);
        for (host, expected) in [
            ("api.example.com", true),
            ("API.Example.Com.", true),
            ("example.com", false),
            ("evil-api.example.com", false),
            ("a.example.org", true),
            ("a.b.example.org", true),
            ("example.org", false),
            ("evilexample.org", false),
            ("api.example.com.evil.net", false),
            ("10.0.0.5", true),
            ("10.0.0.6", false),
        ] {
            assert_eq!(hosts.allow(host), expected, "{host}");
        }
    }

    #[test]
    fn addresses_inside_are_refused_however_they_are_written() {
        let none = hosts(&["api.example.com"]);
        for address in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!none.allow_address(address.parse().unwrap()), "{address}");
        }
        for address in [
            "93.184.216.34",
            "2606:2800:220:1::1",
            "::ffff:93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
        ] {
            assert!(none.allow_address(address.parse().unwrap()), "{address}");
        }
        let named = hosts(&["internal.example.com", "10.0.0.5", "localhost"]);
        for (address, expected) in [
            ("10.0.0.5", true),
            ("::ffff:10.0.0.5", true),
            ("10.0.0.6", false),
            ("127.0.0.1", true),
            ("::1", true),
        ] {
            assert_eq!(named.allow_address(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn operations_are_allowed_by_service_and_name() {
        let operations = Operations::new(&["dynamodb:GetItem".to_owned(), "states:*".to_owned()]);
        assert!(
            operations.refusal("dynamodb", "GetItem").is_none()
                && operations.refusal("states", "StartExecution").is_none()
        );
        for (service, operation) in [
            ("dynamodb", "PutItem"),
            ("dynamodb", "*"),
            ("dynamodb", "GetItems"),
            ("statesx", "A"),
            ("s3", "GetItem"),
        ] {
            assert!(operations.refusal(service, operation).is_some(), "{service}:{operation}");
        }
    }
}
