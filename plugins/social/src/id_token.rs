//! ID tokens (`OpenID` Connect Core, section 3.1.3.7; RFC 8725): the signature by a key of the provider's own, under
//! an algorithm of a short list, before any claim is looked at; then who says it, to whom, when, and to which request.

use guichet_core::app::App;
use guichet_core::http::component;
use guichet_core::keyring::equal_in_constant_time;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::error::ProviderError;
use crate::provider::Provider;
use crate::providers::IdTokens;

/// What may sign. No `none`, no HMAC: a public key must never be a secret.
const ALGORITHMS: [Algorithm; 4] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];
/// How far clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// How old a token may be that somebody else got, in seconds.
const OLDEST: i64 = 3600;
/// The tenant of Microsoft's personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The claims of a token.
pub(crate) type Claims = Map<String, Json>;

/// Where a token comes from, which decides how old it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The provider's token endpoint, a moment ago.
    Exchange,
    /// An application, which got it itself.
    Application,
    /// Our own database: it was checked when it came, and may have ended since.
    Kept,
}

const NO: fn(&'static str) -> ProviderError = ProviderError::IdToken;

/// The claims of a token that is to be believed. `nonce` is what it must carry; `None` asks for none.
pub(crate) async fn verified(
    app: &App,
    provider: &Provider,
    token: &str,
    nonce: Option<&str>,
    source: Source,
) -> Result<Claims, ProviderError> {
    let claims = match provider.entry.id_token {
        IdTokens::None => return Err(NO("this provider's tokens cannot be checked")),
        IdTokens::Ask { issuer, verify } => {
            let claims = ask(app, provider, verify, token).await?;
            check_issuer(&claims, &[issuer])?;
            claims
        }
        IdTokens::Keys { issuers, jwks } => {
            let claims = signed(app, provider, jwks, token).await?;
            check_issuer(&claims, issuers)?;
            claims
        }
        IdTokens::Tenant { issuer, jwks } => {
            let claims = signed(app, provider, jwks, token).await?;
            check_tenant(provider.entry.authorize, &claims, issuer)?;
            claims
        }
        IdTokens::Discovered => {
            let endpoints = provider.endpoints(app).await?;
            let jwks = endpoints.jwks.ok_or(ProviderError::Metadata("it names no keys"))?;
            let claims = signed(app, provider, &jwks, token).await?;
            check_issuer(&claims, &[provider.issuer.as_str()])?;
            claims
        }
    };
    check_audience(provider, &claims)?;
    check_times(&claims, app.clock.now().seconds(), source)?;
    if let Some(nonce) = nonce {
        check_nonce(provider, &claims, nonce)?;
    }
    check_hosted_domain(provider, &claims)?;
    Ok(claims)
}

/// The claims of a JWT that a key of the provider signed; nothing but the signature is checked.
pub(crate) async fn signed(
    app: &App,
    provider: &Provider,
    jwks: &str,
    token: &str,
) -> Result<Claims, ProviderError> {
    let header = decode_header(token).map_err(|_| NO("it is no JWT"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(NO("its algorithm is not allowed"));
    }
    let mut validation = Validation::new(header.alg);
    // Times are the core's clock's to say, and the rest is checked with it below.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    for key in provider.keys.of(app, jwks, header.kid.as_deref()).await? {
        let named = key.common.key_algorithm;
        if named.is_some_and(|named| named.to_string() != format!("{:?}", header.alg)) {
            continue;
        }
        let Ok(key) = DecodingKey::from_jwk(&key) else { continue };
        if let Ok(data) = decode::<Claims>(token, &key, &validation) {
            return Ok(data.claims);
        }
    }
    Err(NO("no key of the provider's signed it"))
}

/// Where tokens are signed with the client's secret, their issuer says whether one is good.
async fn ask(app: &App, provider: &Provider, verify: &str, token: &str) -> Result<Claims, ProviderError> {
    let body = format!("id_token={}&client_id={}", component(token), component(&provider.client.id));
    let request = http::Request::post(verify)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .map_err(|_| NO("the address that checks it is none"))?;
    let answer = app.outbound.send(request).await?;
    if !answer.status.is_success() {
        return Err(NO("the provider does not know it"));
    }
    Ok(answer.json()?)
}

fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Json::as_str)
}

fn check_issuer(claims: &Claims, issuers: &[&str]) -> Result<(), ProviderError> {
    match text(claims, "iss") {
        Some(issuer) if issuers.contains(&issuer) => Ok(()),
        _ => Err(NO("another issuer says it")),
    }
}

