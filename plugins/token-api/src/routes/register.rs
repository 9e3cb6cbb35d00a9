//! `POST /auth/register`: as `/sign-up/email` does it, with this dialect's input and answer.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::http::{AnyFields, Reply, Route, Visit};
use guichet_core::password::{Newcomer, SignedUp};
use guichet_core::serde_json::json;
use http::StatusCode;

use super::REGISTER;
use crate::pair::kept_nowhere;
use crate::{TokenApi, form, refusal, shapes, user};

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
    let wanted = form::read(&visit, &sent)?;
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
    match made.map_err(|refused| refusal::about(&visit, &form::names(&visit), refused))? {
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
