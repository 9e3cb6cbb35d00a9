//! `POST /phone-number/request-password-reset`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};
use guichet_core::password::reset::require_kept_here;

use super::REQUEST_RESET;
use crate::number::PhoneNumber as Number;
use crate::{PhoneNumber, send};

guichet_core::input! {
    /// To whom.
    struct RequestReset {
        phone_number as "phoneNumber": String,
    }
}

pub(super) fn route(plugin: Arc<PhoneNumber>) -> Route {
    Route::post("/phone-number/request-password-reset", REQUEST_RESET, handle, plugin)
        .summary("Sends a code that sets a new password; the answer is the same whether or not the number is known")
        .body::<RequestReset>()
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<PhoneNumber>>,
    visit: Visit,
    Body(input): Body<RequestReset>,
) -> Result<Reply> {
    require_kept_here(visit.app())?;
    // What cannot be a number is nobody's, and nobody's answer is everybody's.
    if let Ok(number) = Number::allowed(&plugin.options, &input.phone_number) {
        send::to_reset(&visit, &plugin.options, &number).await?;
    }
    done()
}
