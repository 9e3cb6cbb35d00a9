//! A plugin declares: it answers questions with plain data and registers nothing. Clashes and unknown names are
//! refused at start.

mod command;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::access_token::AccessTokens;
use crate::account_tokens::AccountTokens;
use crate::app::App;
use crate::authenticators::Authenticators;
use crate::check::Check;
use crate::config::{Config, read};
use crate::error::ErrorCode;
use crate::hooks::Hooks;
use crate::http::{API_BASE, Guard, RateLimit, Route};
use crate::language::Language;
use crate::pages::{AccountSection, Door, SignInForm};
use crate::password::PasswordDoor;
use crate::pathway::Pathway;
use crate::schema::Table;
use crate::second_factor::SecondFactor;

pub use command::{AS_JSON, Command, CommandFuture, CommandName, Switch, Typed};

/// What a plugin is asked.
#[async_trait]
pub trait Plugin: Send + Sync + 'static {
    /// Its name: configuration section, log field, documentation.
    fn id(&self) -> &'static str;

    /// Its own tables, and columns that it adds to the core's.
    fn schema(&self) -> Vec<Table> {
        Vec::new()
    }

    /// Its routes.
    fn routes(self: Arc<Self>, app: &App) -> Vec<Route> {
        let _ = app;
        Vec::new()
    }

    /// Limits on routes, its own or others', by name.
    fn rate_limits(&self) -> Vec<RateLimit> {
        Vec::new()
    }

    /// Checks on the heads of requests to routes, its own or others', by name.
    fn guards(&self) -> Vec<Guard> {
        Vec::new()
    }

    /// Templates of pages and mails: (name, text). Names begin with the plugin's id.
    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Its words, as Fluent messages, in every language.
    fn words(&self) -> Vec<(Language, &'static str)> {
        Vec::new()
    }

    /// The error codes that it declares.
    fn error_codes(&self) -> &'static [ErrorCode] {
        &[]
    }

    /// Doors that it opens.
    fn doors(&self) -> Vec<Door> {
        Vec::new()
    }

    /// The path of the page of one's own account, where it has that; one plugin at most does.
    fn account_page(&self) -> Option<&'static str> {
        None
    }

    /// The path of the page that says who is signed in, where it has that; one plugin at most does. A sign-in leads there
    /// that was on the way to no other place.
    fn signed_in_page(&self) -> Option<&'static str> {
        None
    }

    /// What it shows at a door.
    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        None
    }

    /// The way in with a password, which others may go through; one plugin at most offers it.
    fn password_door(self: Arc<Self>) -> Option<Arc<dyn PasswordDoor>> {
        None
    }

    /// Its ways to a session. One that is not declared is refused, so that the list is the truth.
    fn pathways(&self) -> Vec<Pathway> {
        Vec::new()
    }

    /// The tokens that services check by themselves; one plugin at most issues them.
    fn access_tokens(self: Arc<Self>) -> Option<Arc<dyn AccessTokens>> {
        None
    }

    /// Its answers for tokens that users have elsewhere, by its providers' accounts.
    fn account_tokens(self: Arc<Self>) -> Option<Arc<dyn AccountTokens>> {
        None
    }

    /// The second factor, for programs that go on with a sign-in that waits; one plugin at most offers it.
    fn second_factor(self: Arc<Self>) -> Option<Arc<dyn SecondFactor>> {
        None
    }

    /// What users sign in with by it, where an administrator can take it away from who lost it.
    fn authenticators(self: Arc<Self>) -> Option<Arc<dyn Authenticators>> {
        None
    }

    /// What it shows on the page of one's own account.
    fn account_section(self: Arc<Self>) -> Option<Arc<dyn AccountSection>> {
        None
    }

    /// What it adds to the command line.
    fn commands(self: Arc<Self>) -> Vec<Command> {
        Vec::new()
    }

    /// Its say at moments of the domain.
    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        None
    }

    /// What it looks at for `guichet doctor`, in a process that serves nobody: [`Plugin::start`] was not called. Databases
    /// are asked in any case, others only when `asks_others`.
    async fn checks(&self, app: &App, asks_others: bool) -> Vec<Check> {
        let _ = (app, asks_others);
        Vec::new()
    }

    /// Whether it can work beside the plugins and settings that are on; asks nothing of the outside. An error refuses the
    /// start before a table is touched, and is told by `guichet config check` and the doctor.
    fn fits(&self, app: &App) -> anyhow::Result<()> {
        let _ = app;
        Ok(())
    }

    /// Checks before the first request: prepares its queries, reads its keys. An error stops the start.
    async fn start(&self, app: &App) -> anyhow::Result<()> {
        let _ = app;
        Ok(())
    }
}

