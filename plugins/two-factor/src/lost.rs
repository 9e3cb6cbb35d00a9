//! A second factor that its owner lost, backup codes and all: an administrator takes it away (ASVS 6.4.4).

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::authenticators::Authenticators;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::plugin::Configured as _;
use guichet_core::store::User;

use crate::{TwoFactor, enrolment, is_on};

#[async_trait]
impl Authenticators for TwoFactor {
    fn kind(&self) -> &'static str {
        Self::ID
    }

    fn label(&self) -> &'static str {
        "two-factor-title"
    }

    async fn are_had(&self, _: &App, user: &User) -> Result<bool> {
        Ok(is_on(user))
    }

    /// Trusted devices and sign-ins that wait go with the sessions.
    async fn take_away(&self, app: &App, tx: &mut Tx, user: &User) -> Result<bool> {
        // One that was begun and never finished as well: it may be in the wrong hands.
        let row = enrolment::of(&mut *tx, &user.id).await?;
        let had = is_on(user) || row.map(|row| row.secret(app)).transpose()?.flatten().is_some();
        if had {
            enrolment::end(app, tx, &user.id).await?;
        }
        Ok(had)
    }
}
