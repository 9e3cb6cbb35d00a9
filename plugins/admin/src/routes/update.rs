//! `POST /admin/update-user`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::db::{Tx, Value as Kept};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{
    FAILED_TO_UPDATE_USER, Result, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, USER_NOT_FOUND, bad_request,
    not_found,
};
use guichet_core::hooks::before_user_write;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::SignedIn;
use guichet_core::store::{User, Verifications};
use guichet_core::{notice, session};

use crate::caller::say;
use crate::data::{address, take};
use crate::input::Coerced;
use crate::{
    Admin, BANNED, NO_DATA_TO_UPDATE, PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER, ROLE,
    YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL, YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS, YOU_CANNOT_BAN_YOURSELF,
    hooks,
};

guichet_core::input! {
    /// What is changed of whom.
    struct Update {
        /// The user's id.
        user_id as "userId": Coerced,
        /// Columns with their new values.
        data: Map<String, Value>,
    }
}

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/update-user", "admin.update-user", update, plugin)
        .needs_session()
        .summary("Changes columns of a user")
        .body::<Update>()
        .answers(Shape::named("User"))
}

async fn update(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<Update>) -> Result<Reply> {
    let caller = plugin.caller(&visit, ("user", "update"), YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS).await?;
    let (app, id, data) = (visit.app(), &body.user_id.0, body.data);
    let role = plugin.look(&caller, id, &data)?;
    let email = plugin.new_address(&visit, &caller, id, &data).await?;
    let gone = || not_found(USER_NOT_FOUND);
    let user = app.users.by_id(&app.db, id).await?.ok_or_else(gone)?;
    let mut fields = take(app, &data)?;
    before_user_write(&visit, Some(&user), &mut fields).await?;
    let bans = fields.get(BANNED).and_then(Kept::as_bool) == Some(true);

    let mut changes: Vec<(&str, Kept)> = fields.iter().map(|(name, value)| (name, value.clone())).collect();
    changes.extend(role.as_ref().map(|role| (ROLE, role.into())));
    changes.extend(email.as_ref().map(|email| ("email", email.as_str().into())));
    let mut tx = app.db.begin().await?;
    if bans || role.is_some() {
        session::hold_user(app, &mut tx, id).await?.ok_or_else(gone)?;
    }
    let updated = app.users.update(&mut tx, id, changes, visit.now()).await;
    let updated = updated.map_err(|error| {
        if guichet_core::db::violates(&error, "user", "email") {
            bad_request(USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
        } else {
            app.users.refusal(error, FAILED_TO_UPDATE_USER)
        }
    });
    let updated = updated?.ok_or_else(gone)?;
    if bans {
        session::end_all(app, &mut tx, id, None).await?;
    } else if role.is_some() {
        hooks::end_lent(app, &mut tx, id).await?;
    }
    if updated.email != user.email {
        plugin.moved(&visit, &mut tx, &user, &updated.email).await?;
    }
    tx.commit().await?;
    say(&visit, &caller, "update-user", id);
    json(&app.users.json(&updated))
}

impl Admin {
    /// Looks at what is to be changed, and gives the role that is to be set, if one is.
    fn look(&self, caller: &SignedIn, id: &str, data: &Map<String, Value>) -> Result<Option<String>> {
        if data.is_empty() {
            return Err(bad_request(NO_DATA_TO_UPDATE));
        }
        if data.contains_key("password") {
            return Err(bad_request(PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER));
        }
        let role = data.get(ROLE).map(|given| self.roles(caller, given)).transpose()?;
        self.require_ban(caller, data)?;
        if data.get(BANNED) == Some(&Value::Bool(true)) && id == caller.user.id {
            return Err(bad_request(YOU_CANNOT_BAN_YOURSELF));
        }
        Ok(role)
    }

    /// The address that is to be set, if one is, and nobody else has.
    async fn new_address(
        &self,
        visit: &Visit,
        caller: &SignedIn,
        id: &str,
        data: &Map<String, Value>,
    ) -> Result<Option<EmailAddress>> {
        if ["email", "emailVerified"].iter().any(|name| data.contains_key(*name)) {
            self.require(caller, ("user", "set-email"), YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL)?;
        }
        let Some(given) = data.get("email") else { return Ok(None) };
        let email = address(given.as_str().unwrap_or_default())?;
        let app = visit.app();
        if app.users.by_email(&app.db, &email).await?.is_some_and(|other| other.id != id) {
            return Err(bad_request(USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL));
        }
        Ok(Some(email))
    }

    /// Links that were mailed to the address until now die, and it is told of the new one.
    async fn moved(&self, visit: &Visit, tx: &mut Tx, user: &User, to: &str) -> Result<()> {
        Verifications::delete_of_value(&mut *tx, &user.id).await?;
        if self.options.tell_of_changes {
            notice::tell_of_operator(visit.app(), tx, user, "admin-email", to).await?;
        }
        Ok(())
    }
}
