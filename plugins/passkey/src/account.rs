//! What is shown in one's own account: the passkeys, how one is added, named and removed.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::{API_BASE, Visit};
use guichet_core::pages::{AccountSection, AccountStep, Form, Trouble, context};
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::SignedIn;
use http::StatusCode;

use crate::form::posted;
use crate::routes::{DELETE, Label, UPDATE, VERIFY_REGISTRATION};
use crate::store::Stored;
use crate::{Passkey, asset, register, store};

const ADD: &str = "add";

/// A step about one passkey: `edit-<id>`, `remove-<id>`.
enum About<'a> {
    Edit(&'a str),
    Remove(&'a str),
}

impl<'a> About<'a> {
    fn read(name: &'a str) -> Option<Self> {
        let (what, id) = name.split_once('-')?;
        match what {
            "edit" => Some(Self::Edit(id)),
            "remove" => Some(Self::Remove(id)),
            _ => None,
        }
    }
}

#[async_trait]
impl AccountSection for Passkey {
    fn id(&self) -> &'static str {
        "passkey"
    }

    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>> {
        let app = visit.app();
        let all = store::of_user(&app.db, &signed_in.user.id).await?;
        let passkeys: Vec<_> = all.iter().map(shown).collect();
        let context = context! { action, passkeys };
        Ok(Some(app.templates.render(visit.language(), "passkey/section.html", context)?))
    }

    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep> {
        self.step(visit, signed_in, action, name, &Trouble::default(), StatusCode::OK).await
    }

    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        let label = form.text("name").trim();
        let is_fair = label.chars().count() <= Label::LONGEST && !label.contains('\0');
        let mend = |key| Trouble::at(visit, "name", key);
        let bad = StatusCode::BAD_REQUEST;
        match About::read(name) {
            None if name == ADD && !is_fair => {
                self.step(visit, signed_in, action, name, &mend("passkey-name-long"), bad).await
            }
            None if name == ADD => match self.add(visit, signed_in, form, label).await {
                Ok(()) => Ok(AccountStep::Done("passkey-added")),
                Err(refusal) if refusal.status().is_client_error() || is_unverified(&refusal) => {
                    let status = if refusal.status().is_client_error() { refusal.status() } else { bad };
                    self.step(visit, signed_in, action, name, &Trouble::of(visit, &refusal), status).await
                }
                Err(failure) => Err(failure),
            },
            None => Err(Error::nothing_here()),
            Some(About::Edit(_)) if label.is_empty() => {
                self.step(visit, signed_in, action, name, &mend("passkey-name-missing"), bad).await
            }
            Some(About::Edit(_)) if !is_fair => {
                self.step(visit, signed_in, action, name, &mend("passkey-name-long"), bad).await
            }
            Some(About::Edit(id)) => {
                let passkey = own(visit, signed_in, id).await?;
                let renamed = store::rename(&visit.app().db, &signed_in.user.id, &passkey.id, label).await?;
                renamed.map(|_| AccountStep::Done("passkey-renamed")).ok_or_else(Error::nothing_here)
            }
            Some(About::Remove(id)) => {
                let passkey = own(visit, signed_in, id).await?;
                if register::remove(visit, self, &signed_in.user, &passkey).await? {
                    Ok(AccountStep::Done("passkey-removed"))
                } else {
                    Err(Error::nothing_here())
                }
            }
        }
    }

    fn needs_fresh(&self, name: &str) -> bool {
        name == ADD
            || (self.options.remove_needs_fresh && matches!(About::read(name), Some(About::Remove(_))))
    }

    fn as_route(&self, _: &SignedIn, name: &str, _: &Form) -> Option<(&'static str, Map<String, Value>)> {
        let route = match About::read(name) {
            None if name == ADD => VERIFY_REGISTRATION,
            None => return None,
            Some(About::Edit(_)) => UPDATE,
            Some(About::Remove(_)) => DELETE,
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
        self.step(visit, signed_in, action, name, &Trouble::of(visit, &refusal), refusal.status()).await
    }
}

impl Passkey {
    async fn add(&self, visit: &Visit, signed_in: &SignedIn, form: &Form, label: &str) -> Result<()> {
        let made = register::check(visit, self, &signed_in.user, &posted(form)).await?;
        let mut tx = visit.app().db.begin().await?;
        let name = Some(label).filter(|label| !label.is_empty());
        register::keep(visit, self, &mut tx, signed_in, &made, name).await?;
        Ok(tx.commit().await?)
    }

    async fn step(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        trouble: &Trouble,
        status: StatusCode,
    ) -> Result<AccountStep> {
        let (template, passkey) = match About::read(name) {
            None if name == ADD => ("passkey/add.html", None),
            None => return Err(Error::nothing_here()),
            Some(About::Edit(id)) => ("passkey/edit.html", Some(own(visit, signed_in, id).await?)),
            Some(About::Remove(id)) => ("passkey/remove.html", Some(own(visit, signed_in, id).await?)),
        };
        let context = context! {
            action => format!("{action}/{name}"), trouble, longest => Label::LONGEST, script => asset::SCRIPT,
            options => format!("{API_BASE}/passkey/generate-register-options"),
            passkey => passkey.as_ref().map(shown),
            remove_href => passkey.as_ref().map(|passkey| format!("{action}/remove-{}", passkey.id)),
        };
        let html = visit.app().templates.render(visit.language(), template, context)?;
        Ok(AccountStep::Show { html, status })
    }
}

/// On a page, what does not hold is no failure of ours.
fn is_unverified(refusal: &Error) -> bool {
    refusal.is(crate::FAILED_TO_VERIFY_REGISTRATION)
}

/// A passkey of who is signed in; another's is nothing.
async fn own(visit: &Visit, signed_in: &SignedIn, id: &str) -> Result<Stored> {
    if id.contains('\0') {
        return Err(Error::nothing_here());
    }
    let passkey = store::by_id(&visit.app().db, id).await?;
    passkey.filter(|passkey| passkey.user_id == signed_in.user.id).ok_or_else(Error::nothing_here)
}

/// As templates see it.
fn shown(passkey: &Stored) -> Value {
    let since = passkey.created_at.map(|moment| moment.to_string());
    guichet_core::serde_json::json!({
        "id": passkey.id, "name": passkey.name, "synced": passkey.backed_up, "since": since,
        "day": since.as_deref().and_then(|moment| moment.get(..10)),
    })
}
