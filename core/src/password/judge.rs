//! Somebody else who knows passwords: an existing back end that is asked instead of what is kept here
//! ([`crate::hooks::Hooks::judge_password`]).

use async_trait::async_trait;

use crate::app::App;
use crate::db::Tx;
use crate::email_address::EmailAddress;
use crate::error::Result;
use crate::hooks::Provision;
use crate::http::Visit;
use crate::store::User;

use super::Passwords;

/// A password, and whose it is said to be.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The address of the account; one that nobody has ([`super::nobody`]) where nobody here is meant.
    pub email: &'a EmailAddress,
    /// What they called themselves when it was no address.
    pub name: Option<&'a str>,
    /// What is to be the password.
    pub password: &'a str,
    /// Who that is here, if anybody yet.
    pub user: Option<&'a User>,
    /// Whether a password of theirs is kept here.
    pub kept: bool,
    /// Whether somebody who is signed in confirms it, instead of signing in. Nobody is made then.
    pub confirms: bool,
}

/// What is said to it.
pub enum Judgement {
    /// What is kept here decides.
    NoOpinion,
    /// It is not the password.
    Wrong,
    /// It is.
    Right(Vouched),
}

/// Somebody whose password was right elsewhere.
pub struct Vouched {
    /// Who that is here so far; `None` for somebody new.
    pub user: Option<User>,
    /// Their address.
    pub email: EmailAddress,
    /// What brings them in.
    pub entry: Box<dyn Entry>,
}

/// Brings somebody in whose password was right elsewhere.
#[async_trait]
pub trait Entry: Send + Sync {
    /// What has to be asked before a transaction is open. `provision` is what the plugins say to them, and turns nobody
    /// away.
    async fn prepare(&mut self, visit: &Visit, provision: Provision) -> Result<()>;

    /// Finds or makes the user, in the transaction that makes their session; what was known before the other side was
    /// asked is looked at again.
    async fn settle(self: Box<Self>, visit: &Visit, tx: &mut Tx) -> Result<Settled>;
}

/// What came of it.
pub enum Settled {
    /// The user; the flag tells whether this made them.
    In(Box<User>, bool),
    /// By now a password of theirs is kept here, which decides. The transaction is to be undone.
    Kept(Box<User>),
    /// Not the user that the address belongs to by now. The transaction is to be undone.
    Refused,
}

impl Passwords {
    /// Asks the plugins: the first one with an opinion decides. 503 when it cannot tell. Never inside a transaction.
    pub async fn judge(&self, app: &App, question: Question<'_>) -> Result<Judgement> {
        for hook in &app.hooks {
            match hook.judge_password(app, question).await? {
                Judgement::NoOpinion => {}
                said => return Ok(said),
            }
        }
        Ok(Judgement::NoOpinion)
    }

    /// Whether somebody else judges every password, so that none is kept here, and none can be set.
    pub fn are_elsewhere(&self, app: &App) -> bool {
        app.hooks.iter().any(|hook| hook.keeps_passwords_elsewhere())
    }

    /// Whether `password` is the one of this user, where that is judged elsewhere; `None` where it is not.
    pub(super) async fn confirmed(&self, app: &App, user_id: &str, password: &str) -> Result<Option<bool>> {
        if !self.are_elsewhere(app) {
            return Ok(None);
        }
        let user = app.users.by_id(&app.db, user_id).await?;
        let address = user.as_ref().and_then(|user| EmailAddress::parse_international(&user.email));
        // Asked about nobody too: both cost the same.
        let Some(email) = address.or_else(super::nobody) else { return Ok(Some(false)) };
        let user = user.as_ref();
        let question = Question { email: &email, name: None, password, user, kept: false, confirms: true };
        Ok(match self.judge(app, question).await? {
            Judgement::NoOpinion => None,
            Judgement::Wrong => Some(false),
            Judgement::Right(vouched) => {
                let theirs = vouched.user.zip(user).is_some_and(|(known, user)| known.id == user.id);
                Some(theirs)
            }
        })
    }
}
