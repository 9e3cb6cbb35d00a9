//! `POST /auth/login`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::app::App;
use guichet_core::error::{Error, PASSWORD_TOO_LONG, Result, unauthorized};
use guichet_core::http::{AnyFields, Reply, Route, Shape, Visit};
use guichet_core::password::{Meant, PasswordClaim, meant, nobody};
use guichet_core::plugin::Configured as _;
use http::StatusCode;

use super::{LOGIN, given};
use crate::{INVALID_CREDENTIALS, TokenApi, shapes};

pub(super) fn route(plugin: &Arc<TokenApi>, app: &App) -> Route {
    let path = plugin.options.path(&plugin.options.login_path);
    Route::post(path, LOGIN, handle, plugin.clone())
        .summary("Signs in with an address or a name, and a password")
        .body_shape(Shape::object(&[("identifier", Shape::text(), true), ("password", Shape::text(), true)]))
        .answers(shapes::entry(plugin, app, false))
}

async fn handle(
    State(plugin): State<Arc<TokenApi>>,
    visit: Visit,
    AnyFields(sent): AnyFields,
) -> Result<Reply> {
    let [identifier, password] = given(&visit, &sent, ["identifier", "password"])?;
    let missing = |what: &'static str| Error::internal(anyhow::anyhow!(what));
    let app = visit.app();
    let door = app.password_door.as_ref().ok_or_else(|| missing("no plugin has passwords"))?;
    // Who is nobody is compared all the same, with nobody's password.
    let identifier = identifier.trim();
    let Meant { email, name } = match meant(app, identifier).await? {
        Some(meant) => meant,
        None => Meant {
            email: nobody().ok_or_else(|| missing("nobody has no address"))?,
            name: (!identifier.contains('@')).then_some(identifier),
        },
    };
    let claim = PasswordClaim {
        email: &email,
        name,
        password: &password,
        method: TokenApi::ID,
        remember: true,
        callback: None,
        door: None,
    };
    match door.sign_in(&visit, claim).await {
        Ok(outcome) => plugin.entered(&visit, outcome).await,
        // Nobody's password is so long: it is as wrong as any other.
        Err(refusal) if refusal.status() == StatusCode::UNAUTHORIZED || refusal.is(PASSWORD_TOO_LONG) => {
            Err(unauthorized(INVALID_CREDENTIALS))
        }
        Err(other) => Err(other),
    }
}
