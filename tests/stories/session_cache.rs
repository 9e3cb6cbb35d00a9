//! The session that the browser keeps for a while: shown from its cookie, believed for nothing else.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_testing::{Browser, SESSION_COOKIE, TestDatabase, TestServer};
use serde_json::{Value, from_slice, json};

use crate::{EMAIL, visitor, with};

const ON: &str = "[session]\ncookie_cache = \"5m\"\n[plugins.email-otp]\n";
const DATA: &str = "better-auth.session_data";

async fn start(database: &TestDatabase) -> (TestServer, Browser) {
    let server = with(database, ON).await;
    let browser = visitor(&server, EMAIL).await;
    (server, browser)
}

async fn shown(browser: &Browser, query: &str) -> Value {
    browser.get(&format!("/get-session{query}")).await.expect(200).json()
}

fn decoded(browser: &Browser) -> Value {
    from_slice(&URL_SAFE_NO_PAD.decode(browser.cookie(DATA).unwrap()).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

guichet_testing::stories! {
    async fn it_is_off_unless_switched_on(database) {
        let server = with(&database, "").await;
        let browser = visitor(&server, EMAIL).await;
        shown(&browser, "").await;
        assert_eq!(browser.cookie(DATA), None);
    }

    async fn get_session_is_answered_from_the_cookie_until_it_is_asked_anew(database) {
        let (server, browser) = start(&database).await;
        assert_eq!(decoded(&browser)["session"]["version"], "1");
        server.execute(r#"update "user" set "name" = 'Renamed'"#).await;
        assert_eq!(shown(&browser, "").await["user"]["name"], "");
        assert_eq!(shown(&browser, "?disableCookieCache=true").await["user"]["name"], "Renamed");
        assert_eq!(shown(&browser, "").await["user"]["name"], "Renamed", "it was renewed");
        server.execute(r#"delete from "session""#).await;
        assert_ne!(shown(&browser, "").await, Value::Null);
        server.clock.advance(Duration::from_mins(5));
        assert_eq!(shown(&browser, "").await, Value::Null, "it is good for five minutes");
        assert_eq!(browser.cookie(DATA), None);
    }

    /// Wishes: 57.
    async fn an_own_change_is_shown_at_once(database) {
        let (_server, browser) = start(&database).await;
        browser.post("/update-user", json!({"name": "Jeanne"})).await.expect(200).json();
        assert_eq!(shown(&browser, "").await["user"]["name"], "Jeanne");
    }

    /// Better Auth 1.6.16 and later (#9967, #9991, #10187): what was ended must not act from a cache.
    async fn a_session_that_was_ended_changes_nothing_more(database) {
        let (server, browser) = start(&database).await;
        server.execute(r#"delete from "session""#).await;
        for (path, body) in [
            ("/update-user", json!({"name": "x"})),
            ("/update-session", json!({"colour": "x"})),
            ("/revoke-sessions", json!({})),
            ("/delete-user", json!({})),
            ("/unlink-account", json!({"accountId": "x"})),
        ] {
            let replayed = server.browser();
            for name in [SESSION_COOKIE, DATA] {
                replayed.set_cookie(name, &browser.cookie(name).unwrap());
            }
            replayed.post(path, body).await.refused(401, "UNAUTHORIZED");
        }
        let replayed = server.browser();
        replayed.set_cookie(DATA, &browser.cookie(DATA).unwrap());
        assert_eq!(shown(&replayed, "").await, Value::Null, "alone it is no session");
    }

    async fn nothing_is_believed_that_was_changed_or_is_another_sessions(database) {
        let (server, browser) = start(&database).await;
        let mut forged = decoded(&browser);
        forged["session"]["user"]["name"] = json!("Mallory");
        let mut longer = decoded(&browser);
        longer["expiresAt"] = json!(longer["expiresAt"].as_i64().unwrap() + 1);
        let other = visitor(&server, "other@example.com").await;
        for bad in [encoded(&forged), encoded(&longer), other.cookie(DATA).unwrap(), "xyz".to_owned(), "%00".to_owned()] {
            let victim = server.browser();
            victim.set_cookie(SESSION_COOKIE, &browser.cookie(SESSION_COOKIE).unwrap());
            victim.set_cookie(DATA, &bad);
            let user = shown(&victim, "").await["user"].clone();
            assert_eq!([&user["email"], &user["name"]], [EMAIL, ""]);
            assert_ne!(victim.cookie(DATA).unwrap(), bad, "it was replaced");
        }
    }

    async fn signing_out_leaves_nothing_behind(database) {
        let (_server, browser) = start(&database).await;
        browser.post("/sign-out", json!({})).await.expect(200).json();
        assert_eq!(browser.cookie(DATA), None);
        assert_eq!(shown(&browser, "").await, Value::Null);
    }

    async fn a_large_one_comes_in_parts(database) {
        let fields = "[user]\nfields = [ { name = \"story\", input = true } ]\n";
        let server = with(&database, &format!("{fields}{ON}")).await;
        let browser = visitor(&server, EMAIL).await;
        browser.post("/update-user", json!({"story": "é".repeat(3000)})).await.expect(200).json();
        assert_eq!(browser.cookie(DATA), None, "the whole one gave way");
        let part = browser.cookie(&format!("{DATA}.1")).unwrap();
        assert!(part.len() < 4096 && browser.cookie(&format!("{DATA}.2")).is_some());
        server.execute(r#"update "user" set "story" = 'short'"#).await;
        assert_eq!(shown(&browser, "").await["user"]["story"].as_str().unwrap().chars().count(), 3000);
        assert_eq!(shown(&browser, "?disableCookieCache=1").await["user"]["story"], "short");
        assert!(browser.cookie(DATA).is_some() && browser.cookie(&format!("{DATA}.1")).is_none());
    }
}
