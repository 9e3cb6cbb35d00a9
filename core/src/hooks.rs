//! Moments of the domain at which plugins have a say. Each exists because a shipped plugin needs it, and none of them
//! knows a path. Before something is decided an `Err` refuses; after it, what fails is logged and the rest goes on.

use async_trait::async_trait;
use serde_json::Value;

use crate::app::App;
use crate::db::Tx;
use crate::email_address::EmailAddress;
use crate::error::{Error, Result};
use crate::http::Visit;
use crate::password::{Judgement, Question};
use crate::session::SignedIn;
use crate::sign_in::{Admission, Attempt, Outcome};
use crate::store::{Account, Fields, NewUser, Session, User};
use crate::timestamp::Timestamp;

/// Somebody named an e-mail address in order to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The address.
    pub email: &'a EmailAddress,
    /// The door at which it was named; `None` for the API, which has none.
    pub door: Option<&'a str>,
    /// Who has that address, if anybody yet.
    pub user: Option<&'a User>,
}

/// What is done about an arrival.
#[derive(Debug)]
pub enum Provision {
    /// No opinion: the sign-in method's own rule holds.
    NoOpinion,
    /// There is no user yet, and this is who they are: make it.
    Make(NewUser),
    /// They may not come in here. With an error, they are told so; without, they get the answer that everybody
    /// gets, and no mail.
    TurnAway(Option<Error>),
    /// They are not let in for now, and [`Hooks::before_sign_in`] says why to who proves to be them: until then the
    /// answer is the one that everybody gets, and nothing is mailed.
    MailNothing,
}

impl Provision {
    /// Whether the answer is everybody's, and no mail goes out.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::TurnAway(None) | Self::MailNothing)
    }
}

/// Where somebody who signs out is on the way to.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    /// Where they come back to from elsewhere; trusted.
    pub callback_url: Option<String>,
    /// What comes back with them.
    pub state: Option<String>,
}

/// Sessions of one user that have ended before their time.
#[derive(Debug, Clone, Copy)]
pub struct Revoked<'a> {
    /// Whose they were.
    pub user_id: &'a str,
    /// Their ids.
    pub sessions: &'a [String],
    /// Whether none of this user's is left.
    pub all: bool,
}

