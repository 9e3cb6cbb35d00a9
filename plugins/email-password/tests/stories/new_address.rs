//! Changing one's address by mailed links.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestDatabase, TestServer};

use crate::{ANOTHER, EMAIL, PASSWORD, reset, reset_token, sign_in, sign_up, with};

const NEXT: &str = "jeanne@example.com";

async fn start(database: &TestDatabase, settings: &str) -> (TestServer, Browser) {
    let server = with(database, &format!("change_email = true\n{settings}")).await;
    let browser = server.browser();
    sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
    (server, browser)
}

async fn ask(browser: &Browser, new: &str) {
    let body = json!({"newEmail": new, "callbackURL": "/settings"});
    assert_eq!(browser.post("/change-email", body).await.expect(200).json(), json!({"status": true}));
}

async fn email(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()["user"]["email"].clone()
}

guichet_testing::stories! {
    async fn both_addresses_prove_a_change(database) {
        let (server, browser) = start(&database, "").await;
        let reset_before = reset_token(&server, EMAIL).await;
        ask(&browser, "Jeanne@Example.com").await;
        assert!(server.mails(NEXT).await.is_empty(), "the new address is asked second");
        let approve = server.mailed_link(EMAIL).await;
        assert!(server.mails(EMAIL).await[0].text.contains(NEXT), "it says what is approved");

        let approved = browser.open(&approve).await.expect(302);
        assert_eq!(approved.header("location"), "/settings");
        assert_eq!(email(&browser).await, EMAIL, "not yet");
        let prove = server.mailed_link(NEXT).await;
        assert_eq!(browser.open(&prove).await.expect(302).header("location"), "/settings");
        assert_eq!(email(&browser).await, NEXT);
        assert_eq!(server.number(r#"select count(*) from "user" where "emailVerified" = true"#).await, 1);
        assert_eq!(server.mails(EMAIL).await[0].subject, "Votre compte a une nouvelle adresse");

        sign_in(&server.browser(), NEXT, PASSWORD).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        reset(&server, &reset_before, ANOTHER).await.refused(400, "INVALID_TOKEN");
        let again = browser.open(&prove).await.expect(302);
        assert_eq!(again.header("location"), "/settings?error=USER_NOT_FOUND");
    }

    async fn a_program_that_opens_the_links_of_mails_changes_nothing(database) {
        let (server, browser) = start(&database, "").await;
        ask(&browser, NEXT).await;
        let approve = server.mailed_link(EMAIL).await;
        let stranger = server.browser();
        let refused = stranger.open(&approve).await.expect(302);
        assert_eq!(refused.header("location"), "/settings?error=UNAUTHORIZED");
        assert!(server.mails(NEXT).await.is_empty());
        browser.open(&approve).await.expect(302).set_cookies();
        let prove = server.mailed_link(NEXT).await;
        let refused = stranger.open(&prove).await.expect(302);
        assert_eq!(refused.header("location"), "/settings?error=UNAUTHORIZED");
        assert!(refused.set_cookies().is_empty());

        let other = server.browser();
        sign_up(&other, "other@example.com", PASSWORD).await.expect(200).json();
        let refused = other.open(&prove).await.expect(302);
        assert_eq!(refused.header("location"), "/settings?error=INVALID_USER");
        assert_eq!(email(&browser).await, EMAIL);
    }

    async fn a_link_for_an_address_is_none_for_whoever_has_it_next(database) {
        let (server, browser) = start(&database, "").await;
        ask(&browser, NEXT).await;
        let approve = server.mailed_link(EMAIL).await;
        server.execute(&format!("update \"user\" set \"email\" = 'gone@example.com' where \"email\" = '{EMAIL}'")).await;
        let heir = server.browser();
        sign_up(&heir, EMAIL, PASSWORD).await.expect(200).json();
        let refused = heir.open(&approve).await.expect(302);
        assert_eq!(refused.header("location"), "/settings?error=INVALID_TOKEN");
    }

    async fn a_taken_address_answers_the_same_and_gets_no_mail(database) {
        let (server, browser) = start(&database, "confirm_old_address = \"never\"").await;
        sign_up(&server.browser(), NEXT, PASSWORD).await.expect(200).json();
        ask(&browser, NEXT).await;
        assert!(server.mails(NEXT).await.is_empty());
        // Taken in between: the change comes to nothing.
        ask(&browser, "third@example.com").await;
        sign_up(&server.browser(), "third@example.com", PASSWORD).await.expect(200).json();
        let refused = browser.open(&server.mailed_link("third@example.com").await).await.expect(302);
        assert_eq!(refused.header("location"), "/settings?error=USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
        assert_eq!(email(&browser).await, EMAIL);
    }

    async fn as_better_auth_the_new_address_alone_proves_it_and_opens_a_session(database) {
        let settings = "confirm_old_address = \"when-proven\"\nchange_email_needs_session = false";
        let (server, browser) = start(&database, settings).await;
        ask(&browser, NEXT).await;
        let prove = server.mailed_link(NEXT).await;
        let elsewhere = server.browser();
        elsewhere.open(prove.split("&callbackURL").next().unwrap()).await.expect(200).json();
        assert_eq!(email(&elsewhere).await, NEXT);
        // Now it is proven, and approves the next change.
        ask(&browser, EMAIL).await;
        let approve = server.mailed_link(NEXT).await;
        let approved = server.browser().open(approve.split("&callbackURL").next().unwrap()).await.expect(200);
        assert_eq!(approved.json(), json!({"status": true}));
        browser.open(&server.mailed_link(EMAIL).await).await.expect(302).set_cookies();
        assert_eq!(email(&browser).await, EMAIL);
    }

    async fn what_is_no_change_is_refused(database) {
        let (server, browser) = start(&database, "").await;
        browser.post("/change-email", json!({"newEmail": "nope"})).await.refused(400, "VALIDATION_ERROR");
        let same = browser.post("/change-email", json!({"newEmail": "JEAN@example.com"})).await.expect(400);
        assert_eq!(same.json(), json!({"message": "Email is the same"}));
        let evil = json!({"newEmail": NEXT, "callbackURL": "https://evil.test/"});
        browser.post("/change-email", evil).await.refused(403, "INVALID_CALLBACK_URL");
        server.browser().post("/change-email", json!({"newEmail": NEXT})).await.refused(401, "UNAUTHORIZED");
        let server = crate::start(&database.another().await).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        browser.post("/change-email", json!({"newEmail": NEXT})).await.refused(400, "CHANGE_EMAIL_DISABLED");
    }
}
