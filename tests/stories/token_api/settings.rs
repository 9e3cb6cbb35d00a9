//! Paths, and settings that cannot be meant.

use guichet_testing::TestServer;
use http::Method;
use serde_json::json;

use super::{PLUGINS, ask, jean, pair, post, program, refused, start, start_with};
use crate::{EMAIL, PASSWORD};

#[test]
fn lives_in_the_documents_are_the_defaults() {
    let options = guichet_token_api::Options::default();
    let text = include_str!("../../../docs/security.md");
    for (key, said, span) in [
        ("access_expires_in", "15 minutes", options.access_expires_in),
        ("refresh_expires_in", "30 days", options.refresh_expires_in),
        ("absolute_expires_in", "90 days", options.absolute_expires_in),
    ] {
        assert!(text.contains(&format!("| `plugins.token-api.{key}` | {said} |")), "{key}");
        let (number, unit) = said.split_once(' ').unwrap();
        let seconds = number.parse::<u64>().unwrap() * if unit == "days" { 86_400 } else { 60 };
        assert_eq!(span.0.as_secs(), seconds, "{key}");
    }
}

guichet_testing::stories! {
    /// The paths of the API that is replaced.
    /// Wishes: 88.
    async fn every_path_can_be_another(database) {
        let options = "base_path = \"/v1/users\"\nregister_path = \"/sign_up\"\nlogin_path = \"/token\"\nme_path = \"/whoami\"\n\
            refresh_path = \"/token/refresh\"\nlogout_path = \"/token/revoke\"\ntokens_path = \"/devices\"\ntwo_factor_path = \"/mfa\"";
        let server = start_with(&database, options).await;
        let program = program(&server);
        pair(&post(&program, "/v1/users/sign_up", jean()).await.expect(201).json());
        let body = json!({"identifier": EMAIL, "password": PASSWORD});
        let (access, token) = pair(&post(&program, "/v1/users/token", body.clone()).await.expect(200).json());
        pair(&post(&program, "/v1/users/token/refresh", json!({"refresh_token": token})).await.expect(200).json());
        for path in ["/v1/users/whoami", "/v1/users/devices"] {
            let _ = ask(&server, Method::GET, path, &access).await.expect(200);
        }
        let _ = ask(&server, Method::POST, "/v1/users/token/revoke", &access).await.expect(200);
        for path in ["/auth/login", "/api/auth/login", "/api/auth/v1/users/token", "/v1/users/login"] {
            assert_eq!(post(&program, path, body.clone()).await.expect(404).text, "");
        }
    }

    async fn at_the_root_they_stand_beside_what_is_there(database) {
        let server = start_with(&database, "base_path = \"\"").await;
        pair(&post(&program(&server), "/register", jean()).await.expect(201).json());
        assert_eq!(server.browser().page("/healthz").await.status.as_u16(), 200);
    }

    async fn settings_that_cannot_be_meant_are_refused_at_start(database) {
        for (bad, why) in [
            ("access_expires_in = \"4m\"", "access_expires_in must be between 5m and 30m"),
            ("access_expires_in = \"1h\"", "access_expires_in must be between 5m and 30m"),
            ("refresh_expires_in = \"6d\"", "refresh_expires_in must be between 7d and 30d"),
            ("refresh_expires_in = \"31d\"", "refresh_expires_in must be between 7d and 30d"),
            ("absolute_expires_in = \"29d\"", "absolute_expires_in must be between refresh_expires_in and 366d"),
            ("base_path = \"auth\"", "base_path = \"auth\": a path begins with /"),
            ("base_path = \"/api/auth\"", "/api/auth is the other dialect's"),
            ("base_path = \"/api/auth/x\"", "/api/auth is the other dialect's"),
            ("login_path = \"/a/../b\"", "login_path = \"/a/../b\": a path begins with /"),
            ("login_path = \"/{id}\"", "login_path = \"/{id}\": a path begins with /"),
            ("login_path = \"\"", "login_path = \"\": a path begins with /"),
            ("me_path = \"/me/\"", "me_path = \"/me/\": a path begins with /"),
            ("login_path = \"/register\"", "POST /auth/register is claimed by token-api and by token-api"),
        ] {
            let settings = format!("{PLUGINS}[plugins.token-api]\n{bad}");
            let said = TestServer::try_with(&guichet::plugins::all(), &database, &settings).await.err().unwrap();
            assert!(said.contains(why), "{bad}: {said}");
        }
    }

    async fn without_those_that_it_needs_it_says_what_to_add(database) {
        for (others, why) in [
            ("[plugins.jwt]\n", "adding the section [plugins.email-password]"),
            ("[plugins.email-password]\n", "add the section [plugins.jwt]"),
            ("[plugins.email-password]\n[plugins.jwt]\nsession_claims = false\n", "must name their session"),
        ] {
            let settings = format!("{others}[plugins.token-api]");
            let said = TestServer::try_with(&guichet::plugins::all(), &database, &settings).await.err().unwrap();
            assert!(said.contains("[plugins.token-api]") && said.contains(why), "{said}");
        }
    }

    /// The document says it all: a client can be made from it.
    async fn the_document_describes_the_dialect(database) {
        let server = start(&database).await;
        let document = server.browser().request(Method::GET, "/openapi.json", None, None).await.expect(200).json();
        let register = &document["paths"]["/auth/register"]["post"];
        let body = &register["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(body["required"], json!(["name", "email", "password"]));
        assert!(body["properties"].get("surname").is_some() && body["properties"].get("username").is_some(), "{body}");
        let answer = &register["responses"]["201"]["content"]["application/json"]["schema"];
        assert!(answer["properties"]["user"]["properties"].get("email_verified").is_some(), "{answer}");
        assert_eq!(document["paths"]["/auth/me"]["get"]["security"], json!([{"bearer": []}]));
        assert!(document["paths"]["/auth/tokens/{id}"].get("delete").is_some());
        refused(ask(&server, Method::GET, "/auth/tokens", "x").await, 401, "INVALID_ACCESS_TOKEN");
    }
}
