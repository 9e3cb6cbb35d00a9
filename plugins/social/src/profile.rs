//! Asking a provider who somebody is.

use guichet_core::app::App;
use guichet_core::email_address::EmailAddress;
use guichet_core::http::component;
use serde_json::{Value as Json, json};

use crate::error::ProviderError;
use crate::id_token::{Claims, signed};
use crate::person::Person;
use crate::provider::Provider;
use crate::providers::{Profile, Verified};
use crate::tokens::Tokens;

const NO: fn(&'static str) -> ProviderError = ProviderError::Profile;

impl Provider {
    /// Who the owner of these tokens is. `claims` are those of their ID token, where there is one that was checked.
    pub(crate) async fn person(
        &self,
        app: &App,
        tokens: &Tokens,
        claims: Option<Claims>,
    ) -> Result<Person, ProviderError> {
        let mapping = &self.entry.mapping;
        let access = || tokens.access.as_deref().ok_or_else(|| NO("there is no access token to ask with"));
        let answer = match self.entry.profile {
            Profile::IdToken => Json::Object(claims.ok_or_else(|| NO("there is no ID token"))?),
            Profile::IdTokenOrUserInfo => return self.claims_or_user_info(app, tokens, claims).await,
            // Of a native app: its ID token is all there is.
            Profile::Get(_) if claims.is_some() && tokens.access.is_none() => {
                Json::Object(claims.unwrap_or_default())
            }
            Profile::Get(url) => self.get(app, url, access()?).await?,
            Profile::Post(url) => self.ask(app, self.request(http::Method::POST, url, access()?), "").await?,
            Profile::GraphQl(url, query) => {
                let request = self.request(http::Method::POST, url, access()?);
                let request = request.header("content-type", "application/json");
                self.ask(app, request, &json!({"query": query}).to_string()).await?
            }
            Profile::Form(url) => {
                let body =
                    format!("access_token={}&client_id={}", component(access()?), component(&self.client.id));
                let request = http::Request::post(url)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .header("accept", "application/json");
                self.ask(app, request, &body).await?
            }
            Profile::OpenId(url) => {
                let openid = tokens.openid.as_deref().ok_or_else(|| NO("there is no openid"))?;
                let url = format!(
                    "{url}?access_token={}&openid={}&lang=zh_CN",
                    component(access()?),
                    component(openid)
                );
                self.ask(app, http::Request::get(url), "").await?
            }
        };
        let mut person = mapping.read(&answer)?;
        match mapping.verified {
            Verified::Emails(url) => self.listed_address(app, url, access()?, &mut person).await?,
            Verified::Confirmed(url, pointer) => {
                // An application without the right to ask gets no address, which is no failure.
                if let Ok(answer) = self.get(app, url, access()?).await
                    && let Some(email) = answer.pointer(pointer).and_then(Json::as_str)
                {
                    person.email = EmailAddress::parse_international(email);
                    person.email_verified = person.email.is_some();
                }
            }
            _ => {}
        }
        self.refuse_locked(&answer)?;
        Ok(person)
    }

    /// GitLab tells of accounts that are blocked.
    fn refuse_locked(&self, answer: &Json) -> Result<(), ProviderError> {
        let active = answer.get("state").and_then(Json::as_str).is_none_or(|state| state == "active");
        let locked = answer.get("locked") == Some(&Json::Bool(true));
        if self.id() == "gitlab" && (!active || locked) { Err(NO("the account is locked")) } else { Ok(()) }
    }

    /// As the claims say when they name an address; else the user info says more on the same subject.
    async fn claims_or_user_info(
        &self,
        app: &App,
        tokens: &Tokens,
        claims: Option<Claims>,
    ) -> Result<Person, ProviderError> {
        let mapping = &self.entry.mapping;
        let known = claims.map(|claims| mapping.read(&Json::Object(claims))).transpose()?;
        let endpoint = self.endpoints(app).await?.user_info;
        let person = match (known, endpoint, tokens.access.as_deref()) {
            (Some(person), _, _) if person.email.is_some() => person,
            (Some(person), None, _) | (Some(person), _, None) => person,
            (known, Some(url), Some(access)) => {
                let more = mapping.read(&self.get(app, &url, access).await?)?;
                // OpenID Connect Core, section 5.3.2: a token may have been swapped.
                if known.as_ref().is_some_and(|known| known.subject != more.subject) {
                    return Err(NO("the user info is somebody else's"));
                }
                let mut data = more.data.clone();
                // What was signed stands.
                data.extend(known.map(|known| known.data).unwrap_or_default());
                Person { data, ..more }
            }
            (None, _, _) => return Err(NO("there is neither an ID token nor a user info endpoint")),
        };
        Ok(with_plain_names(person))
    }

    /// The address of a list that says which are verified: the profile's own, else the primary one.
    async fn listed_address(
        &self,
        app: &App,
        url: &str,
        access: &str,
        person: &mut Person,
    ) -> Result<(), ProviderError> {
        let Ok(Json::Array(all)) = self.get(app, url, access).await else { return Ok(()) };
        let address = |one: &Json| EmailAddress::parse_international(one.get("email")?.as_str()?);
        let is = |one: &Json, key: &str| one.get(key) == Some(&Json::Bool(true));
        if person.email.is_none() {
            let primary = all.iter().find(|one| is(one, "primary"));
            person.email = primary.and_then(address);
        }
        let Some(email) = &person.email else { return Ok(()) };
        person.email_verified =
            all.iter().any(|one| is(one, "verified") && address(one).as_ref() == Some(email));
        person.data.insert("email".to_owned(), email.as_str().into());
        Ok(())
    }

    /// Whether a bare access token that an application sends was given to us and to this person. Without that, a token
    /// of any other application would do.
    pub(crate) async fn check_bare_token(
        &self,
        app: &App,
        token: &str,
        person: &Person,
    ) -> Result<(), ProviderError> {
        use secrecy::ExposeSecret;
        let secret = self.client.secret.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        let ours = format!("{}|{secret}", self.client.id);
        let url = format!(
            "{}?input_token={}&access_token={}",
            self.entry.debug_token,
            component(token),
            component(&ours)
        );
        let answer = self.ask(app, http::Request::get(url), "").await?;
        let said = |key: &str| answer.get("data").and_then(|data| data.get(key));
        let valid = said("is_valid") == Some(&Json::Bool(true));
        let for_us = said("app_id")
            .and_then(Json::as_str)
            .is_some_and(|id| self.client.audiences.iter().any(|a| a == id));
        let theirs = said("user_id").and_then(Json::as_str) == Some(&person.subject);
        if valid && for_us && theirs { Ok(()) } else { Err(NO("the access token is not for us")) }
    }

    fn request(&self, method: http::Method, url: &str, access: &str) -> http::request::Builder {
        let request = http::Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", format!("Bearer {access}"))
            .header("accept", "application/json");
        self.entry.headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }

    async fn get(&self, app: &App, url: &str, access: &str) -> Result<Json, ProviderError> {
        self.ask(app, self.request(http::Method::GET, url, access), "").await
    }

    /// Sends, and reads JSON, or the claims of a JWT that the provider signed (`application/jwt`, section 5.3.2).
    async fn ask(
        &self,
        app: &App,
        request: http::request::Builder,
        body: &str,
    ) -> Result<Json, ProviderError> {
        let request = request.body(body.as_bytes().to_vec()).map_err(|_| NO("its address is none"))?;
        let answer = app.outbound.send(request).await?;
        if !answer.status.is_success() {
            return Err(ProviderError::Status { what: "profile", status: answer.status.as_u16() });
        }
        let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/jwt") {
            return Ok(answer.json()?);
        }
        let token = std::str::from_utf8(&answer.body).map_err(|_| NO("it is no JWT"))?;
        let endpoints = self.endpoints(app).await?;
        let jwks = endpoints.jwks.ok_or(ProviderError::Metadata("it names no keys"))?;
        let claims = signed(app, self, &jwks, token.trim()).await?;
        let said = |name: &str| claims.get(name).and_then(Json::as_str);
        if said("iss").is_some_and(|issuer| issuer != self.issuer) {
            return Err(NO("another issuer signed it"));
        }
        let for_us =
            |one: &Json| one.as_str().is_some_and(|one| self.client.audiences.iter().any(|a| a == one));
        let good = match claims.get("aud") {
            None => true,
            Some(Json::Array(all)) => all.iter().any(for_us),
            Some(one) => for_us(one),
        };
        if good { Ok(Json::Object(claims)) } else { Err(NO("it is for somebody else")) }
    }
}

/// The reference adds these to the claims of a generic provider.
fn with_plain_names(mut person: Person) -> Person {
    for (name, claim) in [("id", "sub"), ("emailVerified", "email_verified"), ("image", "picture")] {
        if let Some(value) = person.data.get(claim).cloned()
            && !person.data.contains_key(name)
        {
            person.data.insert(name.to_owned(), value);
        }
    }
    person
}
