//! Signing in and signing up with a password, whatever somebody named themselves by. One plugin offers it; others that
//! know people by a name or a number go through it, so that budgets, proofs and answers are the same.

use async_trait::async_trait;
use http::header;
use serde_json::{Map, Value};

use crate::app::App;
use crate::email_address::EmailAddress;
use crate::error::Result;
use crate::http::{Reply, Shape, Visit, json, location};
use crate::sign_in::Outcome;
use crate::store::User;

/// Who somebody says they are.
#[derive(Clone, Copy)]
pub struct PasswordClaim<'a> {
    /// The address of the account; one that nobody has ([`nobody`]) where nobody is meant, so that it costs the same.
    pub email: &'a EmailAddress,
    /// What they called themselves when it was no address: a user name, perhaps one that is known elsewhere alone.
    pub name: Option<&'a str>,
    /// What is to be its password.
    pub password: &'a str,
    /// What sees the proof: the plugin's id ([`crate::sign_in::Attempt::method`]).
    pub method: &'static str,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// Where the link of a verification mail leads.
    pub callback: Option<&'a str>,
    /// The door's name; `None` for the API.
    pub door: Option<&'a str>,
}

/// Who somebody new says they are.
pub struct Newcomer<'a> {
    /// The name, perhaps empty.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
    /// The password to be.
    pub password: &'a str,
    /// The address of a picture.
    pub image: Option<String>,
    /// Everything that was sent: additional user fields are taken from it, by the names of their columns.
    pub fields: &'a Map<String, Value>,
    /// Where the link of a verification mail leads.
    pub callback: Option<&'a str>,
    /// Whether the session outlives the browser.
    pub remember: bool,
    /// The door's name; `None` for the API.
    pub door: Option<&'a str>,
}

/// What came of a sign-up.
pub enum SignedUp {
    /// There is a user, and they came through the door.
    Through(Outcome),
    /// There is a user, or it is only said so, because the address is taken: nobody is told which.
    Waits(Box<User>),
}

/// Compares passwords and opens the door.
#[async_trait]
pub trait PasswordDoor: Send + Sync {
    /// What a sign-up that lets people in at once is logged as ([`crate::sign_in::Attempt::method`]).
    fn method(&self) -> &'static str;

    /// Unknown users, users without a password and wrong passwords get one answer (401) after the same work.
    async fn sign_in(&self, visit: &Visit, claim: PasswordClaim<'_>) -> Result<Outcome>;

    /// Makes a user with a password, and lets them in where the settings say so. Refuses what may not be set, and, where
    /// the settings tell of them, taken addresses (422).
    async fn sign_up(&self, visit: &Visit, newcomer: Newcomer<'_>) -> Result<SignedUp>;

    /// Whether anybody may sign up here.
    fn takes_newcomers(&self, app: &App) -> bool;

    /// Whether a sign-up lets people in at once.
    fn lets_newcomers_in(&self, app: &App) -> bool;

    /// Mails a user the link by which they choose a password, where an operator wants them to: nobody but they learns it
    /// (ASVS 6.4.1, 6.4.6). `callback` is where it leads. 400 `PASSWORD_MANAGED_ELSEWHERE`; `USER_GETS_NO_MAIL` for
    /// whom the public way would mail nothing either.
    async fn send_reset(&self, app: &App, user: &User, callback: Option<&str>) -> Result<()>;

    /// The path of the page where somebody gets a new password by mail, where there is one.
    fn reset_page(&self, app: &App) -> Option<&'static str> {
        let _ = app;
        None
    }
}

/// The shape of what [`answered`] answers.
pub fn answered_shape() -> Shape {
    Shape::object(&[
        ("redirect", Shape::boolean(), true),
        ("token", Shape::text(), true),
        ("url", Shape::text(), false),
        ("user", Shape::named("User"), true),
    ])
}

/// `{redirect, token, url?, user}`; with a return address also as `Location`, though the status is 200: for clients that
/// are no browsers (contract, section 7). Without one, `redirect.on_success` is it, where it is set. A challenge answers
/// for itself.
pub fn answered(visit: &Visit, outcome: Outcome, callback: Option<&str>) -> Result<Reply> {
    let signed_in = match outcome {
        Outcome::Granted(signed_in) => signed_in,
        Outcome::Challenge(challenge) => return json(&challenge.answer),
    };
    let callback = callback.or(visit.app().config.redirect.on_success.as_deref());
    let mut answer = Map::new();
    answer.insert("redirect".to_owned(), callback.is_some().into());
    answer.insert("token".to_owned(), signed_in.token.as_str().into());
    if let Some(callback) = callback {
        answer.insert("url".to_owned(), callback.into());
    }
    answer.insert("user".to_owned(), visit.app().users.json(&signed_in.user));
    let mut reply = json(&Value::Object(answer))?;
    if let Some(callback) = callback {
        reply.headers_mut().insert(header::LOCATION, location(callback)?);
    }
    Ok(reply)
}

/// Whose account somebody means who types this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant<'a> {
    /// The address; that of [`nobody`] for a name that nobody here has, so that it costs the same.
    pub email: EmailAddress,
    /// What was typed, without the spaces around it, when it was no address.
    pub name: Option<&'a str>,
}

/// Whose account is meant: by its address, or by a name where plugins know people by one ([`names_people`]). `None` for
/// what is neither.
pub async fn meant<'a>(app: &App, typed: &'a str) -> Result<Option<Meant<'a>>> {
    let name = typed.trim();
    if name.is_empty() || name.contains('@') || !names_people(app) {
        return Ok(EmailAddress::parse_international(typed).map(|email| Meant { email, name: None }));
    }
    for hook in &app.hooks {
        if let Some(email) = hook.address_of(app, name).await? {
            return Ok(Some(Meant { email, name: Some(name) }));
        }
    }
    Ok(nobody().map(|email| Meant { email, name: Some(name) }))
}

/// Whether people may name themselves otherwise than by an address.
pub fn names_people(app: &App) -> bool {
    app.hooks.iter().any(|hook| hook.names_people())
}

/// Whether several plugins know names: what one of them would not take, another may.
pub fn named_by_several(app: &App) -> bool {
    app.hooks.iter().filter(|hook| hook.names_people()).count() > 1
}

/// An address that nobody has (RFC 2606), for a name that nobody has.
pub fn nobody() -> Option<EmailAddress> {
    EmailAddress::parse(NOBODY)
}

const NOBODY: &str = "nobody@unknown.invalid";

impl PasswordClaim<'_> {
    /// What its tries are counted by: the address, or the name where nobody here has it (it may be known elsewhere, and
    /// all such names must not share one budget).
    pub fn counted_by(&self) -> &str {
        match self.name {
            Some(name) if self.email.as_str() == NOBODY => name,
            _ => self.email.as_str(),
        }
    }
}
