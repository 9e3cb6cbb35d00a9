//! A pair of tokens: an access token that services check by themselves, and a refresh token that is good once.
//!
//! A refresh token is opaque. The first of a sign-in is 256 random bits; each later one is an HMAC, under the secret, of
//! the token that it replaces and of the random id of its own row. Nothing has to be kept from which a token could be read, and yet
//! the same child can be given again to who asks again at once ([`crate::refresh`]): it takes the parent, the database
//! and the secret to know it.

use std::sync::Arc;

use guichet_core::access_token::{AccessToken, AccessTokens};
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::{Error, Result, UNAUTHORIZED, unauthorized};
use guichet_core::http::{Reply, Visit, json, kept_nowhere as no_cache_keeps};
use guichet_core::keyring::digest;
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::SignedIn;
use guichet_core::store::{Session, User};
use guichet_core::timestamp::Timestamp;
use http::StatusCode;

use crate::store::{self, Stored};
use crate::{TokenApi, user};

/// Marks what it is, for those who search leaked texts for secrets.
const PREFIX: &str = "grt_";
/// Characters of `[a-zA-Z0-9]` that hold 256 bits; as many as an HMAC-SHA256 has in base64url.
const LENGTH: usize = 43;
const CHILD: &str = "token-api.refresh-token";

/// What a program gets.
pub(crate) struct Pair {
    pub(crate) access: AccessToken,
    pub(crate) refresh: String,
}

/// Whether a text can be a refresh token at all.
pub(crate) fn is_one(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(fits))
}

/// The tokens that may follow `parent` in the row `child`: one for each secret that is known, the current one first.
pub(crate) fn children(app: &App, parent: &str, child: &str) -> impl Iterator<Item = String> + use<> {
    let hashes = app.keyring.keyed_hashes(CHILD, &format!("{child}:{parent}"));
    hashes.into_iter().map(|hash| format!("{PREFIX}{hash}"))
}

/// Who signs access tokens.
pub(crate) fn issuer(app: &App) -> Result<&Arc<dyn AccessTokens>> {
    app.access_tokens.as_ref().ok_or_else(|| Error::internal(anyhow::anyhow!("nobody issues access tokens")))
}

impl TokenApi {
    pub(crate) async fn access(&self, visit: &Visit, session: &Session, user: &User) -> Result<AccessToken> {
        let life = Some(self.options.access_expires_in.0);
        issuer(visit.app())?.issue(visit.app(), session, user, life).await
    }

    /// Until when a token that is handed out now is good, and with it its session.
    pub(crate) fn expiry(&self, visit: &Visit, session: &Session) -> Timestamp {
        visit.now().plus(self.options.refresh_expires_in.0).min(self.end(visit.app(), session))
    }

    /// When all of it ends, however often it is refreshed.
    pub(crate) fn end(&self, app: &App, session: &Session) -> Timestamp {
        session.created_at.plus(self.options.absolute_expires_in.0.min(app.config.session.absolute.0))
    }

    /// The session lives as long as the refresh token that was handed out last; 401 when it has ended meanwhile.
    pub(crate) async fn prolong(&self, visit: &Visit, tx: &mut Tx, session: &Session) -> Result<Timestamp> {
        let until = self.expiry(visit, session);
        let changes = vec![("expiresAt", until.into())];
        let there = visit.app().sessions.update(tx, &session.id, changes, visit.now()).await?;
        there.map(|_| until).ok_or_else(|| unauthorized(UNAUTHORIZED))
    }

    /// The first pair of a sign-in.
    pub(crate) async fn begin(&self, visit: &Visit, signed_in: &SignedIn) -> Result<Pair> {
        let (app, session) = (visit.app(), &signed_in.session);
        let access = self.access(visit, session, &signed_in.user).await?;
        let refresh = format!("{PREFIX}{}", app.keyring.random_alphanumeric(LENGTH));
        let mut tx = app.db.begin().await?;
        let expires_at = self.prolong(visit, &mut tx, session).await?;
        let id = app.new_id();
        store::insert(&mut tx, &row(visit, session, &refresh, expires_at, id.clone(), id, None)).await?;
        tx.commit().await?;
        Ok(Pair { access, refresh })
    }

    /// `{access_token, refresh_token, token_type, expires_in}`, and the user.
    pub(crate) fn granted(&self, visit: &Visit, pair: &Pair, user: Option<&User>) -> Result<Reply> {
        let mut answer = Map::new();
        answer.insert("access_token".to_owned(), pair.access.token.as_str().into());
        answer.insert("refresh_token".to_owned(), pair.refresh.as_str().into());
        answer.insert("token_type".to_owned(), "bearer".into());
        let left = visit.now().until(pair.access.expires_at).as_millis().div_ceil(1000);
        answer.insert("expires_in".to_owned(), u64::try_from(left).unwrap_or(0).into());
        if let Some(user) = user {
            answer.insert("user".to_owned(), user::json(&self.options, visit.app(), user));
        }
        kept_nowhere(&Value::Object(answer), StatusCode::OK)
    }
}

/// An answer that carries credentials (RFC 6749, section 5.1).
pub(crate) fn kept_nowhere(answer: &Value, status: StatusCode) -> Result<Reply> {
    let mut reply = json(answer)?;
    *reply.status_mut() = status;
    Ok(no_cache_keeps(reply))
}

/// A token's row; `parent` is what it replaces.
pub(crate) fn row(
    visit: &Visit,
    session: &Session,
    token: &str,
    expires_at: Timestamp,
    id: String,
    family: String,
    parent: Option<String>,
) -> Stored {
    let agent = visit.user_agent();
    Stored {
        id,
        family,
        user_id: session.user_id.clone(),
        session_id: session.id.clone(),
        token_hash: digest(token),
        parent,
        created_at: visit.now(),
        expires_at,
        used_at: None,
        successor: None,
        access_token: None,
        user_agent: (!agent.is_empty()).then(|| agent.to_owned()),
        ip_address: Some(visit.address().to_owned()),
    }
}
