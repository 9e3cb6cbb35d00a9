//! Whose account is it? The issuer and the subject say so; an address does when both sides have proven it
//! (security.md A2).

use guichet_core::serde_json::{Value, json};
use guichet_core::store::{Account, Accounts};

use crate::{EMAIL, set, sign_in, user, with, without};
use guichet_testing::provider::Fake;

guichet_testing::stories! {
    /// Wishes: 47.
    async fn somebody_new_is_made_and_comes_back(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", "Jean@Example.com"), |_| {}).await, "/welcome");
        let made = user(&browser).await;
        assert_eq!(
            json!([made["email"], made["emailVerified"], made["name"], made["image"]]),
            json!([EMAIL, true, "Jean Dupont", "https://img.test/p.png"]),
        );
        let accounts = browser.get("/list-accounts").await.expect(200).json();
        assert_eq!(json!([accounts[0]["providerId"], accounts[0]["accountId"], accounts[0]["scopes"]]), json!(["fake", "s1", ["openid", "email"]]));
        let there = server.browser();
        assert_eq!(sign_in(&server, &fake, &there, ("s1", EMAIL), |_| {}).await, "/home");
        assert_eq!(user(&there).await["id"], made["id"]);
        assert_eq!((server.count("user").await, server.count("account").await), (1, 1));
    }

    /// Wishes: 51.
    async fn it_makes_a_session_like_any_other(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        assert_eq!(server.count("session").await, 0);
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        assert_eq!(server.count("session").await, 1);
        sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), |_| {}).await;
        assert_eq!(server.count("session").await, 2);
        browser.post("/sign-out", json!({})).await.expect(200).json();
        assert_eq!((server.count("session").await, user(&browser).await), (1, Value::Null));
    }

    // A2: Better Auth took the text "false" for true.
    async fn nothing_but_true_is_a_verified_address(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let said = [json!("true"), json!("false"), json!(0), json!(1), json!("1"), Value::Null, json!([true]), json!(false)];
        for (n, said) in said.into_iter().enumerate() {
            let browser = server.browser();
            let email = format!("n{n}@example.com");
            let subject = format!("s{n}");
            assert_eq!(sign_in(&server, &fake, &browser, (subject.as_str(), email.as_str()), set("email_verified", said.clone())).await, "/welcome");
            assert_eq!(user(&browser).await["emailVerified"], false, "{said}");
        }
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("absent", "absent@example.com"), without("email_verified")).await;
        assert_eq!(user(&browser).await["emailVerified"], false);
    }

    // ASVS 6.3.7.
    async fn two_proven_sides_are_linked_and_the_owner_is_told(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let local = server.user(EMAIL).await;
        let browser = server.browser();
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", "JEAN@example.com"), |_| {}).await, "/home");
        assert_eq!(user(&browser).await["id"], local.id);
        let mail = &server.mails(EMAIL).await[0];
        assert!(mail.text.contains("Fake"), "{}", mail.text);
    }

    async fn an_address_that_one_side_has_not_proven_links_nothing(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "unproven_address = \"refuse\"").await;
        server.user("proven@example.com").await;
        server.user("unproven@example.com").await;
        server.execute(r#"update "user" set "emailVerified" = false where "email" = 'unproven@example.com'"#).await;
        let refused = "/oops?error=account_not_linked";
        let browser = server.browser();
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", "unproven@example.com"), |_| {}).await, refused);
        let unverified = set("email_verified", json!("true"));
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", "proven@example.com"), unverified).await, refused);
        assert_eq!((server.count("account").await, server.count("session").await), (0, 0));
    }

    async fn a_trusted_provider_is_believed_but_not_more_than_the_user_proved(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "unproven_address = \"refuse\"\ntrusted_providers = [\"fake\"]").await;
        server.user("proven@example.com").await;
        server.user("unproven@example.com").await;
        server.execute(r#"update "user" set "emailVerified" = false where "email" = 'unproven@example.com'"#).await;
        let browser = server.browser();
        let unverified = || set("email_verified", json!(false));
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", "proven@example.com"), unverified()).await, "/home");
        assert_eq!(sign_in(&server, &fake, &browser, ("s2", "unproven@example.com"), unverified()).await, "/oops?error=account_not_linked");
        assert_eq!(sign_in(&server, &fake, &browser, ("s3", "new@example.com"), unverified()).await, "/welcome");
        assert_eq!(user(&browser).await["emailVerified"], false, "what it does not say itself is not written down");
    }

    // Better Auth #10204.
    async fn an_address_that_changed_over_there_matches_nobody_here(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let (attacker, victim) = (server.browser(), server.user("victim@example.com").await);
        sign_in(&server, &fake, &attacker, ("s1", EMAIL), |_| {}).await;
        let own = user(&attacker).await["id"].clone();
        // nOAuth: the attacker's account over there takes the victim's address.
        assert_eq!(sign_in(&server, &fake, &attacker, ("s1", "victim@example.com"), |_| {}).await, "/home");
        let still = user(&attacker).await;
        assert_eq!((&still["id"], &still["email"]), (&own, &json!(EMAIL)));
        assert_ne!(own, victim.id);
        assert_eq!(server.count("account").await, 1);
    }

    // Better Auth #8983; ASVS 6.8.1.
    async fn one_subject_at_two_providers_is_two_people(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        let first = user(&browser).await["id"].clone();
        let there = server.browser();
        let body = json!({"provider": "other", "callbackURL": "/home", "newUserCallbackURL": "/welcome"});
        let url = there.post("/sign-in/social", body).await.expect(200).json()["url"].as_str().unwrap().to_owned();
        let begun = crate::Begun::of(&url);
        fake.set(|script| script.claims = crate::claims(&server, &fake, begun.nonce(), "s1", "other@example.com"));
        let end = there.get(&format!("/callback/other?code=x&state={}", begun.state())).await;
        assert_eq!(crate::leads(end), "/welcome");
        assert_ne!(user(&there).await["id"], first);
    }

    // Better Auth #10003, #9974.
    async fn without_an_address_a_placeholder_stands_for_it(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        fake.set(|script| script.user_info = json!({"sub": "ABC", "email_verified": true}));
        let browser = server.browser();
        assert_eq!(sign_in(&server, &fake, &browser, ("ABC", ""), without("email")).await, "/welcome");
        let made = user(&browser).await;
        let email = made["email"].as_str().unwrap().to_owned();
        assert!(email.ends_with("@fake.placeholder.invalid") && made["emailVerified"] == false, "{made}");
        // Who claims such an address over there gets nobody's account here.
        let thief = server.browser();
        assert_eq!(sign_in(&server, &fake, &thief, ("thief", email.as_str()), |_| {}).await, "/welcome");
        assert_ne!(user(&thief).await["id"], made["id"]);
        assert_eq!(sign_in(&server, &fake, &browser, ("ABC", ""), without("email")).await, "/home");
    }

    async fn or_nobody_comes_in_without_one(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "missing_email = \"refuse\"").await;
        fake.set(|script| script.user_info = json!({"sub": "s1"}));
        let browser = server.browser();
        for change in [Value::Null, json!("no address"), json!(["jean@example.com"])] {
            let end = sign_in(&server, &fake, &browser, ("s1", ""), set("email", change)).await;
            assert_eq!(end, "/oops?error=email_not_found");
        }
        assert_eq!(server.count("user").await, 0);
    }

    async fn a_door_that_is_closed_to_strangers_stays_closed(database) {
        let fake = Fake::start().await;
        let closed = crate::settings(&fake, "").replacen("client_secret", "disable_implicit_sign_up = true\nclient_secret", 1);
        let server = guichet_testing::TestServer::with(&crate::plugins(), &database, &closed).await;
        let browser = server.browser();
        assert_eq!(sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await, "/oops?error=signup_disabled");
        let begun = crate::begin_with(&browser, json!({"requestSignUp": true})).await;
        fake.set(|script| script.claims = crate::claims(&server, &fake, begun.nonce(), "s1", EMAIL));
        assert_eq!(crate::leads(crate::back(&browser, begun.state()).await), "/welcome");
    }

    // ASVS 6.8.4.
    async fn what_somebody_proved_over_there_is_kept_with_the_session(database) {
        let fake = Fake::start().await;
        let strong = crate::settings(&fake, "").replacen("client_secret", "two_factors = [\"eidas2\"]\nclient_secret", 1);
        let server = guichet_testing::TestServer::with(&crate::plugins(), &database, &strong).await;
        for (said, amr, aal) in [
            (json!({}), "", 1),
            (json!({"amr": ["pwd", "otp", "made-up"], "acr": "eidas1"}), "otp pwd", 1),
            (json!({"amr": "pwd", "acr": "eidas2"}), "", 2),
        ] {
            server.execute(r#"delete from "session""#).await;
            let more = |claims: &mut Value| {
                for (key, value) in said.as_object().unwrap() {
                    claims[key] = value.clone();
                }
            };
            sign_in(&server, &fake, &server.browser(), ("s1", EMAIL), more).await;
            assert_eq!(server.text(r#"select "amr" from "session""#).await.unwrap(), format!("{amr} fed").trim(), "{said}");
            assert_eq!(server.number(r#"select "aal" from "session""#).await, aal, "{said}");
        }
    }

    async fn an_account_of_nobody_opens_nothing(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        sign_in(&server, &fake, &browser, ("s1", EMAIL), |_| {}).await;
        // The account is moved to somebody else: its subject, not the address, decides.
        let other = server.user("other@example.com").await;
        let accounts: Vec<Account> = Accounts::of_user(&server.app.db, user(&browser).await["id"].as_str().unwrap()).await.unwrap();
        server.execute(&format!(r#"update "account" set "userId" = '{}' where "id" = '{}'"#, other.id, accounts[0].id)).await;
        let there = server.browser();
        assert_eq!(sign_in(&server, &fake, &there, ("s1", EMAIL), |_| {}).await, "/home");
        assert_eq!(user(&there).await["id"], other.id);
    }
}
