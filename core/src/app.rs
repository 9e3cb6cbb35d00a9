//! The context that everything is given: configuration, database, clock, keyring, mail, stores, plugins' hooks.

use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::access_token::AccessTokens;
use crate::account_tokens::{AccountTokens, Renewals};
use crate::authenticators::Authenticators;
use crate::clock::Clock;
use crate::config::{Config, Ids};
use crate::cookie::CookieStyle;
use crate::db::{Db, SpentByRequests};
use crate::error::ErrorCode;
use crate::hooks::Hooks;
use crate::http::trusted::Trusted;
use crate::http::{Guards, Limiter};
use crate::keyring::Keyring;
use crate::mail::{Mailbox, Outbox};
use crate::meters::Meters;
use crate::outbound::Outbound;
use crate::pages::{AccountSection, Door, EVERYBODY, SignInForm, Templates};
use crate::password::{PasswordDoor, Passwords};
use crate::pathway::Pathway;
use crate::schema::Schema;
use crate::second_factor::SecondFactor;
use crate::store::{Sessions, Users};

/// The product's context. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] holds.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// What requests asked of it.
    pub spent: SpentByRequests,
    /// What is counted.
    pub meters: Meters,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Secrets and randomness.
    pub keyring: Keyring,
    /// The way out for mails.
    pub outbox: Outbox,
    /// The mailbox of development and tests; none in production.
    pub mailbox: Option<Arc<Mailbox>>,
    /// All tables.
    pub schema: Schema,
    /// Users, with their additional columns.
    pub users: Users,
    /// Sessions, with their additional columns.
    pub sessions: Sessions,
    /// Rules for passwords, and their hashes.
    pub passwords: Passwords,
    /// Trusted origins and return addresses.
    pub trusted: Trusted,
    /// How cookies are named.
    pub cookies: CookieStyle,
    /// Limits.
    pub limiter: Limiter,
    /// Checks on the heads of requests.
    pub guards: Guards,
    /// Pages, mails and their words.
    pub templates: Templates,
    /// The plugins' hooks, in the order of the plugins.
    pub(crate) hooks: Vec<Arc<dyn Hooks>>,
    /// Every error code that core and plugins declare.
    pub error_codes: Vec<ErrorCode>,
    /// Every door that a person may come to.
    pub doors: Vec<Door>,
    /// What the methods show at a door.
    pub forms: Vec<Arc<dyn SignInForm>>,
    /// The way in with a password, when a plugin offers one.
    pub password_door: Option<Arc<dyn PasswordDoor>>,
    /// Every way to a session, in the order of the plugins.
    pub pathways: Vec<Pathway>,
    /// The tokens that services check by themselves, when a plugin issues them.
    pub access_tokens: Option<Arc<dyn AccessTokens>>,
    /// Who answers for tokens that users have elsewhere.
    pub account_tokens: Vec<Arc<dyn AccountTokens>>,
    /// Whose turn it is to renew some.
    pub renewals: Renewals,
    /// The second factor, when a plugin offers one.
    pub second_factor: Option<Arc<dyn SecondFactor>>,
    /// What users sign in with beside passwords, kind by kind.
    pub authenticators: Vec<Arc<dyn Authenticators>>,
    /// What the plugins show on the page of one's own account, in the order of the plugins.
    pub account_sections: Vec<Arc<dyn AccountSection>>,
    /// The path of the page of one's own account, when a plugin has it.
    pub account_page: Option<&'static str>,
    /// The path of the page that says who is signed in, when a plugin has it.
    pub signed_in_page: Option<&'static str>,
    /// Cancelled when the server stops: what waits for something answers now.
    pub stopping: CancellationToken,
    /// The way out for requests to other servers: providers, SMS, captchas.
    pub outbound: Outbound,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A new id for a row: a UUID whatever the settings say where the database takes nothing else.
    pub fn new_id(&self) -> String {
        match self.config.database.ids {
            Ids::Random if !self.db.ids_are_uuids() => self.keyring.random_alphanumeric(32),
            Ids::Uuid | Ids::Random => {
                let millis = u64::try_from(self.clock.now().millis()).unwrap_or(0);
                uuid::Builder::from_unix_timestamp_millis(millis, &self.keyring.random_bytes())
                    .into_uuid()
                    .to_string()
            }
        }
    }

    /// The error code of this name, where the core or a plugin declares one.
    pub fn error_code(&self, code: &str) -> Option<&ErrorCode> {
        self.error_codes.iter().find(|known| known.code == code)
    }

    /// The door of this name.
    pub fn door(&self, name: &str) -> Option<&Door> {
        self.doors.iter().find(|door| door.name == name)
    }

    /// The door that offers a method: the one of this name, or else that of everybody, or else the first; `None` where there
    /// is none (no pages).
    pub fn door_offering(&self, method: &str, name: Option<&str>) -> Option<&Door> {
        let likely = [name.and_then(|name| self.door(name)), self.main_door()].into_iter().flatten();
        likely.chain(&self.doors).find(|door| door.offers(method))
    }

    /// The door at which everybody signs in, or else the first one; `None` without pages.
    pub fn main_door(&self) -> Option<&Door> {
        self.door(EVERYBODY).or_else(|| self.doors.first())
    }

    /// A path of ours as an absolute address: what mails and redirects carry. Built from the base URL alone.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.base_url.origin().ascii_serialization())
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
