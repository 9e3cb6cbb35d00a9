//! Signing in with a password, by API or on a page.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, forbidden, unauthorized};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::password::{
    Judgement, Newcomer, PasswordClaim, PasswordDoor, Question, Settled, SignedUp, Tries, Vouched,
};
use guichet_core::sign_in::{Aal, Attempt, Outcome, provision, sign_in};
use guichet_core::store::User;

use crate::options::Options;
use crate::routes::names::SEND_VERIFICATION;
use crate::sign_up::{is_open, sign_up};
use crate::{
    EMAIL_NOT_VERIFIED, EmailPassword, INVALID_EMAIL_OR_PASSWORD, METHOD, mail, pages, reset, verification,
};

#[async_trait]
impl PasswordDoor for EmailPassword {
    fn method(&self) -> &'static str {
        METHOD
    }

    async fn sign_in(&self, visit: &Visit, claim: PasswordClaim<'_>) -> Result<Outcome> {
        with_password(visit, &self.options, claim).await
    }

    async fn sign_up(&self, visit: &Visit, newcomer: Newcomer<'_>) -> Result<SignedUp> {
        sign_up(visit, &self.options, newcomer).await
    }

    fn takes_newcomers(&self, app: &App) -> bool {
        is_open(&self.options) && !app.passwords.are_elsewhere(app)
    }

    fn lets_newcomers_in(&self, app: &App) -> bool {
        self.takes_newcomers(app) && self.options.signs_in_on_sign_up()
    }

    async fn send_reset(&self, app: &App, user: &User, callback: Option<&str>) -> Result<()> {
        reset::send(app, &self.options, user, callback).await
    }

    fn reset_page(&self, app: &App) -> Option<&'static str> {
        (pages::are_on(app) && !app.passwords.are_elsewhere(app)).then_some(pages::FORGOT)
    }
}

/// Has the password judged, or compares it, and opens the door. Unknown users, users without a password and wrong
/// passwords get one answer after the same work.
pub(crate) async fn with_password(
    visit: &Visit,
    options: &Options,
    claim: PasswordClaim<'_>,
) -> Result<Outcome> {
    let app = visit.app();
    app.passwords.check_presented(claim.password)?;
    let tries = Tries::count(visit, claim.counted_by()).await?;
    // One statement for both, whether or not there is somebody.
    let (user, kept) = app.users.with_credential(&app.db, claim.email).await?.unzip();
    let kept = kept.flatten();
    let provision = provision(app, claim.email, claim.door, user.as_ref()).await?;
    let question = Question {
        email: claim.email,
        name: claim.name,
        password: claim.password,
        user: user.as_ref(),
        kept: kept.is_some(),
        confirms: false,
    };
    let judgement = app.passwords.judge(app, question).await;
    match tries.unless_failed(visit, judgement).await? {
        Judgement::Wrong => return Err(unauthorized(INVALID_EMAIL_OR_PASSWORD)),
        Judgement::Right(vouched) => {
            let known = Known { user: user.as_ref(), provision };
            return vouched_for(visit, options, claim, &tries, known, vouched).await;
        }
        Judgement::NoOpinion => {}
    }
    let held = app.passwords.held_as_kept(visit, &tries, kept, claim.password).await?;
    let Some((user, tx)) = user.zip(held) else {
        return Err(unauthorized(INVALID_EMAIL_OR_PASSWORD));
    };
    turn_away(provision)?;
    let outcome = open(visit, options, claim, tx, (user, false)).await;
    tries.forgive(visit).await?;
    outcome
}

/// Whom a plugin turns away is told what it says, or what everybody is told.
fn turn_away(provision: Provision) -> Result<Provision> {
    match provision {
        Provision::TurnAway(told) => Err(told.unwrap_or_else(|| unauthorized(INVALID_EMAIL_OR_PASSWORD))),
        other => Ok(other),
    }
}

/// What was found about the claim's address before its password was judged.
struct Known<'a> {
    user: Option<&'a User>,
    provision: Provision,
}

/// The password is right elsewhere: whoever that is here, comes in.
async fn vouched_for(
    visit: &Visit,
    options: &Options,
    claim: PasswordClaim<'_>,
    tries: &Tries,
    known: Known<'_>,
    vouched: Vouched,
) -> Result<Outcome> {
    let app = visit.app();
    let id = |user: &User| user.id.clone();
    let same = vouched.email == *claim.email && vouched.user.as_ref().map(id) == known.user.map(id);
    let said = if same {
        known.provision
    } else {
        // Somebody else than the address led to: the plugins are asked about them.
        provision(visit.app(), &vouched.email, claim.door, vouched.user.as_ref()).await?
    };
    let mut entry = vouched.entry;
    entry.prepare(visit, turn_away(said)?).await?;
    let mut tx = app.db.begin().await?;
    let came = match entry.settle(visit, &mut tx).await? {
        Settled::In(user, is_new) => (*user, is_new),
        Settled::Refused => {
            tx.rollback().await?;
            return Err(unauthorized(INVALID_EMAIL_OR_PASSWORD));
        }
        Settled::Kept(user) => {
            tx.rollback().await?;
            let email = EmailAddress::parse_international(&user.email);
            let email = email.ok_or_else(|| unauthorized(INVALID_EMAIL_OR_PASSWORD))?;
            let (found, kept) = app.users.with_credential(&app.db, &email).await?.unzip();
            let held = app.passwords.held_as_kept(visit, tries, kept.flatten(), claim.password).await?;
            let found = found.filter(|found| found.id == user.id).zip(held);
            let (user, held) = found.ok_or_else(|| unauthorized(INVALID_EMAIL_OR_PASSWORD))?;
            tx = held;
            (user, false)
        }
    };
    let outcome = open(visit, options, claim, tx, came).await?;
    tries.forgive(visit).await?;
    Ok(outcome)
}

/// The proof is in: opens the door, or sends the link that has to be opened first.
async fn open(
    visit: &Visit,
    options: &Options,
    claim: PasswordClaim<'_>,
    tx: Tx,
    (user, is_new): (User, bool),
) -> Result<Outcome> {
    if options.require_email_verification && !user.email_verified {
        tx.commit().await?;
        // Whoever signed up with somebody else's address knows the password, and must not flood the mailbox.
        let (route, to) = (SEND_VERIFICATION, user.email.as_str());
        if options.send_on_sign_in && mail::is_welcome(visit, route, "email", to).await? {
            verification::send(visit, options, &user, claim.callback).await?;
        }
        return Err(forbidden(EMAIL_NOT_VERIFIED));
    }
    let attempt = Attempt { method: claim.method, ..attempt(user, claim.remember, claim.door, is_new) };
    sign_in(visit, tx, attempt).await
}

/// What a password proves.
pub(crate) fn attempt(user: User, remember: bool, door: Option<&str>, is_new: bool) -> Attempt {
    Attempt {
        user,
        method: METHOD,
        amr: vec!["pwd"],
        aal: Aal::One,
        remember,
        door: door.map(str::to_owned),
        is_new,
    }
}
