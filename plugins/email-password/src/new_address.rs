//! Changing one's address by mailed links (contract, section 8). By default the address until now approves first, then
//! the new one is proven; both links work only in the browser that is signed in, so that a program that opens the
//! links of mails changes nothing.
//!
//! A link carries a signed token: `email` (until now), `updateTo` and `requestType`, as Better Auth's; and `sub`, the
//! user's id, where it takes a session.

use guichet_core::address_change::settle;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{
    Error, ErrorCode, INVALID_TOKEN, Result, UNAUTHORIZED, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, bad_request,
};
use guichet_core::http::{Issues, Visit};
use guichet_core::mail::Mail;
use guichet_core::notice;
use guichet_core::recipient::mail_row;
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::{self, SignedIn};
use guichet_core::sign_in::{Attempt, sign_in};
use guichet_core::store::User;
use http::StatusCode;

use crate::address::allows;
use crate::mail::{self, Link};
use crate::options::{ConfirmOld, Options};
use crate::routes::names::CHANGE_EMAIL;
use crate::{CHANGE_EMAIL_DISABLED, INVALID_USER, links};

/// Which of the two links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// At the address until now: lets the change go on.
    Approve,
    /// At the new one: makes the change.
    Prove,
}

impl Step {
    fn request_type(self) -> &'static str {
        match self {
            Self::Approve => "change-email-confirmation",
            Self::Prove => "change-email-verification",
        }
    }

    /// The first link for this user.
    pub(crate) fn first(options: &Options, user: &User) -> Self {
        match options.confirm_old_address {
            ConfirmOld::Always => Self::Approve,
            ConfirmOld::WhenProven if user.email_verified => Self::Approve,
            ConfirmOld::WhenProven | ConfirmOld::Never => Self::Prove,
        }
    }
}

/// What a token asks for.
#[derive(Debug)]
pub(crate) struct Change {
    to: EmailAddress,
    step: Step,
    user_id: Option<String>,
}

impl Change {
    /// Reads the claims of a token; `None` when it is not about a change.
    pub(crate) fn read(claims: &Map<String, Value>) -> Result<Option<Self>, ErrorCode> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if !claims.contains_key("updateTo") && !claims.contains_key("requestType") {
            return Ok(None);
        }
        let to = text("updateTo").and_then(EmailAddress::parse_international).ok_or(INVALID_TOKEN)?;
        let step = [Step::Approve, Step::Prove]
            .into_iter()
            .find(|step| text("requestType") == Some(step.request_type()))
            .ok_or(INVALID_TOKEN)?;
        Ok(Some(Self { to, step, user_id: text("sub").map(str::to_owned) }))
    }
}

/// Somebody wants another address: mails the first link. The answer never tells whether it is taken.
pub(crate) async fn ask(
    visit: &Visit,
    options: &Options,
    user: &User,
    to: &EmailAddress,
    callback: Option<&str>,
) -> Result<()> {
    if !options.change_email {
        return Err(bad_request(CHANGE_EMAIL_DISABLED));
    }
    if !allows(options, to) {
        let mut issues = Issues::default();
        issues.note("body.newEmail", "Invalid email address");
        return Err(issues.into_error());
    }
    if to.as_str() == user.email {
        return Err(Error::message_only(
            StatusCode::BAD_REQUEST,
            "Email is the same",
            "C’est déjà votre adresse",
        ));
    }
    let step = Step::first(options, user);
    if step == Step::Approve {
        // The new addresses may all be different; the mailbox that is asked is one.
        mail::charge(visit, CHANGE_EMAIL, "approval", &user.email).await?;
    }
    send(visit, options, user, to, step, callback).await
}

/// The mail of a step, to whom it goes.
fn mail(
    visit: &Visit,
    options: &Options,
    user: &User,
    to: &EmailAddress,
    step: Step,
    callback: Option<&str>,
) -> Result<Mail> {
    let sub = options.change_email_needs_session.then_some(("sub", user.id.as_str()));
    let claims =
        [("email", user.email.as_str()), ("updateTo", to.as_str()), ("requestType", step.request_type())];
    let claims: Map<String, Value> =
        claims.into_iter().chain(sub).map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    let life = options.verification_expires_in.0;
    let token = visit.app().keyring.sign_token(claims, visit.now(), life);
    let url = links::verification(visit, &token, callback);
    let (purpose, recipient) = match step {
        Step::Approve => ("approve", user.email.as_str()),
        Step::Prove => ("change", to.as_str()),
    };
    let name = user.name.as_deref().unwrap_or_default();
    mail::with_link(visit, Link { purpose, url: &url, life, new_address: to.as_str() }, recipient, name)
}

/// Mails the link of a step; when the new address is taken, to nobody, after the same work.
async fn send(
    visit: &Visit,
    options: &Options,
    user: &User,
    to: &EmailAddress,
    step: Step,
    callback: Option<&str>,
) -> Result<()> {
    let mail = mail(visit, options, user, to, step, callback)?;
    let app = visit.app();
    let is_taken = app.users.by_email(&app.db, to).await?.is_some();
    let deadline = visit.now().plus(options.verification_expires_in.0);
    Ok(app.db.write(vec![mail_row(app, &mail, !is_taken, deadline)?]).await?)
}

/// What opening a link came to.
pub(crate) enum Followed {
    /// The next link is on its way.
    Approved,
    /// The address is changed.
    Changed(User),
    /// It changed nothing.
    Refused(ErrorCode),
}

/// Does what a link asks for. `user` has the address that the token was made for.
pub(crate) async fn follow(
    visit: &Visit,
    options: &Options,
    user: User,
    change: Change,
    callback: Option<&str>,
) -> Result<Followed> {
    let current = visit.signed_in().await?;
    if let Some(refusal) = refusal(options, &user, &change, current.as_ref()) {
        return Ok(Followed::Refused(refusal));
    }
    match change.step {
        Step::Approve => {
            // By requests and by approvals together.
            mail::charge(visit, CHANGE_EMAIL, "newEmail", change.to.as_str()).await?;
            send(visit, options, &user, &change.to, Step::Prove, callback).await?;
            Ok(Followed::Approved)
        }
        Step::Prove => prove(visit, options, &user, &change.to, current).await,
    }
}

fn refusal(options: &Options, user: &User, change: &Change, current: Option<&SignedIn>) -> Option<ErrorCode> {
    match current {
        _ if !options.change_email => Some(INVALID_TOKEN),
        Some(current) if current.user.id != user.id => Some(INVALID_USER),
        None if options.change_email_needs_session => Some(UNAUTHORIZED),
        // Somebody else may have the address by now.
        _ if options.change_email_needs_session && change.user_id.as_ref() != Some(&user.id) => {
            Some(INVALID_TOKEN)
        }
        _ => None,
    }
}

async fn prove(
    visit: &Visit,
    options: &Options,
    user: &User,
    to: &EmailAddress,
    current: Option<SignedIn>,
) -> Result<Followed> {
    let mut tx = visit.app().db.begin().await?;
    let Some(moved) = settle(visit, &mut tx, user, to).await? else {
        return Ok(Followed::Refused(USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL));
    };
    if options.tell_of_changes {
        notice::tell(visit, &mut tx, user, mail::MOVED, "").await?;
    }
    if let Some(current) = current {
        tx.commit().await?;
        session::keep(visit, &current.token);
        return Ok(Followed::Changed(moved));
    }
    let attempt = Attempt::by_mailbox(moved.clone());
    // A challenge is answered where they sign in next.
    sign_in(visit, tx, attempt).await?;
    Ok(Followed::Changed(moved))
}
