//! Networks, which may be single addresses: `10.0.0.0/8`, `127.0.0.1`, `::1`.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de::Error as _};

struct Network(IpNet);

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse::<IpNet>());
        read.map(Self).map_err(|_| {
            D::Error::custom(format!("{text:?} is neither an address (127.0.0.1) nor a network (10.0.0.0/8)"))
        })
    }
}

pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let networks = Vec::<Network>::deserialize(deserializer)?;
    Ok(networks.into_iter().map(|Network(network)| network).collect())
}
