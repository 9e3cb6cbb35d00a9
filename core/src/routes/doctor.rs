//! `GET /doctor`: what this server sees of a request, for `guichet doctor`, which comes the way that visitors come.
//! Strangers are told nothing: the request carries a token that only a holder of the secret can make.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Extension;
use axum::extract::ConnectInfo;

use crate::app::App;
use crate::error::{INVALID_TOKEN, Result, unauthorized};
use crate::http::{API_BASE, Query, Reply, Route, Shape, Visit, component, json};

/// The claim that no other token of ours has.
const CLAIM: &str = "doctor";
/// Enough for one question, and for clocks that differ a little.
const LIFE: Duration = Duration::from_secs(60);

crate::input! {
    /// Who asks.
    struct Asked {
        /// Made by `guichet doctor` from the secret; good for a minute.
        token: String,
    }
}

pub(super) fn route() -> Route {
    Route::get("/doctor", "core.doctor", seen, ())
        .summary("What the server sees of this request; for `guichet doctor` alone")
        .query::<Asked>()
        .answers(Shape::object(&[
            ("version", Shape::text(), true),
            ("peer", Shape::text(), true),
            ("peerAddress", Shape::text(), true),
            ("peerTrusted", Shape::boolean(), true),
            ("forwardedFor", Shape::boolean(), true),
            ("forwardedProto", Shape::text().or_null(), true),
            ("counted", Shape::text(), true),
        ]))
}

/// The address at which the running server answers `guichet doctor`.
pub(crate) fn address(app: &App) -> String {
    let claims = [(CLAIM.to_owned(), true.into())].into_iter().collect();
    let token = app.keyring.sign_token(claims, app.clock.now(), LIFE);
    app.url(&format!("{API_BASE}/doctor?token={}", component(&token)))
}

async fn seen(
    visit: Visit,
    Query(asked): Query<Asked>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
) -> Result<Reply> {
    let app = visit.app();
    let claims = app.keyring.read_token(&asked.token, visit.now());
    if !claims.is_ok_and(|claims| claims.get(CLAIM) == Some(&true.into())) {
        return Err(unauthorized(INVALID_TOKEN));
    }
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer.ip().to_canonical());
    json(&serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "peer": peer.map_or("unknown", kind),
        "peerAddress": peer.map(|peer| peer.to_string()).unwrap_or_default(),
        "peerTrusted": peer.is_some_and(|peer| app.config.trusted_proxies.iter().any(|net| net.contains(&peer))),
        "forwardedFor": visit.headers().contains_key("x-forwarded-for"),
        "forwardedProto": visit.header("x-forwarded-proto"),
        "counted": visit.address(),
    }))
}

fn kind(peer: IpAddr) -> &'static str {
    let private = match peer {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    match (peer.is_loopback(), private) {
        (true, _) => "loopback",
        (_, true) => "private",
        _ => "public",
    }
}
