//! At a door, for who must have a second factor and has none: the authenticator is set up, and its first code lets them in.

use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::pages::{Step, Trouble, context};
use http::StatusCode;

use crate::challenge::Challenge;
use crate::section::in_groups;
use crate::{TwoFactor, qr, totp};

/// The page that says why.
pub(crate) const WHY: &str = "set-up";
/// Its form, whose answer shows the secret and the backup codes, once.
pub(crate) const BEGIN: &str = "begin";
/// The form for the first code.
pub(crate) const CONFIRM: &str = "confirm";

/// Whether this is a page or a form of it.
pub(crate) fn is_of(name: &str) -> bool {
    [WHY, BEGIN, CONFIRM].contains(&name)
}

/// Why, and where it begins. What was shown once is not shown again: a reload begins anew.
pub(crate) fn why(visit: &Visit, action: &str) -> Result<Step> {
    let context = context! { action => format!("{action}/{BEGIN}") };
    let html = visit.app().templates.render(visit.language(), "two-factor/required.html", context)?;
    Ok(Step::Show { html, status: StatusCode::OK })
}

impl TwoFactor {
    /// A secret and backup codes for who waits.
    pub(crate) async fn set_up(&self, visit: &Visit, waiting: &Challenge, action: &str) -> Result<Step> {
        let app = visit.app();
        let user = match app.users.by_id(&app.db, &waiting.user_id).await? {
            Some(user) if waiting.first.enrols => user,
            _ => return Ok(Step::Restart),
        };
        let begun = self.begin(visit, &user).await?;
        let image = qr::svg(&totp::uri(&begun.secret, &self.issuer, &user.email))?;
        let context = context! {
            action => format!("{action}/{CONFIRM}"), error => "", image,
            secret => in_groups(&totp::base32(&begun.secret)), codes => begun.codes, again => "",
        };
        let html = app.templates.render(visit.language(), "two-factor/enrol.html", context)?;
        Ok(Step::Show { html, status: StatusCode::OK })
    }
}

/// The form for the first code again, without the secret.
pub(crate) fn code_again(visit: &Visit, action: &str, trouble: &Trouble, status: StatusCode) -> Result<Step> {
    let context = context! {
        action => format!("{action}/{CONFIRM}"), error => trouble.error, image => "", secret => "",
        codes => (), again => format!("{action}/{WHY}"),
    };
    let html = visit.app().templates.render(visit.language(), "two-factor/enrol.html", context)?;
    Ok(Step::Show { html, status })
}
