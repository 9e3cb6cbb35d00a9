//! Settings: `guichet.toml`, then the environment (`GUICHET_BASE_URL`, `GUICHET_DATABASE__URL`, …), and secrets
//! from files. An unknown key refuses to start and the known ones are listed.

mod check;
mod environment;
mod file;
mod given;
mod hidden;
mod known;
mod load;
mod network;
mod problem;
mod secret;
mod sections;
mod sift;
mod span;

pub use environment::variable_of;
pub use given::SecretProblem;
pub use hidden::Secret;
pub use known::Known;
pub(crate) use load::read;
pub use load::{Loaded, Setting, load, load_from};
pub use problem::{ConfigError, Problem};
pub use secret::{SecretError, SecretOptions, Strength};
pub use sections::{
    DatabaseOptions, ErrorPage, FieldOptions, HttpOptions, Ids, OriginCheck, RateLimitOptions, RateLimitRule,
    RedirectOptions, SessionOptions, TokenStorage, UserOptions,
};
pub use span::Span;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use crate::language::Language;
use crate::mail::options::{MailOptions, SmsOptions};
use crate::password::PasswordOptions;

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address that people and applications use, without a path: every link and redirect begins with it.
    #[schemars(with = "String")]
    pub base_url: Url,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The product's name on pages and in mails.
    pub app_name: String,
    /// Origins of applications that may call the API from a browser and be redirected to, e.g.
    /// `https://app.example.fr`; `*` matches within one label or path segment.
    pub trusted_origins: Vec<String>,
    /// Addresses or networks of proxies whose `X-Forwarded-For` is believed. None by default, loopback included.
    #[schemars(with = "Vec<String>")]
    #[serde(deserialize_with = "network::list")]
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// A public base URL refuses to start without a mail transport, https and a secret of one's own;
    /// `true` allows it all the same (a test server, a lab).
    pub allow_insecure: bool,
    /// The language of pages when a browser asks for neither French nor English.
    pub language: Language,
    /// A folder whose files replace built-in templates and words of the same name.
    pub templates: Option<std::path::PathBuf>,
    /// What signs cookies and seals stored values, at least 32 characters. Better Auth's `BETTER_AUTH_SECRET` of
    /// a database that is taken over.
    pub secret: Option<Secret>,
    /// A file that holds the secret instead.
    pub secret_file: Option<std::path::PathBuf>,
    /// Several with versions, the current one first: `"2:new…,1:old…"`. Old ones verify, the first one signs.
    pub secrets: Option<Secret>,
    /// The database.
    pub database: DatabaseOptions,
    /// Sessions.
    pub session: SessionOptions,
    /// Users and their additional fields.
    pub user: UserOptions,
    /// Passwords.
    pub password: PasswordOptions,
    /// Requests.
    pub http: HttpOptions,
    /// Limits.
    pub rate_limit: RateLimitOptions,
    /// Where sign-ins and sign-outs lead when nobody says.
    pub redirect: RedirectOptions,
    /// Mails.
    pub mail: MailOptions,
    /// Text messages.
    pub sms: SmsOptions,
    /// One section a plugin; present means on. Where no file names any, those that the product registers so are
    /// ([`crate::plugin::Registration::by_default`]).
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub plugins: BTreeMap<String, toml::Table>,
}

impl Default for Config {
    #[expect(clippy::expect_used, reason = "constants; every test goes through here")]
    fn default() -> Self {
        Self {
            base_url: Url::parse("http://127.0.0.1:3000").expect("a URL"),
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            app_name: "Guichet".to_owned(),
            trusted_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            allow_insecure: false,
            language: Language::French,
            templates: None,
            secret: None,
            secret_file: None,
            secrets: None,
            database: DatabaseOptions::default(),
            session: SessionOptions::default(),
            user: UserOptions::default(),
            password: PasswordOptions::default(),
            http: HttpOptions::default(),
            rate_limit: RateLimitOptions::default(),
            redirect: RedirectOptions::default(),
            mail: MailOptions::default(),
            sms: SmsOptions::default(),
            plugins: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Whether the base URL can only be reached from this machine, as browsers know it: names below `localhost` and every
    /// loopback address too. What is sent there is held against [`crate::this_machine`], which is stricter.
    pub fn is_local(&self) -> bool {
        match self.base_url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// The three ways to give a secret, together.
    pub fn secret_options(&self) -> SecretOptions {
        SecretOptions {
            secret: self.secret.clone(),
            secret_file: self.secret_file.clone(),
            secrets: self.secrets.clone(),
        }
    }

    /// Whether the base URL is https.
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}
