//! Linking an account to somebody who is signed in (contract, section 16).

use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::session::{self, SignedIn};
use guichet_core::store::Accounts;

use crate::Social;
use crate::arrival::{add, tell};
use crate::vouched::Arrival;

/// Why an account is not linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotLinked {
    /// The provider does not say that the address is theirs.
    Unproven,
    /// The address is another one.
    OtherAddress,
    /// The account is somebody else's here.
    SomebodyElses,
}

/// Where somebody links, which decides what is looked at first, as in the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Back from the provider.
    Callback,
    /// With an ID token of their own.
    IdToken,
}

/// Links, or brings tokens and scopes of a linked account up to date; 401 when the session was ended meanwhile, since a
/// provider was asked in between.
pub(crate) async fn link(
    visit: &Visit,
    social: &Social,
    arrival: &Arrival<'_>,
    signed_in: &SignedIn,
    way: Way,
) -> Result<std::result::Result<(), NotLinked>> {
    let (app, now) = (visit.app(), visit.now());
    let (provider, person) = (arrival.provider, &arrival.person);
    let user = &signed_in.user;
    let mut tx = app.db.begin().await?;
    // Two links of one user's wait for each other.
    app.users.touch(&mut tx, &user.id, now).await?;
    session::hold(visit, &mut tx, signed_in).await?;
    let known = Accounts::by_key(&mut tx, provider.id(), &person.subject).await?;
    let theirs = known.as_ref().is_some_and(|account| account.user_id != user.id);
    if theirs && way == Way::IdToken {
        return Ok(Err(NotLinked::SomebodyElses));
    }
    if known.is_none() || theirs || way == Way::Callback {
        if !social.is_verified(provider, person) {
            return Ok(Err(NotLinked::Unproven));
        }
        let same = social.usable_address(person).is_some_and(|email| email.as_str() == user.email);
        if !same && !social.options.allow_different_emails {
            return Ok(Err(NotLinked::OtherAddress));
        }
    }
    match known {
        Some(_) if theirs => return Ok(Err(NotLinked::SomebodyElses)),
        Some(mut account) => {
            let scope = merged(account.scope.as_deref(), &arrival.tokens.scopes);
            account.scope = Some(scope).filter(|scope| !scope.is_empty());
            arrival.tokens.kept().put(app, social.options.store_tokens, &mut account, now)?;
            Accounts::set_tokens(&mut tx, &account).await?;
        }
        None => {
            add(visit, social, &mut tx, arrival, user).await?;
            tell(visit, social, &mut tx, provider, user).await?;
        }
    }
    tx.commit().await?;
    tracing::info!(
        request_id = visit.request_id(),
        user_id = user.id,
        provider = provider.id(),
        "an account was linked"
    );
    Ok(Ok(()))
}

/// Scopes that were granted before stay.
fn merged(stored: Option<&str>, granted: &[String]) -> String {
    let mut all: Vec<&str> = Vec::new();
    let stored = stored.unwrap_or_default().split(',').map(str::trim).filter(|scope| !scope.is_empty());
    for scope in stored.chain(granted.iter().map(String::as_str)) {
        if !all.contains(&scope) {
            all.push(scope);
        }
    }
    all.join(",")
}
