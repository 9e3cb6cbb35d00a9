//! Codes instead of links, and beside them, where an address is to be proven.

use guichet_testing::TestServer;
use serde_json::json;

use crate::{EMAIL, PASSWORD, sign_up, with};

async fn prove(server: &TestServer) {
    let code = server.code(EMAIL).await;
    let proven = server.browser().post("/email-otp/verify-email", json!({"email": EMAIL, "otp": code})).await;
    assert_eq!(proven.expect(200).json()["user"]["emailVerified"], true);
}

guichet_testing::stories! {
    async fn who_signs_up_is_sent_a_code(database) {
        let server = with(&database, "[plugins.email-password]\n[plugins.email-otp]\nsend_on_sign_up = true").await;
        sign_up(&server, EMAIL).await;
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        prove(&server).await;
    }

    async fn nothing_is_sent_unless_that_is_switched_on(database) {
        let server = with(&database, "[plugins.email-password]\n[plugins.email-otp]").await;
        sign_up(&server, EMAIL).await;
        assert!(server.mails(EMAIL).await.is_empty());
    }

    async fn codes_replace_links_wherever_one_would_be_sent(database) {
        let settings = "[plugins.email-password]\nrequire_email_verification = true\n\
                        [plugins.email-otp]\nreplaces_links = true\nsend_on_sign_up = true";
        let server = with(&database, settings).await;
        sign_up(&server, EMAIL).await;
        let entry = json!({"email": EMAIL, "password": PASSWORD});
        server.browser().post("/sign-in/email", entry.clone()).await.refused(403, "EMAIL_NOT_VERIFIED");
        server.browser().post("/send-verification-email", json!({"email": EMAIL})).await.expect(200).json();
        let mails = server.mails(EMAIL).await;
        assert_eq!(mails.len(), 3, "at sign-up, at the refused sign-in, on request");
        assert!(mails.iter().all(|mail| !mail.text.contains("/verify-email")));
        prove(&server).await;
        server.browser().post("/sign-in/email", entry).await.expect(200).json();
    }

    async fn an_unknown_address_costs_what_a_known_one_costs(database) {
        let settings = "[plugins.email-password]\nrequire_email_verification = true\n[plugins.email-otp]\nreplaces_links = true";
        let server = with(&database, settings).await;
        sign_up(&server, EMAIL).await;
        server.mails(EMAIL).await;
        let rows = async || server.count("verification").await;
        let before = rows().await;
        for email in ["nobody@example.com", EMAIL] {
            let answer = server.browser().post("/send-verification-email", json!({"email": email})).await;
            assert_eq!(answer.expect(200).json(), json!({"status": true}));
        }
        assert_eq!(rows().await - before, 2, "a row each: one of them is a decoy");
        assert!(server.mails("nobody@example.com").await.is_empty());
    }
}
