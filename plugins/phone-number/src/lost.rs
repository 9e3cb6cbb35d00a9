//! A telephone that was lost or stolen: an administrator takes its number away (ASVS 6.5.6).

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::authenticators::Authenticators;
use guichet_core::db::{Tx, Value};
use guichet_core::error::Result;
use guichet_core::plugin::Configured as _;
use guichet_core::store::User;

use crate::{NUMBER, PhoneNumber, VERIFIED};

#[async_trait]
impl Authenticators for PhoneNumber {
    fn kind(&self) -> &'static str {
        Self::ID
    }

    fn label(&self) -> &'static str {
        "phone-number-title"
    }

    async fn are_had(&self, _: &App, user: &User) -> Result<bool> {
        Ok(user.extra.text(NUMBER).is_some())
    }

    async fn take_away(&self, app: &App, tx: &mut Tx, user: &User) -> Result<bool> {
        let had = self.are_had(app, user).await?;
        if had {
            forget(app, tx, &user.id).await?;
        }
        Ok(had)
    }
}

/// Takes the number away, and its proof.
pub(crate) async fn forget(app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
    let changes = vec![(NUMBER, Value::Text(None)), (VERIFIED, Value::Boolean(None))];
    app.users.update(tx, user_id, changes, app.clock.now()).await?;
    Ok(())
}
