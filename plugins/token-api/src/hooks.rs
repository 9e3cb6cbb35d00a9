//! When refresh tokens end without being asked.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::hooks::{Hooks, Revoked};
use guichet_core::store::User;
use guichet_core::timestamp::Timestamp;

use crate::{TokenApi, store};

#[async_trait]
impl Hooks for TokenApi {
    /// A token dies with its session. A reference takes the rows along where the session table is one of ours; behind a
    /// view it may not.
    async fn sessions_revoked(&self, _: &App, tx: &mut Tx, revoked: Revoked<'_>) -> Result<()> {
        for session in revoked.sessions {
            store::delete_of_session(tx, session).await?;
        }
        Ok(())
    }

    /// The password was changed, the user banned: whoever holds tokens proves again who they are.
    async fn sessions_ended(&self, _: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        Ok(store::delete_of_user(tx, user_id).await?)
    }

    async fn before_user_delete(&self, _: &App, tx: &mut Tx, user: &User) -> Result<()> {
        Ok(store::delete_of_user(tx, &user.id).await?)
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        Ok(store::clean(&app.db, now).await?)
    }
}
