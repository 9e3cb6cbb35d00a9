//! Bringing somebody in whose password was right there: the user is found or made, the account and its tokens are kept,
//! and, when passwords move here, the password.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::{DbError, Tx, Value};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::events;
use guichet_core::hooks::{Provision, leave_out_refused};
use guichet_core::http::Visit;
use guichet_core::newcomer::{Profile, Said};
use guichet_core::notice;
use guichet_core::password::{Entry, Settled};
use guichet_core::sign_in::vouch_for_mailbox;
use guichet_core::store::{Account, Accounts, Fields, NewUser, User};

use crate::failure::Failure;
use crate::mapping::Identity;
use crate::options::{Mode, UserId};
use crate::{PROVIDER, Shared};

/// Somebody whom it knows.
pub(crate) struct Known {
    pub(crate) shared: Arc<Shared>,
    pub(crate) identity: Identity,
    pub(crate) email: EmailAddress,
    /// Who that is here so far.
    pub(crate) user: Option<User>,
}

/// On the way in.
pub(crate) struct Comer {
    known: Known,
    /// The password's hash, when it is to be kept.
    hash: Option<String>,
    /// What it says about further columns.
    columns: Fields,
    /// Who is made when there is nobody yet; a refusal of a plugin is theirs alone.
    new: Option<Result<NewUser>>,
}

impl Known {
    pub(crate) fn with(self, hash: Option<String>) -> Comer {
        Comer { known: self, hash, columns: Fields::default(), new: None }
    }

    /// Whether its word on the address is enough.
    fn proves_address(&self) -> bool {
        self.shared.options.trusts_email && self.identity.email_verified != Some(false)
    }

    /// Whether a user of this address, whose account it is not yet, is the same person: by the operator's word, or because
    /// both sides have seen a proof.
    pub(crate) fn may_be(&self, user: &User) -> bool {
        self.proves_address() || user.email_verified && self.identity.email_verified == Some(true)
    }

    /// Its columns in the form that plugins bring them into; what one of them refuses is left out.
    async fn columns(&self, visit: &Visit) -> Fields {
        let mut columns = self.identity.columns.clone();
        for error in leave_out_refused(visit, self.user.as_ref(), &mut columns).await {
            tracing::warn!(event = "upstream.column", %error, "a plugin refuses what it says about somebody");
        }
        columns
    }

    /// What it knows of somebody new. `columns` were asked about already.
    fn newcomer(&self, columns: Fields) -> Profile<'static> {
        Profile {
            email: self.email.clone(),
            email_verified: self.proves_address() || self.identity.email_verified == Some(true),
            name: self.identity.name.clone().unwrap_or_default(),
            image: self.identity.image.clone(),
            said: Said::Nothing,
            columns,
        }
    }

    /// The user of the address, made now or by somebody who was faster.
    async fn find_or_make(&self, visit: &Visit, tx: &mut Tx, new: NewUser) -> Result<(User, bool)> {
        let app = visit.app();
        let id = match self.shared.options.user_id {
            UserId::Own => app.new_id(),
            UserId::Upstream => self.identity.id.clone(),
        };
        if let Some(user) = app.users.insert_unless_taken(&mut *tx, id, new, visit.now()).await? {
            events::signed_up(visit, tx, &user);
            return Ok((user, true));
        }
        let user = app.users.by_email(tx, &self.email).await?.ok_or_else(taken)?;
        Ok((user, false))
    }

    fn account(&self, app: &App, user: &User, now: guichet_core::Timestamp) -> Result<Account> {
        let mut account = Account::of_provider(app.new_id(), PROVIDER, &self.identity.id, &user.id, now);
        self.identity.tokens.put(app, self.shared.options.store_tokens, &mut account, now)?;
        Ok(account)
    }

    /// Brings up to date what it knows better, where it is asked every time.
    async fn update(&self, visit: &Visit, tx: &mut Tx, user: User, columns: &Fields) -> Result<User> {
        let news = columns.iter().filter(|(name, value)| user.extra.get(name) != Some(value));
        let changes: Vec<(&str, Value)> = news.map(|(name, value)| (name, value.clone())).collect();
        if changes.is_empty() || self.shared.options.mode != Mode::Judge {
            return Ok(user);
        }
        let users = &visit.app().users;
        match users.update(tx, &user.id, changes, visit.now()).await {
            Ok(updated) => Ok(updated.ok_or(DbError::NoRow)?),
            Err(error) if users.violated(&error).is_some() => Err(taken().into()),
            Err(error) => Err(error.into()),
        }
    }
}

fn taken() -> Failure {
    Failure::unusable("its id, or the value of a unique column, is another user's here")
}

#[async_trait]
impl Entry for Comer {
    async fn prepare(&mut self, visit: &Visit, provision: Provision) -> Result<()> {
        self.columns = self.known.columns(visit).await;
        self.new = Some(self.known.newcomer(self.columns.clone()).row(visit, provision).await);
        Ok(())
    }

    async fn settle(self: Box<Self>, visit: &Visit, tx: &mut Tx) -> Result<Settled> {
        let Self { known, hash, columns, new } = *self;
        let (app, now) = (visit.app(), visit.now());
        let linked = Accounts::by_key(&mut *tx, PROVIDER, &known.identity.id).await?;
        let (user, is_new) = match &linked {
            Some(account) => {
                (app.users.by_id(&mut *tx, &account.user_id).await?.ok_or(DbError::NoRow)?, false)
            }
            None => match app.users.by_email(&mut *tx, &known.email).await? {
                Some(user) => (user, false),
                None => known.find_or_make(visit, tx, new.ok_or(DbError::NoRow)??).await?,
            },
        };
        // Touched, so that two arrivals of one person wait for each other; what follows is looked at after the wait.
        let touched = app.users.touch(tx, &user.id, now).await?;
        let mut user = touched.ok_or(DbError::NoRow)?;
        match Accounts::by_key(&mut *tx, PROVIDER, &known.identity.id).await? {
            Some(account) if account.user_id != user.id => return Ok(Settled::Refused),
            Some(mut account) => {
                if Accounts::has_password(&mut *tx, &user.id).await?
                    && known.shared.options.mode == Mode::Strangler
                {
                    return Ok(Settled::Kept(Box::new(user)));
                }
                known.identity.tokens.put(app, known.shared.options.store_tokens, &mut account, now)?;
                Accounts::set_tokens(&mut *tx, &account).await?;
                user = known.update(visit, tx, user, &columns).await?;
            }
            None if !is_new && !known.may_be(&user) => return Ok(Settled::Refused),
            None => {
                if !is_new && known.proves_address() {
                    // Whoever set anything up without having proven the address was perhaps somebody else.
                    user = vouch_for_mailbox(app, &mut *tx, user).await?;
                }
                if Accounts::has_password(&mut *tx, &user.id).await?
                    && known.shared.options.mode == Mode::Strangler
                {
                    return Ok(Settled::Kept(Box::new(user)));
                }
                Accounts::insert(&mut *tx, &known.account(app, &user, now)?).await?;
                if !is_new && known.shared.options.tell_of_links {
                    notice::tell(visit, tx, &user, "upstream-linked", "").await?;
                }
            }
        }
        if let Some(hash) = hash {
            Accounts::put_password(tx, app.new_id(), &user.id, hash, now).await?;
            tracing::info!(
                event = "upstream.moved",
                request_id = visit.request_id(),
                user_id = user.id,
                "a password is kept here from now on"
            );
        }
        Ok(Settled::In(Box::new(user), is_new))
    }
}
