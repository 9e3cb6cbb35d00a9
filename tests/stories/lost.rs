//! What somebody lost is taken away from them by an administrator, and whom an administrator made chooses their own password.

use guichet_testing::authenticator::Authenticator;
use guichet_testing::{Answer, Browser, TestServer};
use serde_json::{Value, json};

use crate::program::guichet;
use crate::two_factor::enrol;
use crate::{ANOTHER, EMAIL, PASSWORD, sign_in_by_password, sign_up, visitor, with};

const ADMIN: &str = "anna@example.com";
const NUMBER: &str = "+33612345678";
const PLUGINS: &str = "[sms]\nby_mail = \"{phone}@sms.test\"\n[plugins.admin]\n[plugins.pages]\n[plugins.email-otp]\n\
    [plugins.email-password]\n[plugins.two-factor]\n[plugins.passkey]\n[plugins.phone-number]\n";
/// Who answers for these may do all of it but know somebody's password.
const SUPPORT: &str = "[plugins.admin.roles]\nadmin = { user = [\"create\", \"send-reset\", \"remove-authenticator\"] }\nuser = {}\n";

/// Jean, who has everything there is to lose, in a browser of his; and his id.
async fn jean(server: &TestServer) -> (Browser, String) {
    let browser = sign_up(server, EMAIL).await;
    let number = format!(
        r#"update "user" set "emailVerified" = true, "phoneNumber" = '{NUMBER}', "phoneNumberVerified" = true"#
    );
    server.execute(&number).await;
    let passkey = Authenticator::es256(server.base());
    let options = browser.get("/passkey/generate-register-options").await.expect(200).json();
    let made = json!({"response": passkey.create(&options), "name": "Laptop"});
    browser.post("/passkey/verify-registration", made).await.expect(200).json();
    enrol(server, &browser, PASSWORD).await;
    let user = browser.get("/get-session").await.json()["user"].clone();
    (browser, user["id"].as_str().unwrap().to_owned())
}

