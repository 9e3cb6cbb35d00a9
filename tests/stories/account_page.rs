//! The page of one's own account over plain HTTP.

use std::time::Duration;

use guichet_testing::{Answer, Browser, SESSION_COOKIE, TestDatabase, TestServer};
use serde_json::Value;

use crate::{ANOTHER, EMAIL, PASSWORD, with};

async fn start(database: &TestDatabase, settings: &str) -> TestServer {
    let (own, plugin) = settings.split_once("---").unwrap_or(("", settings));
    with(database, &format!("{own}\n[plugins.pages]\n[plugins.email-password]\n{plugin}")).await
}

/// A browser that has just signed up.
async fn owner(server: &TestServer) -> Browser {
    let browser = server.page_browser();
    leads(browser.form("/signup", &[("email", EMAIL), ("password", PASSWORD)]).await, "/signed-in");
    browser
}

async fn sign_in(server: &TestServer, password: &str) -> Browser {
    let browser = server.page_browser().header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0");
    let form = [("email", EMAIL), ("password", password)];
    leads(browser.form("/login/email-password/sign-in", &form).await, "/signed-in");
    browser
}

fn leads(answer: Answer, to: &str) {
    assert_eq!(answer.expect(303).header("location"), to);
}

/// The page's text as a browser reads its attributes.
fn read(answer: Answer, status: u16) -> String {
    answer.expect(status).text.replace("&#x2f;", "/")
}

async fn says(browser: &Browser, text: &str) {
    let page = browser.page("/account").await.expect(200).text;
    assert!(page.contains("role=\"status\"") && page.contains(text), "{page}");
    assert!(!browser.page("/account").await.text.contains("role=\"status\""), "said once");
}