/// A plugin that is made from its section of the configuration.
pub trait Configured: Plugin + Sized {
    /// Its section; use `#[serde(deny_unknown_fields, default)]`.
    type Options: DeserializeOwned + JsonSchema;
    /// The section's name.
    const ID: &'static str;
    /// The names of what [`Plugin::commands`] gives: they are told, with the section to add, while it is off.
    const COMMANDS: &'static [CommandName] = &[];
    /// A section, in TOML, with which it declares what it can: `guichet openapi --all` and `generate --all` put it
    /// where the settings have none. Needed where an empty section is refused.
    const EXAMPLE: &'static str = "";
    /// Makes it; the error says which key to set, first of all, and names several problems one a line.
    fn new(options: Self::Options, config: &Config) -> Result<Self, String>;
}

/// Looks at a section; the error is a path below it, and why.
type Form = fn(toml::Table) -> Result<(), (Vec<String>, String)>;
/// Makes a plugin of its section; the error says which key to set.
type Make = fn(toml::Table, &Config) -> Result<Arc<dyn Plugin>, String>;

/// A plugin that the product knows; it is on when the configuration has its section.
#[derive(Clone, Copy)]
pub struct Registration {
    /// Its id.
    pub id: &'static str,
    /// Makes it of its section.
    pub(crate) make: Make,
    /// What is wrong with the form of its section, and at which path below it.
    pub(crate) form: Form,
    /// The JSON schema of its section.
    pub options: fn() -> schemars::Schema,
    /// Its commands, as they are typed.
    pub commands: &'static [CommandName],
    /// A section with which it can be looked at, in TOML.
    pub example: &'static str,
    /// Whether it is on where no file names a plugin.
    pub(crate) is_default: bool,
}

impl Registration {
    /// The registration of `P`.
    pub fn of<P: Configured>() -> Self {
        Self {
            id: P::ID,
            form: |section| read::<P::Options>(toml::Value::Table(section)).map(|_| ()),
            make: |section, config| {
                let options: P::Options = read(toml::Value::Table(section)).map_err(|(path, why)| {
                    let colon = if path.is_empty() { "" } else { ": " };
                    format!("{}{colon}{why}", path.join("."))
                })?;
                P::new(options, config).map(|plugin| Arc::new(plugin) as Arc<dyn Plugin>)
            },
            options: || schemars::schema_for!(P::Options),
            commands: P::COMMANDS,
            example: P::EXAMPLE,
            is_default: false,
        }
    }

    /// On, with an empty section, where no file names any plugin ([`sections_by_default`]).
    #[must_use]
    pub fn by_default(self) -> Self {
        Self { is_default: true, ..self }
    }
}

/// The sections `[plugins.…]` of whoever names none.
pub fn sections_by_default(plugins: &[Registration]) -> toml::Table {
    let on = plugins.iter().filter(|plugin| plugin.is_default);
    on.map(|plugin| (plugin.id.to_owned(), toml::Table::new().into())).collect()
}

/// A set of plugins that cannot be started, by name.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// The configuration names a plugin that is not known.
    #[error("[plugins.{unknown}] is not known; the known plugins are: {known}")]
    Unknown {
        /// What it names.
        unknown: String,
        /// What is known.
        known: String,
    },
    /// A section cannot be used.
    #[error("[plugins.{plugin}]: {problem}")]
    Section {
        /// The plugin.
        plugin: &'static str,
        /// What is wrong, with the known keys when one is unknown.
        problem: String,
    },
    /// Two owners claim the same thing.
    #[error("{what} is claimed by {first} and by {second}")]
    Clash {
        /// What is claimed: a route, a name, an error code, a door.
        what: String,
        /// Who came first.
        first: String,
        /// Who came second.
        second: String,
    },
    /// A limit or a guard names a route that does not exist.
    #[error("{owner} {does} the route {route:?}, which does not exist; the routes are: {known}")]
    UnknownRoute {
        /// Who declares it.
        owner: String,
        /// `limits`, `guards` or `signs people in at`.
        does: &'static str,
        /// What it names.
        route: String,
        /// What exists.
        known: String,
    },
}

