//! Codes that prove an address, where somebody signs up or a link would be mailed.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::one_time_code::TryBudget;
use guichet_core::store::User;
use guichet_core::timestamp::Timestamp;

use crate::EmailOtp;
use crate::codes;
use crate::letter::Letter;
use crate::purpose::Purpose;

#[async_trait]
impl Hooks for EmailOtp {
    async fn signed_up(&self, visit: &Visit, tx: &mut Tx, user: &User) -> Result<()> {
        // Where codes replace links, the method that would mail a link decides when.
        if !self.options.send_on_sign_up || self.options.replaces_links || user.email_verified {
            return Ok(());
        }
        match EmailAddress::parse_international(&user.email) {
            Some(email) => self.prove(visit, tx, &email, Some(user)).await,
            None => Ok(()),
        }
    }

    async fn proves_address(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        email: &EmailAddress,
        user: Option<&User>,
    ) -> Result<bool> {
        if self.options.replaces_links {
            self.prove(visit, tx, email, user).await?;
        }
        Ok(self.options.replaces_links)
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        TryBudget::clean(codes::BUDGET, &app.db, now).await?;
        Ok(())
    }
}

impl EmailOtp {
    /// Mails a code that proves an address; to nobody, a decoy at the same price.
    async fn prove(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        email: &EmailAddress,
        user: Option<&User>,
    ) -> Result<()> {
        let letter = Letter {
            purpose: Purpose::EmailVerification,
            email,
            new_address: None,
            binding: "",
            name: user.and_then(|user| user.name.as_deref()).unwrap_or_default(),
            is_real: user.is_some(),
        };
        Ok(tx.write(letter.rows(visit, &self.options)?).await?)
    }
}
