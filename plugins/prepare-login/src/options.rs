//! `[plugins.prepare-login]`

use std::path::PathBuf;

use guichet_core::config::Secret;
use guichet_core::pages::Phrase;
use guichet_core::schema::Kind;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of portals: doors for people whom a business database knows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The business database, `postgres://…` or `sqlite:path`. Without it, Guichet's own database is read.
    pub database_url: Option<Secret>,
    /// A file that holds the URL instead.
    pub database_url_file: Option<PathBuf>,
    /// The largest number of connections to the business database.
    pub connections: u32,
    /// The portals, in the order in which they are asked who somebody is.
    pub portal: Vec<PortalOptions>,
    /// Columns of `user`, beside `role` and `clientId`, that sources fill.
    pub column: Vec<ColumnOptions>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            database_url: None,
            database_url_file: None,
            connections: 5,
            portal: Vec::new(),
            column: Vec::new(),
        }
    }
}

/// `[[plugins.prepare-login.portal]]`: a door for one kind of people.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalOptions {
    /// Its name, in lower-case letters, digits and dashes: `client`. Part of the API's path.
    pub name: String,
    /// The role that its people have in `user.role`.
    pub role: String,
    /// Where a sign-in leads: a path, or an address on a trusted origin.
    #[serde(default)]
    pub lands_at: Option<String>,
    /// Its page; `/<name>/login` unless given.
    #[serde(default)]
    pub path: Option<String>,
    /// The page's title, as `{ fr = "…", en = "…" }`.
    #[serde(default)]
    pub title: Option<Phrase>,
    /// A sentence below it.
    #[serde(default)]
    pub intro: Option<Phrase>,
    /// The sign-in methods that the page offers, by their plugins' names; an empty list offers all.
    #[serde(default = "email_otp")]
    pub methods: Vec<String>,
    /// Whether the portal tells that an address is unknown, or belongs to somebody else; `false` answers everybody
    /// alike.
    #[serde(default)]
    pub reveal_unknown: bool,
    /// Sources that are built in. Either this or `source`.
    #[serde(default)]
    pub preset: Option<Preset>,
    /// Sources of one's own, asked in this order; the first one that knows somebody decides.
    #[serde(default)]
    pub source: Vec<SourceOptions>,
}

fn email_otp() -> Vec<String> {
    vec!["email-otp".to_owned()]
}

/// Sources that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Tenants in the tables `Client`, `Person` and `Entreprise`: the person first, then the company.
    ClientPersonEntreprise,
}

/// `[[plugins.prepare-login.portal.source]]`: a query that finds somebody by e-mail address.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceOptions {
    /// Its name, for the log and for `guichet provision explain`.
    pub name: String,
    /// A `select` in which `$1` is the address in its normal form. Its columns are fields of the new user; a column
    /// `email` is compared with the address once more, in its normal form.
    pub query: String,
}

/// `[[plugins.prepare-login.column]]`: a column of `user` that sources fill. It leaves the server; clients cannot
/// set it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnOptions {
    /// Its name, in the database and in JSON.
    pub name: String,
    /// `text`, `integer`, `big-integer`, `boolean` or `timestamp`.
    #[serde(default = "text")]
    pub kind: Kind,
}

fn text() -> Kind {
    Kind::Text
}
