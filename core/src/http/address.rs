//! Who is knocking: the client's address behind trusted proxies, and the form in which it is counted.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// The client's address. `X-Forwarded-For` is believed only when the peer is a trusted proxy, and then the
/// right-most entry that is not one itself: what stands further left was written by the client. `None` when a trusted
/// proxy does not say whom it speaks for: its own address is not the client's.
pub fn client(peer: IpAddr, forwarded_for: &[&str], trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let peer = peer.to_canonical();
    if !is_trusted(peer) {
        return Some(peer);
    }
    for entry in forwarded_for.iter().rev().flat_map(|header| header.rsplit(',')) {
        let address = entry.trim().parse::<IpAddr>().ok()?.to_canonical();
        if !is_trusted(address) {
            return Some(address);
        }
    }
    None
}

/// The form in which an address is counted and stored: IPv6 by its /64 (one customer has that many), written in
/// full, IPv4-mapped ones as IPv4.
pub fn counted(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            let network = Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0);
            network.segments().map(|segment| format!("{segment:04x}")).join(":")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn nets(list: &[&str]) -> Vec<IpNet> {
        list.iter().map(|n| n.parse().unwrap()).collect()
    }

    #[test]
    fn an_untrusted_peer_cannot_say_who_it_is() {
        assert_eq!(
            client(ip("198.51.100.1"), &["1.2.3.4"], &nets(&["10.0.0.0/8"])),
            Some(ip("198.51.100.1"))
        );
        assert_eq!(client(ip("127.0.0.1"), &["1.2.3.4"], &[]), Some(ip("127.0.0.1")));
    }

    #[test]
    fn behind_proxies_the_right_most_stranger_counts() {
        let trusted = nets(&["10.0.0.0/8"]);
        let through = |headers: &[&str]| client(ip("10.0.0.1"), headers, &trusted);
        assert_eq!(through(&["6.6.6.6, 203.0.113.9, 10.0.0.7"]), Some(ip("203.0.113.9")));
        assert_eq!(through(&["6.6.6.6", "203.0.113.9"]), Some(ip("203.0.113.9")));
        assert_eq!(through(&["203.0.113.9, nonsense"]), None);
        assert_eq!(through(&[]), None);
    }

    #[test]
    fn all_spellings_of_one_address_are_counted_together() {
        assert_eq!(counted(ip("::ffff:1.2.3.4")), "1.2.3.4");
        assert_eq!(counted(ip("2001:DB8::1")), counted(ip("2001:db8:0:0:ffff::2")));
        assert_eq!(counted(ip("2001:db8::1")), "2001:0db8:0000:0000:0000:0000:0000:0000");
        assert_ne!(counted(ip("2001:db8:0:1::1")), counted(ip("2001:db8:0:2::1")));
    }
}
