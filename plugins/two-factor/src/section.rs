//! The second factor on the page of one's own account: enrolling with a QR code, backup codes, trusted devices.

use async_trait::async_trait;
use guichet_core::error::{Error, Result, SESSION_NOT_FRESH};
use guichet_core::http::Visit;
use guichet_core::pages::{AccountSection, AccountStep, Form, context};
use guichet_core::second_factor::Factor;
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::SignedIn;
use http::StatusCode;

use crate::enrol_page::EnrolPage;
use crate::form::typed;
use crate::routes::{DISABLE, ENABLE, NEW_CODES, VERIFY_TOTP};
use crate::verify::{Given, Subject};
use crate::{TwoFactor, asset, backup, enrolment, is_on, owner, trusted};

#[async_trait]
impl AccountSection for TwoFactor {
    fn id(&self) -> &'static str {
        "two-factor"
    }

    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>> {
        self.overview_with(visit, signed_in, action, "", "").await.map(Some)
    }

    /// Secrets and codes are shown once, as the answer to a form; a reload of that answer leads back.
    async fn show(&self, visit: &Visit, _: &SignedIn, _: &str, name: &str) -> Result<AccountStep> {
        match name {
            "begin" | "begin-email" | "confirm" | "codes" | "disable" | "forget" => {
                Ok(AccountStep::Elsewhere(visit.app().account_page.unwrap_or("/").to_owned()))
            }
            _ => Err(Error::nothing_here()),
        }
    }

    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        match self.act(visit, signed_in, action, name, form).await {
            Err(refusal) if refusal.is(SESSION_NOT_FRESH) => Ok(AccountStep::SignInAgain),
            Err(refusal) if refusal.status().is_client_error() && refusal.code().is_some() => {
                self.refused(visit, signed_in, action, name, &refusal).await
            }
            done => done,
        }
    }

    /// Whoever takes trust away needs no more than a session.
    fn needs_fresh(&self, name: &str) -> bool {
        name != "forget"
    }

    fn as_route(&self, _: &SignedIn, name: &str, _: &Form) -> Option<(&'static str, Map<String, Value>)> {
        let route = match name {
            "begin" | "begin-email" => ENABLE,
            "confirm" => VERIFY_TOTP,
            "codes" => NEW_CODES,
            "disable" => DISABLE,
            _ => return None,
        };
        Some((route, Map::new()))
    }

    async fn limited(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        refusal: Error,
    ) -> Result<AccountStep> {
        self.refused(visit, signed_in, action, name, &refusal).await
    }
}

impl TwoFactor {
    async fn act(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        let prove = || owner::check(visit, &self.options, signed_in, Some(form.text("password")));
        match name {
            "begin" => {
                prove().await?;
                let begun = self.begin(visit, &signed_in.user).await?;
                self.enrolment_page(visit, signed_in, action, Some(&begun.secret), "", StatusCode::OK)
            }
            "begin-email" => {
                prove().await?;
                self.use_email_codes(visit, signed_in).await?;
                Ok(AccountStep::Done("two-factor-said-on"))
            }
            "confirm" => {
                let code = typed(form.text("code"), Factor::Totp);
                let given = Given { factor: Factor::Totp, code: &code, trust: false, only_check: false };
                self.verify(visit, Subject::Session(Box::new(signed_in.clone())), given).await?;
                self.codes_page(visit, signed_in, false).await
            }
            "codes" => {
                prove().await?;
                self.codes_page(visit, signed_in, true).await
            }
            "disable" => {
                let proven = prove().await?;
                self.disable(visit, signed_in, proven).await?;
                Ok(AccountStep::Done("two-factor-said-off"))
            }
            "forget" => {
                trusted::forget(&visit.app().db, &signed_in.user.id, form.text("device")).await?;
                Ok(AccountStep::Done("two-factor-said-forgotten"))
            }
            _ => Err(Error::nothing_here()),
        }
    }

    /// A wrong code keeps the enrolment, but the secret is not shown again: whoever is at the keyboard now may not be
    /// who typed the password.
    async fn refused(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        refusal: &Error,
    ) -> Result<AccountStep> {
        let error = refusal.message(visit.language()).into_owned();
        if name == "confirm" {
            return self.enrolment_page(visit, signed_in, action, None, &error, refusal.status());
        }
        let html = self.overview_with(visit, signed_in, action, name, &error).await?;
        Ok(AccountStep::Show { html, status: refusal.status() })
    }

    async fn overview_with(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        failed: &str,
        error: &str,
    ) -> Result<String> {
        let (app, user) = (visit.app(), &signed_in.user);
        let row = enrolment::of(&app.db, &user.id).await?;
        let row = row.filter(|row| is_on(user) && row.is_confirmed());
        let left = row.as_ref().map(|row| backup::left(app, &row.backup_codes)).transpose()?.unwrap_or(0);
        let has_password = owner::has_password(visit, &user.id).await?;
        let day = |moment: guichet_core::timestamp::Timestamp| {
            moment.to_string().get(..10).unwrap_or_default().to_owned()
        };
        let devices: Vec<_> = trusted::of(&app.db, &user.id, visit.now())
            .await?
            .into_iter()
            .map(|device| {
                context! {
                    id => device.id, agent => device.user_agent,
                    since => day(device.created_at), used => day(device.used_at),
                }
            })
            .collect();
        let context = context! {
            action, on => is_on(user), required => self.options.requires(user), authenticator => row.is_some(), left,
            has_password, devices, failed, error,
            email_codes => self.options.email_codes && has_password,
        };
        Ok(app.templates.render(visit.language(), "two-factor/overview.html", context)?)
    }

    fn enrolment_page(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        secret: Option<&str>,
        error: &str,
        status: StatusCode,
    ) -> Result<AccountStep> {
        let page = EnrolPage {
            action: &format!("{action}/confirm"),
            secret: secret.map(|secret| (secret, signed_in.user.email.as_str())),
            error,
            ..EnrolPage::default()
        };
        let html = self.enrol_page(visit, &page)?;
        Ok(AccountStep::Show { html, status })
    }

    async fn codes_page(&self, visit: &Visit, signed_in: &SignedIn, tell: bool) -> Result<AccountStep> {
        let codes = self.new_codes(visit, &signed_in.user, tell).await?;
        let context = context! {
            codes, enrolled => !tell, account => signed_in.user.email, script => asset::SCRIPT,
            account_href => visit.app().account_page.unwrap_or("/"),
        };
        let html = visit.app().templates.render(visit.language(), "two-factor/codes.html", context)?;
        Ok(AccountStep::Show { html, status: StatusCode::OK })
    }
}
