//! Sessions: a new token each time, ends that the server keeps, cookies and headers that browsers obey.

use std::time::Duration;

use guichet_testing::{Browser, SESSION_COOKIE, TestServer};
use serde_json::json;

use super::{all_on, ask};
use crate::{EMAIL, PASSWORD, sign_in, sign_in_by_password, sign_up, visitor};

const DAY: Duration = Duration::from_hours(24);

/// Another device that holds the same cookie, and nothing else.
fn thief(server: &TestServer, of: &Browser) -> Browser {
    let thief = server.browser();
    thief.set_cookie(SESSION_COOKIE, &of.cookie(SESSION_COOKIE).unwrap());
    thief
}

guichet_testing::stories! {
    // The cookie that says so was the client's to leave out: the session was then prolonged like any other.
    async fn asvs_7_3_1_a_session_that_ends_with_the_browser_ends_after_a_day_whatever_it_says(database) {
        let server = all_on(&database, "").await;
        sign_up(&server, EMAIL).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "password": PASSWORD, "rememberMe": false});
        browser.post("/sign-in/email", body).await.expect(200).json();
        let thief = thief(&server, &browser);
        let seen = thief.get("/get-session").await.expect(200);
        assert!(seen.json()["session"].is_object() && seen.set_cookies().is_empty(), "{seen:?}");
        thief.post("/update-user", json!({"name": "Thief"})).await.expect(200).json();
        server.clock.advance(Duration::from_mins(24 * 60 - 1));
        assert!(thief.is_in().await);
        server.clock.advance(Duration::from_mins(1));
        assert!(!thief.is_in().await && !browser.is_in().await);
        // One that is to be remembered lives on by being used.
        let browser = server.browser();
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        for _ in 0..20 {
            server.clock.advance(DAY * 3);
            assert!(browser.is_in().await);
        }
    }

    async fn asvs_7_3_2_idle_and_absolute_ends_hold_on_every_route(database) {
        let server = all_on(&database, "[session]\nabsolute = \"10d\"\n").await;
        let idle = visitor(&server, EMAIL).await;
        let busy = visitor(&server, "busy@example.com").await;
        for _ in 0..9 {
            server.clock.advance(DAY);
            assert!(busy.is_in().await);
        }
        server.clock.advance(DAY);
        for route in server.routes.iter().filter(|route| route.needs_session) {
            for ended in [thief(&server, &idle), thief(&server, &busy)] {
                let answer = ask(&ended, route, &serde_json::Map::new()).await;
                assert_eq!(answer.status, 401, "{route:?} {answer:?}");
            }
        }
    }

    // ASVS 7.2.4, session fixation: whatever cookies a browser was given, a sign-in makes its own.
    async fn asvs_7_2_4_a_new_token_at_each_sign_in_by_every_method(database) {
        let server = all_on(&database, "").await;
        sign_up(&server, EMAIL).await;
        let attacker = visitor(&server, "eve@example.com").await;
        let planted = attacker.cookie(SESSION_COOKIE).unwrap();
        let mut seen = vec![planted.clone()];
        let page = server.page_browser();
        // The code comes last: it proves the mailbox, and what was set up before that dies.
        for method in ["password", "page", "code"] {
            let browser = if method == "page" { page.clone() } else { server.browser() };
            browser.set_cookie(SESSION_COOKIE, &planted);
            browser.set_cookie("better-auth.session_data", "x");
            match method {
                "password" => drop(sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200)),
                "code" => sign_in(&server, &browser, EMAIL).await,
                _ => {
                    let form = [("email", EMAIL), ("password", PASSWORD)];
                    drop(browser.form("/login/email-password/sign-in", &form).await.expect(303));
                }
            }
            let token = browser.cookie(SESSION_COOKIE).unwrap();
            assert!(!seen.contains(&token), "{method}");
            seen.push(token);
            assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL);
        }
        let tokens = r#"select count(distinct "token") from "session""#;
        assert_eq!(server.number(tokens).await, server.count("session").await);
    }

    /// Wishes: 53, 57.
    async fn asvs_7_4_1_a_sign_out_ends_every_form_of_the_session(database) {
        let server = all_on(&database, "").await;
        for path in ["/api/auth/sign-out", "/sign-out"] {
            let browser = server.page_browser();
            sign_in(&server, &browser, EMAIL).await;
            let copy = thief(&server, &browser);
            let token = browser.get("/get-session").await.json()["session"]["token"].as_str().unwrap().to_owned();
            let bearer = server.browser().header("authorization", &format!("Bearer {}", server.app.keyring.sign(&token)));
            let once = browser.get("/one-time-token/generate").await.expect(200).json()["token"].clone();
            assert!(copy.is_in().await && bearer.is_in().await);
            let kind = if path == "/sign-out" { "application/x-www-form-urlencoded" } else { "application/json" };
            let body = if path == "/sign-out" { "a=b" } else { "{}" };
            let out = browser.request("POST".parse().unwrap(), path, Some(kind), Some(body.to_owned())).await;
            assert!(out.status == 200 || out.status == 303, "{out:?}");
            assert!(!copy.is_in().await && !bearer.is_in().await && !browser.is_in().await);
            server.browser().post("/one-time-token/verify", json!({"token": once})).await.expect(400).json();
            bearer.get("/token").await.refused(401, "UNAUTHORIZED");
        }
    }

    // ASVS 3.3: every cookie, on a public address.
    // Wishes: 36.
    async fn asvs_3_3_1_cookies_are_secure_and_out_of_scripts_reach(database) {
        let server = all_on(&database, "base_url = \"https://auth.example.test\"\nallow_insecure = true\n").await;
        let browser = server.browser().at_origin("https://auth.example.test");
        let mut seen = 0;
        let mut check = |answer: &guichet_testing::Answer| {
            for cookie in answer.set_cookies() {
                // What scripts are to read: a language, and the name of a method.
                let public = ["guichet.lang", "better-auth.last_used_login_method"].contains(&cookie.name());
                assert_eq!(cookie.secure(), Some(true), "{cookie}");
                assert!(public || cookie.name().starts_with("__Secure-") && cookie.http_only() == Some(true), "{cookie}");
                assert_eq!(cookie.same_site().map(|site| site.to_string()).as_deref(), Some("Lax"), "{cookie}");
                assert_eq!((cookie.path(), cookie.domain()), (Some("/"), None), "{cookie}");
                seen += 1;
            }
        };
        check(&browser.page("/login?callbackURL=/client&lang=en").await);
        check(&browser.form("/login/email-otp/send", &[("email", EMAIL)]).await);
        let body = json!({"email": "pw@example.com", "password": PASSWORD, "name": "x", "rememberMe": false});
        check(&browser.post("/sign-up/email", body).await);
        check(&sign_in_by_password(&browser, "pw@example.com", PASSWORD).await);
        check(&browser.post("/update-user", json!({"name": "y"})).await);
        check(&browser.post("/sign-out", json!({})).await);
        assert!(seen > 10, "{seen}");
    }

    // ASVS 3.4: every answer, whatever it is.
    async fn asvs_3_4_every_answer_has_the_headers_that_browsers_obey(database) {
        let server = all_on(&database, "base_url = \"https://auth.example.test\"\nallow_insecure = true\n[rate_limit]\nenabled = true\nmax = 3\n").await;
        let mut statuses = std::collections::BTreeSet::new();
        for path in ["/login", "/", "/nowhere", "/api/auth/ok", "/api/auth/nope", "/api/auth/list-sessions", "/healthz", "/openapi.json", "/assets/guichet.js", "/api/auth/jwks", "/api/auth/error?error=x"] {
            for _ in 0..4 {
                let answer = server.browser().at_origin("").page(path).await;
                statuses.insert(answer.status.as_u16());
                assert!(answer.header("strict-transport-security").contains("max-age=31536000"), "{path}");
                assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
                assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
                assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
                assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
                let policy = answer.header("content-security-policy");
                for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"] {
                    assert!(policy.contains(part), "{path}: {policy}");
                }
                assert!(!policy.contains("unsafe"), "{path}: {policy}");
                assert!(answer.header("server").is_empty() && answer.header("x-powered-by").is_empty());
            }
        }
        assert!(statuses.is_superset(&[200, 303, 401, 404, 429].into()), "{statuses:?}");
    }
}
