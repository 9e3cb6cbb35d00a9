//! Portals: one door for each kind of people, who need no account beforehand. A portal looks an e-mail address up
//! in the business database, with SQL, and makes the user at their first sign-in; everybody else is turned away
//! with the answer that everybody gets.

mod business;
mod checks;
mod columns;
mod demo;
mod explain;
mod hooks;
mod options;
mod portal;
mod preset;
mod route;
mod source;
mod start;
mod who;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::check::Check;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::pages::Door;
use guichet_core::plugin::{Command, CommandName, Configured, Plugin};
use guichet_core::schema::{Column, Table};

use business::Business;
pub use demo::demo_sql;
pub use options::{ColumnOptions, Options, PortalOptions, Preset, SourceOptions};
use portal::Portal;

/// A portal that reveals it does not know the address. The French words are a contract with applications that show
/// them: the apostrophe stays straight.
pub const ACCOUNT_NOT_FOUND_FOR_EMAIL: ErrorCode = ErrorCode::new(
    "ACCOUNT_NOT_FOUND_FOR_EMAIL",
    "No account found for this email",
    "Aucun compte trouvé pour cet email",
);
/// A portal that reveals that the address belongs to somebody who is none of its people.
pub const EMAIL_NOT_ASSOCIATED: ErrorCode = ErrorCode::new(
    "EMAIL_NOT_ASSOCIATED",
    "This email is not associated with a client account",
    "Cet email n'est pas associé à un compte client",
);

const EXPLAIN: CommandName = CommandName {
    group: "provision",
    name: "explain",
    about: "Says what every portal does about an e-mail address, and why; writes nothing",
    argument: "EMAIL",
    switches: &[],
    examples: "  guichet provision explain jean@example.com",
};

/// The plugin.
pub struct PrepareLogin {
    portals: Vec<Arc<Portal>>,
    business: Business,
    columns: Vec<Column>,
}

impl Configured for PrepareLogin {
    type Options = Options;
    const ID: &'static str = "prepare-login";
    const COMMANDS: &'static [CommandName] = &[EXPLAIN];
    const EXAMPLE: &'static str =
        r#"portal = [{ name = "client", role = "UTILISATEUR", preset = "client-person-entreprise" }]"#;

    fn new(options: Options, config: &Config) -> Result<Self, String> {
        let business = Business::read(&options)?;
        let portals = portal::read_all(options.portal)?;
        let columns = columns::declared(&options.column, &portals, config)?;
        Ok(Self { portals: portals.into_iter().map(Arc::new).collect(), business, columns })
    }
}

#[async_trait]
impl Plugin for PrepareLogin {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        vec![self.columns.iter().cloned().fold(Table::new("user"), Table::column)]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        self.portals.iter().cloned().map(route::route).collect()
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        self.portals.iter().map(|portal| route::limit(portal)).collect()
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[ACCOUNT_NOT_FOUND_FOR_EMAIL, EMAIL_NOT_ASSOCIATED]
    }

    fn doors(&self) -> Vec<Door> {
        self.portals.iter().map(|portal| portal.door()).collect()
    }

    fn commands(self: Arc<Self>) -> Vec<Command> {
        vec![EXPLAIN.does(move |app, typed| {
            let plugin = self.clone();
            async move { plugin.explain(&app, &typed.argument).await }
        })]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    async fn checks(&self, app: &App, _: bool) -> Vec<Check> {
        self.look(app).await
    }

    async fn start(&self, app: &App) -> anyhow::Result<()> {
        let db = self.business.open(app).await?;
        for portal in &self.portals {
            start::check(app, db, portal, &self.business.described(app)).await?;
        }
        Ok(())
    }
}
