//! `GET /token` and `GET /jwks`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::access_token::AccessTokens as _;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as value;
use http::{HeaderValue, header};

use crate::{Jwt, keys};

pub(crate) fn token(plugin: Arc<Jwt>) -> Route {
    Route::get("/token", "jwt.token", sign, plugin)
        .summary("A JWT about who is signed in")
        .needs_session()
        .answers(Shape::object(&[("token", Shape::text(), true)]))
}

pub(crate) fn jwks(plugin: Arc<Jwt>) -> Route {
    let key = Shape::object(&[
        ("kid", Shape::text(), true),
        ("kty", Shape::text(), true),
        ("alg", Shape::text(), true),
        ("crv", Shape::text(), false),
        ("x", Shape::text(), false),
        ("y", Shape::text(), false),
        ("n", Shape::text(), false),
        ("e", Shape::text(), false),
    ]);
    Route::get("/jwks", "jwt.jwks", publish, plugin)
        .summary("The public keys that verify JWTs")
        .answers(Shape::object(&[("keys", key.list(), true)]))
}

async fn sign(State(plugin): State<Arc<Jwt>>, visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let issued = plugin.issue(visit.app(), &signed_in.session, &signed_in.user, None).await?;
    json(&value!({"token": issued.token}))
}

async fn publish(State(plugin): State<Arc<Jwt>>, visit: Visit) -> Result<Reply> {
    let mut reply = json(&value!({"keys": keys::published(&plugin, visit.app()).await?}))?;
    let seconds = plugin.options.keys_max_age.0.as_secs();
    if seconds > 0 {
        let value = HeaderValue::from_str(&format!("public, max-age={seconds}")).map_err(Error::internal)?;
        reply.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    Ok(reply)
}
