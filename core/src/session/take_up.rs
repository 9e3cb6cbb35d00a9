//! A browser goes on with another session than the one it has: one that was carried here, or that it kept aside.

use super::remembered::hand_over;
use super::{SignedIn, end_by_token, ends_with_browser, previous};
use crate::error::Result;
use crate::http::Visit;

/// Hands a live session to a browser that has another one, or none. The other one ends as at a sign-in, unless a plugin
/// keeps it; and the cookie lives as `session` was made to, whatever the browser's last one did: an unremembered or lent
/// session ends with the browser wherever it is carried.
pub async fn take_up(visit: &Visit, session: &SignedIn) -> Result<()> {
    let app = visit.app();
    if let Some(previous) = previous(visit).filter(|token| *token != session.token) {
        let mut tx = app.db.begin().await?;
        end_by_token(app, &mut tx, &previous).await?;
        tx.commit().await?;
    }
    let options = &app.config.session;
    // Where both kinds live equally long, the row does not tell them apart, and the browser's word stands.
    let remember = if options.expires_in_unremembered == options.expires_in {
        !visit.is_unremembered()
    } else {
        !ends_with_browser(&session.session, options)
    };
    let remember = remember && session.session.impersonated_by().is_none();
    hand_over(visit, &session.token, remember);
    Ok(())
}
