//! The second dialect, beside Better Auth's: tokens for back ends that used to make them by themselves (`POST
//! /auth/login`, `GET /auth/me`), in snake case, on the same users, sessions and rules.
//!
//! Every sign-in here makes a session as everywhere else; it is carried by a pair of tokens instead of a cookie, and ends
//! with them. No route here reads a cookie or sets one.

mod bearer;
mod commands;
mod form;
mod hooks;
mod options;
mod pair;
mod refresh;
mod refusal;
mod routes;
mod shapes;
mod store;
mod user;

use std::sync::Arc;

use anyhow::ensure;
use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::pathway::{PASSWORD, Pathway};
use guichet_core::plugin::{Command, CommandName, Configured, Plugin};
use guichet_core::schema::Table;
use guichet_core::sign_in::Aal;

pub use options::Options;

guichet_core::error_codes! {
    CODES;
    /// No such pair; which half is wrong is not told.
    INVALID_CREDENTIALS "Invalid identifier or password" "Identifiant ou mot de passe incorrect";
    /// Unknown, expired, used, or ended with its session: it is not told which.
    INVALID_REFRESH_TOKEN "Invalid refresh token" "Jeton de renouvellement invalide";
    /// Not one of ours, expired, or its session has ended.
    INVALID_ACCESS_TOKEN "Invalid or expired access token" "Jeton d’accès invalide ou expiré";
    /// The first factor was right; the answer says how to go on.
    TWO_FACTOR_REQUIRED "A second factor is required" "Un second facteur est demandé";
    /// Some fields are not as they should be; `errors` says which.
    VALIDATION_ERROR "Some fields are invalid" "Certains champs sont invalides";
    /// A field that nobody declared.
    UNKNOWN_FIELD "Unknown field" "Champ inconnu";
    /// A field of another type.
    INVALID_TYPE "Invalid value" "Valeur invalide";
    /// Not a token of the caller's.
    TOKEN_NOT_FOUND "Token not found" "Jeton introuvable";
}

/// The plugin.
pub struct TokenApi {
    options: Options,
}

impl Configured for TokenApi {
    type Options = Options;
    const ID: &'static str = "token-api";
    const COMMANDS: &'static [CommandName] = &[commands::LIST, commands::REVOKE];

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

fn password_door(app: &App) -> Option<&'static str> {
    app.password_door.as_ref().map(|door| door.method())
}

fn second_factor(app: &App) -> Option<&'static str> {
    app.second_factor.as_ref().map(|factor| factor.method())
}

#[async_trait]
impl Plugin for TokenApi {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        store::tables()
    }

    fn routes(self: Arc<Self>, app: &App) -> Vec<Route> {
        routes::all(&self, app)
    }

    /// A back end calls for many people from one address: what holds guesses off is the account's budget, which the way
    /// in with a password keeps.
    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![
            RateLimit::by_address(routes::REGISTER, 60, 30),
            RateLimit::by_recipient(routes::REGISTER, "email"),
            RateLimit::by_address(routes::LOGIN, 60, 60),
            RateLimit::by_field(routes::LOGIN, "identifier", 600, 30),
            RateLimit::by_address(routes::TWO_FACTOR, 60, 60),
            RateLimit::by_address(routes::SEND_CODE, 60, 30),
            RateLimit::by_address(routes::REFRESH, 60, 600),
        ]
    }

    /// A sign-up is the one of whoever has passwords, and logged as such.
    fn pathways(&self) -> Vec<Pathway> {
        vec![
            Pathway::one_factor(routes::LOGIN, Self::ID, PASSWORD),
            Pathway::through(routes::REGISTER, password_door, PASSWORD, Aal::One)
                .only_if(|app| app.password_door.as_ref().is_some_and(|door| door.lets_newcomers_in(app))),
            Pathway::through(routes::TWO_FACTOR, second_factor, "a first factor, and otp", Aal::Two),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        CODES
    }

    fn commands(self: Arc<Self>) -> Vec<Command> {
        commands::all()
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        ensure!(
            app.password_door.is_some(),
            "people sign in here with a password: switch a plugin on that has them, by adding the section [plugins.email-password]"
        );
        let Some(issuer) = &app.access_tokens else {
            anyhow::bail!(
                "its access tokens are JWTs, which another plugin signs: add the section [plugins.jwt]"
            );
        };
        ensure!(
            issuer.names_sessions(),
            "its access tokens must name their session, and the settings of [plugins.jwt] leave `sid` out"
        );
        Ok(())
    }
}
