//! Names to sign in with: rules, one budget with the address, one field on the page.

use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use serde_json::{Value, json};

use crate::{EMAIL, PASSWORD, with};

async fn start(database: &TestDatabase, own: &str) -> TestServer {
    with(database, &format!("{own}\n[plugins.email-password]\n[plugins.username]\n")).await
}

async fn sign_up(server: &TestServer, email: &str, more: Value) -> (Browser, Answer) {
    let browser = server.browser();
    let mut body = json!({"email": email, "password": PASSWORD, "name": "Ada"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = browser.post("/sign-up/email", body).await;
    (browser, answer)
}

async fn sign_in(server: &TestServer, name: &str, password: &str) -> Answer {
    server.browser().post("/sign-in/username", json!({"username": name, "password": password})).await
}

guichet_testing::stories! {
    /// Wishes: 70.
    async fn a_name_signs_in_whatever_its_capitals(database) {
        let server = start(&database, "").await;
        let (_, made) = sign_up(&server, EMAIL, json!({"username": "Ada_L"})).await;
        let user = made.expect(200).json()["user"].clone();
        assert_eq!([&user["username"], &user["displayUsername"]], ["ada_l", "Ada_L"]);
        for name in ["Ada_L", "ada_l", "ADA_L"] {
            let entry = sign_in(&server, name, PASSWORD).await.expect(200).json();
            assert_eq!([&entry["redirect"], &entry["user"]["email"]], [&json!(false), &json!(EMAIL)]);
            assert!(entry.get("url").is_none());
        }
        sign_in(&server, "ada_l", "wrong one 1").await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
        sign_in(&server, "nobody_here", PASSWORD).await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
        sign_in(&server, "", "").await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
        sign_in(&server, "ab", PASSWORD).await.refused(422, "USERNAME_TOO_SHORT");
        sign_in(&server, "a b!", PASSWORD).await.refused(422, "INVALID_USERNAME");
        let body = json!({"username": "ada_l", "password": PASSWORD, "callbackURL": "/x"});
        let led = server.browser().post("/sign-in/username", body).await.expect(200);
        assert_eq!((led.header("location"), &led.json()["url"]), ("/x", &json!("/x")));
        let session = json!({"username": "ada_l", "password": PASSWORD, "rememberMe": false});
        let browser = server.browser();
        let brief = browser.post("/sign-in/username", session).await.expect(200);
        assert!(brief.set_cookies().iter().all(|cookie| cookie.max_age().is_none()));
    }

    async fn names_have_rules_at_sign_up_and_later(database) {
        let server = start(&database, "").await;
        let (ada, made) = sign_up(&server, EMAIL, json!({"username": "ada"})).await;
        let _ = made.expect(200);
        for (name, code) in [
            ("ada", "USERNAME_IS_ALREADY_TAKEN"),
            ("ADA", "USERNAME_IS_ALREADY_TAKEN"),
            ("ab", "USERNAME_TOO_SHORT"),
            ("", "USERNAME_TOO_SHORT"),
            ("has space", "INVALID_USERNAME"),
        ] {
            sign_up(&server, "other@example.com", json!({"username": name})).await.1.refused(400, code);
        }
        assert_eq!(server.count("user").await, 1, "nobody was made");
        let (other, made) = sign_up(&server, "other@example.com", json!({"displayUsername": "Shown_Only"})).await;
        assert_eq!(made.expect(200).json()["user"]["username"], "shown_only");
        other.post("/update-user", json!({"username": "Ada"})).await.refused(400, "USERNAME_IS_ALREADY_TAKEN");
        ada.post("/update-user", json!({"username": "Ada"})).await.expect(200).json();
        ada.post("/update-user", json!({"username": "x"})).await.refused(400, "USERNAME_TOO_SHORT");
        ada.post("/update-user", json!({"displayUsername": "Countess"})).await.expect(200).json();
        let user = ada.get("/get-session").await.json()["user"].clone();
        assert_eq!([&user["username"], &user["displayUsername"]], ["ada", "Countess"]);
    }

    async fn two_racing_sign_ups_share_no_name(database) {
        let server = start(&database, "").await;
        let (one, other) = tokio::join!(
            sign_up(&server, "one@example.com", json!({"username": "wanted"})),
            sign_up(&server, "two@example.com", json!({"username": "Wanted"})),
        );
        let mut statuses = [one.1.status.as_u16(), other.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
        assert_eq!(server.count("user").await, 1);
    }

    async fn whether_a_name_is_free_is_told(database) {
        let server = start(&database, "").await;
        let _ = sign_up(&server, EMAIL, json!({"username": "ada"})).await.1.expect(200);
        let ask = async |name: &str| server.browser().post("/is-username-available", json!({"username": name})).await;
        assert_eq!(ask("ADA").await.expect(200).json(), json!({"available": false}));
        assert_eq!(ask("eve").await.expect(200).json(), json!({"available": true}));
        ask("a b").await.refused(422, "INVALID_USERNAME");
        ask("").await.refused(422, "INVALID_USERNAME");
    }

    async fn a_name_may_be_for_good(database) {
        let server = with(&database, "[plugins.email-password]\n[plugins.username]\nchangeable = false").await;
        let (ada, made) = sign_up(&server, EMAIL, json!({"username": "ada"})).await;
        let _ = made.expect(200);
        ada.post("/update-user", json!({"username": "eve"})).await.refused(400, "USERNAME_IS_IMMUTABLE");
    }

    async fn guesses_by_name_and_by_address_share_one_budget(database) {
        let server = start(&database, "[rate_limit]\nenabled = true\nmax = 1000\n[[rate_limit.rules]]\nroute = \"username.sign-in\"\nwindow = \"1s\"\nmax = 1000\n[[rate_limit.rules]]\nroute = \"email-password.sign-in\"\nwindow = \"1s\"\nmax = 1000").await;
        let _ = sign_up(&server, EMAIL, json!({"username": "ada"})).await.1.expect(200);
        for _ in 0..5 {
            sign_in(&server, "ada", "wrong one 1").await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
            let entry = json!({"email": EMAIL, "password": "wrong one 1"});
            server.browser().post("/sign-in/email", entry).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        }
        sign_in(&server, "ada", PASSWORD).await.refused(429, "TOO_MANY_REQUESTS");
    }

    // ASVS 6.3.8: were they counted as one, an unknown name would be closed sooner than a known one.
    async fn asvs_6_3_8_guesses_at_unknown_names_are_counted_name_by_name(database) {
        let server = start(&database, "[rate_limit]\nenabled = true\nmax = 1000\n[[rate_limit.rules]]\nroute = \"username.sign-in\"\nwindow = \"1s\"\nmax = 1000").await;
        let _ = sign_up(&server, EMAIL, json!({"username": "ada"})).await.1.expect(200);
        for name in ["nobody", "somebody", "ada"] {
            for typed in [name.to_owned(), name.to_uppercase()] {
                for _ in 0..5 {
                    sign_in(&server, &typed, "wrong one 1").await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
                }
            }
            sign_in(&server, name, "wrong one 1").await.refused(429, "TOO_MANY_REQUESTS");
        }
    }

    async fn proof_of_the_address_is_asked_for_by_name_too(database) {
        let server = with(&database, "[plugins.email-password]\nrequire_email_verification = true\n[plugins.username]").await;
        let _ = sign_up(&server, EMAIL, json!({"username": "ada"})).await.1.expect(200);
        sign_in(&server, "ada", PASSWORD).await.refused(403, "EMAIL_NOT_VERIFIED");
        sign_in(&server, "ada", "wrong one 1").await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
        let (_, again) = sign_up(&server, EMAIL, json!({"username": "ada"})).await;
        again.refused(400, "USERNAME_IS_ALREADY_TAKEN");
    }

    async fn one_field_of_the_page_takes_both(database) {
        let server = start(&database, "[plugins.pages]").await;
        let _ = sign_up(&server, EMAIL, json!({"username": "ada"})).await.1.expect(200);
        for typed in ["ada", " ADA ", EMAIL] {
            let browser = server.page_browser();
            assert!(browser.page("/login").await.text.contains("ou identifiant"));
            let entry = browser.form("/login/email-password/sign-in", &[("email", typed), ("password", PASSWORD)]).await;
            assert_eq!(entry.expect(303).header("location"), "/signed-in");
        }
        for typed in ["nobody", "a b", "nobody@example.com"] {
            let browser = server.page_browser();
            let refused = browser.form("/login/email-password/sign-in", &[("email", typed), ("password", PASSWORD)]).await;
            assert_eq!(refused.status.as_u16(), 401, "{typed}");
        }
    }

    async fn names_need_passwords(database) {
        let refused = TestServer::try_with(&guichet::plugins::all(), &database, "[plugins.username]").await;
        assert!(refused.err().unwrap().contains("[plugins.email-password]"));
    }
}
