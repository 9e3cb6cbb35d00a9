//! Somebody came back from a provider: who is that here? The provider and its subject are the identity; an address
//! only leads to a user when both sides have proven it.

use guichet_core::db::{DbError, Tx};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::newcomer::{Profile, Said};
use guichet_core::notice;
use guichet_core::sign_in::{Attempt, Outcome, arrive, find_or_make, prove_mailbox, sign_in};
use guichet_core::store::{Account, Accounts, Fields, NewUser, User};

use crate::Social;
use crate::options::{MissingEmail, Unproven};
use crate::pending::Pending;
use crate::person::{Person, placeholder};
use crate::provider::Provider;
use crate::vouched::Arrival;

/// How an arrival ends.
pub(crate) enum End {
    /// Through the door: a session, or a challenge.
    Through { outcome: Outcome, is_new: bool },
    /// Not here; the code is one of the contract's, or that of the error of whoever refuses.
    Refused { code: &'static str, error: Option<Error> },
    /// The address must be proven first.
    Prove(Box<Pending>),
}

pub(crate) fn refused(code: &'static str) -> End {
    End::Refused { code, error: None }
}

/// What an error is to somebody who is led back; failures of ours are not told.
pub(crate) fn told(error: Error) -> Result<End> {
    match error.code() {
        Some(code) if error.status().is_client_error() => Ok(End::Refused { code, error: Some(error) }),
        _ => Err(error),
    }
}

/// Decides, and opens the door where it opens.
pub(crate) async fn enter(visit: &Visit, social: &Social, arrival: Arrival<'_>) -> Result<End> {
    let app = visit.app();
    let key = (arrival.provider.id(), arrival.person.subject.as_str());
    if let Some(account) = Accounts::by_key(&app.db, key.0, key.1).await? {
        return known(visit, social, &arrival, account).await.or_else(told);
    }
    let refuses =
        social.options.missing_email == MissingEmail::Refuse && !arrival.provider.entry.without_email;
    let given = social.usable_address(&arrival.person);
    let email = match given.clone() {
        Some(email) => email,
        None if refuses => return Ok(refused("email_not_found")),
        None => match placeholder(key.0, key.1) {
            Some(email) => email,
            None => return Ok(refused("email_not_found")),
        },
    };
    let verified = given.is_some() && social.is_verified(arrival.provider, &arrival.person);
    let (user, provision) = arrive(visit, &email, arrival.door.as_deref()).await?;
    let may_prove = given.is_some() && social.options.unproven_address == Unproven::Code;
    let unproven = || {
        if may_prove {
            End::Prove(Box::new(Pending::of(&arrival, &email)))
        } else {
            refused("account_not_linked")
        }
    };
    let new = match (&user, &provision) {
        (Some(user), Provision::NoOpinion | Provision::Make(_) | Provision::MailNothing)
            if verified && user.email_verified =>
        {
            None
        }
        // Their proof would be a mailed code.
        (Some(_), Provision::MailNothing) => return Ok(refused("signup_disabled")),
        (Some(_), Provision::NoOpinion | Provision::Make(_)) => return Ok(unproven()),
        // A portal knows the address; whoever claims it must have proven it.
        (None, Provision::Make(_)) if !verified => return Ok(unproven()),
        _ => match newcomer(visit, social, &arrival, &email, provision).await? {
            Ok(new) => Some(new),
            Err(end) => return Ok(end),
        },
    };
    let word = if verified { Word::Provider } else { Word::Nobody };
    let tx = app.db.begin().await?;
    link_and_enter(visit, social, tx, &arrival, &email, new, word).await.or_else(told)
}

/// The one answer to who is made where nobody has the address: whom a portal knows, else whom the provider names, where
/// anybody new may come in this way and every hook agrees.
pub(crate) async fn newcomer(
    visit: &Visit,
    social: &Social,
    arrival: &Arrival<'_>,
    email: &EmailAddress,
    provision: Provision,
) -> Result<std::result::Result<NewUser, End>> {
    match provision {
        Provision::TurnAway(Some(error)) => return told(error).map(Err),
        Provision::TurnAway(None) => return Ok(Err(refused("signup_disabled"))),
        Provision::Make(_) | Provision::NoOpinion | Provision::MailNothing => {}
    }
    let is_known = matches!(provision, Provision::Make(_));
    let client = &arrival.provider.client;
    if !is_known && (client.disable_sign_up || client.disable_implicit_sign_up && !arrival.request_sign_up) {
        return Ok(Err(refused("signup_disabled")));
    }
    let person = &arrival.person;
    let profile = Profile {
        email: email.clone(),
        // What a provider is trusted with is linking, not what it says itself.
        email_verified: is_known || person.email_verified && social.usable_address(person).is_some(),
        name: person.name.clone(),
        image: person.image.clone(),
        said: Said::Nothing,
        columns: Fields::default(),
    };
    match profile.row(visit, provision).await {
        Ok(new) => Ok(Ok(new)),
        Err(error) => told(error).map(Err),
    }
}

/// A known account always signs in, and keeps the newest tokens.
async fn known(visit: &Visit, social: &Social, arrival: &Arrival<'_>, mut account: Account) -> Result<End> {
    let app = visit.app();
    let now = visit.now();
    let Some(user) = app.users.by_id(&app.db, &account.user_id).await? else {
        return Ok(refused("unable_to_link_account"));
    };
    if arrival.door.is_some()
        && let Some(email) = EmailAddress::parse_international(&user.email)
    {
        match arrive(visit, &email, arrival.door.as_deref()).await?.1 {
            Provision::TurnAway(Some(error)) => return Err(error),
            Provision::TurnAway(None) => return Ok(refused("signup_disabled")),
            _ => {}
        }
    }
    // The scope stays: only linking widens what was granted.
    arrival.tokens.kept().put(app, social.options.store_tokens, &mut account, now)?;
    let mut tx = app.db.begin().await?;
    // Unlinked since it was read, it opens nothing; and who unlinks it now waits, and ends what it opened.
    if !Accounts::set_tokens(&mut tx, &account).await? {
        return Ok(refused("unable_to_link_account"));
    }
    let proven = arrival.person.email_verified
        && !user.email_verified
        && social.usable_address(&arrival.person).is_some_and(|email| email.as_str() == user.email);
    let user = if proven {
        let changes = vec![("emailVerified", true.into())];
        app.users.update(&mut tx, &user.id, changes, now).await?.ok_or(DbError::NoRow)?
    } else {
        user
    };
    through(visit, tx, arrival, user, false).await
}

/// Who says that the address is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Nobody: the account is that of somebody new, or of nobody.
    Nobody,
    /// The provider: it leads to a user who has proven it here.
    Provider,
    /// Whoever read the mailbox just now.
    Mailbox,
}

