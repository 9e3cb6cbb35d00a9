//! `POST /{portal}/prepare-login`: makes the user of somebody whom the business database knows, so that the sign-in
//! method finds one. Repeated and simultaneous calls make one user and all succeed.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_EMAIL, Result, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::{Body, RateLimit, Reply, Route, Shape, Visit, success};
use guichet_core::recipient::unmade;
use guichet_core::sign_in::{arrive, find_or_make};
use guichet_core::store::Verifications;

use crate::portal::Portal;

guichet_core::input! {
    /// Who is about to sign in.
    struct PrepareLogin {
        email: String,
    }
}

pub(crate) fn route(portal: Arc<Portal>) -> Route {
    Route::post(portal.api_path(), portal.route_name(), handle, portal)
        .from_sign_in_forms()
        .summary("Makes the user of somebody whom the portal's business database knows; unless the portal is set to reveal it, the answer is the same for everybody")
        .body::<PrepareLogin>()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

/// Nothing is sent and no secret is guessed here, so nobody is limited by the address that they name; one client
/// may be an office full of people, or an application's server.
pub(crate) fn limit(portal: &Portal) -> RateLimit {
    RateLimit { route: portal.route_name().into(), ..RateLimit::by_address("", 60, 600) }
}

async fn handle(
    State(portal): State<Arc<Portal>>,
    visit: Visit,
    Body(input): Body<PrepareLogin>,
) -> Result<Reply> {
    let email = EmailAddress::parse_international(&input.email).ok_or_else(|| bad_request(INVALID_EMAIL))?;
    // Before the transaction: a business database may be slow.
    let (_, provision) = arrive(&visit, &email, Some(&portal.name)).await?;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    match provision {
        Provision::TurnAway(Some(told)) => return Err(told),
        Provision::Make(new) => {
            if let Err(refusal) = find_or_make(&visit, &mut tx, new).await {
                tx.rollback().await?;
                unmade(&visit, refusal)?;
                return success();
            }
        }
        Provision::TurnAway(None) | Provision::MailNothing | Provision::NoOpinion => {
            // As much as a user's row, for nobody: known and unknown addresses take as long.
            tx.write(vec![Verifications::decoy(app, 45)]).await?;
        }
    }
    tx.commit().await?;
    success()
}
