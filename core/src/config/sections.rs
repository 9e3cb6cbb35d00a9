//! The sections of the configuration, each a type with its defaults.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Secret, Span};
use crate::schema::{Column, Default as ColumnDefault, Kind};

/// `[database]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseOptions {
    /// `postgres://user:password@host/name`, or `sqlite:path`.
    pub url: Secret,
    /// A file that holds the URL instead.
    pub url_file: Option<std::path::PathBuf>,
    /// The largest number of connections.
    pub connections: u32,
    /// Whether `serve` brings the tables up to date by itself; `false` leaves that to `guichet migrate`.
    pub migrate: bool,
    /// The form of new ids.
    pub ids: Ids,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            url: Secret::from("sqlite:data/guichet.db"),
            url_file: None,
            connections: 20,
            migrate: true,
            ids: Ids::Uuid,
        }
    }
}

/// The form of new ids; old ones are kept whatever they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ids {
    /// `UUIDv7` (RFC 9562): sorts by time.
    Uuid,
    /// Better Auth's: 32 of `[a-zA-Z0-9]`.
    Random,
}

/// `[session]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SessionOptions {
    /// How long a session lives without being used.
    pub expires_in: Span,
    /// How long one lives that ends with the browser (`rememberMe: false`).
    pub expires_in_unremembered: Span,
    /// A session that is used is prolonged when this much of its life has passed.
    pub update_age: Span,
    /// Sensitive actions need a sign-in younger than this.
    pub fresh_age: Span,
    /// However much it is used, a session ends after this.
    pub absolute: Span,
    /// `hashed`, or `plain` as Better Auth writes them (parity).
    pub storage: TokenStorage,
    /// Whether `/list-sessions` names other devices' sessions by opaque handles; `false` gives their tokens (parity).
    pub handles: bool,
    /// Whether a sign-in ends the session that the same browser had before; `false` leaves it (parity).
    pub end_previous: bool,
    /// How long the browser keeps session and user in a signed cookie, from which `/get-session` is then answered
    /// without the database; `"0s"` is off. A session that was ended elsewhere is still shown for that long, though it
    /// changes nothing any more.
    pub cookie_cache: Span,
    /// Additional columns of `session`.
    pub fields: Vec<FieldOptions>,
    /// What the cookies' names begin with.
    pub cookie_prefix: String,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            expires_in: Span::days(7),
            expires_in_unremembered: Span::days(1),
            update_age: Span::days(1),
            fresh_age: Span::days(1),
            absolute: Span::days(90),
            storage: TokenStorage::Hashed,
            handles: true,
            end_previous: true,
            cookie_cache: Span::seconds(0),
            fields: Vec::new(),
            cookie_prefix: "better-auth".to_owned(),
        }
    }
}

/// How tokens of sessions and of links are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenStorage {
    /// As a SHA-256: who reads the database cannot use them.
    Hashed,
    /// As they are.
    Plain,
}

/// `[user]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UserOptions {
    /// Whether people may delete their own account (`/delete-user`); `false` answers 404, as Better Auth by default.
    pub delete_account: bool,
    /// Whether that takes a link that is mailed; `false` deletes at once, with the password or a recent sign-in (parity).
    pub delete_by_mail: bool,
    /// How long that link is good.
    pub delete_expires_in: Span,
    /// How the link's token is kept: `hashed`, or `plain` as Better Auth keeps it (parity).
    pub delete_tokens: TokenStorage,
    /// Additional columns of `user`.
    pub fields: Vec<FieldOptions>,
}

impl Default for UserOptions {
    fn default() -> Self {
        Self {
            delete_account: false,
            delete_by_mail: true,
            delete_expires_in: Span::days(1),
            delete_tokens: TokenStorage::Hashed,
            fields: Vec::new(),
        }
    }
}

/// `[[user.fields]]`, `[[session.fields]]`: a column of one's own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldOptions {
    /// The column's name, in the database and in JSON.
    pub name: String,
    /// `text`, `integer`, `big-integer`, `boolean` or `timestamp`.
    #[serde(default = "text")]
    pub kind: Kind,
    /// Must it be given at sign-up?
    #[serde(default)]
    pub required: bool,
    /// May clients set it?
    #[serde(default)]
    pub input: bool,
    /// Is it part of replies?
    #[serde(default = "yes")]
    pub returned: bool,
    /// Has no two equal values?
    #[serde(default)]
    pub unique: bool,
    /// Is who tries to set it at sign-up told so, although it has a default? Otherwise the default is quietly taken.
    #[serde(default)]
    pub guarded: bool,
    /// Does it name for whom its owner acts (an active organization, a client)? Events tell the first such text of the
    /// session, else of the user; access tokens that of the session.
    #[serde(default)]
    pub acts_for: bool,
    /// What it is filled with when nothing is given: a text, a number or a truth value.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub default: Option<toml::Value>,
}