/// Adds the account to the user of the address (made now when there is `new`) and opens the door.
pub(crate) async fn link_and_enter(
    visit: &Visit,
    social: &Social,
    mut tx: Tx,
    arrival: &Arrival<'_>,
    email: &EmailAddress,
    new: Option<NewUser>,
    word: Word,
) -> Result<End> {
    let app = visit.app();
    let (user, is_new) = match new {
        Some(new) => find_or_make(visit, &mut tx, new).await?,
        None => match app.users.by_email(&mut tx, email).await? {
            Some(user) => (user, false),
            None => return Ok(refused("unable_to_link_account")),
        },
    };
    // Touched, so that two arrivals of one person wait for each other; and looked at again, because time has passed.
    let user = app.users.touch(&mut tx, &user.id, visit.now()).await?.ok_or(DbError::NoRow)?;
    let user = match word {
        // Whoever set a password or opened a session before was not shown to own the address: that dies.
        Word::Mailbox => prove_mailbox(visit, &mut tx, user).await?,
        Word::Nobody | Word::Provider => user,
    };
    match Accounts::by_key(&mut tx, arrival.provider.id(), &arrival.person.subject).await? {
        Some(account) if account.user_id == user.id => {}
        Some(_) => return Ok(refused("unable_to_link_account")),
        None if is_new || word != Word::Nobody && user.email_verified => {
            add(visit, social, &mut tx, arrival, &user).await?;
            if !is_new {
                tell(visit, social, &mut tx, arrival.provider, &user).await?;
            }
        }
        None => return Ok(refused("account_not_linked")),
    }
    through(visit, tx, arrival, user, is_new).await
}

/// The row of the account.
pub(crate) async fn add(
    visit: &Visit,
    social: &Social,
    tx: &mut Tx,
    arrival: &Arrival<'_>,
    user: &User,
) -> Result<()> {
    let (app, now) = (visit.app(), visit.now());
    let (provider, subject) = (arrival.provider.id(), &arrival.person.subject);
    let mut account = Account::of_provider(app.new_id(), provider, subject, &user.id, now);
    account.scope = Some(arrival.tokens.scopes.join(",")).filter(|scope| !scope.is_empty());
    arrival.tokens.kept().put(app, social.options.store_tokens, &mut account, now)?;
    Ok(Accounts::insert(tx, &account).await?)
}

/// Tells the user that an account was linked to theirs.
pub(crate) async fn tell(
    visit: &Visit,
    social: &Social,
    tx: &mut Tx,
    provider: &Provider,
    user: &User,
) -> Result<()> {
    if !social.options.tell_of_links {
        return Ok(());
    }
    notice::tell(visit, tx, user, "social-linked", &provider.label).await
}

/// The one door.
pub(crate) async fn through(
    visit: &Visit,
    tx: Tx,
    arrival: &Arrival<'_>,
    user: User,
    is_new: bool,
) -> Result<End> {
    let attempt = Attempt {
        user,
        method: arrival.provider.id(),
        amr: arrival.strength.amr(),
        aal: arrival.strength.aal(),
        remember: true,
        door: arrival.door.clone(),
        is_new,
    };
    Ok(End::Through { outcome: sign_in(visit, tx, attempt).await?, is_new })
}

impl Social {
    /// The address that a provider tells; one that no mail can reach is none.
    pub(crate) fn usable_address(&self, person: &Person) -> Option<EmailAddress> {
        let _ = self;
        person
            .email
            .clone()
            .filter(|email| !email.domain().ends_with(".invalid") && email.domain() != "invalid")
    }

    /// Whether the provider's word on the address is enough on its side.
    pub(crate) fn is_verified(&self, provider: &Provider, person: &Person) -> bool {
        person.email_verified || self.options.trusted_providers.iter().any(|id| id == provider.id())
    }
}
