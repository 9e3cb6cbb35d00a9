//! Passwords on the hosted pages.

use serde_json::json;

use crate::{EMAIL, PASSWORD, sign_up, with};

const BOTH: &str = "[plugins.pages]\n[plugins.email-otp]\n[plugins.email-password]\n";
const FORM: &str = "/login/email-password/sign-in";

guichet_testing::stories! {
    async fn a_door_offers_both_methods_and_a_password_signs_in_without_javascript(database) {
        let server = with(&database, BOTH).await;
        sign_up(&server, EMAIL).await;
        let browser = server.page_browser();
        let page = browser.page("/login").await.expect(200).text;
        assert!(page.contains("method-email-otp") && page.contains("method-email-password"));
        assert!(page.contains(r#"autocomplete="current-password""#));
        let landed = browser.form(FORM, &[("email", " JEAN@example.com"), ("password", PASSWORD)]).await.expect(303);
        assert_eq!(landed.header("location"), "/signed-in");
        assert!(browser.page("/signed-in").await.expect(200).text.contains(EMAIL));
    }

    async fn what_is_wrong_is_said_at_the_form_and_the_password_is_not_repeated(database) {
        let server = with(&database, BOTH).await;
        sign_up(&server, EMAIL).await;
        let browser = server.page_browser();
        for (email, password, status, said) in [
            (EMAIL, "not it at all <b>", 401, "Adresse e-mail ou mot de passe incorrect"),
            ("nobody@example.com", "not it at all <b>", 401, "Adresse e-mail ou mot de passe incorrect"),
            ("nope<i>", PASSWORD, 400, "semble incomplète"),
            (EMAIL, "", 400, "Saisissez votre mot de passe"),
            (EMAIL, &"x".repeat(200), 400, "trop long"),
        ] {
            let answer = browser.form(FORM, &[("email", email), ("password", password)]).await.expect(status);
            assert!(answer.text.contains(said), "{}", answer.text);
            assert!(answer.text.contains("role=\"alert\""));
            assert!(!answer.text.contains("not it at all") && !answer.text.contains("<i>"));
        }
        assert_eq!(browser.page(FORM).await.expect(303).header("location"), "/login");
        assert!(!browser.is_in().await);
    }

    async fn another_sites_form_signs_nobody_in(database) {
        let server = with(&database, BOTH).await;
        sign_up(&server, EMAIL).await;
        for origin in ["https://evil.test", ""] {
            let browser = server.page_browser().at_origin(origin);
            browser.form(FORM, &[("email", EMAIL), ("password", PASSWORD)]).await.expect(403).set_cookies();
            assert!(!browser.is_in().await);
        }
    }

    async fn too_many_tries_are_counted_with_the_apis(database) {
        let settings = format!("rate_limit = {{ enabled = true }}\npassword = {{ tries_per_account = 2 }}\n{BOTH}");
        let server = with(&database, &settings).await;
        sign_up(&server, EMAIL).await;
        let browser = server.page_browser();
        let wrong = json!({"email": EMAIL, "password": "not it at all"});
        server.browser().post("/sign-in/email", wrong).await.expect(401).set_cookies();
        browser.form(FORM, &[("email", EMAIL), ("password", "not it at all")]).await.expect(401).set_cookies();
        let limited = browser.form(FORM, &[("email", EMAIL), ("password", PASSWORD)]).await.expect(429);
        assert!(limited.text.contains("data-countdown=\"") && limited.text.contains("Trop d’essais"), "{}", limited.text);
    }

    async fn an_address_that_must_be_proven_first_is_told_so_after_the_right_password(database) {
        let settings = format!("{BOTH}require_email_verification = true\n");
        let server = with(&database, &settings).await;
        sign_up(&server, EMAIL).await;
        let browser = server.page_browser();
        let answer = browser.form(FORM, &[("email", EMAIL), ("password", PASSWORD)]).await.expect(403);
        assert!(answer.text.contains("Adresse e-mail non confirmée"), "{}", answer.text);
        assert_eq!(server.mails(EMAIL).await.len(), 2);
    }
}