guichet_testing::stories! {
    async fn nobody_sees_an_account_without_a_session(database) {
        let server = start(&database, "").await;
        let stranger = server.page_browser();
        leads(stranger.page("/account").await, "/login?callbackURL=%2Faccount");
        leads(stranger.page("/account/email-password/password").await, "/login?callbackURL=%2Faccount%2Femail-password%2Fpassword");
        leads(stranger.form("/account/profile/save", &[("name", "x")]).await, "/login?callbackURL=%2Faccount");
        let browser = owner(&server).await;
        for path in ["/account/nothing/here", "/account/profile/nothing", "/account/deletion/confirm"] {
            browser.page(path).await.expect(404).header("x");
        }
        let foreign = browser.clone().at_origin("https://evil.test");
        foreign.form("/account/profile/save", &[("name", "x")]).await.expect(403).header("x");
    }

    async fn name_and_picture_are_changed_as_the_api_does(database) {
        let server = start(&database, "").await;
        let browser = owner(&server).await;
        for bad in ["javascript:alert(1)", "photo", "https://"] {
            let refused = browser.form("/account/profile/save", &[("name", "Éva"), ("image", bad)]).await.expect(400);
            assert!(refused.text.contains("value=\"Éva\"") && refused.text.contains("aria-invalid=\"true\""), "{bad}");
        }
        let good = [("name", "Éva <b>"), ("image", "https://example.com/a.jpg")];
        leads(browser.form("/account/profile/save", &good).await, "/account");
        says(&browser, "Votre profil est enregistré").await;
        let user = browser.get("/get-session").await.json()["user"].clone();
        assert_eq!((&user["name"], &user["image"]), (&"Éva <b>".into(), &"https://example.com/a.jpg".into()));
        assert!(!browser.page("/account").await.text.contains("Éva <b>"));
        leads(browser.form("/account/profile/save", &[("name", ""), ("image", "")]).await, "/account");
        assert_eq!(browser.get("/get-session").await.json()["user"]["image"], Value::Null);
    }

    async fn a_changed_password_ends_the_other_sessions(database) {
        let server = start(&database, "").await;
        let browser = owner(&server).await;
        let other = sign_in(&server, PASSWORD).await;
        let before = browser.cookie(SESSION_COOKIE);
        let post = |current, new| { let browser = browser.clone(); async move {
            browser.form("/account/email-password/password", &[("current", current), ("password", new)]).await
        }};
        for (current, new, id) in [("wrong one here", ANOTHER, "current"), (PASSWORD, "short", "new"), ("", ANOTHER, "current"), (PASSWORD, "", "new")] {
            let refused = post(current, new).await.expect(400);
            assert!(refused.text.contains(&format!("id=\"email-password-{id}-error\"")), "{current} {new}");
        }
        assert!(other.is_in().await);
        leads(post(PASSWORD, ANOTHER).await, "/account");
        says(&browser, "Votre mot de passe est changé").await;
        assert!(!other.is_in().await && browser.is_in().await);
        assert_ne!(browser.cookie(SESSION_COOKIE), before, "the own session began anew");
        sign_in(&server, ANOTHER).await;
    }

    async fn a_first_password_takes_a_recent_sign_in(database) {
        let server = start(&database, "").await;
        let browser = owner(&server).await;
        server.execute(r#"delete from "account""#).await;
        let (path, form) = ("/account/email-password/password", [("password", ANOTHER)]);
        server.clock.advance(Duration::from_secs(2 * 86_400));
        for answer in [browser.page(path).await, browser.form(path, &form).await] {
            assert!(read(answer, 403).contains("/login?callbackURL=%2Faccount"));
        }
        assert_eq!(server.count("account").await, 0);
        let server = start(&database.another().await, "").await;
        let browser = owner(&server).await;
        server.execute(r#"delete from "account""#).await;
        leads(browser.form(path, &form).await, "/account");
        sign_in(&server, ANOTHER).await;
        assert_eq!(server.mails(EMAIL).await[0].subject, "Votre mot de passe a été changé");
    }

    async fn devices_are_shown_and_signed_out(database) {
        let server = start(&database, "").await;
        let browser = owner(&server).await;
        let (second, third) = (sign_in(&server, PASSWORD).await, sign_in(&server, PASSWORD).await);
        let page = browser.page("/account").await.expect(200).text;
        assert!(page.contains("Firefox, Linux") && page.contains("cet appareil") && page.contains("127.0.0.1"));
        let handles: Vec<&str> = page.split("name=\"session\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(handles.len(), 2, "this one is not offered");
        leads(browser.form("/account/sessions/end", &[("session", handles[0])]).await, "/account");
        says(&browser, "L’appareil est déconnecté").await;
        assert_eq!((second.is_in().await, third.is_in().await), (true, false), "the newest comes first");
        // Somebody else's handle ends nothing.
        let stranger = server.page_browser();
        leads(stranger.form("/signup", &[("email", "eve@example.com"), ("password", PASSWORD)]).await, "/signed-in");
        leads(stranger.form("/account/sessions/end", &[("session", handles[1])]).await, "/account");
        assert!(second.is_in().await);
        leads(browser.form("/account/sessions/others", &[]).await, "/account");
        assert!(!second.is_in().await && browser.is_in().await && stranger.is_in().await);
        server.clock.advance(Duration::from_secs(2 * 86_400));
        browser.form("/account/sessions/others", &[]).await.expect(403).header("x");
    }

    async fn an_account_is_deleted_with_its_password(database) {
        let server = start(&database, "user = { delete_account = true, delete_by_mail = false }\n---").await;
        let browser = owner(&server).await;
        assert!(read(browser.page("/account").await, 200).contains("/account/deletion/confirm"));
        for password in ["", "wrong one here"] {
            let refused = browser.form("/account/deletion/delete", &[("password", password)]).await.expect(400);
            assert!(refused.text.contains("deletion-password-error"));
        }
        leads(browser.form("/account/deletion/delete", &[("password", PASSWORD)]).await, "/account-deleted");
        assert_eq!(server.count("user").await, 0);
        assert!(!browser.is_in().await);
        browser.page("/account-deleted").await.expect(200).header("x");
    }

    async fn an_account_is_deleted_by_the_mailed_link(database) {
        let server = start(&database, "user = { delete_account = true }\n---").await;
        let browser = owner(&server).await;
        leads(browser.form("/account/deletion/delete", &[]).await, "/account/deletion/sent");
        assert!(browser.page("/account/deletion/sent").await.expect(200).text.contains(EMAIL));
        assert_eq!(server.count("user").await, 1);
        let link = server.mailed_link(EMAIL).await;
        assert_eq!(browser.page(&link).await.expect(302).header("location"), "/account-deleted");
        assert_eq!(server.count("user").await, 0);
    }

    async fn an_address_is_changed_by_both_links(database) {
        let server = start(&database, "change_email = true").await;
        let browser = owner(&server).await;
        let path = "/account/email-password/email";
        browser.page(path).await.expect(200).header("x");
        assert!(browser.form(path, &[("email", "nobody")]).await.expect(400).text.contains("value=\"nobody\""));
        browser.form(path, &[("email", EMAIL)]).await.expect(400).header("x");
        leads(browser.form(path, &[("email", "neu@example.com")]).await, "/account/email-password/email-sent");
        for (to, said) in [(EMAIL, "C’est noté"), ("neu@example.com", "désormais cette adresse")] {
            let link = server.mailed_link(to).await;
            let elsewhere = server.page_browser().page(&link).await.expect(302);
            let refused = server.page_browser().page(elsewhere.header("location")).await.expect(400);
            assert!(refused.text.contains("ne fonctionne que dans le navigateur"));
            let opened = browser.page(&link).await.expect(302);
            assert!(browser.page(opened.header("location")).await.expect(200).text.contains(said), "{said}");
        }
        assert_eq!(browser.get("/get-session").await.json()["user"]["email"], "neu@example.com");
        server.clock.advance(Duration::from_secs(2 * 86_400));
        assert!(read(browser.page(path).await, 403).contains("callbackURL=%2Faccount%2Femail-password%2Femail"));
    }
}
