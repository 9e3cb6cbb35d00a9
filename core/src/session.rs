//! The session of a visit: who is signed in, and how sessions are prolonged and ended (contract, section 3).

mod end;
mod lend;
mod remembered;
mod take_up;

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::app::App;
use crate::config::SessionOptions;
use crate::cookie::{DONT_REMEMBER, SESSION_DATA, SESSION_TOKEN};
use crate::db::Tx;
use crate::error::{IMPERSONATED_SESSION, Result, SESSION_NOT_FRESH, UNAUTHORIZED, forbidden, unauthorized};
use crate::http::Visit;
use crate::keyring::equal_in_constant_time;
use crate::session_cache::{self, Cached};
use crate::store::{IMPERSONATED_BY, Session, User};
use crate::timestamp::Timestamp;

pub(crate) use end::previous;
pub use end::{
    end, end_all, end_by_id, end_by_token, end_everybodys, end_everywhere, end_one, hold_user, say_signed_out,
};
pub use lend::{Lent, give_back, lend};
pub(crate) use remembered::{hand_over, mark};
pub use take_up::take_up;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
    /// The session's token in plain, as this browser holds it.
    pub token: String,
}

impl SignedIn {
    /// 403 `IMPERSONATED_SESSION` where somebody else is in as them: how they sign in is theirs alone to change.
    pub fn require_owner(&self) -> Result<()> {
        if self.session.impersonated_by().is_some() { Err(forbidden(IMPERSONATED_SESSION)) } else { Ok(()) }
    }

    /// `{session, user}`.
    pub fn json(&self, visit: &Visit) -> Json {
        let app = visit.app();
        json!({
            "session": app.sessions.json(&self.session, &self.token),
            "user": app.users.json(&self.user),
        })
    }

    /// `{token, user}`, as sign-ins answer.
    pub fn token_and_user(&self, visit: &Visit) -> Json {
        json!({"token": self.token, "user": visit.app().users.json(&self.user)})
    }
}

impl Visit {
    /// Who is signed in, if anybody; the session is prolonged when it is due. A dead session's cookies are removed.
    pub async fn signed_in(&self) -> Result<Option<SignedIn>> {
        self.load_session(Load::default()).await
    }

    /// `{session, user}` as applications are shown it, or null: from the browser's own cache when that is good and
    /// wanted, else as [`Visit::signed_in`].
    pub(crate) async fn shown_session(&self, from_cache: bool, prolong: bool) -> Result<Option<Json>> {
        let Some(token) = self.session_token() else { return Ok(None) };
        if from_cache && let Cached::Good(shown) = session_cache::read(self, &token) {
            return Ok(Some(shown));
        }
        let loaded = self
            .load_session(Load { prolong, cache: if from_cache { Renew::Absent } else { Renew::Always } });
        Ok(loaded.await?.map(|signed_in| signed_in.json(self)))
    }

    /// As [`Visit::require_session`], for what changes more than a profile: the browser's cache, where there is one, is
    /// renewed along with it. 403 `IMPERSONATED_SESSION` for who is somebody else's guest: that is the owner's alone.
    pub async fn require_session_anew(&self) -> Result<SignedIn> {
        let loaded = self.require_stored_session().await?;
        loaded.require_owner()?;
        Ok(loaded)
    }

    /// As [`Visit::require_session`]; the browser's cache, where there is one, is renewed along with it.
    pub async fn require_stored_session(&self) -> Result<SignedIn> {
        let loaded = self.load_session(Load { prolong: true, cache: Renew::Always }).await?;
        loaded.ok_or_else(|| unauthorized(UNAUTHORIZED))
    }

    /// Who is signed in; 401 when nobody is.
    pub async fn require_session(&self) -> Result<SignedIn> {
        self.signed_in().await?.ok_or_else(|| unauthorized(UNAUTHORIZED))
    }

    /// Who signed in not long ago; 401 when nobody is in, 403 when it was too long ago.
    pub async fn require_fresh_session(&self) -> Result<SignedIn> {
        let signed_in = self.require_session().await?;
        if !self.is_fresh(&signed_in.session) {
            return Err(forbidden(SESSION_NOT_FRESH));
        }
        Ok(signed_in)
    }

    /// Whether a session began not long ago, by a proof of its owner's: one that is lent never did.
    pub fn is_fresh(&self, session: &Session) -> bool {
        session.impersonated_by().is_none()
            && session.created_at.plus(self.app().config.session.fresh_age.0) > self.now()
    }

    /// Sets the session's cookie, for as long as the session lives; with the browser when it is not remembered.
    pub(crate) fn set_session_cookie(&self, token: &str, remember: bool) {
        let life = remember.then_some(self.app().config.session.expires_in.0);
        self.set_signed_cookie(SESSION_TOKEN, token, life);
    }

    /// Makes the browser forget its session: the three deletions of the contract.
    pub fn remove_session_cookies(&self) {
        for short in [SESSION_TOKEN, SESSION_DATA, DONT_REMEMBER] {
            self.remove_cookie(short);
        }
        session_cache::forget(self);
    }

