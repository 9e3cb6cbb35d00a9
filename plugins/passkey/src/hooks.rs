//! A passkey that was added before anybody proved the mailbox dies when somebody does: whoever set the account up was
//! not shown to own the address, and would keep a way in (contract, section 9).

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::hooks::Hooks;

use crate::{Passkey, store};

#[async_trait]
impl Hooks for Passkey {
    async fn mailbox_first_proven(&self, _: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        let removed = store::remove_all(tx, user_id).await?;
        if removed > 0 {
            tracing::info!(user_id, removed, "passkeys from before the mailbox was proven were removed");
        }
        Ok(())
    }
}
