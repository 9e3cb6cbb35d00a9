//! A refresh token becomes a new pair, once (RFC 9700, section 4.14.2).
//!
//! Whoever asks again with the same token within [`AGAIN`] gets the same pair: parallel requests of one program, and
//! answers that got lost, end nobody's session. Whoever asks later holds a copy, or was copied: which of the two cannot be
//! told, so the session ends for both, and the person is told by mail.

use std::time::Duration;

use guichet_core::access_token::AccessToken;
use guichet_core::error::{Error, Result, unauthorized};
use guichet_core::http::Visit;
use guichet_core::keyring::digest;
use guichet_core::serde_json::{Value, from_str, json};
use guichet_core::store::{Session, User};
use guichet_core::timestamp::Timestamp;
use guichet_core::{notice, session};
use secrecy::ExposeSecret as _;

use crate::pair::{self, Pair};
use crate::store::{self, Stored};
use crate::{INVALID_REFRESH_TOKEN, TokenApi};

/// How long a used token is answered with what it led to.
pub(crate) const AGAIN: Duration = Duration::from_secs(30);

/// How many steps a program may be ahead of one of its own requests.
const STEPS: usize = 16;

/// Every dead token, whatever it died of.
fn dead(why: &'static str) -> Error {
    unauthorized(INVALID_REFRESH_TOKEN).because(anyhow::anyhow!(why))
}

impl TokenApi {
    /// The pair that follows `token`; 401 when nothing does.
    pub(crate) async fn refresh(&self, visit: &Visit, token: &str) -> Result<Pair> {
        let app = visit.app();
        if !pair::is_one(token) {
            return Err(dead("it is no refresh token"));
        }
        let hash = digest(token);
        let Some(found) = store::by_hash(&app.db, &hash).await? else {
            return Err(dead("it is unknown, or its session was ended"));
        };
        let Some((session, user)) = session::of_id(app, &found.session_id).await? else {
            return Err(dead("its session has ended"));
        };
        if self.end(app, &session) <= visit.now() {
            return Err(dead("its absolute end has come"));
        }
        if found.used_at.is_none() {
            if found.expires_at <= visit.now() {
                return Err(dead("it has expired"));
            }
            if let Some(pair) = self.rotate(visit, token, &found, &session, &user).await? {
                return Ok(pair);
            }
        }
        // It was used before, were it by a moment.
        let before =
            store::by_hash(&app.db, &hash).await?.ok_or_else(|| dead("its session was just ended"))?;
        match before.used_at {
            Some(moment) if moment.plus(AGAIN) > visit.now() => same_again(visit, token, before).await,
            Some(_) => reused(visit, &before, &user).await,
            None => Err(dead("it expired this very moment")),
        }
    }

    /// `None` when somebody else was faster.
    async fn rotate(
        &self,
        visit: &Visit,
        token: &str,
        found: &Stored,
        session: &Session,
        user: &User,
    ) -> Result<Option<Pair>> {
        let app = visit.app();
        // Before the transaction: signing may have to make a key.
        let access = self.access(visit, session, user).await?;
        let sealed = app.keyring.seal(&kept(&access))?;
        let id = app.new_id();
        let refresh = pair::children(app, token, &id).next().ok_or_else(|| dead("there is no secret"))?;
        let mut tx = app.db.begin().await?;
        let until = self.prolong(visit, &mut tx, session).await.map_err(|error| {
            if error.status() == http::StatusCode::UNAUTHORIZED {
                dead("its session was just ended")
            } else {
                error
            }
        })?;
        if !store::use_once(&mut tx, &found.id, visit.now(), &id, &sealed).await? {
            tx.rollback().await?;
            return Ok(None);
        }
        let (family, parent) = (found.family.clone(), Some(found.id.clone()));
        store::insert(&mut tx, &pair::row(visit, session, &refresh, until, id, family, parent)).await?;
        tx.commit().await?;
        Ok(Some(Pair { access, refresh }))
    }
}

/// The pair that a token has led to, or, when that was used as well by now, the one that came of it: a slow request
/// must not be left with a token that ends the session later.
async fn same_again(visit: &Visit, token: &str, mut used: Stored) -> Result<Pair> {
    let app = visit.app();
    let mut token = token.to_owned();
    for _ in 0..STEPS {
        let (Some(child), Some(sealed)) = (&used.successor, &used.access_token) else { break };
        let Some(child) = store::by_id(&app.db, child).await? else { break };
        let mut candidates = pair::children(app, &token, &child.id);
        let Some(refresh) = candidates.find(|candidate| digest(candidate) == child.token_hash) else {
            return Err(dead("the secret that made its successor is gone"));
        };
        if child.used_at.is_none() {
            return Ok(Pair { access: opened(app.keyring.open(sealed)?.expose_secret())?, refresh });
        }
        (token, used) = (refresh, child);
    }
    Err(dead("its session was just ended"))
}

/// Ends what can no longer be told from a theft.
async fn reused(visit: &Visit, before: &Stored, user: &User) -> Result<Pair> {
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    // Of parallel ones the first alone finds a session, and tells of it.
    if session::end_by_id(app, &mut tx, &before.session_id).await? {
        notice::tell_of_device(visit, &mut tx, user, "token-api-reused", Vec::new()).await?;
    }
    tx.commit().await?;
    tracing::warn!(
        request_id = visit.request_id(),
        event = "token-api.reused",
        code = "REFRESH_TOKEN_REUSED",
        user_id = before.user_id,
        session_id = before.session_id,
        family = before.family,
        "a refresh token was used again long after its first use; its session was ended"
    );
    Err(dead("REFRESH_TOKEN_REUSED"))
}

fn kept(access: &AccessToken) -> String {
    json!({"token": access.token, "expiresAt": access.expires_at.millis()}).to_string()
}

fn opened(kept: &str) -> Result<AccessToken> {
    let read = || {
        let value: Value = from_str(kept).ok()?;
        let expires_at = Timestamp::from_millis(value.get("expiresAt")?.as_i64()?)?;
        Some(AccessToken { token: value.get("token")?.as_str()?.to_owned(), expires_at })
    };
    read().ok_or_else(|| Error::internal(anyhow::anyhow!("a sealed access token cannot be read")))
}
