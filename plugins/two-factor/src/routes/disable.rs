//! `POST /two-factor/disable`: there is no second factor any more.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};

use super::{DISABLE, Password};
use crate::{TwoFactor, owner};

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/disable", DISABLE, handle, plugin)
        .needs_session()
        .summary("Switches the second factor off, with its backup codes and trusted devices")
        .body::<Password>()
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    Body(input): Body<Password>,
) -> Result<Reply> {
    owner::check_given(&plugin.options, input.password.as_deref())?;
    let signed_in = visit.require_session().await?;
    let proven = owner::check(&visit, &plugin.options, &signed_in, input.password.as_deref()).await?;
    plugin.disable(&visit, &signed_in, proven).await?;
    done()
}
