//! `[plugins.upstream]`

use std::collections::BTreeMap;
use std::path::PathBuf;

use guichet_core::account_tokens::ProviderTokenStorage;
use guichet_core::config::{Secret, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

/// Settings of the back end that judges passwords.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// `judge`: it is asked at every sign-in, and no password is kept here; or `strangler`: it is asked about who has no
    /// password here, and a right one is then kept, so that it is asked no more about them.
    pub mode: Mode,
    /// The last day on which it is asked (`strangler` alone), in UTC: `2027-01-31`.
    pub until: Option<String>,
    /// Where it checks credentials. Configured, so that it may be a private address; redirects are not followed.
    pub url: String,
    /// `POST`, `PUT` or `PATCH`.
    pub method: Method,
    /// `json`, or `form` (`application/x-www-form-urlencoded`).
    pub encoding: Encoding,
    /// Headers of the request; `{secret}` stands for the secret below.
    pub headers: BTreeMap<String, Secret>,
    /// The body. In its texts, `{identifier}` stands for what the person typed, `{email}` for the address, `{password}`
    /// for the password, `{secret}` for the secret below.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub body: Map<String, Json>,
    /// What `{secret}` stands for.
    pub secret: Option<Secret>,
    /// A file that holds it instead.
    pub secret_file: Option<PathBuf>,
    /// How long it may take to answer (100 milliseconds to 20 seconds).
    pub timeout: Span,
    /// The statuses by which it says that a pair is wrong. Any other one that is no success is a failure of its.
    pub wrong_statuses: Vec<u16>,
    /// Where its answer has what.
    pub answer: AnswerOptions,
    /// Whether people may name themselves otherwise than by an address there: the pages then ask for a name too.
    pub names: bool,
    /// Whether the address that it gives counts as theirs: a user of that address here is then the same person. With
    /// `false`, only where both sides have proven it.
    pub trusts_email: bool,
    /// The id of a new user: `own`, or the one that they have there (`upstream`).
    pub user_id: UserId,
    /// How its tokens are kept: `sealed` or `plain`.
    pub store_tokens: ProviderTokenStorage,
    /// Whether people are told by mail when it is linked to an account that they had here before.
    pub tell_of_links: bool,
    /// How many people have a password there, for `guichet upstream status`.
    pub population: Option<u64>,
    /// How its tokens are renewed.
    #[schemars(with = "RefreshOptions")]
    pub refresh: Option<RefreshOptions>,
}

/// Who keeps passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The other side, for ever.
    Judge,
    /// This side, once each of them was right there.
    Strangler,
}

/// The request's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
}

/// The form of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// Whose ids new users have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UserId {
    /// Ours.
    Own,
    /// The other side's.
    Upstream,
}

/// JSON pointers (RFC 6901) into the answer; an empty text is nowhere.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerOptions {
    /// Who it is there: a text or a whole number. An answer without it is none.
    pub id: String,
    /// The address. Nowhere: the one that they signed in with.
    pub email: String,
    /// Whether the address is proven there: a truth value.
    pub email_verified: String,
    /// The name.
    pub name: String,
    /// The address of a picture.
    pub image: String,
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: String,
    /// How many seconds the access token lives.
    pub expires_in: String,
    /// Further columns of `user`, by their names.
    pub columns: BTreeMap<String, String>,
}

impl Default for AnswerOptions {
    fn default() -> Self {
        Self {
            id: "/id".to_owned(),
            email: String::new(),
            email_verified: String::new(),
            name: String::new(),
            image: String::new(),
            access_token: String::new(),
            refresh_token: String::new(),
            expires_in: String::new(),
            columns: BTreeMap::new(),
        }
    }
}

/// `[plugins.upstream.refresh]`: the request that renews tokens.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RefreshOptions {
    /// Where it renews tokens.
    pub url: String,
    /// `POST`, `PUT` or `PATCH`.
    pub method: Method,
    /// `json` or `form`.
    pub encoding: Encoding,
    /// Headers; `{refresh_token}` and `{secret}` stand for what they say.
    pub headers: BTreeMap<String, Secret>,
    /// The body, with the same.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub body: Map<String, Json>,
    /// Where the answer has the access token.
    pub access_token: String,
    /// The new refresh token, when there is one.
    pub refresh_token: String,
    /// How many seconds the access token lives.
    pub expires_in: String,
}

impl Default for RefreshOptions {
    fn default() -> Self {
        Self {
            url: String::new(),
            method: Method::Post,
            encoding: Encoding::Json,
            headers: BTreeMap::new(),
            body: object(json!({"refresh_token": "{refresh_token}"})),
            access_token: "/access_token".to_owned(),
            refresh_token: "/refresh_token".to_owned(),
            expires_in: "/expires_in".to_owned(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::Strangler,
            until: None,
            url: String::new(),
            method: Method::Post,
            encoding: Encoding::Json,
            headers: BTreeMap::new(),
            body: object(json!({"identifier": "{identifier}", "password": "{password}"})),
            secret: None,
            secret_file: None,
            timeout: Span::seconds(5),
            wrong_statuses: vec![401],
            answer: AnswerOptions::default(),
            names: false,
            trusts_email: true,
            user_id: UserId::Own,
            store_tokens: ProviderTokenStorage::Sealed,
            tell_of_links: true,
            population: None,
            refresh: None,
        }
    }
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}
