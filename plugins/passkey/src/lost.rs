//! Passkeys that their owner lost, or that somebody stole: an administrator takes them away (ASVS 6.5.6).

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::authenticators::Authenticators;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::plugin::Configured as _;
use guichet_core::store::User;

use crate::{Passkey, store};

#[async_trait]
impl Authenticators for Passkey {
    fn kind(&self) -> &'static str {
        Self::ID
    }

    fn label(&self) -> &'static str {
        "passkey-title"
    }

    async fn are_had(&self, app: &App, user: &User) -> Result<bool> {
        Ok(!store::of_user(&app.db, &user.id).await?.is_empty())
    }

    async fn take_away(&self, _: &App, tx: &mut Tx, user: &User) -> Result<bool> {
        Ok(store::remove_all(tx, &user.id).await? > 0)
    }
}