/// What a plugin may do at a moment of the domain.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Who is behind this address, and may they come in? Asked whenever somebody names one, whether or not a user
    /// exists, so that both cost the same. Reads only; whoever asked makes the user, in one statement that a race
    /// cannot split.
    async fn provision(&self, app: &App, arrival: Arrival<'_>) -> Result<Provision> {
        let _ = (app, arrival);
        Ok(Provision::NoOpinion)
    }

    /// The first proof is in and no session exists yet: let them in, ask for more, or refuse with an `Err`.
    async fn before_sign_in(&self, visit: &Visit, tx: &mut Tx, attempt: &Attempt) -> Result<Admission> {
        let _ = (visit, tx, attempt);
        Ok(Admission::Granted)
    }

    /// A client is about to set columns of a user: of somebody new (`user` is `None`), or of themselves. May refuse
    /// them, bring them into their form, and fill others. Asked before anything is written, and also where the answer
    /// only pretends that somebody is made; a unique index has the last word on what is taken.
    async fn before_user_write(&self, visit: &Visit, user: Option<&User>, fields: &mut Fields) -> Result<()> {
        let _ = (visit, user, fields);
        Ok(())
    }

    /// Whether people may be named otherwise than by an address: [`Hooks::address_of`] knows how.
    fn names_people(&self) -> bool {
        false
    }

    /// Somebody is named by what is no address (a user name): the address of whom is meant, when anybody is.
    async fn address_of(&self, app: &App, name: &str) -> Result<Option<EmailAddress>> {
        let _ = (app, name);
        Ok(None)
    }

    /// A password is about to be compared with what is kept here, if anything is: somebody else may know whether it is
    /// right, and whose it is. Asked for everybody, outside any transaction, before the comparison; the first plugin with
    /// an opinion decides. Who cannot tell answers 503, which counts as no try.
    async fn judge_password(&self, app: &App, question: Question<'_>) -> Result<Judgement> {
        let _ = (app, question);
        Ok(Judgement::NoOpinion)
    }

    /// Whether [`Hooks::judge_password`] decides about every password, so that none is kept or set here.
    fn keeps_passwords_elsewhere(&self) -> bool {
        false
    }

    /// Somebody signed up by themselves: `user` is made in this transaction, and their address is not proven.
    async fn signed_up(&self, visit: &Visit, tx: &mut Tx, user: &User) -> Result<()> {
        let _ = (visit, tx, user);
        Ok(())
    }

    /// A link that proves `email` is about to be mailed: `true` says that this plugin has sent a proof of its own
    /// instead. `user` is who has the address; nobody (`None`) gets a decoy, which must cost as much.
    async fn proves_address(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        email: &EmailAddress,
        user: Option<&User>,
    ) -> Result<bool> {
        let _ = (visit, tx, email, user);
        Ok(false)
    }

    /// A session was made in `tx` for `user`, by a sign-in, as the successor of another one, or lent to somebody
    /// ([`crate::session::lend`]): the last word on whether it may be, which `tx` is undone by. Whoever takes the user's
    /// row for themselves ([`crate::store::Users::hold_alone`]) is waited for before this, or waits until `tx` ends.
    async fn session_made(&self, app: &App, tx: &mut Tx, user: &User) -> Result<()> {
        let _ = (app, tx, user);
        Ok(())
    }

    /// The attempt is granted and its session is made; `tx` is committed when every hook agrees. The session that this
    /// browser had before ends after this, if at all.
    async fn admitted(&self, visit: &Visit, tx: &mut Tx, attempt: &Attempt, session: &Session) -> Result<()> {
        let _ = (visit, tx, attempt, session);
        Ok(())
    }

    /// Every session of a user (the one at hand perhaps aside) is ended: the password was changed, the user was banned,
    /// or asked to be signed out everywhere. What else lets a device in without proof ends along with them.
    async fn sessions_ended(&self, app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        let _ = (app, tx, user_id);
        Ok(())
    }

    /// Sessions ended in `tx`, one or all, by whatever way: a sign-out, a revocation, a sign-in over them, the deletion
    /// of their user. Who trusts what was signed for them while they lived has to be told. Not asked when a session
    /// merely expires. Before [`Hooks::sessions_ended`], where that is asked too.
    async fn sessions_revoked(&self, app: &App, tx: &mut Tx, revoked: Revoked<'_>) -> Result<()> {
        let _ = (app, tx, revoked);
        Ok(())
    }

    /// Somebody proved to read a user's mailbox, which nobody had before: who set anything up until now may have been
    /// somebody else. Passwords and sessions have ended; what else signs in, or keeps the owner out, ends here.
    async fn mailbox_first_proven(&self, app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
        let _ = (app, tx, user_id);
        Ok(())
    }

    /// A user is about to be deleted: rows of theirs that no foreign key takes along go now.
    async fn before_user_delete(&self, app: &App, tx: &mut Tx, user: &User) -> Result<()> {
        let _ = (app, tx, user);
        Ok(())
    }

    /// A session token that the request presents in another way than in the cookie. It goes before the cookie, and
    /// the first plugin that finds one wins. Whether a session has that token is not asked here.
    fn presented_token(&self, visit: &Visit) -> Option<String> {
        let _ = visit;
        None
    }

    /// A sign-in is about to end the session that this browser had before: `true` keeps it.
    fn keeps_session(&self, visit: &Visit, token: &str) -> bool {
        let _ = (visit, token);
        false
    }

    /// An attempt came through the door: there is a session, or a challenge. `method` is the attempt's.
    fn after_sign_in(&self, visit: &Visit, method: &str, outcome: &Outcome) {
        let _ = (visit, method, outcome);
    }

    /// The answer is about to hand the browser a session's cookie: a new session, one that was prolonged, or another
    /// one of the same browser's.
    async fn session_handed_out(&self, visit: &Visit, token: &str) -> Result<()> {
        let _ = (visit, token);
        Ok(())
    }

    /// An application asked who is signed in, and is about to be told this: `{session, user}`.
    async fn session_shown(&self, visit: &Visit, shown: &Value) -> Result<()> {
        let _ = (visit, shown);
        Ok(())
    }

    /// The browser signs out; its session has not ended yet.
    async fn before_sign_out(&self, visit: &Visit) -> Result<()> {
        let _ = visit;
        Ok(())
    }

    /// What has ended is deleted, every few minutes: rows of the plugin's own that nobody needs any more go now, or
    /// whoever can make one makes the table grow for ever.
    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        let _ = (app, now);
        Ok(())
    }

    /// A user took one of their accounts away; `tx` is committed when every hook agrees.
    async fn account_unlinked(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        user: &User,
        account: &Account,
    ) -> Result<()> {
        let _ = (visit, tx, user, account);
        Ok(())
    }

    /// The session of `signed_in` has ended, because they asked for it: the address at which they sign out elsewhere
    /// too (a provider's page), if there is one. The first plugin that knows one wins.
    async fn signs_out_at(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        leaving: &Leaving,
    ) -> Result<Option<String>> {
        let _ = (visit, signed_in, leaving);
        Ok(None)
    }

    /// A password is about to be set, by whatever route.
    async fn check_password(&self, app: &App, password: &str) -> Result<()> {
        let _ = (app, password);
        Ok(())
    }
}

/// Asks every plugin ([`Hooks::before_user_write`]); the first refusal ends it. Never inside a transaction.
pub async fn before_user_write(visit: &Visit, user: Option<&User>, fields: &mut Fields) -> Result<()> {
    for hook in &visit.app().hooks {
        hook.before_user_write(visit, user, fields).await?;
    }
    Ok(())
}

/// As [`before_user_write`], where a refusal keeps nobody out: the field that it is about ([`Error::field`]) is left out and
/// the plugin asked again; one that is about none of `fields` leaves all of them out. Gives every refusal.
pub async fn leave_out_refused(visit: &Visit, user: Option<&User>, fields: &mut Fields) -> Vec<Error> {
    let mut refusals = Vec::new();
    for hook in &visit.app().hooks {
        loop {
            let mut asked = fields.clone();
            let Err(refusal) = hook.before_user_write(visit, user, &mut asked).await else {
                *fields = asked;
                break;
            };
            let named = refusal.field().is_some_and(|field| fields.take(field).is_some());
            refusals.push(refusal);
            if !named {
                *fields = Fields::default();
                break;
            }
        }
    }
    refusals
}

/// Tells every plugin that somebody signed up ([`Hooks::signed_up`]).
pub async fn signed_up(visit: &Visit, tx: &mut Tx, user: &User) -> Result<()> {
    for hook in &visit.app().hooks {
        hook.signed_up(visit, tx, user).await?;
    }
    Ok(())
}

/// Whether a plugin has sent a proof of its own instead of a link ([`Hooks::proves_address`]); the first one that does wins.
pub async fn proves_address(
    visit: &Visit,
    tx: &mut Tx,
    email: &EmailAddress,
    user: Option<&User>,
) -> Result<bool> {
    for hook in &visit.app().hooks {
        if hook.proves_address(visit, tx, email, user).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
