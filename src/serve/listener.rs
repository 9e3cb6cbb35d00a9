//! The address that is listened at.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpListener;

/// Binds it; the error says what to do.
pub(super) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => {
                let next = SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(3000));
                format!(
                    "another program listens there already. Stop it, or choose another: GUICHET_LISTEN={next}"
                )
            }
            ErrorKind::PermissionDenied => {
                "this user may not listen there; ports below 1024 belong to root".to_owned()
            }
            ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ => error.to_string(),
        };
        anyhow::anyhow!("cannot listen at {address} (listen): {why}")
    })
}
