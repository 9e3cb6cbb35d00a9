//! The API's own link.

use std::time::Duration;

use guichet_core::serde_json::json;

use crate::{DIRECT, EMAIL, ask, asked, with};

guichet_testing::stories! {
    /// Wishes: 71.
    async fn a_link_makes_a_user_and_signs_them_in(database) {
        let server = with(&database, DIRECT).await;
        let browser = server.browser();
        let body = json!({"email": "  Jean@Example.COM ", "name": "Jean", "callbackURL": "/home", "newUserCallbackURL": "/welcome", "errorCallbackURL": "/oops"});
        assert_eq!(ask(&browser, body).await.expect(200).json(), json!({"status": true}));
        let link = server.mailed_link(EMAIL).await;
        let kept = server.text(r#"select "identifier" from "verification""#).await.unwrap();
        assert!(kept.starts_with("magic-link:") && !link.contains(&kept), "the token is hashed");
        let opened = browser.open(&link).await.expect(302);
        assert_eq!(opened.header("location"), format!("{}/welcome", server.base()));
        let user = browser.get("/get-session").await.json()["user"].clone();
        assert_eq!([&user["email"], &user["name"], &user["emailVerified"]], [&json!(EMAIL), &json!("Jean"), &json!(true)]);

        let again = server.browser().open(&link).await.expect(302);
        assert_eq!(again.header("location"), format!("{}/oops?error=INVALID_TOKEN", server.base()));
    }

    async fn who_exists_goes_to_the_callback_and_unproven_access_dies(database) {
        let server = with(&database, DIRECT).await;
        server.user(EMAIL).await;
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "callbackURL": "/home", "newUserCallbackURL": "/welcome"});
        ask(&browser, body).await.expect(200).json();
        let opened = browser.open(&server.mailed_link(EMAIL).await).await.expect(302);
        assert_eq!(opened.header("location"), format!("{}/home", server.base()));
        assert_eq!(browser.get("/get-session").await.json()["user"]["emailVerified"], true);
    }

    async fn where_a_required_field_cannot_be_asked_for_nobody_new_is_made(database) {
        let field = "[[user.fields]]\nname = \"company\"\ninput = true\nrequired = true\n";
        let server = with(&database, &format!("{DIRECT}\n{field}")).await;
        let link = asked(&server, &server.browser()).await;
        for _ in 0..2 {
            server.browser().open(&link).await.refused(400, "MISSING_FIELD");
        }
        assert_eq!(server.count("user").await, 0);
    }

    async fn without_a_callback_the_session_is_told(database) {
        let server = with(&database, DIRECT).await;
        let browser = server.browser();
        ask(&browser, json!({"email": EMAIL})).await.expect(200).json();
        let link = server.mailed_link(EMAIL).await;
        let token = link.split(['=', '&']).nth(1).unwrap();
        let told = browser.get(&format!("/magic-link/verify?token={token}")).await.expect(200).json();
        assert_eq!(told["user"]["email"], EMAIL);
        assert_eq!(told["session"]["token"], told["token"]);
    }

    async fn one_of_many_parallel_openings_succeeds(database) {
        let server = with(&database, DIRECT).await;
        let link = asked(&server, &server.browser()).await;
        let openings = (0..20).map(|_| {
            let (browser, link) = (server.browser(), link.clone());
            tokio::spawn(async move { browser.open(&link).await.header("location").contains("error=") })
        });
        let mut failed = 0;
        for opening in openings.collect::<Vec<_>>() {
            failed += u32::from(opening.await.unwrap());
        }
        assert_eq!(failed, 19);
        assert_eq!(server.count("session").await, 1);
    }

    async fn a_link_ends_after_five_minutes(database) {
        let server = with(&database, DIRECT).await;
        let link = asked(&server, &server.browser()).await;
        server.clock.advance(Duration::from_mins(5));
        assert!(server.browser().open(&link).await.header("location").contains("error=INVALID_TOKEN"));
        assert_eq!(server.count("user").await, 0);
    }

    async fn nobody_is_made_where_sign_up_is_closed_and_nothing_is_told(database) {
        let server = with(&database, "plugins.magic-link = { direct_links = true, disable_sign_up = true }").await;
        server.user(EMAIL).await;
        let known = ask(&server.browser(), json!({"email": EMAIL})).await.expect(200);
        let unknown = ask(&server.browser(), json!({"email": "nobody@example.com"})).await.expect(200);
        assert_eq!((&known.text, known.set_cookies().len()), (&unknown.text, unknown.set_cookies().len()));
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        assert!(server.mails("nobody@example.com").await.is_empty());
        assert_eq!(server.count("verification").await, 2, "a decoy for the unknown one");
    }

    async fn foreign_targets_and_tokens_are_refused(database) {
        let server = with(&database, DIRECT).await;
        let browser = server.browser();
        ask(&browser, json!({"email": "nope"})).await.refused(400, "VALIDATION_ERROR");
        for (key, code) in [
            ("callbackURL", "INVALID_CALLBACK_URL"),
            ("newUserCallbackURL", "INVALID_NEW_USER_CALLBACK_URL"),
            ("errorCallbackURL", "INVALID_ERROR_CALLBACK_URL"),
        ] {
            let body = json!({"email": EMAIL, key: "https://evil.test/"});
            ask(&browser, body).await.refused(403, code);
            let link = format!("/magic-link/verify?token=nope&{key}=https%3A%2F%2Fevil.test");
            browser.get(&link).await.refused(403, "INVALID_CALLBACK_URL");
        }
        assert!(server.mails(EMAIL).await.is_empty());
        for token in ["nope", "", "'; drop table user; --"] {
            let opened = browser.get(&format!("/magic-link/verify?token={token}&callbackURL=/x%3Fa%3Db")).await.expect(302);
            assert_eq!(opened.header("location"), format!("{}/x?a=b&error=INVALID_TOKEN", server.base()));
        }
        for query in ["", "?token=%00"] {
            browser.get(&format!("/magic-link/verify{query}")).await.refused(400, "VALIDATION_ERROR");
        }
    }

    async fn a_hash_from_the_database_opens_nothing(database) {
        let server = with(&database, DIRECT).await;
        asked(&server, &server.browser()).await;
        let kept = server.text(r#"select "identifier" from "verification""#).await.unwrap();
        let opened = server.browser().get(&format!("/magic-link/verify?token={kept}")).await.expect(302);
        assert!(opened.header("location").contains("error="));
        assert!(!server.browser().is_in().await);
    }

    async fn links_are_limited_by_recipient(database) {
        let server = with(&database, "rate_limit = { enabled = true, max = 1000 }\nplugins.magic-link = {}").await;
        let (mut sent, mut refused) = (0, 0);
        for _ in 0..7 {
            match ask(&server.browser(), json!({"email": EMAIL})).await.status.as_u16() {
                200 => sent += 1,
                429 => refused += 1,
                other => unreachable!("{other}"),
            }
        }
        assert_eq!((sent, refused), (5, 2));
    }
}
