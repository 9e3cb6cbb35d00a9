//! CORS with credentials for trusted origins (the Fetch standard, "CORS protocol"). The reference leaves it to its
//! host framework; here browsers on another origin are served directly.

use http::{HeaderName, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::trusted::Trusted;

/// Headers that scripts may read of every answer; those of plugins are named where they are set
/// ([`super::Visit::expose_header`]).
const EXPOSED: [&str; 2] = ["x-retry-after", "retry-after"];

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
