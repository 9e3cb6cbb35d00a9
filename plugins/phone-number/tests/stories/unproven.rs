//! Whose number it is: a code says so, and nothing else.

use std::time::Duration;

use guichet_core::serde_json::json;

use crate::{PHONE, SETTINGS, another, code, send, start, verify, verify_with, visitor, with};

const OTHER: &str = "+33687654321";

guichet_testing::stories! {
    async fn a_number_is_added_by_a_code_and_belongs_to_one_user(database) {
        let server = start(&database).await;
        let jean = visitor(&server, PHONE).await;
        let add = json!({"updatePhoneNumber": true});
        send(&jean, OTHER).await.expect(200).json();
        let right = code(&server, OTHER).await;
        verify_with(&jean, OTHER, &another(&right), add.clone()).await.refused(400, "INVALID_OTP");
        let answer = verify_with(&jean, OTHER, &right, add.clone()).await.expect(200).json();
        assert_eq!((&answer["user"]["phoneNumber"], &answer["status"]), (&json!(OTHER), &json!(true)));

        // One's own, once more (contract, section 20).
        send(&jean, OTHER).await.expect(200).json();
        let again = code(&server, OTHER).await;
        verify_with(&jean, OTHER, &again, add.clone()).await.refused(400, "PHONE_NUMBER_EXIST");

        let anne = visitor(&server, "+33600000001").await;
        send(&anne, OTHER).await.expect(200).json();
        let right = code(&server, OTHER).await;
        verify_with(&anne, OTHER, &right, add.clone()).await.refused(400, "PHONE_NUMBER_EXIST");
        send(&anne, "+33600000002").await.expect(200).json();
        let right = code(&server, "+33600000002").await;
        verify_with(&server.browser(), "+33600000002", &right, add).await.refused(401, "USER_NOT_FOUND");
    }

    // ASVS 7.5.1: a number signs in and resets the password, so a stolen session alone adds none.
    async fn asvs_7_5_1_adding_a_number_takes_a_recent_sign_in(database) {
        let server = start(&database).await;
        let browser = visitor(&server, PHONE).await;
        server.clock.advance(Duration::from_hours(25));
        let add = json!({"updatePhoneNumber": true});
        send(&browser, OTHER).await.expect(200).json();
        let right = code(&server, OTHER).await;
        verify_with(&browser, OTHER, &right, add.clone()).await.refused(403, "SESSION_NOT_FRESH");
        assert_eq!(browser.get("/get-session").await.json()["user"]["phoneNumber"], PHONE);
        // The code is not used up: whoever signs in again goes on with it.
        let anew = visitor(&server, PHONE).await;
        verify_with(&anew, OTHER, &right, add).await.expect(200).json();
    }

    // Zitadel CVE-2026-27946.
    async fn a_client_sets_no_number_but_may_take_its_own_away(database) {
        let server = start(&database).await;
        let browser = visitor(&server, PHONE).await;
        let update = json!({"phoneNumber": OTHER});
        browser.post("/update-user", update).await.refused(400, "PHONE_NUMBER_CANNOT_BE_UPDATED");
        let verified = browser.post("/update-user", json!({"phoneNumberVerified": true})).await;
        assert_eq!(verified.status, 400);
        browser.post("/update-user", json!({"phoneNumber": null})).await.expect(200).json();
        let user = browser.get("/get-session").await.json()["user"].clone();
        assert_eq!((&user["phoneNumber"], &user["phoneNumberVerified"]), (&json!(null), &json!(false)));
    }

    // PocketBase CVE-2024-38351; ASVS 6.6.1.
    async fn an_account_that_was_prepared_for_somebodys_number_is_not_theirs(database) {
        let server = start(&database).await;
        let trap = server.user("trap@example.com").await;
        server.execute(&format!(r#"update "user" set "phoneNumber" = '{PHONE}'"#)).await;
        let browser = visitor(&server, PHONE).await;
        let user = browser.get("/get-session").await.json()["user"].clone();
        assert_ne!(user["id"], trap.id);
        assert_eq!(server.number(r#"select count(*) from "user" where "phoneNumber" is not null"#).await, 1);
        // Nor does a reset go to a number that its user never proved.
        server.execute(r#"update "user" set "phoneNumberVerified" = false"#).await;
        let ask = json!({"phoneNumber": PHONE});
        server.browser().post("/phone-number/request-password-reset", ask).await.expect(200).json();
        assert_eq!(server.mails(&format!("{PHONE}@sms.localhost")).await.len(), 1, "the one that signed in");
    }

    async fn an_address_that_stands_for_a_number_is_not_taken_over(database) {
        let server = start(&database).await;
        server.user("33612345678@phone.test").await;
        send(&server.browser(), PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        verify(&server.browser(), PHONE, &right).await.refused(422, "FAILED_TO_CREATE_USER");
        assert_eq!(server.count("session").await, 0);
    }

    async fn a_required_field_is_asked_for_and_the_code_stays_good(database) {
        let field = "[[user.fields]]\nname = \"company\"\ninput = true\nrequired = true\n";
        let server = with(&database, &format!("{field}{SETTINGS}")).await;
        let browser = server.browser();
        send(&browser, PHONE).await.expect(200).json();
        let right = code(&server, PHONE).await;
        verify(&browser, PHONE, &right).await.refused(400, "MISSING_FIELD");
        assert_eq!(server.count("user").await, 0);
        let made = verify_with(&browser, PHONE, &right, json!({"company": "Zola"})).await.expect(200).json();
        assert_eq!(made["user"]["company"], "Zola");
        verify(&server.browser(), PHONE, &right).await.refused(400, "OTP_NOT_FOUND");
    }

    async fn where_nobody_signs_up_by_phone_unknown_numbers_get_no_message(database) {
        let server = with(&database, "[plugins.phone-number]\n").await;
        assert_eq!(send(&server.browser(), PHONE).await.expect(200).json(), json!({"message": "code sent"}));
        assert!(server.mails(&format!("{PHONE}@sms.localhost")).await.is_empty());
        verify(&server.browser(), PHONE, "123456").await.refused(400, "INVALID_OTP");
    }
}
