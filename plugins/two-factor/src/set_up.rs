//! At a door, for who must have a second factor and has none: the authenticator is set up, and its first code lets them in.

use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::pages::{Step, Trouble, context};
use http::StatusCode;

use crate::TwoFactor;
use crate::challenge::{Challenge, SET_UP};
use crate::enrol_page::EnrolPage;

/// The page that says why.
pub(crate) const WHY: &str = SET_UP;
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
        let page = EnrolPage {
            action: &format!("{action}/{CONFIRM}"),
            secret: Some((&begun.secret, &user.email)),
            codes: &begun.codes,
            ..EnrolPage::default()
        };
        let html = self.enrol_page(visit, &page)?;
        Ok(Step::Show { html, status: StatusCode::OK })
    }

    /// The form for the first code again, without the secret.
    pub(crate) fn code_again(
        &self,
        visit: &Visit,
        action: &str,
        trouble: &Trouble,
        status: StatusCode,
    ) -> Result<Step> {
        let page = EnrolPage {
            action: &format!("{action}/{CONFIRM}"),
            error: &trouble.error,
            again: &format!("{action}/{WHY}"),
            ..EnrolPage::default()
        };
        Ok(Step::Show { html: self.enrol_page(visit, &page)?, status })
    }
}
