//! An address that one side has not proven: a code instead of a dead end (security.md A2: pre-hijacking, and a proof
//! that is bound to the account over there).

use std::time::Duration;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestServer};
use http::Method;

use super::house::House;
use super::{Fake, begin, come_back, leads, settings, user, with};
use crate::{EMAIL, try_sign_up};

const CODE: &str = "/login/social/code";

async fn code(server: &TestServer) -> String {
    server.code(EMAIL).await
}

/// Comes from the provider with an address that is not proven there; the code that was mailed.
async fn arrive(server: &TestServer, fake: &Fake, browser: &Browser) -> String {
    let url = begin(browser).await;
    assert_eq!(come_back(server, fake, browser, &url, ("s1", EMAIL, false)).await, CODE);
    code(server).await
}

async fn counts(server: &TestServer) -> [i64; 3] {
    let count = async |table: &str| server.count(table).await;
    [count("user").await, count("account").await, count("verification").await]
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

guichet_testing::stories! {
    // Better Auth GHSA-g38m-r43w-p2q7, PocketBase CVE-2024-38351.
    async fn what_an_attacker_prepared_dies_when_the_owner_comes(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        // The attacker signs up with the victim's address, and waits.
        let attacker = server.browser();
        try_sign_up(&attacker, EMAIL, "attackers own 1").await.expect(200).json();
        let victim = server.page_browser();
        let url = begin(&victim).await;
        assert_eq!(come_back(&server, &fake, &victim, &url, ("s1", EMAIL, true)).await, CODE);
        assert_eq!(user(&victim).await, Value::Null);
        let page = victim.page(CODE).await.expect(200);
        assert!(page.text.contains(EMAIL), "{}", page.text);
        let typed = code(&server).await;
        assert_eq!(victim.form(CODE, &[("code", &another(&typed))]).await.status, 400);
        assert_eq!(leads(&victim.form(CODE, &[("code", &typed)]).await, 303), "/home");
        let inside = user(&victim).await;
        assert_eq!((&inside["email"], &inside["emailVerified"]), (&json!(EMAIL), &json!(true)));
        assert_eq!(user(&attacker).await, Value::Null, "the attacker's session died");
        let entry = json!({"email": EMAIL, "password": "attackers own 1"});
        attacker.post("/sign-in/email", entry).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(server.count("account").await, 1);
        // From now on the account is known.
        let url = begin(&victim).await;
        assert_eq!(come_back(&server, &fake, &victim, &url, ("s1", EMAIL, true)).await, "/home");
    }

    async fn the_code_works_once_in_its_own_browser_and_three_wrong_ones_end_it(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        server.user(EMAIL).await;
        let browser = server.page_browser();
        let url = begin(&browser).await;
        // Verified here, but not over there.
        assert_eq!(come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await, CODE);
        let typed = code(&server).await;
        let kept = server.text(r#"select "value" from "verification" where "identifier" like 'social-proof-%'"#).await.unwrap();
        assert!(!kept.contains(&typed) && !kept.contains("access-token"), "{kept}");
        // Another browser has nothing to prove.
        let elsewhere = server.page_browser();
        assert_eq!(elsewhere.form(CODE, &[("code", &typed)]).await.status, 400);
        for _ in 0..2 {
            assert_eq!(browser.form(CODE, &[("code", &another(&typed))]).await.status, 400);
        }
        assert_eq!(browser.form(CODE, &[("code", "")]).await.status, 400);
        let third = browser.form(CODE, &[("code", &another(&typed))]).await.expect(400);
        assert!(third.text.contains("plus valable"), "{}", third.text);
        assert_eq!(browser.form(CODE, &[("code", &typed)]).await.status, 400, "the right one comes too late");
        assert_eq!(server.count("account").await, 0);

        let url = begin(&browser).await;
        come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await;
        let typed = code(&server).await;
        let fields = [("code", typed.as_str())];
        let tries = (0..5).map(|_| browser.form(CODE, &fields));
        let ends = futures_util::future::join_all(tries).await;
        assert_eq!(ends.iter().filter(|end| end.status == 303).count(), 1, "one of five parallel tries");
        assert_eq!(server.count("account").await, 1);
        assert_eq!(server.count("session").await, 1);
    }

    async fn a_code_ends_after_ten_minutes(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        server.user(EMAIL).await;
        let browser = server.page_browser();
        let url = begin(&browser).await;
        come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await;
        let typed = code(&server).await;
        server.clock.advance(Duration::from_secs(600));
        assert_eq!(browser.form(CODE, &[("code", &typed)]).await.status, 400);
        assert_eq!(server.count("account").await, 0);
    }

    // Keycloak CVE-2026-9087.
    async fn a_second_account_over_there_cannot_use_the_proof_of_the_first(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        server.user(EMAIL).await;
        let (victim, attacker) = (server.page_browser(), server.page_browser());
        let url = begin(&victim).await;
        come_back(&server, &fake, &victim, &url, ("victim", EMAIL, false)).await;
        let typed = code(&server).await;
        let url = begin(&attacker).await;
        come_back(&server, &fake, &attacker, &url, ("attacker", EMAIL, false)).await;
        // Keycloak CVE-2026-9087: the victim's code proves the victim's account, in the victim's browser. Nor do wrong tries
        // of another proof end it.
        for _ in 0..3 {
            assert_eq!(attacker.form(CODE, &[("code", &typed)]).await.status, 400);
        }
        assert_eq!(leads(&victim.form(CODE, &[("code", &typed)]).await, 303), "/home");
        let linked = server.text(r#"select "accountId" from "account""#).await.unwrap();
        assert_eq!(linked, "victim");
    }

    // ASVS 6.6.3: three tries a code and five codes an hour would be fifteen.
    async fn wrong_codes_add_up_over_new_ones_and_close_the_address_for_an_hour(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        server.user(EMAIL).await;
        for _ in 0..3 {
            let browser = server.page_browser();
            let typed = arrive(&server, &fake, &browser).await;
            for _ in 0..3 {
                assert_eq!(browser.form(CODE, &[("code", &another(&typed))]).await.status, 400);
            }
        }
        let browser = server.page_browser();
        let typed = arrive(&server, &fake, &browser).await;
        let tenth = browser.form(CODE, &[("code", &another(&typed))]).await.expect(400);
        assert!(tenth.text.contains("Code invalide"), "{}", tenth.text);
        for code in [typed.clone(), another(&typed)] {
            let spent = browser.form(CODE, &[("code", &code)]).await.expect(403);
            assert!(spent.text.contains("Trop de codes incorrects"), "{}", spent.text);
        }
        let typed = arrive(&server, &fake, &browser).await;
        assert_eq!(browser.form(CODE, &[("code", &typed)]).await.status, 403, "a new one buys none");
        assert_eq!((counts(&server).await[1], user(&browser).await), (0, Value::Null));

        server.clock.advance(Duration::from_secs(3600));
        let typed = arrive(&server, &fake, &browser).await;
        assert_eq!(leads(&browser.form(CODE, &[("code", &typed)]).await, 303), "/home");
        server.clock.advance(Duration::from_secs(3600));
        guichet_core::session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!(server.count("socialProofBudget").await, 0);
    }

    // Whoever had the address may be gone when it is proven: then somebody new is to be made, or not, as at the arrival.
    async fn a_proof_makes_nobody_where_nobody_new_comes_in(database) {
        let fake = Fake::start().await;
        for (key, asks, made) in [
            ("disable_sign_up", false, 0),
            ("disable_sign_up", true, 0),
            ("disable_implicit_sign_up", false, 0),
            ("disable_implicit_sign_up", true, 1),
        ] {
            let text = format!("{}{key} = true\n", settings(&fake, ""));
            let server = crate::with(&database, &text).await;
            server.execute(r#"delete from "user""#).await;
            server.user(EMAIL).await;
            let browser = server.page_browser();
            let body = json!({"provider": "fake", "callbackURL": "/home", "requestSignUp": asks});
            let url = browser.post("/sign-in/social", body).await.expect(200).json()["url"].as_str().unwrap().to_owned();
            assert_eq!(come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await, CODE);
            server.execute(r#"delete from "user""#).await;
            let typed = code(&server).await;
            let end = browser.form(CODE, &[("code", &typed)]).await;
            assert_eq!(counts(&server).await, [made, made, 0], "{key} {asks}");
            if made == 0 {
                assert!(end.expect(400).text.contains("Aucun compte n’est ouvert ici"));
                assert_eq!(user(&browser).await, Value::Null);
            } else {
                assert_eq!(leads(&end, 303), "/home");
                assert_eq!(user(&browser).await["emailVerified"], true);
            }
            server.stop().await;
        }
    }

    async fn a_proof_asks_the_plugins_before_it_makes_somebody(database) {
        let fake = Fake::start().await;
        let plugins: Vec<_> = guichet::plugins::all().into_iter().chain([Registration::of::<House>()]).collect();
        let text = format!("[plugins.house]\n{}", settings(&fake, ""));
        let server = TestServer::with(&plugins, &database, &text).await;
        server.user(EMAIL).await;
        let browser = server.page_browser();
        let typed = arrive(&server, &fake, &browser).await;
        server.execute(r#"delete from "user""#).await;
        let refused = browser.form(CODE, &[("code", &typed)]).await.expect(403);
        assert!(refused.text.contains("La maison est pleine"), "{}", refused.text);
        assert_eq!((counts(&server).await, user(&browser).await), ([0, 0, 0], Value::Null));
        // Who is there already needs no leave.
        server.user(EMAIL).await;
        let typed = arrive(&server, &fake, &browser).await;
        assert_eq!(leads(&browser.form(CODE, &[("code", &typed)]).await, 303), "/home");
    }

    async fn a_right_code_is_used_up_although_what_follows_refuses(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let (_, other) = (server.user(EMAIL).await, server.user("other@example.com").await);
        let browser = server.page_browser();
        let typed = arrive(&server, &fake, &browser).await;
        // The account over there became somebody else's meanwhile.
        let sql = format!(
            r#"insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
               select "id", 's1', 'fake', "id", "createdAt", "updatedAt" from "user" where "id" = '{}'"#,
            other.id
        );
        server.execute(&sql).await;
        assert_eq!(browser.form(CODE, &[("code", &typed)]).await.status, 400);
        assert_eq!((counts(&server).await[2], user(&browser).await), (0, Value::Null));
        let again = browser.form(CODE, &[("code", &typed)]).await.expect(400);
        assert!(again.text.contains("plus valable"), "{}", again.text);
    }

    async fn an_address_gets_five_codes_an_hour(database) {
        let fake = Fake::start().await;
        let settings = "[rate_limit]\nenabled = true\nmax = 1000";
        let base = with(&database, &fake, "").await;
        base.user(EMAIL).await;
        base.stop().await;
        let text = format!(
            "{settings}\n[plugins.pages]\n[plugins.social]\n[[plugins.social.generic]]\nid = \"fake\"\nclient_id = \"client\"\n\
             client_secret = \"s\"\ndiscovery_url = \"{}/.well-known/openid-configuration\"", fake.issuer,
        );
        let server = crate::with(&database, &text).await;
        // Whoever names the address without coming from a provider spends none of them.
        for _ in 0..6 {
            let named = Some(json!({"email": EMAIL}).to_string());
            let path = "/api/auth/callback/fake";
            server.browser().request(Method::GET, path, Some("application/json"), named).await;
        }
        server.clock.advance(Duration::from_secs(61));
        for n in 0..6 {
            let browser = server.browser();
            let url = begin(&browser).await;
            let end = come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await;
            let expected = if n < 5 { CODE } else { "/oops?error=TOO_MANY_REQUESTS" };
            assert_eq!(end, expected, "{n}");
            server.clock.advance(Duration::from_secs(11));
        }
        assert_eq!(server.mails(EMAIL).await.len(), 5);
    }

    async fn parity_refuses_instead(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "unproven_address = \"refuse\"").await;
        server.user(EMAIL).await;
        let browser = server.browser();
        let url = begin(&browser).await;
        let end = come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await;
        assert_eq!(end, "/oops?error=account_not_linked");
        assert!(server.mails(EMAIL).await.is_empty());
    }
}
