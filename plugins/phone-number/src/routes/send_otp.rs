//! `POST /phone-number/send-otp`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json;

use super::SEND;
use crate::number::PhoneNumber as Number;
use crate::{PhoneNumber, send};

guichet_core::input! {
    /// To whom.
    struct SendCode {
        phone_number as "phoneNumber": String,
    }
}

pub(super) fn route(plugin: Arc<PhoneNumber>) -> Route {
    Route::post("/phone-number/send-otp", SEND, handle, plugin)
        .summary("Sends a code by text message; the answer is the same whether or not the number is known")
        .body::<SendCode>()
        .answers(Shape::object(&[("message", Shape::text(), true)]))
}

async fn handle(
    State(plugin): State<Arc<PhoneNumber>>,
    visit: Visit,
    Body(input): Body<SendCode>,
) -> Result<Reply> {
    let number = Number::allowed(&plugin.options, &input.phone_number)?;
    send::to_verify(&visit, &plugin.options, &number).await?;
    json(&serde_json::json!({"message": "code sent"}))
}
