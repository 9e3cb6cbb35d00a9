//! One answer of a widget, verified with its provider.

use std::time::Duration;

use async_trait::async_trait;
use guichet_core::config::Secret;
use guichet_core::error::{Error, Result, bad_request, forbidden};
use guichet_core::http::{HeadCheck, Visit};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use secrecy::ExposeSecret;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::options::{Options, Provider};
use crate::verdict::{Rules, Verdict};
use crate::{CAPTCHA_NOT_ON_PAGES, MISSING_RESPONSE, VERIFICATION_FAILED};

/// The header in which an application sends the widget's answer; Better Auth's.
const RESPONSE: &str = "x-captcha-response";
/// No provider's answers are longer; what is longer is not worth a request.
const LONGEST: usize = 16 * 1024;
/// When to try again while the provider is away.
const PAUSE: Duration = Duration::from_secs(5);

/// Verifies answers.
pub(crate) struct Check {
    url: Url,
    secret: Secret,
    site_key: Option<String>,
    rules: Rules,
}

impl Check {
    pub(crate) fn new(options: &Options) -> Result<Self, String> {
        let provider = options.provider()?;
        if !(0.0..=1.0).contains(&options.min_score) {
            return Err("min_score: from 0 to 1".to_owned());
        }
        if options.routes.is_empty() {
            return Err("routes: name at least one route".to_owned());
        }
        Ok(Self {
            url: options.verify_url(provider)?,
            secret: options.secret()?,
            site_key: options.site_key.clone().filter(|_| provider == Provider::Hcaptcha),
            rules: Rules {
                allowed_hostnames: options.allowed_hostnames.clone(),
                expected_action: options.expected_action.clone(),
                min_score: options.min_score,
            },
        })
    }

    async fn verify(&self, visit: &Visit, response: &str) -> Result<()> {
        let verdict = self.ask(visit, response).await.map_err(|cause| {
            Error::unavailable(cause.context("the captcha's provider cannot be asked"), PAUSE)
        })?;
        match self.rules.objection(&verdict) {
            None => Ok(()),
            Some(why) => Err(forbidden(VERIFICATION_FAILED).because(anyhow::anyhow!(why))),
        }
    }

    /// All three take a form (Turnstile and hCaptcha: "Siteverify API"; reCAPTCHA: "Verifying the user's response").
    async fn ask(&self, visit: &Visit, response: &str) -> anyhow::Result<Verdict> {
        let request = self.request(visit, response)?;
        let answer = visit.app().outbound.send(request).await?;
        // hCaptcha answers 400 to what it refuses, with its verdict; 429 and 5xx are troubles of its own.
        if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
            anyhow::bail!("it answered {}", answer.status);
        }
        Ok(answer.json()?)
    }

    fn request(&self, visit: &Visit, response: &str) -> Result<http::Request<Vec<u8>>, http::Error> {
        let mut form = Serializer::new(String::new());
        form.append_pair("secret", self.secret.expose_secret()).append_pair("response", response);
        if let Some(site_key) = &self.site_key {
            form.append_pair("sitekey", site_key);
        }
        if !visit.address().is_empty() && !visit.address().contains(':') {
            // A network (as IPv6 is counted) is no address that a provider could compare.
            form.append_pair("remoteip", visit.address());
        }
        http::Request::post(self.url.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish().into_bytes())
    }
}

#[async_trait]
impl HeadCheck for Check {
    /// 400 `MISSING_RESPONSE`, 403 `VERIFICATION_FAILED`, 503 `SERVICE_UNAVAILABLE` (it fails closed).
    async fn check(&self, visit: &Visit) -> Result<()> {
        match visit.header(RESPONSE) {
            None | Some("") => Err(bad_request(MISSING_RESPONSE)),
            Some(response) if response.len() > LONGEST => {
                Err(forbidden(VERIFICATION_FAILED).because(anyhow::anyhow!("the answer is too long")))
            }
            Some(response) => self.verify(visit, response).await,
        }
    }

    /// 403 `CAPTCHA_NOT_ON_PAGES` where no script sends the answer along.
    async fn check_page(&self, visit: &Visit) -> Result<()> {
        match visit.header(RESPONSE) {
            None | Some("") => Err(forbidden(CAPTCHA_NOT_ON_PAGES)),
            Some(_) => self.check(visit).await,
        }
    }
}