/// The plugins that are switched on, in the order of `registrations`.
pub fn switched_on(
    registrations: &[Registration],
    config: &Config,
) -> Result<Vec<Arc<dyn Plugin>>, PluginError> {
    let known: BTreeSet<&str> = registrations.iter().map(|r| r.id).collect();
    if let Some(unknown) = config.plugins.keys().find(|id| !known.contains(id.as_str())) {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        return Err(PluginError::Unknown { unknown: unknown.clone(), known });
    }
    registrations
        .iter()
        .filter_map(|r| Some((r, config.plugins.get(r.id)?.clone())))
        .map(|(r, section)| {
            (r.make)(section, config).map_err(|problem| PluginError::Section { plugin: r.id, problem })
        })
        .collect()
}

/// What one plugin at most may offer: refuses two of them.
pub(crate) fn sole<T>(
    plugins: &[Arc<dyn Plugin>],
    what: &str,
    offered: impl Fn(Arc<dyn Plugin>) -> Option<T>,
) -> Result<Option<T>, PluginError> {
    let mut sole: Option<(&'static str, T)> = None;
    for plugin in plugins {
        let Some(one) = offered(plugin.clone()) else { continue };
        if let Some((first, _)) = sole {
            return Err(PluginError::Clash {
                what: what.to_owned(),
                first: first.to_owned(),
                second: plugin.id().to_owned(),
            });
        }
        sole = Some((plugin.id(), one));
    }
    Ok(sole.map(|(_, one)| one))
}

/// Refuses two claims on one route, route name, error code with other words, or door; and limits and guards (`named`:
/// what is done to routes, by whom and to which) on unknown routes.
pub(crate) fn check_claims(
    routes: &[(String, Route)],
    codes: &[(String, &[ErrorCode])],
    doors: &[(String, Door)],
    named: &[(&'static str, Vec<(String, String)>)],
) -> Result<(), PluginError> {
    let mut claims: HashMap<String, String> = HashMap::new();
    let mut claim = |what: String, owner: &str| match claims.insert(what.clone(), owner.to_owned()) {
        Some(first) => Err(PluginError::Clash { what, first, second: owner.to_owned() }),
        None => Ok(()),
    };
    for (owner, route) in routes {
        claim(format!("the route {} {}", route.method, route.full_path(API_BASE)), owner)?;
        claim(format!("the route name {:?}", route.name), owner)?;
    }
    for (owner, door) in doors {
        claim(format!("the door {:?}", door.name), owner)?;
        claim(format!("the page {}", door.path), owner)?;
    }
    let mut words: BTreeMap<&str, (&ErrorCode, &str)> = BTreeMap::new();
    for (owner, declared) in codes {
        for code in *declared {
            // One code with one meaning may be declared by several; two meanings may not share a code.
            match words.insert(code.code, (code, owner)) {
                Some((first, first_owner)) if first != code => {
                    return Err(PluginError::Clash {
                        what: format!("the error code {}", code.code),
                        first: first_owner.to_owned(),
                        second: owner.clone(),
                    });
                }
                _ => {}
            }
        }
    }
    let existing: BTreeSet<&str> = routes.iter().map(|(_, route)| route.name.as_ref()).collect();
    let mut each =
        named.iter().flat_map(|(does, on)| on.iter().map(move |(owner, route)| (does, owner, route)));
    match each.find(|(_, _, route)| !existing.contains(route.as_str())) {
        Some((does, owner, route)) => Err(PluginError::UnknownRoute {
            owner: owner.clone(),
            does,
            route: route.clone(),
            known: existing.into_iter().collect::<Vec<_>>().join(", "),
        }),
        None => Ok(()),
    }
}
