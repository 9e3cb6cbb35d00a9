//! What the person is told of a device that is new to their account, in the whole product.

use std::time::Duration;

use guichet_testing::{Browser, TestServer};
use serde_json::json;

use crate::{EMAIL, PASSWORD, try_sign_up, with};

const PLUGINS: &str = "[plugins.pages]\n[plugins.email-otp]\n[plugins.email-password]\n\
     [plugins.jwt]\n[plugins.token-api]\n[plugins.known-devices]\n";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const DEVICES: &str = r#"select count(*) from "knownDevice""#;

/// A browser on our pages that nobody used yet, some days later.
fn later(server: &TestServer) -> Browser {
    server.clock.advance(Duration::from_hours(48));
    server.page_browser().header("user-agent", FIREFOX)
}

async fn sign_in(browser: &Browser) {
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let _ = browser.form("/login/email-password/sign-in", &fields).await.expect(303);
}

/// The mails about new devices.
async fn notices(server: &TestServer) -> Vec<String> {
    let mails = server.mails(EMAIL).await;
    mails.into_iter().filter(|m| m.subject.contains("nouvel appareil")).map(|m| m.text).collect()
}

/// Jean, who signed up in the browser that is given.
async fn signed_up(server: &TestServer) -> Browser {
    let browser = later(server);
    try_sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
    server.execute(r#"update "user" set "emailVerified" = true"#).await;
    sign_in(&browser).await;
    browser
}

guichet_testing::stories! {
    async fn a_sign_up_is_silent_and_the_next_browser_is_told_with_where_to_go(database) {
        let server = with(&database, PLUGINS).await;
        signed_up(&server).await;
        assert!(notices(&server).await.is_empty());
        sign_in(&later(&server)).await;
        let notices = notices(&server).await;
        assert_eq!(notices.len(), 1);
        for path in ["/account", "/forgot-password"] {
            let link = format!("{}{path}", server.base());
            assert!(notices[0].lines().any(|line| line == link), "{}", notices[0]);
            let answer = server.page_browser().page(path).await;
            assert!([200, 303].contains(&answer.status.as_u16()), "{path}: {answer:?}");
        }
    }

    async fn a_program_of_the_token_api_is_told_once(database) {
        let server = with(&database, PLUGINS).await;
        signed_up(&server).await;
        for _ in 0..3 {
            let program = server.browser().at_origin("").header("user-agent", "okhttp/4.12.0");
            let body = Some(json!({"identifier": EMAIL, "password": PASSWORD}).to_string());
            let answer = program.request("POST".parse().unwrap(), "/auth/login", Some("application/json"), body).await;
            assert!(answer.expect(200).set_cookies().is_empty());
        }
        assert_eq!(notices(&server).await.len(), 1);
    }

    async fn a_new_password_and_signing_out_the_others_make_every_device_new(database) {
        let server = with(&database, PLUGINS).await;
        let browser = signed_up(&server).await;
        let _ = browser.form("/account/sessions/others", &[]).await.expect(303);
        assert_eq!(server.number(DEVICES).await, 0);
        sign_in(&browser).await;
        assert_eq!(notices(&server).await.len(), 1);
        let change = json!({"currentPassword": PASSWORD, "newPassword": "battery staple 2"});
        let _ = browser.post("/change-password", change).await.expect(200);
        assert_eq!(server.number(DEVICES).await, 0);
    }

    /// Nobody learns from it who has an account: before a sign-in has succeeded there is no cookie and no row.
    async fn a_wrong_password_of_a_known_and_of_an_unknown_address_leave_the_same(database) {
        let server = with(&database, PLUGINS).await;
        signed_up(&server).await;
        let mut left = Vec::new();
        for email in [EMAIL, "nobody@example.com"] {
            let stranger = later(&server);
            let fields = [("email", email), ("password", "not it at all")];
            let answer = stranger.form("/login/email-password/sign-in", &fields).await.expect(401);
            left.push((answer.set_cookies().len(), server.number(DEVICES).await, notices(&server).await.len()));
        }
        assert_eq!(left[0], left[1]);
        assert_eq!((left[0].1, left[0].2), (1, 0));
    }
}
