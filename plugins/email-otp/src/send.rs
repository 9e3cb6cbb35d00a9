//! Sending a code. Known and unknown addresses get the same answer after the same work.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::password::reset::require_kept_here;
use guichet_core::recipient::Recipient;

use crate::letter::Letter;
use crate::options::Options;
use crate::purpose::Purpose;

/// Who asks for a code, where.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) email: &'a EmailAddress,
    /// The door's name; `None` for the API.
    pub(crate) door: Option<&'a str>,
    /// What binds the code to a browser; empty for the API.
    pub(crate) binding: &'a str,
}

/// Sends a code, or pretends to. An error is either ours or one that the person is meant to see.
pub(crate) async fn send(visit: &Visit, options: &Options, asked: Asked<'_>) -> Result<()> {
    let Asked { purpose, email, binding, door } = asked;
    if purpose == Purpose::ForgetPassword {
        require_kept_here(visit.app())?;
    }
    let recipient = match purpose {
        Purpose::SignIn => Recipient::who_comes_in(visit, email, door, !options.disable_sign_up).await?,
        _ => Recipient::who_has_it(visit, email, door).await?,
    };
    let (name, is_real) = (recipient.name(), recipient.is_somebody());
    let rows = Letter { purpose, email, binding, name, is_real, new_address: None }.rows(visit, options)?;
    recipient.write(visit, rows).await
}
