//! What happens to the browser's cookies when sessions begin and end.

use async_trait::async_trait;
use guichet_core::error::Result;
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::session;

use crate::{MultiSession, jar};

#[async_trait]
impl Hooks for MultiSession {
    /// A session that the browser can come back to outlives the sign-in of somebody else.
    fn keeps_session(&self, visit: &Visit, token: &str) -> bool {
        jar::tokens(visit).iter().any(|kept| kept == token)
    }

    /// The session gets a cookie of its own. Another session of the same user in this browser ends: one each.
    async fn session_handed_out(&self, visit: &Visit, token: &str) -> Result<()> {
        let tokens = jar::tokens(visit);
        if tokens.iter().any(|known| known == token) {
            return Ok(());
        }
        let Some(new) = session::of_token(visit, token).await? else { return Ok(()) };
        let app = visit.app();
        let (mut kept, mut dead) = (0, Vec::new());
        for other in &tokens {
            match session::of_token(visit, other).await? {
                Some(other) if other.user.id != new.user.id => kept += 1,
                Some(same) => {
                    let mut tx = app.db.begin().await?;
                    session::end_by_id(app, &mut tx, &same.session.id).await?;
                    tx.commit().await?;
                    visit.remove_cookie(&jar::name(other));
                }
                None => dead.push(other),
            }
        }
        // Cookies of sessions that ended elsewhere open nothing, and go when the jar is full.
        if tokens.len() >= self.options.maximum_sessions {
            for token in dead {
                visit.remove_cookie(&jar::name(token));
            }
        }
        if kept < self.options.maximum_sessions {
            visit.set_signed_cookie(&jar::name(token), token, Some(app.config.session.expires_in.0));
        }
        Ok(())
    }

    /// A sign-out is everybody's who uses this browser.
    async fn before_sign_out(&self, visit: &Visit) -> Result<()> {
        let app = visit.app();
        let tokens = jar::tokens(visit);
        if tokens.is_empty() {
            return Ok(());
        }
        let mut tx = app.db.begin().await?;
        for token in &tokens {
            session::end_by_token(app, &mut tx, token).await?;
        }
        tx.commit().await?;
        for token in tokens {
            visit.remove_cookie(&jar::name(&token));
        }
        Ok(())
    }
}
