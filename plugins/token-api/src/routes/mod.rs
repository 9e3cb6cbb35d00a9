//! The endpoints, one file each.

mod login;
mod logout;
mod me;
mod refresh;
mod register;
mod tokens;
mod two_factor;

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::error::{Error, MISSING_FIELD, Result, forbidden};
use guichet_core::http::{Reply, Route, Visit};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::{Challenge, Outcome};

use crate::refusal::{self, Issues};
use crate::{INVALID_TYPE, TWO_FACTOR_REQUIRED, TokenApi, form};

pub(crate) const REGISTER: &str = "token-api.register";
pub(crate) const LOGIN: &str = "token-api.login";
pub(crate) const TWO_FACTOR: &str = "token-api.two-factor";
pub(crate) const SEND_CODE: &str = "token-api.send-code";
const ME: &str = "token-api.me";
pub(crate) const REFRESH: &str = "token-api.refresh";
const LOGOUT: &str = "token-api.logout";
const LIST: &str = "token-api.list-tokens";
const REVOKE: &str = "token-api.revoke-token";

pub(crate) fn all(plugin: &Arc<TokenApi>, app: &App) -> Vec<Route> {
    let routes = vec![
        register::route(plugin, app),
        login::route(plugin, app),
        two_factor::verify(plugin, app),
        two_factor::send(plugin),
        me::route(plugin, app),
        refresh::route(plugin),
        logout::route(plugin),
        tokens::list(plugin),
        tokens::revoke(plugin),
    ];
    routes.into_iter().map(|route| route.for_programs().refusals(refusal::form)).collect()
}

impl TokenApi {
    /// A pair for whoever came through the door; 403 with what is needed to go on where more is asked for.
    async fn entered(&self, visit: &Visit, outcome: Outcome) -> Result<Reply> {
        match outcome {
            Outcome::Granted(signed_in) => {
                let pair = self.begin(visit, &signed_in).await?;
                self.granted(visit, &pair, Some(&signed_in.user))
            }
            Outcome::Challenge(challenge) => Err(self.waits(visit.app(), challenge)),
        }
    }

    /// The challenge's name stands for what a browser has as a cookie: the caller gives it back with a code. It is
    /// signed, lives for minutes, survives a few wrong codes, and opens nothing without a right one.
    fn waits(&self, app: &App, challenge: Challenge) -> Error {
        forbidden(TWO_FACTOR_REQUIRED)
            .with("challenge", challenge.name)
            .with("methods", challenge.factors.iter().map(|factor| factor.text()).collect::<Vec<_>>())
            .with("verify_url", app.url(&self.options.path(&self.options.two_factor_path)))
    }
}

/// Texts that a body must have, in the order of `fields`. Whatever else it holds is left alone: front ends send fields
/// of their own along (a form's CSRF token, where to go on).
fn given<const N: usize>(visit: &Visit, sent: &Map<String, Value>, fields: [&str; N]) -> Result<[String; N]> {
    let mut issues = Issues::default();
    let texts = fields.map(|field| match sent.get(field) {
        None | Some(Value::Null) => {
            issues.note(visit, field, MISSING_FIELD);
            String::new()
        }
        Some(given) => form::text(given).unwrap_or_else(|| {
            issues.note(visit, field, INVALID_TYPE);
            String::new()
        }),
    });
    if issues.is_empty() { Ok(texts) } else { Err(issues.into_error()) }
}
