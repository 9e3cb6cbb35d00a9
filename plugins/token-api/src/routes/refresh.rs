//! `POST /auth/refresh`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{AnyFields, Reply, Route, Shape, Visit};

use super::{REFRESH, given};
use crate::{TokenApi, shapes};

pub(super) fn route(plugin: &Arc<TokenApi>) -> Route {
    let path = plugin.options.path(&plugin.options.refresh_path);
    Route::post(path, REFRESH, handle, plugin.clone())
        .summary("Gives a new pair for a refresh token, which is good once")
        .body_shape(Shape::object(&[("refresh_token", Shape::text(), true)]))
        .answers(shapes::pair())
}

async fn handle(
    State(plugin): State<Arc<TokenApi>>,
    visit: Visit,
    AnyFields(sent): AnyFields,
) -> Result<Reply> {
    let [token] = given(&visit, &sent, ["refresh_token"])?;
    let pair = plugin.refresh(&visit, &token).await?;
    plugin.granted(&visit, &pair, None)
}