    /// Whether this browser's session ends with the browser.
    pub fn is_unremembered(&self) -> bool {
        self.signed_cookie(DONT_REMEMBER).is_some()
    }

    async fn load_session(&self, load: Load) -> Result<Option<SignedIn>> {
        let Some(token) = self.session_token() else { return Ok(None) };
        let renew = match (load.cache, session_cache::read(self, &token)) {
            (Renew::Always, _) | (_, Cached::Nothing) => true,
            (Renew::Absent, Cached::Good(_)) => false,
            (Renew::Absent, Cached::Bad) => {
                session_cache::discard(self);
                true
            }
        };
        let Some(SignedIn { mut session, user, token }) = of_token(self, &token).await? else {
            self.remove_session_cookies();
            return Ok(None);
        };
        let app = self.app();
        let now = self.now();
        let options = &app.config.session;
        let last = session.created_at.plus(options.absolute.0);
        let due = session.expires_at.minus(options.expires_in.0).plus(options.update_age.0) <= now;
        let unremembered = self.is_unremembered() || ends_with_browser(&session, options);
        // What is lent ends when it was said to.
        let due = due && session.impersonated_by().is_none();
        if load.prolong && due && !unremembered {
            let expires_at = now.plus(options.expires_in.0).min(last);
            app.sessions.prolong(&app.db, &session.id, &token, expires_at, now).await?;
            session.expires_at = expires_at;
            session.updated_at = now;
            self.set_session_cookie(&token, true);
        } else {
            app.sessions.rewrite_token(&app.db, &session, &token).await?;
        }
        let signed_in = SignedIn { session, user, token };
        if renew && load.prolong && !unremembered {
            session_cache::keep(self, &signed_in, true);
        }
        Ok(Some(signed_in))
    }

    /// Renews the browser's cache of the session whose cookie this answer hands out: what is shown from it must be
    /// what the handler left behind.
    pub(crate) async fn renew_cache(&self, token: &str) -> Result<()> {
        if self.app().config.session.cookie_cache.0.is_zero() {
            return Ok(());
        }
        let Some(handed_out) = of_token(self, token).await? else { return Ok(()) };
        session_cache::keep(self, &handed_out, self.hands_out_for_long());
        Ok(())
    }
}

/// How a session is loaded.
#[derive(Clone, Copy)]
struct Load {
    /// Whether it is prolonged when that is due.
    prolong: bool,
    /// When the browser's cache is renewed.
    cache: Renew,
}

impl Default for Load {
    fn default() -> Self {
        Self { prolong: true, cache: Renew::Absent }
    }
}

/// When the browser's cache of a session is renewed.
#[derive(Clone, Copy)]
enum Renew {
    /// When it has no good one.
    Absent,
    /// In any case.
    Always,
}

/// Whether a session was made to end with its browser: it still has the one end that such a session ever gets. The
/// cookie that says the same is the client's, who may leave it out.
fn ends_with_browser(session: &Session, options: &SessionOptions) -> bool {
    options.expires_in_unremembered != options.expires_in
        && session.expires_at == session.created_at.plus(options.expires_in_unremembered.0)
}

/// What is known of a token.
#[derive(Debug)]
pub enum Known {
    /// Its session lives.
    Live(Box<SignedIn>),
    /// It was over, and is deleted now.
    Expired,
    /// There is none.
    Nothing,
}

/// What is known of a token; a dead session is deleted. Nothing is prolonged, no cookie changes.
pub async fn look_up(visit: &Visit, token: &str) -> Result<Known> {
    let app = visit.app();
    let Some((session, user)) = app.sessions.by_token(&app.db, &app.users, token).await? else {
        return Ok(Known::Nothing);
    };
    if !lives(app, &session, visit.now()) {
        app.sessions.delete(&app.db, &session.id).await?;
        return Ok(Known::Expired);
    }
    Ok(Known::Live(Box::new(SignedIn { session, user, token: token.to_owned() })))
}

/// The live session of a token, with its user, as [`look_up`] finds it.
pub async fn of_token(visit: &Visit, token: &str) -> Result<Option<SignedIn>> {
    Ok(match look_up(visit, token).await? {
        Known::Live(signed_in) => Some(*signed_in),
        Known::Expired | Known::Nothing => None,
    })
}

/// The live session of an id, with its user. Nothing is deleted or prolonged.
pub async fn of_id(app: &App, id: &str) -> Result<Option<(Session, User)>> {
    let found = app.sessions.by_id(&app.db, &app.users, id).await?;
    Ok(found.filter(|(session, _)| lives(app, session, app.clock.now())))
}

fn lives(app: &App, session: &Session, now: Timestamp) -> bool {
    session.expires_at > now && session.created_at.plus(app.config.session.absolute.0) > now
}

/// What applications that list a user's sessions are told instead of the token: a handle, or the token itself where the
/// settings have it so and it is kept in plain.
pub fn shown_token(app: &App, session: &Session) -> String {
    if !session.is_token_hashed() && !app.config.session.handles {
        session.stored_token.clone()
    } else {
        handle(app, session)
    }
}

