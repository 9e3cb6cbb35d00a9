//! CORS with credentials for trusted origins (the Fetch standard, "CORS protocol"). The reference leaves it to its
//! host framework; here browsers on another origin are served directly.

use http::{HeaderName, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::trusted::Trusted;

/// Headers that the official client reads.
const EXPOSED: [&str; 4] = ["set-auth-token", "set-auth-jwt", "x-retry-after", "retry-after"];

pub(super) fn layer(trusted: Trusted) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| {
            origin.to_str().is_ok_and(|origin| trusted.origin(origin))
        }))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        // Whatever a plugin reads: only trusted origins get an answer that a browser goes by.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .max_age(std::time::Duration::from_secs(600))
}
