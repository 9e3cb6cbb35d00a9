//! `POST /two-factor/enable`: begins to enrol an authenticator, or uses codes by e-mail from now on.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;

use super::ENABLE;
use crate::challenge::Challenge;
use crate::{TwoFactor, owner, totp};

guichet_core::choices! {
    /// The second factor.
    pub(crate) enum Method {
        /// Codes by e-mail.
        Otp = "otp",
        /// An authenticator.
        Totp = "totp",
    }
}

guichet_core::input! {
    /// The password of who is signed in, and what is to be the second factor (`totp` when it is not said).
    struct Enable {
        password: Option<String>,
        method: Option<Method>,
        issuer: Option<String>,
    }
}

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/enable", ENABLE, handle, plugin)
        .needs_session()
        .summary(
            "Begins to enrol an authenticator, which a first code confirms, also of a sign-in that has to; or uses codes by e-mail, at once",
        )
        .body::<Enable>()
        .answers(Shape::object(&[
            ("method", Shape::text(), true),
            ("totpURI", Shape::text(), false),
            ("backupCodes", Shape::text().list(), false),
        ]))
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    Body(input): Body<Enable>,
) -> Result<Reply> {
    let user = if let Some(held_up) = Challenge::that_enrols(&visit).await? {
        held_up
    } else {
        owner::check_given(&plugin.options, input.password.as_deref())?;
        let signed_in = visit.require_session().await?;
        owner::check(&visit, &plugin.options, &signed_in, input.password.as_deref()).await?;
        if input.method == Some(Method::Otp) {
            plugin.use_email_codes(&visit, &signed_in).await?;
            return json(&object!({"method": Method::Otp.text()}));
        }
        signed_in.user
    };
    let begun = plugin.begin(&visit, &user).await?;
    let issuer = input.issuer.filter(|issuer| !issuer.is_empty());
    let issuer = issuer.as_deref().unwrap_or(&plugin.issuer);
    json(&object!({
        "method": Method::Totp.text(),
        "totpURI": totp::uri(&begun.secret, issuer, &user.email),
        "backupCodes": begun.codes,
    }))
}
