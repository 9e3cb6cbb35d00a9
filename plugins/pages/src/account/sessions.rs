//! Where one is signed in: device and place of each session; ending one, or all others. The place is the address that
//! the session began at: there is no map of addresses here, and a wrong town would frighten more than it helps.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::pages::{AccountSection, AccountStep, Form, context, device};
use guichet_core::session::{self, SignedIn};
use http::StatusCode;

/// The section. Ending sessions takes a recent sign-in (ASVS 7.5.2); looking at them does not.
pub(super) struct Sessions;

#[async_trait]
impl AccountSection for Sessions {
    fn id(&self) -> &'static str {
        "sessions"
    }

    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>> {
        let app = visit.app();
        let mut sessions = app.sessions.of_user(&app.db, &signed_in.user.id, visit.now()).await?;
        // This one first, then the newest.
        sessions.sort_by_key(|other| {
            (other.id != signed_in.session.id, std::cmp::Reverse((other.created_at, other.id.clone())))
        });
        let list: Vec<_> = sessions
            .iter()
            .map(|one| {
                context! {
                    here => one.id == signed_in.session.id,
                    handle => session::handle(app, one),
                    device => device::summary(one.user_agent.as_deref().unwrap_or_default()),
                    place => one.ip_address.as_deref().unwrap_or_default(),
                    shown => one.created_at.to_the_minute(),
                    began => one.created_at.to_string(),
                }
            })
            .collect();
        let context = context! {
            sessions => list, end_action => format!("{action}/end"), others_action => format!("{action}/others"),
        };
        Ok(Some(app.templates.render(visit.language(), "pages/account/sessions.html", context)?))
    }

    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep> {
        let html =
            self.overview(visit, signed_in, action).await?.filter(|_| ["end", "others"].contains(&name));
        let html = html.ok_or_else(Error::nothing_here)?;
        Ok(AccountStep::Show { html, status: StatusCode::OK })
    }

    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        _: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        let user_id = &signed_in.user.id;
        match name {
            "end" => {
                let ended = session::end_one(visit, user_id, form.text("session")).await?;
                if ended.as_ref() == Some(&signed_in.session.id) {
                    session::end(visit).await?;
                    return Ok(AccountStep::Elsewhere(crate::signed_out::PATH.to_owned()));
                }
                // One that had ended by itself is what was wanted, too.
                Ok(AccountStep::Done("pages-sessions-ended"))
            }
            "others" => {
                let app = visit.app();
                let mut tx = app.db.begin().await?;
                session::end_all(app, &mut tx, user_id, Some(&signed_in.session.id)).await?;
                tx.commit().await?;
                Ok(AccountStep::Done("pages-sessions-others-ended"))
            }
            _ => Err(Error::nothing_here()),
        }
    }
}