fn text() -> Kind {
    Kind::Text
}

fn yes() -> bool {
    true
}

/// `[http]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HttpOptions {
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// How long a request's head and body may take to arrive.
    pub receive_timeout: Span,
    /// How long an answer may take.
    pub answer_timeout: Span,
    /// How long a graceful stop waits for what is in flight.
    pub stop_timeout: Span,
    /// What is checked on requests that change something.
    pub origin_check: OriginCheck,
    /// Where `/api/auth/error` leads.
    pub error_page: ErrorPage,
    /// Whether applications on trusted origins may call with credentials from a browser (CORS). `false` leaves
    /// that to whatever stands in front (parity).
    pub cors: bool,
    /// Whether every answer of the API and the pages says `Cache-Control: no-store` where nothing else is said (as
    /// `/jwks` does); `false` says it on `/get-session` alone (parity).
    pub no_store: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            body_limit: 256 * 1024,
            receive_timeout: Span::seconds(15),
            answer_timeout: Span::seconds(30),
            stop_timeout: Span::seconds(25),
            origin_check: OriginCheck::Always,
            error_page: ErrorPage::Own,
            cors: true,
            no_store: true,
        }
    }
}

/// When `Origin` is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OriginCheck {
    /// On everything that changes or sends, with or without cookies.
    Always,
    /// As Better Auth: where there is a cookie, and on the sign-in forms (parity).
    Cookies,
}

/// What `/api/auth/error` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorPage {
    /// Guichet's own page.
    Own,
    /// A redirect to `/?error=CODE`, as Better Auth in production (parity).
    Redirect,
}

/// `[rate_limit]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimitOptions {
    /// Whether requests are limited at all.
    pub enabled: bool,
    /// The window of the general limit.
    pub window: Span,
    /// How many requests one address may make to one route in that window.
    pub max: u32,
    /// Other numbers for single routes.
    pub rules: Vec<RateLimitRule>,
    /// Whether a refusal is plain text with `X-Retry-After` alone, as Better Auth sends it (parity).
    pub plain_answer: bool,
    /// Whether limits by account and recipient hold beside those by address; `false` is parity.
    pub by_account: bool,
}

impl Default for RateLimitOptions {
    fn default() -> Self {
        Self {
            enabled: true,
            window: Span::seconds(10),
            max: 100,
            rules: Vec::new(),
            plain_answer: false,
            by_account: true,
        }
    }
}

/// `[redirect]`: where sign-ins and sign-outs lead when a request does not say; said once, for pages and applications.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RedirectOptions {
    /// Where a sign-in without `callbackURL` leads: a path, or an address on a trusted origin. The answers of
    /// `/sign-in/*` then say `redirect: true` with it; not set, they say `redirect: false` (parity).
    pub on_success: Option<String>,
    /// Where a sign-out leads; `/sign-out` then answers `{success, url, redirect}`.
    pub on_sign_out: Option<String>,
}

/// `[[rate_limit.rules]]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimitRule {
    /// The route's name (its operation id in the `OpenAPI` document).
    pub route: String,
    /// The window.
    pub window: Span,
    /// How many requests one address may make in it.
    pub max: u32,
}

impl FieldOptions {
    /// The column that it declares.
    pub fn column(&self) -> anyhow::Result<Column> {
        anyhow::ensure!(
            !self.acts_for || self.kind == Kind::Text,
            "the field {:?} names for whom somebody acts (acts_for): it must be a text",
            self.name
        );
        let column = Column {
            required: self.required,
            input: self.input,
            returned: self.returned,
            unique: self.unique,
            guarded: self.guarded,
            acts_for: self.acts_for,
            default: self.default.as_ref().map(|value| self.default_value(value)).transpose()?,
            ..Column::new(self.name.clone(), self.kind)
        };
        Ok(column)
    }

    fn default_value(&self, value: &toml::Value) -> anyhow::Result<ColumnDefault> {
        match (self.kind, value) {
            (Kind::Text, toml::Value::String(text)) => Ok(ColumnDefault::Text(text.clone().into())),
            (Kind::Integer | Kind::BigInteger, toml::Value::Integer(number)) => {
                Ok(ColumnDefault::Integer(*number))
            }
            (Kind::Boolean, toml::Value::Boolean(truth)) => Ok(ColumnDefault::Boolean(*truth)),
            (kind, value) => {
                anyhow::bail!("the default of the field {:?} is {value}, which is no {kind:?}", self.name)
            }
        }
    }
}
