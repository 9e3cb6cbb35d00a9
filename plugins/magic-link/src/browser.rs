//! The browser that asked for a link: it opens it with one press, any other one has to name the address.

use guichet_core::email_address::EmailAddress;
use guichet_core::http::Visit;
use guichet_core::keyring::{digest, equal_in_constant_time};

use crate::options::Options;

/// The cookie of the browser that asked: `<digest of the token>.<email>`, signed.
const ASKED: &str = "magic_link";

/// Remembers that this browser asked.
pub(crate) fn remember(visit: &Visit, options: &Options, token: &str, email: &EmailAddress) {
    visit.set_signed_cookie(ASKED, &format!("{}.{email}", digest(token)), Some(options.expires_in.0));
}

/// Whether this browser asked for the link of a token.
pub(crate) fn asked_for(visit: &Visit, token: &str) -> bool {
    let remembered = visit.signed_cookie(ASKED);
    let remembered = remembered.as_deref().and_then(|text| text.split_once('.'));
    remembered.is_some_and(|(known, _)| equal_in_constant_time(known, &digest(token)))
}

/// The address that this browser asked for.
pub(crate) fn email(visit: &Visit) -> Option<String> {
    visit.signed_cookie(ASKED)?.split_once('.').map(|(_, email)| email.to_owned())
}

/// The link has let them in.
pub(crate) fn forget(visit: &Visit) {
    visit.remove_cookie(ASKED);
}
