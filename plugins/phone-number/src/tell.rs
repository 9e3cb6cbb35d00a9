//! Mails about what was done by phone, to who has a proven address.

use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::notice;
use guichet_core::store::User;

use crate::options::Options;

/// Whether the settings say so of this user. The address that stands for a number gets nothing: it is never proven.
pub(crate) fn is_told(options: &Options, user: &User) -> bool {
    options.tell_of_changes && user.email_verified
}

/// Tells the user, where the settings say so.
pub(crate) async fn of(
    visit: &Visit,
    tx: &mut Tx,
    options: &Options,
    user: &User,
    key: &str,
    what: &str,
) -> Result<()> {
    if is_told(options, user) {
        notice::tell(visit, tx, user, key, what).await?;
    }
    Ok(())
}