/// An administrator who is signed in.
async fn admin(server: &TestServer) -> Browser {
    let browser = visitor(server, ADMIN).await;
    server.execute(&format!(r#"update "user" set "role" = 'admin' where "email" = '{ADMIN}'"#)).await;
    browser
}

async fn take(browser: &Browser, id: &str, kind: &str, reason: &str) -> Answer {
    let body = json!({"userId": id, "kind": kind, "reason": reason});
    browser.post("/admin/remove-user-authenticator", body).await
}

guichet_testing::stories! {
    async fn asvs_6_4_4_a_lost_second_factor_is_taken_away_and_its_owner_is_told(database) {
        let server = with(&database, PLUGINS).await;
        let (jean, id) = jean(&server).await;
        let admin = admin(&server).await;
        let asked = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(asked["twoFactorRedirect"], true);
        let done = take(&admin, &id, "two-factor", "called back at the known number").await.expect(200).json();
        assert_eq!(done, json!({"success": true}));
        assert!(!jean.is_in().await, "whoever has the device has its sessions");
        let newest = server.mails(EMAIL).await.remove(0);
        assert!(newest.subject.contains("moyen de connexion") && newest.text.contains("Double authentification"), "{newest:?}");
        let back = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!((&back["user"]["email"], &back["twoFactorRedirect"]), (&json!(EMAIL), &Value::Null));
        assert_eq!(server.count("passkey").await, 1, "what was not lost stays");
        take(&admin, &id, "two-factor", "again").await.refused(404, "AUTHENTICATOR_NOT_FOUND");
    }

    async fn asvs_6_5_6_stolen_passkeys_and_a_stolen_telephone_are_taken_away(database) {
        let server = with(&database, PLUGINS).await;
        let (jean, id) = jean(&server).await;
        let admin = admin(&server).await;
        for (kind, word) in [("passkey", "Clés d’accès"), ("phone-number", "Numéro de téléphone")] {
            let _ = take(&admin, &id, kind, "stolen").await.expect(200);
            let newest = server.mails(EMAIL).await.remove(0);
            assert!(newest.text.contains(word), "{newest:?}");
        }
        assert!(!jean.is_in().await);
        assert_eq!(server.count("passkey").await, 0);
        let left = r#"select count(*) from "user" where "phoneNumber" is not null or "phoneNumberVerified" = true"#;
        assert_eq!(server.number(left).await, 0);
        assert_eq!(server.count("twoFactor").await, 1, "what was not lost stays");
    }

    async fn nothing_is_taken_away_without_the_right_and_a_reason(database) {
        let server = with(&database, PLUGINS).await;
        let (jean, id) = jean(&server).await;
        let admin = admin(&server).await;
        take(&jean, &id, "passkey", "mine").await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_REMOVE_USERS_AUTHENTICATORS");
        let _ = take(&server.browser(), &id, "passkey", "mine").await.expect(401);
        for reason in ["", "   ", &"x".repeat(501)] {
            take(&admin, &id, "passkey", reason).await.refused(400, "VALIDATION_ERROR");
        }
        take(&admin, &id, "smart-card", "lost").await.refused(404, "AUTHENTICATOR_NOT_FOUND");
        take(&admin, "nobody", "passkey", "lost").await.refused(404, "USER_NOT_FOUND");
        // With the right to set a password, it would be another administrator's account.
        server.execute(r#"update "user" set "role" = 'admin'"#).await;
        take(&admin, &id, "passkey", "lost").await.refused(403, "YOU_CANNOT_REMOVE_AUTHENTICATORS_OF_ADMINS");
        assert!(jean.is_in().await);
        assert_eq!(server.count("passkey").await, 1);
    }

    /// Whoever makes people need not know what they sign in with.
    async fn asvs_6_4_1_whom_an_administrator_made_chooses_a_password_by_a_link(database) {
        let server = with(&database, &format!("{PLUGINS}{SUPPORT}")).await;
        let admin = admin(&server).await;
        let new = |password: Option<&str>| json!({"email": EMAIL, "name": "Jean", "password": password});
        let known = admin.post("/admin/create-user", new(Some(PASSWORD))).await;
        known.refused(403, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD");
        assert_eq!(server.count("user").await, 1);
        let mut without = new(None);
        without.as_object_mut().unwrap().remove("password");
        let made = admin.post("/admin/create-user", without).await.expect(200).json();
        let id = made["user"]["id"].as_str().unwrap();
        let set = json!({"userId": id, "newPassword": PASSWORD});
        admin.post("/admin/set-user-password", set).await.refused(403, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD");
        let invited = admin.post("/admin/send-password-reset", json!({"userId": id})).await.expect(200).json();
        assert_eq!(invited, json!({"status": true}), "no token leaves by the answer");
        chooses(&server, &server.mailed_link(EMAIL).await, PASSWORD).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
    }

    async fn asvs_6_4_6_a_reset_that_an_administrator_sends_changes_nothing_until_it_is_used(database) {
        let server = with(&database, PLUGINS).await;
        let browser = sign_up(&server, EMAIL).await;
        let user = browser.get("/get-session").await.json()["user"].clone();
        let id = user["id"].as_str().unwrap();
        let admin = admin(&server).await;
        let body = json!({"userId": id, "redirectTo": "http://app.localhost:5173/new-password"});
        browser.post("/admin/send-password-reset", body.clone()).await
            .refused(403, "YOU_ARE_NOT_ALLOWED_TO_SEND_PASSWORD_RESETS");
        let elsewhere = json!({"userId": id, "redirectTo": "https://evil.example/"});
        admin.post("/admin/send-password-reset", elsewhere).await.refused(403, "INVALID_REDIRECT_URL");
        admin.post("/admin/send-password-reset", json!({"userId": "nobody"})).await.refused(404, "USER_NOT_FOUND");
        admin.post("/admin/send-password-reset", body).await.expect(200).json();
        let link = server.mailed_link(EMAIL).await;
        assert!(browser.is_in().await);
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let led = server.browser().page(&link).await.expect(302);
        assert!(led.header("location").starts_with("http://app.localhost:5173/new-password?token="), "{led:?}");
        chooses(&server, &link, ANOTHER).await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in_by_password(&server.browser(), EMAIL, ANOTHER).await.expect(200).json();
    }

    async fn no_link_goes_to_who_gets_no_mail(database) {
        let server = with(&database, PLUGINS).await;
        let admin = admin(&server).await;
        let banned = server.user(EMAIL).await.id;
        let ban = json!({"userId": banned});
        admin.post("/admin/ban-user", ban).await.expect(200).json();
        let guest = server.user("guest@anonymous.invalid").await.id;
        for id in [banned, guest] {
            admin.post("/admin/send-password-reset", json!({"userId": id})).await.refused(400, "USER_GETS_NO_MAIL");
        }
        assert_eq!(server.mails(EMAIL).await.len(), 0);
    }

    async fn where_passwords_are_not_in_use_no_reset_is_sent(database) {
        let server = with(&database, "[plugins.admin]\n[plugins.email-otp]\n").await;
        let admin = admin(&server).await;
        let id = server.user(EMAIL).await.id;
        admin.post("/admin/send-password-reset", json!({"userId": id})).await.refused(400, "PASSWORDS_ARE_NOT_IN_USE");
    }

    async fn the_operator_does_both_at_the_terminal(database) {
        let server = with(&database, PLUGINS).await;
        let (jean, _) = jean(&server).await;
        let own = format!("base_url = {:?}\nsecret = \"a-secret-of-the-tests-that-nobody-else-uses\"\n{PLUGINS}", server.base());
        let folder = crate::config::folder(&own);
        let run = |arguments: &[&str]| guichet(folder.path(), arguments, &[("GUICHET_DATABASE__URL", database.url())]);
        let shown = run(&["user", "show", EMAIL]).well();
        for kind in ["two-factor", "passkey", "phone-number"] {
            assert!(shown.contains(kind), "{shown}");
            assert_eq!(run(&["user", "remove-authenticator", EMAIL, kind]).code, 2, "a reason is asked for");
            let empty = run(&["user", "remove-authenticator", EMAIL, kind, "--reason", " "]).failed();
            assert!(empty.contains("--reason is empty"), "{empty}");
            let done = run(&["user", "remove-authenticator", EMAIL, kind, "--reason", "lost in the lake"]);
            assert!(done.err.contains("lost in the lake") && done.err.contains(kind), "the log has the reason: {done:?}");
            let done = done.well();
            assert!(done.contains("every session is ended. A mail tells them."), "{done}");
            let again = run(&["user", "remove-authenticator", EMAIL, kind, "--reason", "lost"]).failed();
            assert!(again.contains("AUTHENTICATOR_NOT_FOUND"), "{again}");
        }
        let unknown = run(&["user", "remove-authenticator", EMAIL, "smart-card", "--reason", "lost"]).failed();
        assert!(unknown.contains("passkey, phone-number, two-factor"), "{unknown}");
        assert!(!jean.is_in().await);
        let said = run(&["user", "send-reset", EMAIL]).well();
        assert!(said.contains(EMAIL), "{said}");
        // The server's clock has gone on by itself: the terminal's mail is not the newest one.
        let mails = server.mails(EMAIL).await;
        let link = mails.iter().flat_map(|mail| mail.text.split_whitespace()).find(|word| word.contains("/reset-password/"));
        chooses(&server, link.unwrap(), ANOTHER).await;
        sign_in_by_password(&server.browser(), EMAIL, ANOTHER).await.expect(200).json();
    }
}

/// Chooses a password by the link of a mail, as an application does.
async fn chooses(server: &TestServer, link: &str, password: &str) {
    let token = link.split_once("/reset-password/").unwrap().1.split('?').next().unwrap();
    let body = json!({"token": token, "newPassword": password});
    server.browser().post("/reset-password", body).await.expect(200).json();
}
