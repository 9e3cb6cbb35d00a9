//! The page on which an authenticator is set up: at a door, and on the account's page.

use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::pages::context;

use crate::{TwoFactor, qr, totp};

/// What it shows.
#[derive(Default)]
pub(crate) struct EnrolPage<'a> {
    /// Where the form for the first code goes.
    pub(crate) action: &'a str,
    /// The secret and whose it is, where it is shown: once, when it was made.
    pub(crate) secret: Option<(&'a str, &'a str)>,
    /// The backup codes, where they are shown along with it.
    pub(crate) codes: &'a [String],
    /// What is wrong; empty when nothing is.
    pub(crate) error: &'a str,
    /// Where one begins anew, at a door; empty on the account's page, which leads there by itself.
    pub(crate) again: &'a str,
}

impl TwoFactor {
    pub(crate) fn enrol_page(&self, visit: &Visit, page: &EnrolPage<'_>) -> Result<String> {
        let &EnrolPage { action, secret, codes, error, again } = page;
        let image = secret.map(|(secret, email)| qr::svg(&totp::uri(secret, &self.issuer, email)));
        let context = context! {
            action, codes, error, again,
            image => image.transpose()?.unwrap_or_default(),
            secret => secret.map(|(secret, _)| in_groups(&totp::base32(secret))).unwrap_or_default(),
        };
        Ok(visit.app().templates.render(visit.language(), "two-factor/enrol.html", context)?)
    }
}

/// In groups of four, as people copy it.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
