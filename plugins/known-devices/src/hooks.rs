//! What known devices say at moments of the domain.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::hooks::Hooks;
use guichet_core::http::Visit;
use guichet_core::notice::{self, Step};
use guichet_core::sign_in::Attempt;
use guichet_core::store::Session;
use guichet_core::timestamp::Timestamp;

use crate::KnownDevices;
use crate::device::Device;
use crate::store::{self, SignIn};

#[async_trait]
impl Hooks for KnownDevices {
    /// Everything was proven by now: a browser gets its cookie, and the account a device, only from who owns it.
    async fn admitted(&self, visit: &Visit, tx: &mut Tx, attempt: &Attempt, _: &Session) -> Result<()> {
        let user = &attempt.user;
        let life = self.options.forget_after.0;
        let sign_in = SignIn { visit, user_id: &user.id, since: visit.now().minus(life) };
        let is_first = sign_in.is_first(&mut *tx).await? || attempt.is_new;
        let is_known = sign_in.knows(&mut *tx, Device::of(visit), life).await?;
        // An address that nobody proved may be a stranger's, whom anybody could have written to as often as they sign in.
        if !is_first && !is_known && user.email_verified {
            notice::tell_of_device(visit, tx, user, "known-devices-new", steps(visit.app())).await?;
        }
        Ok(())
    }

    /// "Sign out everywhere" and a new password are what one does when a device is stolen: it is new from then on. So is
    /// the one at hand, since none of them could tell.
    async fn sessions_ended(&self, _: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        Ok(store::forget_devices(tx, user_id).await?)
    }

    /// Who signed in until now may have been somebody else: for the owner it is the first time.
    async fn mailbox_first_proven(&self, _: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        Ok(store::forget_owner(tx, user_id).await?)
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        Ok(store::clean(&app.db, now.minus(self.options.forget_after.0)).await?)
    }
}

/// Where to go when it was not them, as far as there are pages.
fn steps(app: &App) -> Vec<Step> {
    let Some(account) = app.account_page else { return Vec::new() };
    let reset = app.password_door.as_ref().and_then(|door| door.reset_page(app));
    let account = Step { label: "known-devices-to-account", href: app.url(account) };
    let reset = reset.map(|path| Step { label: "known-devices-to-reset", href: app.url(path) });
    [account].into_iter().chain(reset).collect()
}
