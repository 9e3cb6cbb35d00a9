//! The buttons at a door, and the accounts that are linked on the own page.

use guichet_core::serde_json::Value;
use guichet_testing::Answer;

use super::{Fake, begin, come_back, leads, parameter, user, with};
use crate::{EMAIL, PASSWORD, try_sign_up};

/// A page's text, with its slashes.
fn plain(page: &Answer) -> String {
    page.text.replace("&#x2f;", "/")
}

guichet_testing::stories! {
    async fn a_button_leads_to_the_provider_and_back_to_where_one_was_on_the_way_to(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.page_browser();
        let page = browser.page("/login?callbackURL=%2Fcart").await.expect(200);
        assert!(plain(&page).contains("action=\"/login/social/with-fake\"") && page.text.contains("Continuer avec Fake"), "{}", page.text);
        let policy = page.header("content-security-policy").to_owned();
        assert!(policy.contains(&format!("form-action 'self' http://app.localhost:5173 {}", fake.issuer)), "{policy}");
        let url = leads(&browser.form("/login/social/with-fake", &[]).await, 303);
        assert!(url.starts_with(&format!("{}/authorize?", fake.issuer)), "{url}");
        let end = come_back(&server, &fake, &browser, &url, ("s1", EMAIL, true)).await;
        assert_eq!(end, "/login/social/done");
        assert_eq!(leads(&browser.page(&end).await, 303), "/cart");
        assert_eq!(user(&browser).await["email"], EMAIL);
        assert_eq!(browser.cookie("better-auth.last_used_login_method").unwrap(), "fake");
    }

    // Kratos v26.2.19: a hint is an application's to give, by the API; none comes out of a link.
    async fn kratos_26_2_19_a_hint_in_a_link_is_passed_on_to_nobody(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.page_browser();
        let _ = browser.page("/login?login_hint=mallory%40evil.test&loginHint=mallory%40evil.test").await.expect(200);
        let fields = [("login_hint", "mallory@evil.test"), ("loginHint", "mallory@evil.test"), ("prompt", "none")];
        let url = leads(&browser.form("/login/social/with-fake", &fields).await, 303);
        assert!(!url.contains("mallory") && !url.contains("hint") && !url.contains("prompt"), "{url}");
    }

    async fn a_stranger_cannot_send_the_form(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let foreign = server.page_browser().at_origin("https://evil.test");
        assert_eq!(foreign.form("/login/social/with-fake", &[]).await.status, 403);
        assert_eq!(server.count("verification").await, 0);
    }

    async fn what_went_wrong_is_said_on_the_page(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.page_browser();
        let url = leads(&browser.form("/login/social/with-fake", &[]).await, 303);
        let state = parameter(&url, "state");
        let denied = browser.page(&format!("/api/auth/callback/fake?error=access_denied&state={state}")).await;
        let end = leads(&denied, 302);
        assert_eq!(end, "/login/social/error.access_denied");
        let page = browser.page(&end).await.expect(400);
        assert!(page.text.contains("Vous avez interrompu la connexion") && page.text.contains("with-fake"), "{}", page.text);
        // A code that no path holds is another one.
        let url = leads(&browser.form("/login/social/with-fake", &[]).await, 303);
        let state = parameter(&url, "state");
        let odd = browser.page(&format!("/api/auth/callback/fake?error=..%2F..%2Fevil&state={state}")).await;
        assert_eq!(leads(&odd, 302), "/login/social/error.other");
        for name in ["error.<script>", "done", "code", "nothing", "with-nope"] {
            let page = browser.page(&format!("/login/social/{name}")).await;
            assert!(!page.text.contains("<script>alert") && page.status.as_u16() < 500, "{page:?}");
        }
        assert_eq!(leads(&browser.form("/login/social/with-nope", &[]).await, 303), "/login");
    }

    async fn a_plugin_that_refuses_is_heard_in_its_own_words(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "[plugins.admin]\n").await;
        let come = async || {
            let browser = server.page_browser();
            let url = leads(&browser.form("/login/social/with-fake", &[]).await, 303);
            (come_back(&server, &fake, &browser, &url, ("s1", EMAIL, true)).await, browser)
        };
        assert_eq!(come().await.0, "/login/social/done");
        server.execute(r#"update "user" set "banned" = true"#).await;
        let (end, browser) = come().await;
        assert_eq!(end, "/login/social/error.BANNED_USER");
        let page = browser.page(&end).await.expect(400);
        assert!(page.text.contains("Ce compte est suspendu"), "{}", page.text);
    }

    async fn a_provider_that_is_down_leaves_the_door_open(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        fake.set(|script| script.down = true);
        let browser = server.page_browser();
        assert_eq!(browser.page("/login").await.status, 200);
        let page = browser.form("/login/social/with-fake", &[]).await.expect(503);
        assert!(page.text.contains("ne répond pas") && page.text.contains("with-fake"), "{}", page.text);
    }

    async fn accounts_are_linked_and_removed_on_the_own_page(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.page_browser();
        try_sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let page = browser.page("/account").await.expect(200);
        assert!(plain(&page).contains("action=\"/account/social/link-fake\""), "{}", page.text);
        assert!(page.header("content-security-policy").contains(&fake.issuer));
        let url = leads(&browser.form("/account/social/link-fake", &[]).await, 303);
        let end = come_back(&server, &fake, &browser, &url, ("s1", EMAIL, false)).await;
        assert_eq!(end, "/account/social/error.unable_to_link_account");
        assert_eq!(browser.page(&end).await.status, 400);
        let url = leads(&browser.form("/account/social/link-fake", &[]).await, 303);
        let end = come_back(&server, &fake, &browser, &url, ("s1", EMAIL, true)).await;
        assert_eq!(leads(&browser.page(&end).await, 303), "/account");
        let page = browser.page("/account").await.expect(200);
        assert!(page.text.contains("Le compte est lié.") && page.text.contains("Retirer Fake"), "{}", page.text);

        let id = server.text(r#"select "id" from "account" where "providerId" = 'fake'"#).await.unwrap();
        let unlink = async |account: &str| browser.form("/account/social/unlink", &[("account", account)]).await;
        assert_eq!(unlink("nope").await.status, 400);
        assert_eq!(leads(&unlink(&id).await, 303), "/account");
        let mails: Vec<String> = server.mails(EMAIL).await.into_iter().map(|mail| mail.subject).collect();
        assert!(mails.contains(&"Un compte a été lié au vôtre".to_owned()) && mails.contains(&"Un compte lié a été retiré".to_owned()), "{mails:?}");
        let last = server.text(r#"select "id" from "account""#).await.unwrap();
        assert_eq!(unlink(&last).await.status, 400, "never the last way in");
        // A sign-in of yesterday links nothing.
        server.clock.advance(std::time::Duration::from_secs(86_400));
        assert_eq!(browser.form("/account/social/link-fake", &[]).await.status, 403);
        assert_eq!(server.count("account").await, 1);
    }

    async fn an_application_is_led_on_by_the_api(database) {
        let fake = Fake::start().await;
        let server = with(&database, &fake, "").await;
        let browser = server.browser();
        let url = begin(&browser).await;
        assert_eq!(come_back(&server, &fake, &browser, &url, ("s1", EMAIL, true)).await, "/home");
        assert_ne!(user(&browser).await, Value::Null);
    }
}
