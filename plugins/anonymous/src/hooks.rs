//! When a guest becomes somebody.

use async_trait::async_trait;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::farewell;
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::sign_in::Attempt;
use guichet_core::store::Session;

use crate::{Anonymous, is_guest, upgrade};

#[async_trait]
impl Hooks for Anonymous {
    async fn admitted(&self, visit: &Visit, tx: &mut Tx, attempt: &Attempt, _: &Session) -> Result<()> {
        if is_guest(&attempt.user) {
            return Ok(());
        }
        let Some(token) = visit.session_token() else { return Ok(()) };
        let app = visit.app();
        let previous = app.sessions.by_token(&mut *tx, &app.users, &token).await?;
        let alive = previous.filter(|(session, user)| session.expires_at > visit.now() && is_guest(user));
        let Some((_, guest)) = alive else { return Ok(()) };
        if self.hand_over.is_some() {
            upgrade::note(app, &mut *tx, &guest.id, &attempt.user.id).await?;
        }
        tracing::info!(
            request_id = visit.request_id(),
            anonymous_user_id = guest.id,
            user_id = attempt.user.id,
            "a guest became somebody"
        );
        if self.options.delete_guests {
            farewell::remove(app, tx, &guest).await?;
        }
        Ok(())
    }
}
