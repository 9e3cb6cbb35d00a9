//! Guests: users without an address, who may become somebody later (contract, section 17).
//!
//! When a guest signs in to an account or makes one, the guest's user is deleted in the transaction that makes the new
//! session, and what belongs to the guest elsewhere is handed over by an event ([`upgrade`]).

mod hooks;
mod options;
mod routes;
mod upgrade;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::{Column, Default, Table};
use guichet_core::store::User;

use crate::options::HandOver;
pub use options::Options;

/// A guest asked to be one.
pub const ALREADY_A_GUEST: ErrorCode = ErrorCode::new(
    "ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY",
    "Anonymous users cannot sign in again anonymously",
    "Vous êtes déjà connecté en tant qu’invité",
);
/// Somebody asked for what only guests may.
pub const NOT_A_GUEST: ErrorCode =
    ErrorCode::new("USER_IS_NOT_ANONYMOUS", "User is not anonymous", "Ce compte n’est pas celui d’un invité");
/// Guests stay.
pub const DELETION_DISABLED: ErrorCode = ErrorCode::new(
    "DELETE_ANONYMOUS_USER_DISABLED",
    "Deleting anonymous users is disabled",
    "La suppression des invités est désactivée",
);

/// Whether a user is a guest.
const COLUMN: &str = "isAnonymous";

/// The plugin.
pub struct Anonymous {
    options: Options,
    hand_over: Option<HandOver>,
}

impl Configured for Anonymous {
    type Options = Options;
    const ID: &'static str = "anonymous";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let hand_over = options.hand_over()?;
        Ok(Self { options, hand_over })
    }
}

#[async_trait]
impl Plugin for Anonymous {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        let flag = Column::boolean(COLUMN).default(Default::Boolean(false)).returned();
        vec![Table::new("user").column(flag), upgrade::table()]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![routes::sign_in(self.clone()), routes::delete(self)]
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::of_sign_in(routes::SIGN_IN)]
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor(routes::SIGN_IN, Self::ID, "none").makes_people(true)]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[ALREADY_A_GUEST, NOT_A_GUEST, DELETION_DISABLED]
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    async fn start(&self, app: &App) -> anyhow::Result<()> {
        if let Some(hand_over) = self.hand_over.clone() {
            upgrade::deliver_in_the_background(app.clone(), hand_over);
        }
        Ok(())
    }
}

fn is_guest(user: &User) -> bool {
    user.extra.get(COLUMN).and_then(guichet_core::db::Value::as_bool).unwrap_or(false)
}