/// The issuer is the token's own tenant, which must be one that the settings let in: `authorize` names it.
fn check_tenant(authorize: &str, claims: &Claims, issuer: &str) -> Result<(), ProviderError> {
    let tenant = text(claims, "tid").filter(|tid| !tid.is_empty()).ok_or_else(|| NO("it names no tenant"))?;
    check_issuer(claims, &[issuer.replace("{tid}", tenant).as_str()])?;
    let configured = authorize.split('/').nth(3).unwrap_or_default();
    let allowed = match configured {
        "common" => true,
        "organizations" => tenant != CONSUMERS,
        "consumers" => tenant == CONSUMERS,
        own => tenant == own,
    };
    if allowed { Ok(()) } else { Err(NO("another tenant says it")) }
}

fn check_audience(provider: &Provider, claims: &Claims) -> Result<(), ProviderError> {
    let ours = |audience: &str| provider.client.audiences.iter().any(|known| known == audience);
    let (good, several) = match claims.get("aud") {
        Some(Json::String(audience)) => (ours(audience), false),
        Some(Json::Array(all)) => (all.iter().filter_map(Json::as_str).any(ours), all.len() > 1),
        _ => (false, false),
    };
    if !good {
        return Err(NO("it is for somebody else"));
    }
    match claims.get("azp") {
        None if several => Err(NO("it is for several, and does not say whose it is")),
        None | Some(Json::Null) => Ok(()),
        Some(party) if party.as_str().is_some_and(ours) => Ok(()),
        Some(_) => Err(NO("somebody else asked for it")),
    }
}

/// Whole or broken seconds; a text that looks like a number is none.
fn moment(claims: &Claims, name: &str) -> Result<Option<i64>, ProviderError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Json::Number(number)) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "moments of this age fit, and others saturate"
            )]
            let seconds = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64));
            Ok(seconds)
        }
        Some(_) => Err(NO("one of its times is no number")),
    }
}

fn check_times(claims: &Claims, now: i64, source: Source) -> Result<(), ProviderError> {
    let ends = moment(claims, "exp")?.ok_or_else(|| NO("it never ends"))?;
    let begins = moment(claims, "nbf")?;
    let issued = moment(claims, "iat")?;
    if source == Source::Kept {
        return Ok(());
    }
    if ends.saturating_add(LEEWAY) <= now {
        return Err(NO("it has ended"));
    }
    if [begins, issued].into_iter().flatten().any(|moment| moment > now + LEEWAY) {
        return Err(NO("it begins in the future"));
    }
    let recent = issued.is_some_and(|issued| issued + OLDEST + LEEWAY > now);
    if source == Source::Application && !recent {
        return Err(NO("it is too old to be signed in with"));
    }
    Ok(())
}

fn check_nonce(provider: &Provider, claims: &Claims, nonce: &str) -> Result<(), ProviderError> {
    let said = text(claims, "nonce").unwrap_or_default();
    // Apple's own libraries send the hash of the nonce that the application keeps.
    let hashed = hex::encode(Sha256::digest(nonce.as_bytes()));
    let apple = provider.id() == "apple" && equal_in_constant_time(said, &hashed);
    if equal_in_constant_time(said, nonce) || apple { Ok(()) } else { Err(NO("it answers another request")) }
}

fn check_hosted_domain(provider: &Provider, claims: &Claims) -> Result<(), ProviderError> {
    let Some(domain) = &provider.client.hosted_domain else { return Ok(()) };
    match text(claims, "hd") {
        Some(said) if !said.is_empty() && (domain == "*" || said == domain) => Ok(()),
        _ => Err(NO("it is not of the hosted domain")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OWN: &str = "0b4f6d43-9a27-4c0b-8d40-6d8d4c7b2f11";
    const FOREIGN: &str = "5d1c2f88-1f9e-4f0e-9a39-0b7f6f0f6c55";

    /// Whether a token of `tid` that `issuer`'s tenant says passes where `configured` is set.
    fn passes(configured: &str, tid: &str, issuer: &str) -> bool {
        let base = "https://login.microsoftonline.com";
        let Json::Object(claims) = json!({"tid": tid, "iss": format!("{base}/{issuer}/v2.0")}) else {
            return false;
        };
        let authorize = format!("{base}/{configured}/oauth2/v2.0/authorize");
        check_tenant(&authorize, &claims, &format!("{base}/{{tid}}/v2.0")).is_ok()
    }

    /// Better Auth #10003, #10204.
    #[test]
    fn bb_10204_a_tenant_that_the_settings_do_not_let_in_is_refused() {
        for (configured, tid, right) in [
            (OWN, OWN, true),
            (OWN, FOREIGN, false),
            (OWN, CONSUMERS, false),
            ("organizations", OWN, true),
            ("organizations", CONSUMERS, false),
            ("consumers", CONSUMERS, true),
            ("consumers", OWN, false),
            ("common", FOREIGN, true),
            ("common", "", false),
        ] {
            assert_eq!(passes(configured, tid, tid), right, "{configured}: {tid}");
        }
        assert!(!passes("common", OWN, FOREIGN), "the issuer is another tenant");
    }
}
