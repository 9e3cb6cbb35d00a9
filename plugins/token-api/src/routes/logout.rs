//! `POST /auth/logout`: the session ends, named by an access token, a refresh token, or both.

use std::sync::Arc;

use guichet_core::error::Result;
use guichet_core::http::{AnyFields, Reply, Route, Shape, Visit, success};
use guichet_core::keyring::digest;
use guichet_core::session;
use guichet_core::store::{Session, User};

use super::LOGOUT;
use crate::{TokenApi, bearer, pair, store};

pub(super) fn route(plugin: &Arc<TokenApi>) -> Route {
    let path = plugin.options.path(&plugin.options.logout_path);
    Route::post(path, LOGOUT, handle, ())
        .summary("Ends the session of an access token or a refresh token")
        .body_shape(Shape::object(&[("refresh_token", Shape::text(), false)]))
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn handle(visit: Visit, AnyFields(sent): AnyFields) -> Result<Reply> {
    let app = visit.app();
    let Some(token) = sent.get("refresh_token").and_then(|token| token.as_str()) else {
        let caller = bearer::caller(&visit).await?;
        leave(&visit, &caller.session, &caller.user).await?;
        return success();
    };
    // Who wants out is out, whatever became of the token (RFC 7009, section 2.2): a used one ends its session too.
    if pair::is_one(token)
        && let Some(named) = store::by_hash(&app.db, &digest(token)).await?
    {
        match session::of_id(app, &named.session_id).await? {
            Some((session, user)) => leave(&visit, &session, &user).await?,
            None => bearer::end(app, &named.session_id).await?,
        }
    }
    if let Some(access) = visit.bearer_token()
        && let Some(caller) = pair::issuer(app)?.verify(app, access).await?
    {
        leave(&visit, &caller.session, &caller.user).await?;
    }
    success()
}

async fn leave(visit: &Visit, session: &Session, user: &User) -> Result<()> {
    bearer::end(visit.app(), &session.id).await?;
    session::say_signed_out(visit, session, user);
    Ok(())
}
