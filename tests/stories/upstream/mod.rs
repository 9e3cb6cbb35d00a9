//! Passwords that an existing back end judges: at every sign-in, or once before they move here.

mod back_end;
mod failures;
mod judge;
mod later;
mod linking;
mod status;
mod strangler;
mod tokens;

use back_end::{BackEnd, Instead};
use guichet_core::serde_json::{Value, json};
use guichet_testing::{TestDatabase, TestServer};

use crate::EMAIL;

const PASSWORD: &str = "the old password";

/// Where its answers have what.
const ANSWER: &str = r#"
[plugins.upstream.answer]
id = "/user/id"
email = "/user/email"
name = "/user/name"
access_token = "/access_token"
refresh_token = "/refresh_token"
expires_in = "/expires_in"
"#;

/// The settings: `more` of the section's, and what follows a `---` after all of it.
fn settings(back: &BackEnd, more: &str) -> String {
    let (more, after) = more.split_once("---").unwrap_or((more, ""));
    format!(
        "[password]\nqueue = 500\n[plugins.email-password]\n[plugins.pages]\n[plugins.upstream]\nurl = \"{}/login\"\n\
         {more}\n{ANSWER}\n{after}\n",
        back.base
    )
}

async fn with(database: &TestDatabase, back: &BackEnd, more: &str) -> TestServer {
    crate::with(database, &settings(back, more)).await
}

/// What it says about Jean.
fn jean() -> Value {
    json!({
        "user": {"id": 123, "email": EMAIL, "name": "Jean Dupont"},
        "access_token": "a0", "refresh_token": "r0", "expires_in": 3600,
    })
}

/// A back end that knows Jean.
async fn knowing_jean() -> BackEnd {
    let back = BackEnd::start().await;
    back.knows(EMAIL, PASSWORD, jean());
    back
}

/// The hash that is kept, if any.
async fn kept(server: &TestServer) -> Option<String> {
    server.text(r#"select "password" from "account" where "providerId" = 'credential'"#).await
}
