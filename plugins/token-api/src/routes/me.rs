//! `GET /auth/me`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::app::App;
use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, json};

use super::ME;
use crate::{TokenApi, bearer, shapes, user};

pub(super) fn route(plugin: &Arc<TokenApi>, app: &App) -> Route {
    let path = plugin.options.path(&plugin.options.me_path);
    Route::get(path, ME, handle, plugin.clone())
        .summary("Whom the access token speaks for, as they are now")
        .needs_session()
        .answers(shapes::user(plugin, app))
}

async fn handle(State(plugin): State<Arc<TokenApi>>, visit: Visit) -> Result<Reply> {
    let caller = bearer::caller(&visit).await?;
    json(&user::json(&plugin.options, visit.app(), &caller.user))
}
