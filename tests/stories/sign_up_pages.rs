//! The pages beside the doors over plain HTTP: signing up, a forgotten password, a proven address.

use std::time::Duration;

use guichet_testing::{Answer, Browser, TestDatabase, TestServer};

use crate::{ANOTHER, EMAIL, PASSWORD, with};

/// With these lines in the plugin's section; lines before a `---` are the configuration's own.
async fn start(database: &TestDatabase, settings: &str) -> TestServer {
    let (own, plugin) = settings.split_once("---").unwrap_or(("", settings));
    with(database, &format!("{own}\n[plugins.pages]\n[plugins.email-password]\n{plugin}")).await
}

/// The page's text as a browser reads its attributes.
fn read(answer: Answer, status: u16) -> String {
    answer.expect(status).text.replace("&#x2f;", "/")
}

async fn sign_up(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.form("/signup", &[("name", "Jean"), ("email", email), ("password", password)]).await
}

async fn sign_in(browser: &Browser, password: &str) -> Answer {
    browser.form("/login/email-password/sign-in", &[("email", EMAIL), ("password", password)]).await
}

fn leads(answer: Answer, to: &str) {
    assert_eq!(answer.expect(303).header("location"), to);
}

/// The path of where the API leads from the newest mailed link.
async fn follow(server: &TestServer, browser: &Browser) -> String {
    opened(server, browser, &server.mailed_link(EMAIL).await).await
}

/// The path of where the API leads from a mailed link.
async fn opened(server: &TestServer, browser: &Browser, link: &str) -> String {
    let opened = browser.page(link).await.expect(302);
    let target = opened.header("location");
    target.strip_prefix(server.base()).unwrap_or(target).to_owned()
}

fn invalid_at(answer: Answer, status: u16, id: &str) -> String {
    let answer = answer.expect(status);
    let field =
        answer.text.split(&format!("id=\"{id}\"")).nth(1).unwrap_or_else(|| panic!("{}", answer.text));
    assert!(field.split('>').next().unwrap().contains("aria-invalid=\"true\""), "{field}");
    assert!(!answer.text.contains(PASSWORD), "no page ever shows a password");
    answer.text
}

