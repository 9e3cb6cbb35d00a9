//! `guichet config show pathways`, and that no session comes by another way.

use std::path::Path;
use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Body, Reply, Route, Visit, success};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin, Registration};
use guichet_core::serde_json::{Value, from_str, json};
use guichet_core::sign_in::{Aal, Attempt, sign_in};
use guichet_testing::TestServer;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::program::guichet;

#[test]
fn v6_1_3_every_way_to_a_session_is_shown_with_its_strength() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("guichet.toml"), "[plugins.email-password]\n[plugins.two-factor]\n")
        .unwrap();
    let text = guichet(folder.path(), &["config", "show", "pathways"], &[]).well();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let way = |method: &str, path: &str| {
        rows.iter()
            .find(|row| row[0] == method && row.last() == Some(&path))
            .unwrap_or_else(|| panic!("{text}"))
    };
    assert_eq!(way("email-password", "/api/auth/sign-in/email")[1..3], ["AAL1", "pwd"]);
    assert_eq!(way("two-factor", "/api/auth/two-factor/verify-totp")[1], "AAL2");
    assert!(!text.contains("email-otp"), "{text}");
}

#[test]
fn what_is_closed_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = "[plugins.jwt]\n[plugins.token-api]\n[plugins.email-password]\n";
    let judge = "[plugins.upstream]\nmode = \"judge\"\nurl = \"http://127.0.0.1:8000/auth/login\"\n";
    let listed = |more: &str| {
        std::fs::write(folder.path().join("guichet.toml"), format!("{tokens}{more}")).unwrap();
        guichet(folder.path(), &["config", "show", "pathways"], &[]).well()
    };
    let (second, sign_ups) = ("/auth/two-factor", ["/sign-up/email", "/auth/register"]);
    let open = listed("");
    assert!(!open.contains(second), "{open}");
    assert!(sign_ups.iter().all(|path| open.contains(path)), "{open}");
    let with_second = listed("[plugins.two-factor]\n");
    assert!(with_second.contains(second), "{with_second}");
    for closed in [listed("sign_up = false\n"), listed(judge), listed("require_email_verification = true\n")]
    {
        assert!(sign_ups.iter().all(|path| !closed.contains(path)), "{closed}");
        assert!(closed.contains("/auth/login") && closed.contains("/sign-in/email"), "{closed}");
    }
}

#[test]
fn v6_3_4_the_list_holds_every_route_that_signs_in_and_each_is_in_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "[plugins.anonymous]\n[plugins.email-otp]\n[plugins.email-password]\n[plugins.magic-link]\n\
                    [plugins.username]\n[plugins.two-factor]\n";
    std::fs::write(folder.path().join("guichet.toml"), settings).unwrap();
    let ways: Vec<Value> =
        from_str(&guichet(folder.path(), &["config", "show", "pathways", "--json"], &[]).well()).unwrap();
    let document: Value = from_str(&guichet(folder.path(), &["openapi"], &[]).well()).unwrap();
    let listed: Vec<&str> = ways.iter().map(|way| way["address"].as_str().unwrap()).collect();
    for way in &listed {
        let (method, path) = way.split_once(' ').unwrap();
        assert!(document["paths"][path][method.to_lowercase()].is_object(), "{way} is not in the document");
    }
    let asks_for_a_mail = "/api/auth/sign-in/magic-link";
    for path in document["paths"].as_object().unwrap().keys() {
        if path.starts_with("/api/auth/sign-in/") && path != asks_for_a_mail {
            assert!(listed.contains(&format!("POST {path}").as_str()), "{path} is missing in {listed:?}");
        }
    }
    assert_eq!(guichet(Path::new("."), &["config", "show", "--json"], &[]).code, 2);
}

/// Signs people in by a way that it does not declare, or more strongly than it says.
struct BackDoor;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Options {}

guichet_core::input! {
    /// Who, and how.
    struct Who {
        email: EmailAddress,
        declared: bool,
        strong: bool,
    }
}

impl Configured for BackDoor {
    type Options = Options;
    const ID: &'static str = "back-door";

    fn new(_: Options, _: &Config) -> Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for BackDoor {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor("back-door", "front", "user")]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![Route::post("/back-door", "back-door", enter, ()).body::<Who>()]
    }
}

async fn enter(visit: Visit, Body(who): Body<Who>) -> Result<Reply> {
    let mut tx = visit.app().db.begin().await?;
    let user = visit.app().users.by_email(&mut tx, &who.email).await?.ok_or_else(Error::nothing_here)?;
    let attempt = Attempt {
        user,
        method: if who.declared { "front" } else { "back" },
        amr: vec!["user"],
        aal: if who.strong { Aal::Two } else { Aal::One },
        remember: true,
        door: None,
        is_new: false,
    };
    sign_in(&visit, tx, attempt).await?;
    success()
}

guichet_testing::stories! {
    async fn v6_3_4_a_way_that_is_not_declared_leads_nowhere(database) {
        let server = TestServer::with(&[Registration::of::<BackDoor>()], &database, "[plugins.back-door]").await;
        server.user("jean@example.com").await;
        for (declared, strong, status) in [(false, false, 500), (true, true, 500), (true, false, 200)] {
            let body = json!({"email": "jean@example.com", "declared": declared, "strong": strong});
            let _ = server.browser().post("/back-door", body).await.expect(status);
        }
        assert_eq!(server.count("session").await, 1);
    }
}
