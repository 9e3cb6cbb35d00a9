//! `GET /auth/tokens` and `DELETE /auth/tokens/{id}`: one's own refresh tokens, one of each sign-in. The id is that of the
//! sign-in's family, which stays while its tokens come and go.

use std::sync::Arc;

use guichet_core::error::{Result, not_found};
use guichet_core::http::{Field as _, PathId, Reply, Route, Shape, Visit, json, success};
use guichet_core::serde_json::{Value, json as object};
use guichet_core::timestamp::Timestamp;

use super::{LIST, REVOKE};
use crate::{TOKEN_NOT_FOUND, TokenApi, bearer, store};

pub(super) fn list(plugin: &Arc<TokenApi>) -> Route {
    let path = plugin.options.path(&plugin.options.tokens_path);
    let one = Shape::object(&[
        ("id", Shape::text(), true),
        ("last_used_at", Timestamp::shape(), true),
        ("expires_at", Timestamp::shape(), true),
        ("user_agent", Shape::text().or_null(), true),
        ("ip_address", Shape::text().or_null(), true),
        ("current", Shape::boolean(), true),
    ]);
    Route::get(path, LIST, show, ())
        .summary("The caller's refresh tokens, one of each sign-in")
        .needs_session()
        .answers(one.list())
}

pub(super) fn revoke(plugin: &Arc<TokenApi>) -> Route {
    let path = plugin.options.path(&format!("{}/{{id}}", plugin.options.tokens_path));
    Route::delete(path, REVOKE, end, ())
        .summary("Ends one of the caller's refresh tokens, with its session")
        .needs_session()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn show(visit: Visit) -> Result<Reply> {
    let caller = bearer::caller(&visit).await?;
    let alive = store::alive(&visit.app().db, &caller.user.id, visit.now()).await?;
    let all: Vec<Value> = alive
        .iter()
        .map(|token| {
            object!({
                "id": token.family, "last_used_at": token.created_at, "expires_at": token.expires_at,
                "user_agent": token.user_agent, "ip_address": token.ip_address,
                "current": token.session_id == caller.session.id,
            })
        })
        .collect();
    json(&all)
}

async fn end(visit: Visit, PathId(id): PathId) -> Result<Reply> {
    let caller = bearer::caller(&visit).await?;
    // Postgres has no NUL in texts.
    let named = if id.contains('\0') { None } else { store::session_of(&visit.app().db, &id).await? };
    let own = named.filter(|(_, user_id)| *user_id == caller.user.id);
    let (session, _) = own.ok_or_else(|| not_found(TOKEN_NOT_FOUND))?;
    bearer::end(visit.app(), &session).await?;
    success()
}