guichet_testing::stories! {
    async fn who_signs_up_ends_where_a_sign_in_leads(database) {
        let server = start(&database, "").await;
        let browser = server.page_browser();
        let login = browser.page("/login?callbackURL=http%3A%2F%2Fapp.localhost%3A5173%2Fafter").await;
        let login = read(login, 200);
        assert!(login.contains("href=\"/signup\"") && login.contains("href=\"/forgot-password\""));
        let page = browser.clone().header("referer", server.base()).page("/signup").await.expect(200);
        for part in ["autocomplete=\"new-password\"", "autocomplete=\"username\"", "data-reveals", "type=\"password\""] {
            assert!(page.text.contains(part), "{part}");
        }
        assert!(page.header("content-security-policy").contains("http://app.localhost:5173"));
        leads(sign_up(&browser, EMAIL, PASSWORD).await, "http://app.localhost:5173/after");
        assert_eq!(browser.get("/get-session").await.json()["user"]["name"], "Jean");
        leads(sign_in(&server.page_browser(), PASSWORD).await, "/signed-in");
    }

    async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(database) {
        let server = start(&database, "name_required = true").await;
        let browser = server.page_browser();
        let text = invalid_at(sign_up(&browser, "jean@example", PASSWORD).await, 400, "email-password-email");
        assert!(text.contains("value=\"jean@example\"") && text.contains("value=\"Jean\""));
        for bad in ["short", "", "password123", &"a".repeat(300)] {
            let text = invalid_at(sign_up(&browser, EMAIL, bad).await, 400, "email-password-new");
            assert!(text.contains(&format!("value=\"{EMAIL}\"")), "{bad}");
        }
        let nameless = browser.form("/signup", &[("email", EMAIL), ("password", PASSWORD)]).await;
        invalid_at(nameless, 400, "email-password-name");
        assert_eq!(server.count("user").await, 0);
        leads(sign_up(&browser, EMAIL, PASSWORD).await, "/signed-in");
        let taken = invalid_at(sign_up(&server.page_browser(), EMAIL, ANOTHER).await, 422, "email-password-email");
        assert!(taken.contains("a déjà un compte"));
    }

    async fn where_the_api_is_discreet_a_taken_address_sees_the_same_page(database) {
        let server = start(&database, "require_email_verification = true").await;
        let (one, two) = (server.page_browser(), server.page_browser());
        leads(sign_up(&one, EMAIL, PASSWORD).await, "/verify-email");
        leads(sign_up(&two, EMAIL, ANOTHER).await, "/verify-email");
        assert_eq!(one.page("/verify-email").await.expect(200).text, two.page("/verify-email").await.expect(200).text);
        assert_eq!(server.count("user").await, 1);
        let refused = sign_in(&one, PASSWORD).await.expect(403);
        assert!(refused.text.contains("non confirmée"));
        let server = start(&database.another().await, "auto_sign_in = false").await;
        for browser in [server.page_browser(), server.page_browser()] {
            leads(sign_up(&browser, EMAIL, PASSWORD).await, "/login");
            assert!(browser.page("/login").await.text.contains("Connectez-vous avec votre adresse"));
            assert!(!browser.page("/login").await.text.contains("Connectez-vous avec votre adresse"), "said once");
        }
    }

    async fn closed_sign_up_is_not_offered_and_says_so(database) {
        let server = start(&database, "sign_up = false").await;
        let browser = server.page_browser();
        assert!(!read(browser.page("/login").await, 200).contains("/signup"));
        assert!(browser.page("/signup").await.expect(403).text.contains("Inscriptions fermées"));
        assert!(sign_up(&browser, EMAIL, PASSWORD).await.expect(403).text.contains("Inscriptions fermées"));
        assert_eq!(server.count("user").await, 0);
    }

    async fn limits_hold_on_these_pages_and_count_down(database) {
        let server = start(&database, "rate_limit = { enabled = true }\n---").await;
        let browser = server.page_browser();
        for _ in 0..3 {
            sign_up(&browser, "nobody", PASSWORD).await.expect(400).header("x");
            leads(browser.form("/forgot-password", &[("email", EMAIL)]).await, "/forgot-password/sent");
            leads(browser.form("/verify-email", &[("email", EMAIL)]).await, "/verify-email");
        }
        for path in ["/signup", "/forgot-password", "/verify-email"] {
            let refused = browser.form(path, &[("email", EMAIL), ("password", PASSWORD)]).await.expect(429);
            assert!(refused.text.contains("data-countdown=\""), "{path}");
            assert!(refused.text.contains(&format!("value=\"{EMAIL}\"")), "{path}");
        }
    }

    async fn a_forgotten_password_is_replaced_and_the_link_works_once(database) {
        let server = start(&database, "").await;
        let before = server.page_browser();
        leads(sign_up(&before, EMAIL, PASSWORD).await, "/signed-in");
        let browser = server.page_browser();
        for email in ["unknown@example.com", EMAIL] {
            leads(browser.form("/forgot-password", &[("email", email)]).await, "/forgot-password/sent");
            assert!(browser.page("/forgot-password/sent").await.expect(200).text.contains(email));
        }
        assert!(server.mails("unknown@example.com").await.is_empty());
        let link = server.mailed_link(EMAIL).await;
        let page = opened(&server, &browser, &link).await;
        assert!(page.starts_with("/reset-password?token="), "{page}");
        for _ in 0..2 {
            let shown = browser.page(&page).await.expect(200);
            assert!(shown.text.contains("autocomplete=\"new-password\""), "looking uses nothing up");
        }
        let token = page.split("token=").nth(1).unwrap();
        let post = |password| { let browser = browser.clone(); async move {
            browser.form("/reset-password", &[("token", token), ("password", password)]).await
        }};
        let short = invalid_at(post("short").await, 400, "email-password-new");
        assert!(short.contains(token), "the link is still good");
        leads(post(ANOTHER).await, "/signed-in");
        assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL);
        assert!(!before.is_in().await);
        let used = read(post(PASSWORD).await, 400);
        assert!(used.contains("href=\"/forgot-password\""), "another one can be asked for");
        browser.page(&page).await.expect(400).header("x");
        assert_eq!(opened(&server, &browser, &link).await.split('?').next(), Some("/reset-password"));
    }

    async fn an_expired_reset_link_offers_another(database) {
        let server = start(&database, "").await;
        let browser = server.page_browser();
        leads(sign_up(&browser, EMAIL, PASSWORD).await, "/signed-in");
        leads(browser.form("/forgot-password", &[("email", EMAIL)]).await, "/forgot-password/sent");
        let page = follow(&server, &browser).await;
        server.clock.advance(Duration::from_secs(3601));
        let stale = read(browser.page(&page).await, 400);
        assert!(stale.contains("Lien expiré") && stale.contains("href=\"/forgot-password\""));
        assert!(browser.page("/reset-password").await.expect(400).text.contains("Lien expiré"));
    }

    async fn a_verification_link_opens_a_page_and_another_can_be_had(database) {
        let server = start(&database, "require_email_verification = true").await;
        let browser = server.page_browser();
        leads(sign_up(&browser, EMAIL, PASSWORD).await, "/verify-email");
        assert_eq!(server.mails(EMAIL).await.len(), 1, "sent before its link expires");
        server.clock.advance(Duration::from_secs(3601));
        let page = follow(&server, &browser).await;
        assert_eq!(page, "/verify-email?done=1&error=TOKEN_EXPIRED");
        assert!(browser.page(&page).await.expect(400).text.contains("a expiré"));
        leads(browser.form("/verify-email", &[("email", EMAIL)]).await, "/verify-email");
        assert!(browser.page("/verify-email").await.text.contains("Demande prise en compte"));
        let page = follow(&server, &browser).await;
        assert!(browser.page(&page).await.expect(200).text.contains("Adresse confirmée"));
        assert_eq!(server.number(r#"select count(*) from "user" where "emailVerified""#).await, 1);
        leads(sign_in(&browser, PASSWORD).await, "/signed-in");
    }

    async fn portals_offer_no_sign_up(database) {
        database
            .run(match database.dialect() {
                guichet_core::db::Dialect::Postgres => include_str!("../fixtures/tenants.postgres.sql"),
                guichet_core::db::Dialect::Sqlite => include_str!("../fixtures/tenants.sqlite.sql"),
            })
            .await;
        let portal = "[plugins.prepare-login]\n[[plugins.prepare-login.portal]]\nname = \"client\"\n\
            role = \"UTILISATEUR\"\npreset = \"client-person-entreprise\"\nmethods = [\"email-password\"]";
        let server = start(&database, portal).await;
        let page = read(server.page_browser().page("/client/login").await, 200);
        assert!(page.contains("href=\"/forgot-password?door=client\"") && !page.contains("/signup"), "{page}");
    }
}
