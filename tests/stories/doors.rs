//! The hosted pages over plain HTTP: no script, forms and redirects only.

use std::time::Duration;

use crate::{EMAIL, start, with};

const SEND: &str = "/login/email-otp/send";
const CODE: &str = "/login/email-otp/code";

guichet_testing::stories! {
    /// Wishes: 100.
    async fn a_visitor_without_javascript_signs_in_and_out(database) {
        let server = start(&database).await;
        let browser = server.page_browser();
        assert!(browser.page("/login").await.expect(200).text.contains("name=\"email\""));
        let sent = browser.form(SEND, &[("email", EMAIL)]).await.expect(303);
        assert_eq!(sent.header("location"), CODE);
        assert!(browser.page(CODE).await.expect(200).text.contains("one-time-code"));
        let code = server.code(EMAIL).await;
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let landed = browser.form(CODE, &[("code", &spaced)]).await.expect(303);
        assert_eq!(landed.header("location"), "/signed-in");
        assert!(browser.page("/signed-in").await.expect(200).text.contains(EMAIL));
        assert_eq!(browser.form("/sign-out", &[]).await.expect(303).header("location"), "/signed-out");
        assert_eq!(browser.page("/signed-in").await.expect(303).header("location"), "/login");
        assert!(!browser.is_in().await);
    }

    // Ghost GHSA-9m84-wc28-w895: a code was good in another browser than the one that asked.
    async fn a_code_of_a_page_is_bound_to_the_browser_that_asked(database) {
        let server = start(&database).await;
        let (owner, thief) = (server.page_browser(), server.page_browser());
        thief.form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        server.clock.advance(Duration::from_secs(1));
        owner.form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        let code = server.code(EMAIL).await;
        let refused = thief.form(CODE, &[("code", &code)]).await.expect(400);
        assert!(refused.text.contains("Code invalide ou expiré"));
        let by_api = server.browser();
        let body = serde_json::json!({"email": EMAIL, "otp": code});
        by_api.post("/sign-in/email-otp", body).await.refused(400, "INVALID_OTP");
        owner.form(CODE, &[("code", &code)]).await.expect(303).header("location");
    }

    async fn a_field_that_newcomers_must_give_is_named_in_the_visitors_words(database) {
        let field = "[[user.fields]]\nname = \"company\"\nrequired = true\ninput = true\n[plugins.email-otp]\n[plugins.pages]";
        let server = with(&database, field).await;
        let browser = server.page_browser();
        browser.form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        let code = server.code(EMAIL).await;
        let refused = browser.form(CODE, &[("code", &code)]).await.expect(400);
        assert!(refused.text.contains("le champ « company » est obligatoire"), "{}", refused.text);
    }

    /// Wishes: 124.
    async fn the_earlier_code_still_works_after_a_resend(database) {
        let server = start(&database).await;
        let browser = server.page_browser();
        browser.form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        let first = server.code(EMAIL).await;
        server.clock.advance(Duration::from_secs(31));
        browser.form("/login/email-otp/resend", &[]).await.expect(303).header("location");
        let page = browser.page(CODE).await.expect(200);
        assert!(page.text.contains("Le code précédent reste valable"), "{}", page.text);
        browser.form(CODE, &[("code", &first)]).await.expect(303).header("location");
    }

    async fn the_limits_of_the_api_hold_on_its_pages(database) {
        let settings = "rate_limit = { enabled = true }\n[plugins.email-otp]\n[plugins.email-password]\n[plugins.pages]";
        let server = with(&database, settings).await;
        for _ in 0..3 {
            server.page_browser().form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        }
        let refused = server.page_browser().form(SEND, &[("email", EMAIL)]).await.expect(429);
        assert!(refused.text.contains("name=\"email\""), "{}", refused.text);
        let seconds = refused.text.split("data-countdown=\"").nth(1).and_then(|rest| rest.split('"').next());
        let seconds: u64 = seconds.expect("how long to wait").parse().unwrap();
        assert!((30..=60).contains(&seconds));
        assert!(refused.text.contains(&format!("Réessayez dans {seconds} secondes")), "{}", refused.text);
        assert_eq!(server.mails(EMAIL).await.len(), 3);
        let guess = [("email", EMAIL), ("password", "not the password")];
        for _ in 0..3 {
            server.page_browser().form("/login/email-password/sign-in", &guess).await.expect(401).header("x");
        }
        server.page_browser().form("/login/email-password/sign-in", &guess).await.expect(429).header("x");
    }

    async fn a_page_leads_only_to_trusted_addresses(database) {
        let server = start(&database).await;
        for bad in ["https://evil.test/", "//evil.test", "javascript:alert(1)", "/%5cevil.test", "http:evil.test"] {
            let target: String = url::form_urlencoded::byte_serialize(bad.as_bytes()).collect();
            let browser = server.page_browser();
            let answer = browser.page(&format!("/login?callbackURL={target}")).await;
            assert_eq!(answer.status, 403, "{bad}");
        }
        let browser = server.page_browser();
        browser.page("/login?callbackURL=http%3A%2F%2Fapp.localhost%3A5173%2Fafter").await.expect(200).header("x");
        browser.form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        let code = server.code(EMAIL).await;
        let landed = browser.form(CODE, &[("code", &code)]).await.expect(303);
        assert_eq!(landed.header("location"), "http://app.localhost:5173/after");
    }

    /// Wishes: 54.
    async fn where_sign_in_and_sign_out_lead_is_set_once(database) {
        let settings = "[plugins.email-otp]\n[plugins.pages]\nlands_at = \"/home\"\nsign_out_leads_to = \"/bye\"";
        let server = with(&database, settings).await;
        let browser = server.page_browser();
        browser.form(SEND, &[("email", EMAIL)]).await.expect(303).header("location");
        let code = server.code(EMAIL).await;
        assert_eq!(browser.form(CODE, &[("code", &code)]).await.expect(303).header("location"), "/home");
        assert_eq!(browser.form("/sign-out", &[]).await.expect(303).header("location"), "/bye");
    }

    async fn a_posted_form_must_come_from_our_own_page(database) {
        let server = start(&database).await;
        for origin in ["https://evil.test", ""] {
            let answer = server.page_browser().at_origin(origin).form(SEND, &[("email", EMAIL)]).await;
            assert_eq!(answer.status, 403);
            assert!(answer.text.contains("<html"), "a person sees a page");
        }
        assert!(server.mails(EMAIL).await.is_empty());
    }

    /// Wishes: 95.
    async fn french_first_english_when_asked_and_remembered(database) {
        let server = start(&database).await;
        let page = |text: String| text.split("lang=\"").nth(1).unwrap()[..2].to_owned();
        assert_eq!(page(server.page_browser().page("/login").await.text), "fr");
        let english = server.page_browser().header("accept-language", "en-GB");
        assert_eq!(page(english.page("/login").await.text), "en");
        let german = server.page_browser().header("accept-language", "de");
        assert_eq!(page(german.page("/login").await.text), "fr");
        assert_eq!(page(german.page("/login?lang=en").await.text), "en");
        assert_eq!(page(german.page("/signed-out").await.text), "en", "the choice is remembered");
    }

    async fn an_unknown_address_of_ours_is_a_page_for_people_and_empty_for_programs(database) {
        let server = start(&database).await;
        let page = server.page_browser().page("/nowhere").await.expect(404);
        assert!(page.text.contains("Page introuvable"));
        let program = server.browser().request("GET".parse().unwrap(), "/nowhere", None, None).await;
        assert!(program.text.is_empty());
    }
}
