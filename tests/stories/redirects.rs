//! Where sign-ins and sign-outs lead when nobody says: said once, for pages and applications.

use guichet_core::serde_json::json;
use guichet_testing::{TestDatabase, TestServer};

use crate::config::{check, says};
use crate::{EMAIL, PASSWORD, sign_in_by_password, visitor, with};

const PLUGINS: &str = "[plugins.email-password]\n[plugins.email-otp]\n[plugins.username]\n[plugins.pages]\n\
                       [plugins.social.github]\nclient_id = \"c\"\nclient_secret = \"s\"\n";

async fn start(database: &TestDatabase) -> TestServer {
    let settings = format!(
        "[redirect]\non_success = \"http://app.localhost:5173/dashboard\"\non_sign_out = \"/login\"\n{PLUGINS}"
    );
    let server = with(database, &settings).await;
    jean(&server).await;
    server
}

/// Signs up somebody who also has a name to sign in with.
async fn jean(server: &TestServer) {
    let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean", "username": "jean"});
    server.browser().post("/sign-up/email", body).await.expect(200).json();
}

const DASHBOARD: &str = "http://app.localhost:5173/dashboard";

guichet_testing::stories! {
    /// A sign-in that names no way goes where the settings say, whichever method it was. Wishes: 10.
    async fn a_sign_in_leads_to_where_the_settings_say(database) {
        let server = start(&database).await;
        for (path, body) in [
            ("/sign-in/email", json!({"email": EMAIL, "password": PASSWORD})),
            ("/sign-in/username", json!({"username": "jean", "password": PASSWORD})),
        ] {
            let answer = server.browser().post(path, body).await.expect(200);
            assert_eq!((&answer.json()["redirect"], &answer.json()["url"]), (&json!(true), &json!(DASHBOARD)), "{path}");
            assert_eq!(answer.header("location"), DASHBOARD);
        }
        let page = server.page_browser();
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        let led = page.form("/login/email-password/sign-in", &fields).await.expect(303);
        assert_eq!(led.header("location"), DASHBOARD);

        // Who says where to go goes there.
        let body = json!({"email": EMAIL, "password": PASSWORD, "callbackURL": "/cart"});
        let answer = server.browser().post("/sign-in/email", body).await.expect(200).json();
        assert_eq!(answer["url"], "/cart");
        let page = server.page_browser();
        let _ = page.page("/login?callbackURL=%2Fcart").await.expect(200);
        let led = page.form("/login/email-password/sign-in", &fields).await.expect(303);
        assert_eq!(led.header("location"), "/cart");

        // Last, since a code proves the mailbox, and what was set without a proof ends.
        let ask = json!({"email": EMAIL, "type": "sign-in"});
        server.browser().post("/email-otp/send-verification-otp", ask).await.expect(200).json();
        let otp = server.code(EMAIL).await;
        let answer = server.browser().post("/sign-in/email-otp", json!({"email": EMAIL, "otp": otp})).await;
        let answer = answer.expect(200).json();
        assert_eq!((&answer["redirect"], &answer["url"]), (&json!(true), &json!(DASHBOARD)));
    }

    /// The same for sign-outs, by page and by API. Wishes: 11.
    async fn a_sign_out_leads_to_where_the_settings_say(database) {
        let server = start(&database).await;
        let browser = visitor(&server, "other@example.com").await;
        let answer = browser.post("/sign-out", json!({})).await.expect(200);
        assert_eq!(answer.json(), json!({"success": true, "url": "/login", "redirect": true}));
        let browser = visitor(&server, "other@example.com").await;
        let quiet = browser.post("/sign-out", json!({"disableRedirect": true})).await.expect(200);
        assert_eq!(quiet.json(), json!({"success": true, "url": "/login", "redirect": false}));
        assert!(!browser.is_in().await);
        let led = server.page_browser().form("/sign-out", &[]).await.expect(303);
        assert_eq!(led.header("location"), "/login");
    }

    async fn a_page_of_its_own_may_lead_elsewhere(database) {
        let lands = PLUGINS.replace("[plugins.pages]\n", "[plugins.pages]\nlands_at = \"/own\"\nsign_out_leads_to = \"/bye\"\n");
        let settings = format!("[redirect]\non_success = \"/all\"\non_sign_out = \"/all-out\"\n{lands}");
        let server = with(&database, &settings).await;
        jean(&server).await;
        let page = server.page_browser();
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        assert_eq!(page.form("/login/email-password/sign-in", &fields).await.expect(303).header("location"), "/own");
        assert_eq!(page.form("/sign-out", &[]).await.expect(303).header("location"), "/bye");
        let answer = sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await;
        assert_eq!(answer.expect(200).json()["url"], "/all");
    }

    async fn without_the_settings_answers_are_the_references(database) {
        let server = with(&database, PLUGINS).await;
        jean(&server).await;
        let browser = server.browser();
        let answer = sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200);
        assert_eq!((&answer.json()["redirect"], answer.json().get("url")), (&json!(false), None));
        assert_eq!(browser.post("/sign-out", json!({})).await.expect(200).json(), json!({"success": true}));
    }
}

#[test]
fn an_address_that_is_not_trusted_is_refused() {
    let said = check("[redirect]\non_success = \"https://evil.test/\"\non_sign_out = \"//evil.test\"\n", &[]);
    assert_eq!(said.code, 1, "{said:?}");
    says(
        &format!("{}{}", said.out, said.err),
        &["redirect.on_success", "redirect.on_sign_out", "trusted_origins"],
    );
}
