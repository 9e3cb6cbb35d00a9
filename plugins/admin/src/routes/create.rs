//! `POST /admin/create-user`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::newcomer::{Profile, Said};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::find_or_make;
use guichet_core::store::{Accounts, Fields};

use super::{shown, with_user};
use crate::caller::{say, somebody};
use crate::data::{address, take};
use crate::input::Roles;
use crate::{Admin, ROLE, YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS, YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD};

pub(crate) const NAME: &str = "admin.create-user";

guichet_core::input! {
    /// Who somebody new is.
    struct Newcomer {
        /// The address.
        email: String,
        /// Their password; without one they come in by a code, or choose one by a link.
        password: Option<String>,
        /// The name.
        name: String,
        /// One role, or several.
        role: Option<Roles>,
        /// Further columns.
        data: Option<Map<String, Value>>,
    }
}

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/create-user", NAME, create, plugin)
        .needs_session()
        .summary("Makes a user")
        .body::<Newcomer>()
        .answers(with_user())
}

async fn create(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<Newcomer>) -> Result<Reply> {
    let caller = somebody(&visit).await?;
    plugin.require(&caller, ("user", "create"), YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS)?;
    let data = body.data.unwrap_or_default();
    let given = body.role.map(|roles| Value::from(roles.0)).or_else(|| data.get(ROLE).cloned());
    let role = match given {
        Some(given) => plugin.roles(&caller, &given)?,
        None => plugin.options.default_role.clone(),
    };
    plugin.require_ban(&caller, &data)?;
    let email = address(&body.email)?;
    let app = visit.app();
    let password = body.password.filter(|password| !password.is_empty());
    if let Some(password) = &password {
        let refusal = YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD;
        plugin.require(&caller, ("user", "set-password"), refusal)?;
        if plugin.options.check_created_passwords {
            app.passwords.check_new(app, password).await?;
        } else {
            app.passwords.check_presented(password)?;
        }
    }
    let exists = || bad_request(USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL);
    if app.users.by_email(&app.db, &email).await?.is_some() {
        return Err(exists());
    }
    let mut fields = take(app, &data)?;
    let mut core = |name: &str| fields.take(name);
    let email_verified = core("emailVerified").and_then(|value| value.as_bool()).unwrap_or_default();
    let image = core("image").and_then(|value| value.as_text().map(str::to_owned));
    core("name");
    let mut columns = Fields::default();
    columns.set(ROLE, role);
    let said = Said::Taken(fields);
    let profile = Profile { email, email_verified, name: body.name, image, said, columns };
    let new = profile.row(&visit, Provision::NoOpinion).await?;
    let hash = match &password {
        Some(password) => Some(app.passwords.hash(password).await?),
        None => None,
    };
    let mut tx = app.db.begin().await?;
    let (user, is_new) = find_or_make(&visit, &mut tx, new).await?;
    if !is_new {
        return Err(exists());
    }
    if let Some(hash) = hash {
        Accounts::put_password(&mut tx, app.new_id(), &user.id, hash, visit.now()).await?;
    }
    tx.commit().await?;
    say(&visit, &caller, "create-user", &user.id);
    json(&shown(app, &user))
}
