//! Access tokens: issued here, and taken here.

use std::time::Duration;

use async_trait::async_trait;
use guichet_core::access_token::{AccessToken, AccessTokens, Bearer};
use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::serde_json::{Map, Value};
use guichet_core::session;
use guichet_core::store::{Session, User};

use crate::claims::{self, About};
use crate::jws::Presented;
use crate::key::Algorithm;
use crate::options::{ACCESS_TOKEN, PLAIN};
use crate::{Jwt, keys};

#[async_trait]
impl AccessTokens for Jwt {
    async fn issue(
        &self,
        app: &App,
        session: &Session,
        user: &User,
        lifetime: Option<Duration>,
    ) -> Result<AccessToken> {
        let shown = app.users.json(user);
        let nobody = Map::new();
        let organization = app.schema.acting("session").and_then(|column| session.extra.text(column));
        let actor = session.impersonated_by().map(|actor| (actor, session.expires_at));
        let user = shown.as_object().unwrap_or(&nobody);
        let about = About { user, session: &session.id, organization, actor };
        self.issued(app, &about, lifetime).await
    }

    async fn verify(&self, app: &App, token: &str) -> Result<Option<Bearer>> {
        let Some(claims) = self.verified(app, token).await? else { return Ok(None) };
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let (Some(sid), Some(sub)) = (text("sid"), text("sub")) else { return Ok(None) };
        let lives = session::of_id(app, sid).await?.filter(|(_, user)| user.id == sub);
        Ok(lives.map(|(session, user)| Bearer { claims, session, user }))
    }

    async fn sign(&self, app: &App, typ: &str, claims: &Map<String, Value>) -> Result<String> {
        // RFC 7515, section 4.1.9: "application/" may be left out, and capitals do not count.
        let plain = typ.to_ascii_lowercase();
        let plain = plain.strip_prefix("application/").unwrap_or(&plain);
        if ["", ACCESS_TOKEN, PLAIN].iter().any(|taken| taken.eq_ignore_ascii_case(plain)) {
            return Err(Error::internal(anyhow::anyhow!("{typ:?} would pass for an access token")));
        }
        self.signed(app, Some(typ), claims).await
    }

    fn issuer(&self, app: &App) -> String {
        let [issuer, _] = claims::issuer_and_audience(&self.options, app);
        issuer
    }

    fn longest_life(&self) -> Duration {
        self.options.longest_life()
    }

    fn names_sessions(&self) -> bool {
        self.options.session_claims
    }
}

impl Jwt {
    /// A token about somebody.
    pub(crate) async fn issued(
        &self,
        app: &App,
        about: &About<'_>,
        lifetime: Option<Duration>,
    ) -> Result<AccessToken> {
        let lifetime = lifetime.unwrap_or(self.options.expires_in.0).min(self.options.longest_life());
        let (claims, expires_at) = claims::of(&self.options, app, about, lifetime);
        Ok(AccessToken { token: self.signed(app, self.options.typ(), &claims).await?, expires_at })
    }

    async fn signed(&self, app: &App, typ: Option<&str>, claims: &Map<String, Value>) -> Result<String> {
        let key = keys::signing(self, app).await?;
        key.sign(typ, claims)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("the key {} does not sign", key.id())))
    }

    /// What a token of ours says, whether or not its session lives. The header is asked for nothing but which key it is:
    /// how that key verifies is the key's own (RFC 8725, section 3.1), and no key is taken from elsewhere (`jku`, `jwk`,
    /// `x5u`).
    async fn verified(&self, app: &App, token: &str) -> Result<Option<Map<String, Value>>> {
        let Some(presented) = Presented::read(token) else { return Ok(None) };
        let Some(kid) = presented.header("kid") else { return Ok(None) };
        let Some((algorithm, public)) = keys::verifying(self, app, kid).await? else { return Ok(None) };
        let good = self.is_access_token(&presented, algorithm)
            && algorithm.verifies(&public, presented.signed.as_bytes(), &presented.signature);
        let claims = if good { presented.claims() } else { None };
        Ok(claims.filter(|claims| self.are_good(app, claims)))
    }

    fn is_access_token(&self, presented: &Presented<'_>, algorithm: Algorithm) -> bool {
        presented.header("alg") == Some(algorithm.name())
            // What must be understood is not (RFC 7515, section 4.1.11).
            && !presented.header.contains_key("crit")
            && presented.header.get("typ").and_then(Value::as_str) == self.options.typ()
            && presented.header.contains_key("typ") == self.options.typ().is_some()
    }

    fn are_good(&self, app: &App, claims: &Map<String, Value>) -> bool {
        let [issuer, audience] = claims::issuer_and_audience(&self.options, app);
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        // A text that looks like a number is none.
        let exp = claims.get("exp").and_then(Value::as_i64);
        let now = app.clock.now().seconds();
        text("iss") == Some(issuer.as_str())
            && text("aud") == Some(audience.as_str())
            && exp.is_some_and(|exp| exp > now)
            && claims.get("nbf").is_none_or(|nbf| nbf.as_i64().is_some_and(|nbf| nbf <= now))
    }
}