/// Stands for a session without opening it: a keyed hash of its id, 32 characters.
pub fn handle(app: &App, session: &Session) -> String {
    let mut handle = app.keyring.keyed_hash("session-handle", &session.id);
    handle.truncate(32);
    handle
}

/// Whether `given` names this session: its handle, or its token.
fn is_named(app: &App, session: &Session, given: &str) -> bool {
    equal_in_constant_time(&handle(app, session), given)
        || equal_in_constant_time(&session.stored_token, given) && !session.is_token_hashed()
        || equal_in_constant_time(&session.stored_token, &app.sessions.at_rest(given))
}

/// A session to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewSession<'a> {
    /// Whose.
    pub(crate) user: &'a User,
    /// Whether it outlives the browser.
    pub(crate) remember: bool,
    /// How the person proved who they are.
    pub(crate) amr: &'a [&'a str],
    /// How strong that was.
    pub(crate) aal: i64,
    /// To whom it is lent (a user's id), and for how long; their own otherwise.
    pub(crate) lent: Option<(&'a str, Duration)>,
}

/// Makes a session in `tx` and gives it with its token; 401 when its user is not who they were any more. The cookie is
/// set by whoever commits.
pub(crate) async fn create(visit: &Visit, tx: &mut Tx, new: NewSession<'_>) -> Result<(Session, String)> {
    let app = visit.app();
    let now = visit.now();
    let token = app.keyring.random_alphanumeric(32);
    let mut extra = crate::store::Fields::default();
    if let Some((borrower, _)) = new.lent {
        extra.set(IMPERSONATED_BY, borrower);
    }
    let life = new.lent.map_or_else(|| life(visit, new.remember), |(_, life)| life);
    let session = Session {
        id: app.new_id(),
        stored_token: String::new(),
        user_id: new.user.id.clone(),
        expires_at: now.plus(life),
        created_at: now,
        updated_at: now,
        ip_address: Some(visit.address().to_owned()),
        user_agent: Some(visit.user_agent().to_owned()),
        amr: Some(new.amr.join(" ")),
        aal: new.aal,
        extra,
    };
    let made = app.sessions.insert(&mut *tx, session, new.user, &token).await?;
    // Deleted, or their address given away, since they were read.
    let session = made.ok_or_else(|| unauthorized(UNAUTHORIZED))?;
    for hook in &app.hooks {
        hook.session_made(app, &mut *tx, new.user).await?;
    }
    Ok((session, token))
}

/// Begins a new session for somebody who is signed in, in the place of the one they have, and gives its token, for [`keep`]
/// once `tx` is committed. They proved more meanwhile (`proven`, RFC 8176; may be nothing), and it becomes that strong
/// ([`crate::sign_in::Aal::number`]), never weaker: a token that was known before the step is not the one after it
/// (ASVS 7.2.4).
pub async fn renew_stronger(
    visit: &Visit,
    tx: &mut Tx,
    signed_in: &SignedIn,
    proven: &[&str],
    aal: i64,
) -> Result<(Session, String)> {
    // Its successor would be the owner's own.
    signed_in.require_owner()?;
    let mut amr: Vec<&str> = signed_in.session.proofs().collect();
    for proof in proven {
        if !amr.contains(proof) {
            amr.push(proof);
        }
    }
    let new = NewSession {
        user: &signed_in.user,
        remember: !visit.is_unremembered(),
        amr: &amr,
        aal: aal.max(signed_in.session.aal),
        lent: None,
    };
    // One that was ended meanwhile has no successor.
    if !end_by_id(visit.app(), &mut *tx, &signed_in.session.id).await? {
        return Err(unauthorized(UNAUTHORIZED));
    }
    create(visit, tx, new).await
}

/// Takes the session of who is signed in for `tx`: 401 when it was ended since it was read. Whoever ends it later waits. For
/// what gives an account another way in.
pub async fn hold(visit: &Visit, tx: &mut Tx, signed_in: &SignedIn) -> Result<()> {
    let held = visit.app().sessions.update(tx, &signed_in.session.id, Vec::new(), visit.now()).await?;
    held.map(drop).ok_or_else(|| unauthorized(UNAUTHORIZED))
}

/// Hands the token of a session that is the browser's already, or succeeds it, to the browser, remembered or not as it is.
/// Any other session is for [`take_up`].
pub fn keep(visit: &Visit, token: &str) {
    hand_over(visit, token, !visit.is_unremembered());
}

fn life(visit: &Visit, remember: bool) -> Duration {
    let options = &visit.app().config.session;
    if remember { options.expires_in.0 } else { options.expires_in_unremembered.0 }
}

/// Deletes what has ended: sessions, verifications, counts. Run from time to time.
pub async fn clean(app: &App, now: Timestamp) -> Result<()> {
    use crate::store::Verifications;
    app.sessions.delete_expired(&app.db, now).await?;
    // Kept for an hour, so that "expired" can be told from "unknown".
    Verifications::delete_expired(&app.db, now.minus(Duration::from_secs(3600))).await?;
    app.limiter.clean(now).await?;
    for hook in &app.hooks {
        hook.cleaning(app, now).await?;
    }
    Ok(())
}
