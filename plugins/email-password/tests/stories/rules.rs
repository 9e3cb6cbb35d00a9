//! Which passwords may be set, on every route that sets one.

use guichet_core::serde_json::json;

use crate::{ANOTHER, EMAIL, PASSWORD, reset, reset_token, sign_in, sign_up, start, with};

guichet_testing::stories! {
    /// Wishes: 21.
    async fn common_short_and_long_passwords_are_refused_on_every_route_that_sets_one(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let long = "l".repeat(129);
        let bad = [("password", "PASSWORD_TOO_COMMON"), ("Sunshine", "PASSWORD_TOO_COMMON"),
            ("1234567", "PASSWORD_TOO_SHORT"), (long.as_str(), "PASSWORD_TOO_LONG")];
        for (password, code) in bad {
            sign_up(&server.browser(), EMAIL, password).await.refused(400, code);
        }
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        let token = reset_token(&server, EMAIL).await;
        for (password, code) in bad {
            let body = json!({"currentPassword": PASSWORD, "newPassword": password});
            browser.post("/change-password", body).await.refused(400, code);
            reset(&server, &token, password).await.refused(400, code);
        }
        reset(&server, &token, ANOTHER).await.expect(200).json();
    }

    /// Wishes: 22.
    async fn the_shortest_length_is_the_operators(database) {
        let server = with(&database, "[password]\nmin_length = 12\n---").await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, "eleven chrs").await.refused(400, "PASSWORD_TOO_SHORT");
        sign_up(&browser, EMAIL, "twelve chars").await.expect(200).json();
        let body = json!({"currentPassword": "twelve chars", "newPassword": "eleven chrs"});
        browser.post("/change-password", body).await.refused(400, "PASSWORD_TOO_SHORT");
        let token = reset_token(&server, EMAIL).await;
        reset(&server, &token, "eleven chrs").await.refused(400, "PASSWORD_TOO_SHORT");
    }

    async fn the_operators_words_are_refused_inside_passwords(database) {
        let server = with(&database, "[password]\ncontext_words = [\"Guichet\"]\n---").await;
        sign_up(&server.browser(), EMAIL, "MonGuichetEstBeau").await.refused(400, "PASSWORD_TOO_COMMON");
        sign_up(&server.browser(), EMAIL, "MonPortailEstBeau").await.expect(200).json();
    }

    // ASVS 6.2.8, 6.2.9: nothing is trimmed, cut or changed in case.
    async fn every_character_counts(database) {
        let server = start(&database).await;
        let stem = "a".repeat(99);
        sign_up(&server.browser(), EMAIL, &format!("{stem}b")).await.expect(200).json();
        for wrong in [format!("{stem}c"), stem.clone(), format!("{stem}b "), format!("{stem}B")] {
            sign_in(&server.browser(), EMAIL, &wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        }
        sign_in(&server.browser(), EMAIL, &format!("{stem}b")).await.expect(200).json();
        sign_up(&server.browser(), "b@example.com", "  padded pw  ").await.expect(200).json();
        sign_in(&server.browser(), "b@example.com", "padded pw").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in(&server.browser(), "b@example.com", "  padded pw  ").await.expect(200).json();
    }

    async fn one_password_may_be_composed_in_two_ways(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, "cafe\u{301} cre\u{300}me").await.expect(200).json();
        sign_in(&server.browser(), EMAIL, "caf\u{e9} cr\u{e8}me").await.expect(200).json();
        sign_in(&server.browser(), EMAIL, "cafe\u{301} cre\u{300}me").await.expect(200).json();
        sign_in(&server.browser(), EMAIL, "cafe creme").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        // Counted as people count.
        sign_up(&server.browser(), "b@example.com", "😀😀😀😀").await.refused(400, "PASSWORD_TOO_SHORT");
        sign_up(&server.browser(), "b@example.com", "😀🐴🔋📎😀🐴🔋📎").await.expect(200).json();
    }

    async fn settings_that_cannot_be_meant_are_refused_at_start(database) {
        for (settings, word) in [
            ("[password]\nmax_length = 20\n[plugins.email-password]", "max_length"),
            ("[password]\nmin_length = 0\n[plugins.email-password]", "min_length"),
            ("[password]\ncontext_words = [\"a\"]\n[plugins.email-password]", "context_words"),
            ("[plugins.email-password]\nreset_expires_in = \"30d\"", "reset_expires_in"),
            ("[password]\ntries_per_account_and_day = 100\n[plugins.email-password]", "tries_per_account_and_day"),
            ("[password]\ntries_per_account = 1\n[plugins.email-password]", "tries_per_account"),
        ] {
            let plugins = [guichet_core::plugin::Registration::of::<guichet_email_password::EmailPassword>()];
            let refused = guichet_testing::TestServer::try_with(&plugins, &database, settings).await;
            let Err(error) = refused else { panic!("it starts with {settings}") };
            assert!(error.contains(word), "{error}");
        }
    }
}
