//! The end of the account, as `/delete-user` has it: by a mailed link, or with the password or a recent sign-in.

use async_trait::async_trait;
use guichet_core::error::{Error, INVALID_PASSWORD, Result, SESSION_EXPIRED};
use guichet_core::farewell::{Farewell, Wish, ask};
use guichet_core::http::Visit;
use guichet_core::pages::{AccountSection, AccountStep, Form, Trouble, context};
use guichet_core::session::SignedIn;
use guichet_core::store::Accounts;
use http::StatusCode;

/// The section.
pub(super) struct Deletion;

#[async_trait]
impl AccountSection for Deletion {
    fn id(&self) -> &'static str {
        "deletion"
    }

    async fn overview(&self, visit: &Visit, _: &SignedIn, action: &str) -> Result<Option<String>> {
        let app = visit.app();
        if !app.config.user.delete_account {
            return Ok(None);
        }
        let context = context! { confirm_href => format!("{action}/confirm") };
        Ok(Some(app.templates.render(visit.language(), "pages/account/deletion.html", context)?))
    }

    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep> {
        let app = visit.app();
        let html = match name {
            _ if !app.config.user.delete_account => return Err(Error::nothing_here()),
            "confirm" | "delete" => confirm(visit, signed_in, action, &Trouble::default()).await?,
            "sent" => {
                let context = context! { email => signed_in.user.email };
                app.templates.render(visit.language(), "pages/account/deletion-sent.html", context)?
            }
            _ => return Err(Error::nothing_here()),
        };
        Ok(AccountStep::Show { html, status: StatusCode::OK })
    }

    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        if name != "delete" || !visit.app().config.user.delete_account {
            return Err(Error::nothing_here());
        }
        let password = form.text("password");
        if password.is_empty() && asks_password(visit, signed_in).await? {
            let trouble = Trouble::at(visit, "password", "pages-deletion-password-missing");
            let html = confirm(visit, signed_in, action, &trouble).await?;
            return Ok(AccountStep::Show { html, status: StatusCode::BAD_REQUEST });
        }
        let wish = Wish { password, token: "", callback: Some(super::DELETED) };
        match ask(visit, signed_in, wish).await {
            Ok(Farewell::Deleted) => Ok(AccountStep::Elsewhere(super::DELETED.to_owned())),
            Ok(Farewell::Mailed) => Ok(AccountStep::Next("sent")),
            Err(refusal) if refusal.is(SESSION_EXPIRED) => Ok(AccountStep::SignInAgain),
            Err(refusal) if refusal.status().is_client_error() => {
                let field = if refusal.is(INVALID_PASSWORD) { "password" } else { "" };
                let trouble = Trouble::of(visit, &refusal).about(field);
                let html = confirm(visit, signed_in, action, &trouble).await?;
                Ok(AccountStep::Show { html, status: refusal.status() })
            }
            Err(failure) => Err(failure),
        }
    }

    /// The mail or the password stands for it; where neither is asked for, `submit` wants a recent sign-in.
    fn needs_fresh(&self, _: &str) -> bool {
        false
    }
}

/// Whether the password is to be typed: where the account goes at once, and has one.
async fn asks_password(visit: &Visit, signed_in: &SignedIn) -> Result<bool> {
    let app = visit.app();
    if app.config.user.delete_by_mail {
        return Ok(false);
    }
    Ok(Accounts::has_password(&app.db, &signed_in.user.id).await?)
}

async fn confirm(visit: &Visit, signed_in: &SignedIn, action: &str, trouble: &Trouble) -> Result<String> {
    let app = visit.app();
    let context = context! {
        action => format!("{action}/delete"), email => signed_in.user.email,
        by_mail => app.config.user.delete_by_mail,
        asks_password => asks_password(visit, signed_in).await?, trouble,
    };
    Ok(app.templates.render(visit.language(), "pages/account/deletion-confirm.html", context)?)
}
