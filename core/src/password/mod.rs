//! Passwords: which may be set, how they are kept, whether one is right. Every route that sets or asks for one goes
//! through here, so that none of them forgets a rule.

mod door;
mod hash;
mod judge;
mod options;
mod policy;
mod pool;
pub mod reset;
mod threads;
mod tries;

pub use door::{
    Meant, Newcomer, PasswordClaim, PasswordDoor, SignedUp, answered, answered_shape, meant,
    named_by_several, names_people, nobody,
};
pub use judge::{Entry, Judgement, Question, Settled, Vouched};
pub use options::{Algorithm, Count, PasswordOptions};
pub use tries::Tries;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::http::Visit;
use crate::keyring::Keyring;
use crate::store::{Account, Accounts, Credential};
use pool::Pool;

/// Checks, hashes and compares. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    options: PasswordOptions,
    keyring: Keyring,
    pool: Pool,
}

/// A kept hash, in any form that is read (see `docs/passwords.md`), and whose it is.
#[derive(Clone, Copy)]
struct Kept<'a> {
    user_id: &'a str,
    hash: &'a str,
}

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is the password, and it is kept as it should be.
    Right,
    /// It is the password, and it should be hashed anew.
    RightButOutdated,
    /// It is not, or nobody has one, or what is kept cannot be read.
    Wrong,
}

impl Passwords {
    /// With these settings; refuses numbers that cannot be meant.
    pub fn new(options: &PasswordOptions, keyring: Keyring) -> anyhow::Result<Self> {
        if let Some((key, text)) = options.wrong().first() {
            anyhow::bail!("password.{key}: {text}");
        }
        let pool = Pool::new(options.at_once(), options.queue)?;
        Ok(Self { options: options.clone(), keyring, pool })
    }

    /// How many passwords are being hashed, and how many wait for that.
    pub fn at_work(&self) -> (usize, usize) {
        self.pool.at_work()
    }

    /// Refuses a password that nobody may set: 400 `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`,
    /// `PASSWORD_TOO_COMMON`, what a plugin says ([`crate::hooks::Hooks::check_password`]), or
    /// `PASSWORD_MANAGED_ELSEWHERE` for every one where none is kept here.
    pub async fn check_new(&self, app: &App, password: &str) -> Result<()> {
        reset::require_kept_here(app)?;
        policy::check_new(&self.options, password)?;
        for hook in &app.hooks {
            hook.check_password(app, password).await?;
        }
        Ok(())
    }

    /// Refuses what nobody can have set, before it is hashed: 400 `PASSWORD_TOO_LONG`.
    pub fn check_presented(&self, password: &str) -> Result<()> {
        policy::check_presented(&self.options, password)
    }

