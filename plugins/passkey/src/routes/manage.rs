//! `GET /passkey/list-user-passkeys`, `POST /passkey/update-passkey` and `POST /passkey/delete-passkey`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result, SESSION_NOT_FRESH, forbidden, not_found, unauthorized};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done, json};
use guichet_core::serde_json::{Value, json as value};
use http::StatusCode;

use super::fields::FullLabel;
use super::{DELETE, UPDATE};
use crate::{PASSKEY_NOT_FOUND, Passkey, YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY, register, store};

guichet_core::input! {
    /// Which passkey.
    struct Which {
        id: String,
    }
}

guichet_core::input! {
    /// Which passkey, and what it is called.
    struct Named {
        id: String,
        name: FullLabel,
    }
}

pub(super) fn routes(plugin: &Arc<Passkey>) -> Vec<Route> {
    vec![
        Route::get("/passkey/list-user-passkeys", "passkey.list-user-passkeys", list, ())
            .summary("The passkeys of the own account")
            .needs_session()
            .answers(Shape::record().list()),
        Route::post("/passkey/delete-passkey", DELETE, delete, plugin.clone())
            .summary("Removes a passkey of the own account")
            .needs_session()
            .body::<Which>()
            .answers(Shape::status()),
        Route::post("/passkey/update-passkey", UPDATE, update, ())
            .summary("Names a passkey of the own account")
            .needs_session()
            .body::<Named>()
            .answers(Shape::object(&[("passkey", Shape::record(), true)])),
    ]
}

async fn list(visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let all = store::of_user(&visit.app().db, &signed_in.user.id).await?;
    json(&all.iter().map(store::Stored::json).collect::<Vec<Value>>())
}

async fn delete(State(plugin): State<Arc<Passkey>>, visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    signed_in.require_owner()?;
    if plugin.options.remove_needs_fresh && !visit.is_fresh(&signed_in.session) {
        return Err(forbidden(SESSION_NOT_FRESH));
    }
    let unknown = || not_found(PASSKEY_NOT_FOUND);
    let passkey = store::by_id(&visit.app().db, &which.id).await?.ok_or_else(unknown)?;
    if passkey.user_id != signed_in.user.id {
        return Err(Error::empty(StatusCode::UNAUTHORIZED));
    }
    // A parallel removal may have been faster.
    if !register::remove(&visit, &plugin, &signed_in.user, &passkey).await? {
        return Err(unknown());
    }
    done()
}

async fn update(visit: Visit, Body(named): Body<Named>) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let db = &visit.app().db;
    let unknown = || not_found(PASSKEY_NOT_FOUND);
    let passkey = store::by_id(db, &named.id).await?.ok_or_else(unknown)?;
    if passkey.user_id != signed_in.user.id {
        return Err(unauthorized(YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY));
    }
    let renamed = store::rename(db, &signed_in.user.id, &named.id, &named.name.0).await?;
    let renamed = renamed.ok_or_else(unknown)?;
    json(&value!({"passkey": renamed.json()}))
}
