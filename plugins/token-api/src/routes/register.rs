//! `POST /auth/register`: as `/sign-up/email` does it, with this dialect's input and answer.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::hooks::leave_out_refused;
use guichet_core::http::{AnyFields, Reply, Route, Visit};
use guichet_core::password::{Newcomer, SignedUp};
use guichet_core::serde_json::{Map, Value, json};
use guichet_core::store::take_input;
use http::StatusCode;

use super::REGISTER;
use crate::pair::kept_nowhere;
use crate::refusal::Issues;
use crate::{TokenApi, form, shapes, user};

pub(super) fn route(plugin: &Arc<TokenApi>, app: &App) -> Route {
    let path = plugin.options.path(&plugin.options.register_path);
    Route::post(path, REGISTER, handle, plugin.clone())
        .summary("Makes a user with a password, and signs them in where the settings say so")
        .body_shape(shapes::registration(app))
        .creates()
        .answers(shapes::entry(plugin, app, true))
}

async fn handle(
    State(plugin): State<Arc<TokenApi>>,
    visit: Visit,
    AnyFields(sent): AnyFields,
) -> Result<Reply> {
    let wanted = match form::read(&visit, &sent) {
        Ok(wanted) => wanted,
        Err(unreadable) => {
            let form::Unreadable { mut issues, password, fields } = *unreadable;
            look_further(&visit, &mut issues, password.as_deref(), &fields).await;
            return Err(issues.into_error());
        }
    };
    let app = visit.app();
    let door = app.password_door.as_ref();
    let door = door.ok_or_else(|| Error::internal(anyhow::anyhow!("no plugin has passwords")))?;
    let newcomer = Newcomer {
        name: wanted.name,
        email: wanted.email,
        password: &wanted.password,
        image: wanted.image,
        fields: &wanted.fields,
        callback: None,
        remember: true,
        door: None,
    };
    let made = door.sign_up(&visit, newcomer).await;
    let made = match made {
        Ok(made) => made,
        Err(refusal) => {
            let mut issues = Issues::default();
            issues.add(&visit, &form::names(&visit), refusal)?;
            look_further(&visit, &mut issues, Some(&wanted.password), &wanted.fields).await;
            return Err(issues.into_error());
        }
    };
    match made {
        SignedUp::Through(outcome) => {
            let mut reply = plugin.entered(&visit, outcome).await?;
            *reply.status_mut() = StatusCode::CREATED;
            Ok(reply)
        }
        // Whether or not there is somebody: they come in once the address is proven.
        SignedUp::Waits(waiting) => {
            let answer = json!({
                "access_token": null, "refresh_token": null, "token_type": "bearer", "expires_in": null,
                "user": user::json(&plugin.options, app, &waiting),
            });
            kept_nowhere(&answer, StatusCode::CREATED)
        }
    }
}

/// A sign-up is refused: what else would be wrong with it is said at once, field by field. Where nobody may sign up,
/// nothing is looked at, or names that are taken would be told.
async fn look_further(
    visit: &Visit,
    issues: &mut Issues,
    password: Option<&str>,
    fields: &Map<String, Value>,
) {
    let app = visit.app();
    if !app.password_door.as_ref().is_some_and(|door| door.takes_newcomers(app)) {
        return;
    }
    let names = form::names(visit);
    let mut wrong = Vec::new();
    if let Some(password) = password {
        wrong.extend(app.passwords.check_new(app, password).await.err());
    }
    let columns: Vec<_> = app.users.extra_columns().cloned().collect();
    if let Ok(mut extra) = take_input(&columns, fields) {
        wrong.extend(leave_out_refused(visit, None, &mut extra).await);
    }
    for refusal in wrong {
        // What is about no field would have been said by the sign-up itself.
        drop(issues.add(visit, &names, refusal));
    }
}
