//! Banned people are turned away at every door, and who is in as somebody else leaves with the administrator.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::hooks::{Arrival, Hooks, Provision};
use guichet_core::http::Visit;
use guichet_core::session;
use guichet_core::sign_in::{Admission, Attempt};
use guichet_core::store::User;

use crate::Admin;
use crate::ban::{self, Standing, standing};

#[async_trait]
impl Hooks for Admin {
    /// Nothing is mailed to a banned person, and nobody learns by asking that somebody is banned.
    async fn provision(&self, app: &App, arrival: Arrival<'_>) -> Result<Provision> {
        let banned = arrival.user.is_some_and(|user| standing(user, app.clock.now()) == Standing::Banned);
        Ok(if banned && !self.options.mail_banned { Provision::MailNothing } else { Provision::NoOpinion })
    }

    /// Before a second factor is asked for.
    async fn before_sign_in(&self, visit: &Visit, _: &mut Tx, attempt: &Attempt) -> Result<Admission> {
        match standing(&attempt.user, visit.now()) {
            Standing::Banned => Err(self.refusal()),
            Standing::Free | Standing::Over => Ok(Admission::Granted),
        }
    }

    /// They may have been banned since they were read. A ban that is over is lifted.
    async fn session_made(&self, app: &App, tx: &mut Tx, user: &User) -> Result<()> {
        let Some(now) = app.users.by_id(&mut *tx, &user.id).await? else { return Ok(()) };
        match standing(&now, app.clock.now()) {
            Standing::Free => Ok(()),
            Standing::Banned => Err(self.refusal()),
            Standing::Over => {
                ban::lift(app, tx, &user.id).await?;
                tracing::info!(event = "admin", action = "ban-ended", user_id = user.id, "a ban is over");
                Ok(())
            }
        }
    }

    /// Where they are in as somebody else, they are in by their own session.
    async fn sessions_ended(&self, app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        end_lent(app, tx, user_id).await
    }
}

/// Ends the sessions in which this user is somebody else.
pub(crate) async fn end_lent(app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
    for session in app.sessions.lent_to(&mut *tx, user_id).await? {
        session::end_by_id(app, &mut *tx, &session).await?;
    }
    Ok(())
}
