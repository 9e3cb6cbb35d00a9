//! Sessions that end are written down.

use std::time::Duration;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::hooks::{Hooks, Revoked};
use guichet_core::timestamp::Timestamp;

use crate::Revocation;
use crate::table::{self, Ended};

/// How much longer than a token can live an entry is kept: a request that was under way when the session ended may sign
/// one a little later, and clocks differ.
const SLACK: Duration = Duration::from_mins(1);

#[async_trait]
impl Hooks for Revocation {
    async fn sessions_revoked(&self, app: &App, tx: &mut Tx, revoked: Revoked<'_>) -> Result<()> {
        let Some(tokens) = &app.access_tokens else { return Ok(()) };
        let now = app.clock.now();
        let expires_at = now.plus(tokens.longest_life()).plus(SLACK);
        for session in revoked.sessions {
            table::insert(app, &mut *tx, &Ended::Session(session.clone()), now, expires_at).await?;
        }
        if revoked.all {
            // Where tokens name their session, those of this very second are told by it, and those of a sign-in within
            // the same second stay good.
            let not_before = if tokens.names_sessions() { now } else { now.plus(Duration::from_secs(1)) };
            let ended = Ended::User(revoked.user_id.to_owned(), not_before);
            table::insert(app, &mut *tx, &ended, now, expires_at).await?;
        }
        if revoked.all || !revoked.sessions.is_empty() {
            let woken = self.waiting.woken();
            tx.after_commit(move || woken.notify_waiters());
        }
        Ok(())
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        Ok(table::forget(&app.db, now).await?)
    }
}