    /// Hashes a password for storage. 503 when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (algorithm, salt) = (self.options.algorithm, self.keyring.random_bytes());
        let password = password.to_owned();
        let made = self.pool.run(move |memory| hash::make(algorithm, &password, salt, memory)).await?;
        made.map_err(crate::error::Error::internal)
    }

    /// Compares a password with what is kept. With nothing to compare with, or something that cannot be read, a
    /// comparison is made all the same, so that time does not tell. 503 when too many wait.
    async fn verify(&self, kept: Option<Kept<'_>>, password: &str) -> Result<Verdict> {
        let algorithm = self.options.algorithm;
        let hash = kept.map(|kept| kept.hash.to_owned());
        let password = password.to_owned();
        let compared = self
            .pool
            .run(move |memory| {
                let dummy = hash::dummy(algorithm);
                let Some(hash) = hash else {
                    return hash::is_right(dummy, &password, memory).map(|_| Verdict::Wrong);
                };
                match hash::is_right(&hash, &password, memory) {
                    Ok(false) => Ok(Verdict::Wrong),
                    Ok(true) if hash::is_outdated(algorithm, &hash) => Ok(Verdict::RightButOutdated),
                    Ok(true) => Ok(Verdict::Right),
                    Err(unreadable) => {
                        let _ = hash::is_right(dummy, &password, memory);
                        Err(unreadable)
                    }
                }
            })
            .await?;
        Ok(compared.unwrap_or_else(|unreadable| {
            let user_id = kept.map_or("nobody", |kept| kept.user_id);
            tracing::warn!(
                event = "password.unreadable",
                user_id,
                problem = %unreadable,
                "a kept password cannot be read; until it is reset, nobody signs in with it"
            );
            Verdict::Wrong
        }))
    }

    /// Whether `password` is the one of this user; `None` stands for a user that does not exist, and costs the
    /// same. A right one that is kept in an old form is hashed anew. Where passwords are judged elsewhere, that is
    /// where it is asked: 503 when no answer comes. Counts no try: what visitors ask goes through [`Passwords::confirm`].
    pub async fn is_right(&self, app: &App, user_id: Option<&str>, password: &str) -> Result<bool> {
        if let Some(user_id) = user_id
            && let Some(right) = self.confirmed(app, user_id, password).await?
        {
            return Ok(right);
        }
        self.is_that_of(app, kept_of(app, user_id).await?.as_ref(), password).await
    }

    /// As [`Passwords::is_right`]: gives a transaction in which it stays so. A password that was changed while it was being
    /// compared opens nothing, and a session that it opened is there to be ended. `tries` is what was counted for it, and
    /// is given back when nobody can tell.
    pub async fn held(
        &self,
        visit: &Visit,
        tries: &Tries,
        user_id: Option<&str>,
        password: &str,
    ) -> Result<Option<Tx>> {
        let held = self.holding(visit.app(), user_id, password).await;
        tries.unless_failed(visit, held).await
    }

    /// As [`Passwords::held`], with what is kept at hand; nobody else is asked.
    pub async fn held_as_kept(
        &self,
        visit: &Visit,
        tries: &Tries,
        kept: Option<Credential>,
        password: &str,
    ) -> Result<Option<Tx>> {
        let held = self.holding_as_kept(visit.app(), kept, password).await;
        tries.unless_failed(visit, held).await
    }

    async fn holding(&self, app: &App, user_id: Option<&str>, password: &str) -> Result<Option<Tx>> {
        if let Some(user_id) = user_id
            && let Some(right) = self.confirmed(app, user_id, password).await?
        {
            return Ok(if right { Some(app.db.begin().await?) } else { None });
        }
        self.holding_as_kept(app, kept_of(app, user_id).await?, password).await
    }

    async fn holding_as_kept(
        &self,
        app: &App,
        mut kept: Option<Credential>,
        password: &str,
    ) -> Result<Option<Tx>> {
        // Once more when it was changed meanwhile: it may have been hashed anew, or be right since.
        for _ in 0..2 {
            let Some(proven) = self.proven(app, kept.as_ref(), password).await? else { return Ok(None) };
            let mut tx = app.db.begin().await?;
            if Accounts::hold_password(&mut tx, &proven).await? {
                return Ok(Some(tx));
            }
            tx.rollback().await?;
            kept = kept_of(app, Some(&proven.user_id)).await?;
        }
        Ok(None)
    }

    /// Whether `password` is the one that is kept here, for whoever is about to replace it; nothing is hashed anew. As in
    /// [`Passwords::held`], `tries` is what was counted for it.
    pub async fn compare(
        &self,
        visit: &Visit,
        tries: &Tries,
        kept: &Credential,
        password: &str,
    ) -> Result<bool> {
        let kept = Kept { user_id: &kept.user_id, hash: &kept.hash };
        let compared = self.verify(Some(kept), password).await;
        Ok(tries.unless_failed(visit, compared).await? != Verdict::Wrong)
    }

    /// As [`Passwords::is_right`], with what is kept at hand: for whoever judges a [`Question`], whose try is counted.
    pub async fn is_that_of(
        &self,
        app: &App,
        credential: Option<&Credential>,
        password: &str,
    ) -> Result<bool> {
        Ok(self.proven(app, credential, password).await?.is_some())
    }

    /// As [`Passwords::is_that_of`]: the credential as it is kept now, when the password is its.
    async fn proven(
        &self,
        app: &App,
        credential: Option<&Credential>,
        password: &str,
    ) -> Result<Option<Credential>> {
        let kept = credential.map(|kept| Kept { user_id: &kept.user_id, hash: &kept.hash });
        let verdict = self.verify(kept, password).await?;
        let Some(credential) = credential.filter(|_| verdict != Verdict::Wrong) else { return Ok(None) };
        let mut proven = credential.clone();
        if verdict == Verdict::RightButOutdated
            && let Some(new) = self.upgrade(app, credential, password).await
        {
            proven.hash = new;
        }
        Ok(Some(proven))
    }

    /// Replaces an old hash, unless the password was changed meanwhile, and gives the new one. When it fails, the next
    /// sign-in tries again.
    async fn upgrade(&self, app: &App, old: &Credential, password: &str) -> Option<String> {
        let account_id = &old.account_id;
        let upgraded = async {
            let new = self.hash(password).await?;
            let now = app.clock.now();
            let replaced = Accounts::replace_password(&app.db, account_id, &old.hash, &new, now).await?;
            Ok::<_, crate::error::Error>(replaced.then_some(new))
        };
        match upgraded.await {
            Ok(new) => {
                tracing::info!(account_id, replaced = new.is_some(), "an old password hash was made anew");
                new
            }
            Err(error) => {
                let cause = error.cause().map(|cause| format!("{cause:#}")).unwrap_or_default();
                tracing::warn!(account_id, error = cause, "an old password hash could not be made anew");
                None
            }
        }
    }
}

/// What is kept of a user's password; `None` stands for a user that does not exist, and costs the same.
async fn kept_of(app: &App, user_id: Option<&str>) -> Result<Option<Credential>> {
    let account = Accounts::credential(&app.db, user_id.unwrap_or_default()).await?;
    Ok(account.and_then(Account::into_credential))
}
