//! `POST /sign-in/anonymous` and `POST /delete-anonymous-user`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result, bad_request, forbidden};
use guichet_core::farewell;
use guichet_core::hooks::Provision;
use guichet_core::http::{Reply, Route, Shape, Visit, json, success};
use guichet_core::newcomer::{Profile, Said};
use guichet_core::sign_in::{Aal, Attempt, Outcome, find_or_make, sign_in as admit};
use guichet_core::store::Fields;

use crate::{ALREADY_A_GUEST, Anonymous, COLUMN, DELETION_DISABLED, NOT_A_GUEST, is_guest};

pub(crate) const SIGN_IN: &str = "anonymous.sign-in";

/// No mail goes there: the domain ends in `.invalid` (RFC 2606).
const DOMAIN: &str = "anonymous.placeholder.invalid";

pub(crate) fn sign_in(plugin: Arc<Anonymous>) -> Route {
    Route::post("/sign-in/anonymous", SIGN_IN, enter, plugin)
        .summary("Signs in as a guest: a user without an address")
        .answers(Shape::object(&[("token", Shape::text(), true), ("user", Shape::named("User"), true)]))
}

pub(crate) fn delete(plugin: Arc<Anonymous>) -> Route {
    Route::post("/delete-anonymous-user", "anonymous.delete", leave, plugin)
        .needs_session()
        .summary("Deletes the guest who asks")
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn enter(State(plugin): State<Arc<Anonymous>>, visit: Visit) -> Result<Reply> {
    if visit.signed_in().await?.is_some_and(|signed_in| is_guest(&signed_in.user)) {
        return Err(bad_request(ALREADY_A_GUEST));
    }
    let app = visit.app();
    let address = format!("{}@{DOMAIN}", app.keyring.random_alphanumeric(32));
    let email = EmailAddress::parse(&address)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("a guest's address cannot be made")))?;
    let mut columns = Fields::default();
    columns.set(COLUMN, true);
    let guest = Profile {
        email,
        email_verified: false,
        name: plugin.options.name.clone(),
        image: None,
        said: Said::Nothing,
        columns,
    };
    let new = guest.row(&visit, Provision::NoOpinion).await?;
    let mut tx = app.db.begin().await?;
    let (user, _) = find_or_make(&visit, &mut tx, new).await?;
    let attempt = Attempt {
        user,
        method: "anonymous",
        amr: vec!["none"],
        aal: Aal::One,
        remember: true,
        door: None,
        is_new: true,
    };
    match admit(&visit, tx, attempt).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}

async fn leave(State(plugin): State<Arc<Anonymous>>, visit: Visit) -> Result<Reply> {
    let user = visit.require_session_anew().await?.user;
    if !plugin.options.delete_guests {
        return Err(bad_request(DELETION_DISABLED));
    }
    if !is_guest(&user) {
        return Err(forbidden(NOT_A_GUEST));
    }
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    farewell::remove(app, &mut tx, &user).await?;
    tx.commit().await?;
    visit.remove_session_cookies();
    success()
}
