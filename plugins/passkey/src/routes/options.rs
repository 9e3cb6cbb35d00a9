//! `GET /passkey/generate-register-options` and `GET /passkey/generate-authenticate-options`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Query, Reply, Route, Shape, Visit, json};

use super::fields::Attachment;
use super::{REGISTER_OPTIONS, SIGN_IN_OPTIONS};
use crate::{Passkey, register, sign_in};

guichet_core::input! {
    /// What is wanted of a new passkey.
    struct Wanted {
        authenticator_attachment as "authenticatorAttachment": Option<Attachment>,
        /// What authenticators call the account.
        name: Option<String>,
        /// For registrations without a session, which are not offered.
        context: Option<String>,
    }
}

pub(super) fn routes(plugin: &Arc<Passkey>) -> Vec<Route> {
    vec![
        Route::get("/passkey/generate-register-options", REGISTER_OPTIONS, for_registration, plugin.clone())
            .summary("Makes a challenge, and what a browser is to be told to add a passkey")
            .needs_session()
            .query::<Wanted>()
            .answers(Shape::record()),
        Route::get("/passkey/generate-authenticate-options", SIGN_IN_OPTIONS, for_sign_in, plugin.clone())
            .summary("Makes a challenge, and what a browser is to be told to sign in with a passkey")
            .answers(Shape::record()),
    ]
}

async fn for_registration(
    State(plugin): State<Arc<Passkey>>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Reply> {
    let signed_in = visit.require_fresh_session().await?;
    let attachment = wanted.authenticator_attachment.map(Attachment::text);
    let options =
        register::options(&visit, &plugin, &signed_in.user, wanted.name.as_deref(), attachment).await?;
    json(&options)
}

async fn for_sign_in(State(plugin): State<Arc<Passkey>>, visit: Visit) -> Result<Reply> {
    let signed_in = visit.signed_in().await?;
    let options =
        sign_in::options(&visit, &plugin, signed_in.as_ref().map(|signed_in| &signed_in.user)).await?;
    json(&options)
}
