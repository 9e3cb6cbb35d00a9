//! Names to sign in with beside the address (contract, section 11): a column of `user` that is unique in lower case, and
//! how its owner wants it to be shown.
//!
//! Passwords are not compared here: a name stands for the address of its account, and the way in with a password does
//! the rest, so that budgets and proofs are those of the address.

mod hooks;
mod options;
mod routes;
mod rules;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::pathway::{PASSWORD, Pathway};
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::{Column, Table};

pub use options::Options;

guichet_core::error_codes! {
    CODES;
    /// No such pair; which half is wrong is not told.
    INVALID_USERNAME_OR_PASSWORD "Invalid username or password" "Identifiant ou mot de passe incorrect";
    /// Somebody else has it.
    USERNAME_IS_ALREADY_TAKEN "Username is already taken. Please try another." "Cet identifiant est déjà pris. Choisissez-en un autre." about "username";
    /// Fewer characters than `min_length`.
    USERNAME_TOO_SHORT "Username is too short" "Cet identifiant est trop court" about "username";
    /// More characters than `max_length`.
    USERNAME_TOO_LONG "Username is too long" "Cet identifiant est trop long" about "username";
    /// Other characters than letters, digits, `_` and `.`.
    INVALID_USERNAME "Username is invalid" "Cet identifiant contient des caractères interdits" about "username";
    /// Names are not changed here.
    USERNAME_IS_IMMUTABLE "Username cannot be updated" "L’identifiant ne peut pas être changé" about "username";
}

/// The column that is signed in with, in lower case.
const USERNAME: &str = "username";
/// How it is shown.
const DISPLAY: &str = "displayUsername";

/// The plugin.
pub struct Username {
    options: Options,
}

impl Configured for Username {
    type Options = Options;
    const ID: &'static str = "username";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for Username {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        vec![
            Table::new("user")
                .column(Column::text(USERNAME).unique_or(USERNAME_IS_ALREADY_TAKEN).input().returned())
                .column(Column::text(DISPLAY).input().returned()),
        ]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::sign_in(self.clone()), routes::is_available(self)]
    }

    /// Asking for names is asking who is here.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::of_sign_in(routes::SIGN_IN), RateLimit::by_address(routes::IS_AVAILABLE, 60, 30)]
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor(routes::SIGN_IN, Self::ID, PASSWORD)]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        CODES
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        anyhow::ensure!(
            app.password_door.is_some(),
            "names are signed in with by password: switch a plugin on that has passwords, such as [plugins.email-password]"
        );
        Ok(())
    }
}
