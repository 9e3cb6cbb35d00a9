//! What is shown in one's own account: the password, and the address where it can be changed or is not proven yet.

use async_trait::async_trait;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, INVALID_PASSWORD, Result};
use guichet_core::http::{Visit, component};
use guichet_core::pages::{AccountSection, AccountStep, Form, Trouble, context};
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::SignedIn;
use guichet_core::store::Accounts;
use http::StatusCode;

use crate::change::{Change, change, set_first};
use crate::new_address::{Step, ask};
use crate::pages::PROVEN;
use crate::routes::names::{CHANGE_EMAIL, CHANGE_PASSWORD, SEND_VERIFICATION};
use crate::{EmailPassword, verification};

const PASSWORD: &str = "password";
const EMAIL: &str = "email";

#[async_trait]
impl AccountSection for EmailPassword {
    fn id(&self) -> &'static str {
        "email-password"
    }

    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>> {
        let user = &signed_in.user;
        let context = context! {
            action, email => user.email, proven => user.email_verified,
            elsewhere => visit.app().passwords.are_elsewhere(visit.app()),
            change_email => self.options.change_email, has_password => has_one(visit, signed_in).await?,
        };
        let templates = &visit.app().templates;
        Ok(Some(templates.render(visit.language(), "email-password/account/section.html", context)?))
    }

    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep> {
        match name {
            PASSWORD if !has_one(visit, signed_in).await? && !visit.is_fresh(&signed_in.session) => {
                Ok(AccountStep::SignInAgain)
            }
            PASSWORD | EMAIL => {
                self.step(visit, signed_in, action, name, "", &Trouble::default(), StatusCode::OK).await
            }
            "email-sent" if self.options.change_email => {
                let approves = Step::first(&self.options, &signed_in.user) == Step::Approve;
                let address = if approves { signed_in.user.email.as_str() } else { "" };
                let templates = &visit.app().templates;
                let html = templates.render(
                    visit.language(),
                    "email-password/account/email-sent.html",
                    context! { address },
                )?;
                Ok(AccountStep::Show { html, status: StatusCode::OK })
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
        let done = match name {
            PASSWORD => self.new_password(visit, signed_in, form).await,
            EMAIL => self.new_email(visit, signed_in, form).await,
            "verify" => self.verify(visit, signed_in).await,
            _ => return Err(Error::nothing_here()),
        };
        match done {
            Ok(Ok(step)) => Ok(step),
            Ok(Err(trouble)) => {
                let typed = form.text("email");
                self.step(visit, signed_in, action, name, typed, &trouble, StatusCode::BAD_REQUEST).await
            }
            Err(refusal) if refusal.status().is_client_error() && name != "verify" => {
                let trouble = if refusal.is(INVALID_PASSWORD) {
                    Trouble::of(visit, &refusal).about("current")
                } else {
                    Trouble::of_input(visit, &refusal, &[if name == PASSWORD { PASSWORD } else { EMAIL }])
                };
                let typed = form.text("email");
                self.step(visit, signed_in, action, name, typed, &trouble, refusal.status()).await
            }
            Err(failure) => Err(failure),
        }
    }

    /// Who has a password gives it to change it; who has none is asked for by `submit`.
    fn needs_fresh(&self, name: &str) -> bool {
        name == EMAIL
    }

    fn as_route(
        &self,
        signed_in: &SignedIn,
        name: &str,
        form: &Form,
    ) -> Option<(&'static str, Map<String, Value>)> {
        let (route, field, text) = match name {
            PASSWORD => return Some((CHANGE_PASSWORD, Map::new())),
            EMAIL => (CHANGE_EMAIL, "newEmail", form.text("email")),
            "verify" => (SEND_VERIFICATION, "email", signed_in.user.email.as_str()),
            _ => return None,
        };
        Some((route, [(field.to_owned(), Value::from(text))].into_iter().collect()))
    }

    async fn limited(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        refusal: Error,
    ) -> Result<AccountStep> {
        if name == "verify" {
            return Err(refusal);
        }
        self.step(visit, signed_in, action, name, "", &Trouble::of(visit, &refusal), refusal.status()).await
    }
}

/// What came of a form, or what is to be mended in it.
type Done = Result<Result<AccountStep, Trouble>>;

impl EmailPassword {
    async fn new_password(&self, visit: &Visit, signed_in: &SignedIn, form: &Form) -> Done {
        let (current, new) = (form.text("current"), form.text("password"));
        let has_one = has_one(visit, signed_in).await?;
        if has_one && current.is_empty() {
            return Ok(Err(Trouble::at(visit, "current", "email-password-password-missing")));
        }
        if new.is_empty() {
            return Ok(Err(Trouble::at(visit, PASSWORD, "email-password-new-missing")));
        }
        if has_one {
            let wanted = Change { current, new, revoke: Some(true) };
            change(visit, &self.options, signed_in, wanted).await?;
            return Ok(Ok(AccountStep::Done("email-password-changed")));
        }
        if !visit.is_fresh(&signed_in.session) {
            return Ok(Ok(AccountStep::SignInAgain));
        }
        set_first(visit, &self.options, signed_in, new).await?;
        Ok(Ok(AccountStep::Done("email-password-set")))
    }

    async fn new_email(&self, visit: &Visit, signed_in: &SignedIn, form: &Form) -> Done {
        let Some(to) = EmailAddress::parse_international(form.text("email"))
            .filter(|to| crate::address::allows(&self.options, to))
        else {
            return Ok(Err(Trouble::at(visit, EMAIL, "email-password-email-invalid")));
        };
        let callback = format!("/verify-email?change={}", component(to.as_str()));
        ask(visit, &self.options, &signed_in.user, &to, Some(&callback)).await?;
        Ok(Ok(AccountStep::Next("email-sent")))
    }

    async fn verify(&self, visit: &Visit, signed_in: &SignedIn) -> Done {
        if !signed_in.user.email_verified {
            verification::send(visit, &self.options, &signed_in.user, Some(PROVEN)).await?;
        }
        Ok(Ok(AccountStep::Done("email-password-sent-again")))
    }

    #[expect(clippy::too_many_arguments, reason = "what a page of the account shows, and why")]
    async fn step(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        typed: &str,
        trouble: &Trouble,
        status: StatusCode,
    ) -> Result<AccountStep> {
        let template = match name {
            PASSWORD => "email-password/account/password.html",
            EMAIL if self.options.change_email => "email-password/account/email.html",
            _ => return Err(Error::nothing_here()),
        };
        let app = visit.app();
        let context = context! {
            action => format!("{action}/{name}"), email => signed_in.user.email, typed, trouble,
            has_password => has_one(visit, signed_in).await?, least => app.config.password.min_length,
        };
        let html = app.templates.render(visit.language(), template, context)?;
        Ok(AccountStep::Show { html, status })
    }
}

async fn has_one(visit: &Visit, signed_in: &SignedIn) -> Result<bool> {
    let app = visit.app();
    Ok(Accounts::has_password(&app.db, &signed_in.user.id).await?)
}
