//! Passwords move here at the first sign-in.

use std::time::Duration;

use futures_util::future::join_all;

use super::{BackEnd, Instead, PASSWORD, jean, kept, knowing_jean, with};
use crate::{EMAIL, sign_in_by_password};
use guichet_core::serde_json::{Value, json};

guichet_testing::stories! {
    /// The back end is asked once; its identity becomes a user here, and the password is kept as argon2id. Wishes: 2.
    async fn a_password_moves_here_at_the_first_sign_in(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        let browser = server.browser();
        let user = sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!([&user["email"], &user["name"], &user["emailVerified"]], [&json!(EMAIL), &json!("Jean Dupont"), &json!(true)]);
        assert!(browser.is_in().await);
        assert!(kept(&server).await.unwrap().starts_with("$argon2id$"));
        let subject = server.text(r#"select "accountId" from "account" where "providerId" = 'upstream'"#).await;
        assert_eq!(subject.as_deref(), Some("123"));

        // From now on it is not asked, whatever is typed, and not needed.
        back.set(|script| script.instead = Some(Instead::Answer(500, String::new())));
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        sign_in_by_password(&server.browser(), EMAIL, "another password").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!((back.asked(), server.count("user").await), (1, 1));
    }

    /// 401 there is the answer of every wrong pair here, for those whom it knows and for nobody. Wishes: 2.
    async fn a_wrong_pair_is_answered_as_everywhere(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        let known = sign_in_by_password(&server.browser(), EMAIL, "wrong password").await;
        let unknown = sign_in_by_password(&server.browser(), "nobody@example.com", PASSWORD).await;
        assert_eq!((known.text.as_str(), known.status), (unknown.text.as_str(), unknown.status));
        known.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(back.asked(), 2, "both are asked about");
        let page = server.page_browser().form(
            "/login/email-password/sign-in",
            &[("email", EMAIL), ("password", "wrong password")],
        ).await.expect(401);
        assert!(page.text.contains("incorrect"), "{}", page.text);
        assert_eq!(server.count("user").await, 0);
        let browser = server.page_browser();
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        let _ = browser.form("/login/email-password/sign-in", &fields).await.expect(303);
        assert!(browser.is_in().await);
    }

    async fn fifty_first_sign_ins_make_one_user(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "user_id = \"upstream\"").await;
        let browsers: Vec<_> = (0..50).map(|_| server.browser()).collect();
        let answers = join_all(browsers.iter().map(|browser| sign_in_by_password(browser, EMAIL, PASSWORD))).await;
        for answer in answers {
            assert_eq!(answer.expect(200).json()["user"]["id"], "123");
        }
        assert_eq!(server.count("user").await, 1);
        assert_eq!(server.number(r#"select count(*) from "account" where "providerId" = 'upstream'"#).await, 1);
        assert_eq!(server.number(r#"select count(*) from "account" where "providerId" = 'credential'"#).await, 1);
        assert_eq!(server.count("session").await, 50);
    }

    async fn passwords_hold_whatever_characters(database) {
        let back = BackEnd::start().await;
        let password = "pä\"ß\\{email}\u{1f600}&=+%\n\t'}";
        back.knows(EMAIL, password, jean());
        for encoding in ["json", "form"] {
            let server = with(&database, &back, &format!("encoding = \"{encoding}\"")).await;
            server.execute(r#"delete from "user""#).await;
            sign_in_by_password(&server.browser(), EMAIL, password).await.expect(200).json();
            sign_in_by_password(&server.browser(), EMAIL, password).await.expect(200).json();
            let sent = back.look(|script| script.asked.last().cloned().unwrap());
            assert_eq!((&sent["password"], &sent["identifier"]), (&json!(password), &json!(EMAIL)), "{encoding}");
            assert_eq!(sent.as_object().unwrap().len(), 2);
        }
        assert_eq!(back.asked(), 2, "the second sign-in of each was local");
    }

    async fn the_request_is_the_one_that_the_settings_describe(database) {
        let back = BackEnd::start().await;
        back.knows(EMAIL, PASSWORD, jean());
        let more = r#"
headers = { x-api-key = "key-{secret}" }
secret = "s3"
body = { identifier = "{email}", password = "{password}", client = { id = "guichet", secret = "{secret}" } }"#;
        let server = with(&database, &back, more).await;
        sign_in_by_password(&server.browser(), "Jean@Example.com", PASSWORD).await.expect(200).json();
        let sent = back.look(|script| script.asked[0].clone());
        assert_eq!(sent["client"], json!({"id": "guichet", "secret": "s3"}));
        assert_eq!(back.look(|script| script.headers["x-api-key"].clone()), "key-s3");
    }

    async fn a_day_ends_it(database) {
        let back = knowing_jean().await;
        back.knows("late@example.com", PASSWORD, json!({"user": {"id": 7, "email": "late@example.com"}}));
        let until = guichet_core::clock::Clock::now(&guichet_testing::TestClock::default()).to_string();
        let server = with(&database, &back, &format!("until = \"{}\"", &until[..10])).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        server.clock.advance(Duration::from_hours(24));
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        sign_in_by_password(&server.browser(), "late@example.com", PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(back.asked(), 1);
    }

    /// A name that is known there alone signs in by the page, and through the plugin that knows names, which knows it
    /// from then on. Wishes: 2.
    async fn a_name_that_is_known_there_alone_signs_in(database) {
        let back = BackEnd::start().await;
        let mut answer = jean();
        answer["user"]["username"] = "Jean_D".into();
        back.knows("jean_d", PASSWORD, answer);
        let more = "names = true\n---columns = { username = \"/user/username\" }\n[plugins.username]\n";
        let server = with(&database, &back, more).await;
        let by_name = async |password: &str| {
            server.browser().post("/sign-in/username", json!({"username": "jean_d", "password": password})).await
        };
        by_name("wrong password").await.refused(401, "INVALID_USERNAME_OR_PASSWORD");
        let user = by_name(PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!([&user["email"], &user["username"]], [EMAIL, "jean_d"]);
        let asked = back.asked();
        by_name(PASSWORD).await.expect(200).json();
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(back.asked(), asked, "the name is known here now");
        let page = server.page_browser().form(
            "/login/email-password/sign-in",
            &[("email", "somebody_else"), ("password", PASSWORD)],
        ).await;
        assert_eq!(page.status, 401);
        assert_eq!(back.look(|script| script.asked.last().unwrap()["identifier"].clone()), "somebody_else");
    }

    async fn a_name_that_would_be_refused_here_signs_in_where_it_is_known(database) {
        let back = BackEnd::start().await;
        back.knows("jo", PASSWORD, jean());
        let server = with(&database, &back, "names = true\n---[plugins.username]\n").await;
        let body = json!({"username": "jo", "password": PASSWORD});
        let answer = server.browser().post("/sign-in/username", body).await.expect(200).json();
        assert_eq!(answer["user"]["email"], EMAIL);
    }

    async fn a_second_factor_is_asked_for_just_the_same(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "---\n[plugins.two-factor]\n").await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        server.execute(r#"update "user" set "twoFactorEnabled" = true"#).await;
        // As if the password had not moved yet.
        server.execute(r#"delete from "account" where "providerId" = 'credential'"#).await;
        let browser = server.browser();
        let answer = sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!((&answer["twoFactorRedirect"], answer.get("token")), (&json!(true), None));
        assert!(!browser.is_in().await);
        assert!(kept(&server).await.is_some(), "the password has moved all the same");
        assert_eq!(answer.get("user"), None::<&Value>);
    }
}
