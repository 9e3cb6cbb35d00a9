//! Each refusal has a code that programs know and words that people can read, in their language.

use std::collections::BTreeSet;

use guichet_core::http::RouteKind;
use serde_json::{Map, Value};

use super::{OPEN, all_on, ask, path_of};
use crate::{EMAIL, PASSWORD, sign_in_by_password, sign_up};

/// What the reference answers with fewer, to the letter (contract): a 404 or 401 without a body, a message alone.
const AS_THE_REFERENCE: [&str; 21] = [
    "admin.ban-user",
    "admin.create-user",
    "admin.get-user",
    "admin.has-permission",
    "admin.impersonate-user",
    "admin.list-user-sessions",
    "admin.list-users",
    "admin.remove-user",
    "admin.revoke-user-session",
    "admin.revoke-user-sessions",
    "admin.set-role",
    "admin.set-user-password",
    "admin.stop-impersonating",
    "admin.unban-user",
    "admin.update-user",
    "core.get-access-token",
    "core.refresh-token",
    "core.update-session",
    "core.update-user",
    "one-time-token.verify",
    "social.account-info",
];

guichet_testing::stories! {
    /// Wishes: 28, 95.
    async fn every_refusal_of_the_api_has_a_code_and_words(database) {
        let server = all_on(&database, OPEN).await;
        sign_up(&server, EMAIL).await;
        let (mut bare, mut messages) = (BTreeSet::new(), BTreeSet::new());
        for route in server.routes.iter().filter(|route| route.kind == RouteKind::Api) {
            for language in ["en", "fr"] {
                for inside in [false, true] {
                    let browser = server.browser().header("accept-language", language);
                    if inside {
                        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
                    }
                    let empty = (route.method == "POST").then(|| "{}".to_owned());
                    let kind = empty.as_ref().map(|_| "application/json");
                    for answer in [
                        ask(&browser, route, &Map::new()).await,
                        browser.request(route.method.clone(), &path_of(route), kind, empty.clone()).await,
                    ] {
                        if !answer.status.is_client_error() {
                            continue;
                        }
                        let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
                        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
                        let code = text("code");
                        let good = code.len() > 3 && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
                        if good && text("message").len() > 3 {
                            messages.insert((code, language, text("message")));
                        } else {
                            bare.insert(route.name.to_string());
                        }
                    }
                }
            }
        }
        assert_eq!(bare.iter().map(String::as_str).collect::<Vec<_>>(), AS_THE_REFERENCE);
        assert!(messages.len() > 40, "{messages:#?}");
    }
}
