//! Several people in one browser.

use guichet_testing::{Browser, SESSION_COOKIE, TestServer};
use serde_json::{Value, json};

use super::{beside_sign_in, outlives_the_browser};
use crate::{EMAIL, sign_in, visitor};

const ANNA: &str = "anna@example.com";
const PLUGIN: &str = "[plugins.multi-session]";

async fn whose(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"]["email"].clone()
}

async fn list(browser: &Browser) -> Vec<Value> {
    let list = browser.get("/multi-session/list-device-sessions").await.expect(200).json();
    list.as_array().unwrap().clone()
}

/// What the list calls the session of this person.
async fn session_of(browser: &Browser, email: &str) -> String {
    let all = list(browser).await;
    let one = all.iter().find(|one| one["user"]["email"] == email).unwrap();
    one["session"]["token"].as_str().unwrap().to_owned()
}

async fn both(server: &TestServer) -> Browser {
    let browser = visitor(server, EMAIL).await;
    sign_in(server, &browser, ANNA).await;
    browser
}

guichet_testing::stories! {
    async fn two_people_change_over_without_signing_in_again(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = both(&server).await;
        assert_eq!((list(&browser).await.len(), whose(&browser).await), (2, json!(ANNA)));
        let other = session_of(&browser, EMAIL).await;
        let answer = browser.post("/multi-session/set-active", json!({"sessionToken": other})).await.expect(200);
        assert_eq!(answer.json()["user"]["email"], EMAIL);
        assert_eq!(whose(&browser).await, EMAIL);
    }

    async fn whoever_is_not_remembered_is_not_after_changing_over_either(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = visitor(&server, EMAIL).await;
        let body = json!({"email": ANNA, "password": "correct horse 1", "name": "Anna", "rememberMe": false});
        browser.post("/sign-up/email", body).await.expect(200).json();
        for (who, remembered) in [(EMAIL, true), (ANNA, false), (EMAIL, true)] {
            let other = session_of(&browser, who).await;
            let answer = browser.post("/multi-session/set-active", json!({"sessionToken": other})).await.expect(200);
            assert_eq!(outlives_the_browser(&answer, SESSION_COOKIE), remembered, "{who}");
            assert_eq!(browser.cookie("better-auth.dont_remember").is_none(), remembered, "{who}");
            assert_eq!(whose(&browser).await, who);
        }
        let active = session_of(&browser, EMAIL).await;
        let answer = browser.post("/multi-session/revoke", json!({"sessionToken": active})).await.expect(200);
        assert!(!outlives_the_browser(&answer, SESSION_COOKIE));
        assert_eq!(server.count("session").await, 1);
    }

    async fn a_second_sign_in_of_one_person_ends_the_first(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = both(&server).await;
        sign_in(&server, &browser, EMAIL).await;
        assert_eq!(list(&browser).await.len(), 2);
        assert_eq!(server.count("session").await, 2);
    }

    // The reference gives the tokens of all sessions to scripts.
    async fn scripts_learn_the_token_of_no_session_but_the_active_one(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = both(&server).await;
        let shown = session_of(&browser, EMAIL).await;
        let stranger = visitor(&server, "marc@example.com").await;
        for path in ["/multi-session/set-active", "/multi-session/revoke"] {
            stranger.post(path, json!({"sessionToken": shown})).await.refused(401, "INVALID_SESSION_TOKEN");
        }
        assert_eq!(whose(&browser).await, ANNA);
    }

    async fn a_token_in_the_body_opens_nothing_without_its_signed_cookie(database) {
        let settings = format!("[session]\nhandles = false\n{PLUGIN}");
        let server = beside_sign_in(&database, &settings).await;
        let browser = both(&server).await;
        let token = session_of(&browser, EMAIL).await;
        let thief = visitor(&server, "marc@example.com").await;
        thief.set_cookie(&format!("better-auth.session_token_multi-{}", token.to_lowercase()), &format!("{token}.AAAA"));
        for body in [json!({"sessionToken": token}), json!({"sessionToken": "nope"}), json!({"sessionToken": ""})] {
            thief.post("/multi-session/set-active", body.clone()).await.refused(401, "INVALID_SESSION_TOKEN");
            thief.post("/multi-session/revoke", body).await.refused(401, "INVALID_SESSION_TOKEN");
        }
        assert_eq!(server.count("session").await, 3);
        // Nor does a good signature under another session's name.
        let own = thief.cookie(SESSION_COOKIE).unwrap();
        thief.set_cookie("better-auth.session_token_multi-abc", &own);
        thief.post("/multi-session/set-active", json!({"sessionToken": "abc"})).await.refused(401, "INVALID_SESSION_TOKEN");
    }

    async fn when_the_active_one_is_revoked_another_goes_on(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = both(&server).await;
        let active = session_of(&browser, ANNA).await;
        browser.post("/multi-session/revoke", json!({"sessionToken": active})).await.expect(200).json();
        assert_eq!(whose(&browser).await, EMAIL);
        let last = session_of(&browser, EMAIL).await;
        browser.post("/multi-session/revoke", json!({"sessionToken": last})).await.expect(200).json();
        assert_eq!(whose(&browser).await, Value::Null);
        assert_eq!(server.count("session").await, 0);
        server.browser().post("/multi-session/revoke", json!({"sessionToken": "x"})).await.refused(401, "UNAUTHORIZED");
    }

    async fn a_sign_out_is_everybodys(database) {
        let server = beside_sign_in(&database, PLUGIN).await;
        let browser = both(&server).await;
        browser.post("/sign-out", json!({})).await.expect(200).json();
        assert_eq!(server.count("session").await, 0);
        assert!(list(&browser).await.is_empty());
    }

    async fn sessions_that_ended_elsewhere_take_no_room(database) {
        let server = beside_sign_in(&database, "[plugins.multi-session]\nmaximum_sessions = 2").await;
        let browser = both(&server).await;
        server.execute(r#"delete from "session""#).await;
        assert!(list(&browser).await.is_empty());
        sign_in(&server, &browser, "marc@example.com").await;
        sign_in(&server, &browser, "lea@example.com").await;
        assert_eq!(list(&browser).await.len(), 2);
    }

    async fn one_more_than_the_maximum_is_active_and_cannot_be_come_back_to(database) {
        let server = beside_sign_in(&database, "[plugins.multi-session]\nmaximum_sessions = 2").await;
        let browser = both(&server).await;
        sign_in(&server, &browser, "marc@example.com").await;
        assert_eq!(whose(&browser).await, "marc@example.com");
        assert_eq!(list(&browser).await.len(), 2);
        // Whoever goes on with another one leaves nothing behind that no browser holds.
        let other = session_of(&browser, ANNA).await;
        browser.post("/multi-session/set-active", json!({"sessionToken": other})).await.expect(200).json();
        assert_eq!(server.count("session").await, 2);
    }
}
