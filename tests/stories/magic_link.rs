//! The mailed link on the hosted pages: safe against programs that look at mails, and bound to whoever asked.

use guichet_testing::{Browser, TestDatabase, TestServer};
use serde_json::json;

use crate::{EMAIL, with};

const SETTINGS: &str = "[plugins.pages]\n[plugins.magic-link]";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, SETTINGS).await
}

/// Asks at `/login`; gives the path of the mailed link.
async fn asked(server: &TestServer, browser: &Browser) -> String {
    let sent = browser.form("/login/magic-link/send", &[("email", EMAIL)]).await.expect(303);
    assert_eq!(sent.header("location"), "/login/magic-link/sent");
    assert!(browser.page("/login/magic-link/sent").await.expect(200).text.contains(EMAIL));
    server.mailed_link(EMAIL).await
}

guichet_testing::stories! {
    /// Wishes: 71.
    async fn opening_the_link_does_nothing_and_a_press_signs_in(database) {
        let server = start(&database).await;
        let browser = server.page_browser();
        let _ = browser.page("/login?callbackURL=/api/auth/ok").await.expect(200);
        let link = asked(&server, &browser).await;
        // A program looks at the mail, three times.
        for _ in 0..3 {
            let _ = server.page_browser().page(&link).await.expect(200);
        }
        assert_eq!(server.count("session").await, 0);
        let page = browser.page(&link).await.expect(200);
        assert!(page.text.contains(EMAIL) && !page.text.contains("magic-link-address"));
        let pressed = browser.form(&link, &[]).await.expect(303);
        assert_eq!(pressed.header("location"), "/api/auth/ok");
        assert_eq!(browser.get("/get-session").await.json()["user"]["email"], EMAIL);
        let _ = browser.page(&link).await.expect(410);
        let _ = server.page_browser().form(&link, &[("email", EMAIL)]).await.expect(410);
        assert_eq!(server.count("session").await, 1);
    }

    /// The API leads to `/` by the contract; there the error must not be lost.
    async fn a_bad_link_without_a_place_for_errors_leads_to_the_door_which_says_so(database) {
        let server = start(&database).await;
        let browser = server.page_browser().header("accept-language", "en");
        let answer = browser.get("/magic-link/verify?token=bad").await.expect(302);
        let to = answer.header("location").strip_prefix(server.base()).unwrap().to_owned();
        assert_eq!(to, "/?error=INVALID_TOKEN");
        let led = browser.page(&to).await.expect(303);
        assert_eq!(led.header("location"), "/login?error=INVALID_TOKEN");
        let page = browser.page(led.header("location")).await.expect(200).text;
        assert!(page.contains("role=\"alert\"") && page.contains("no longer good"), "{page}");
        let page = page.replace("&#x2f;", "/");
        assert!(page.contains("/login/magic-link/send"), "a new one can be asked for: {page}");
        let other = browser.page("/login?error=<b>your+account+is+locked</b>").await.expect(200).text;
        assert!(other.contains("The sign-in did not work") && !other.contains("is locked"), "{other}");
        // A code of the method's own, in its words.
        let closed = browser.page("/login?error=new_user_signup_disabled").await.expect(200).text;
        assert!(closed.contains("There is no account with this address"), "{closed}");
        assert_eq!(browser.page("/").await.expect(303).header("location"), "/login");
    }

    /// Ghost GHSA-9m84-wc28-w895: a link that somebody else asked for.
    async fn in_another_browser_the_address_is_typed(database) {
        let server = start(&database).await;
        let link = asked(&server, &server.page_browser()).await;
        let other = server.page_browser();
        let page = other.page(&link).await.expect(200);
        assert!(page.text.contains("magic-link-address") && !page.text.contains(EMAIL), "whose it is is not told");
        for wrong in [&[][..], &[("email", "")], &[("email", "other@example.com")], &[("email", "x")]] {
            let _ = other.form(&link, wrong).await.expect(403);
        }
        assert_eq!(server.count("session").await, 0);
        let _ = other.form(&link, &[("email", "  JEAN@example.com ")]).await.expect(303);
        assert_eq!(other.get("/get-session").await.json()["user"]["email"], EMAIL);
    }

    async fn an_applications_link_leads_to_the_page_and_then_to_the_application(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let body = json!({"email": EMAIL, "callbackURL": "http://app.localhost:5173/home", "newUserCallbackURL": "http://app.localhost:5173/welcome"});
        browser.post("/sign-in/magic-link", body).await.expect(200).json();
        let link = server.mailed_link(EMAIL).await;
        assert!(link.starts_with("/login/magic-link/"));
        let here = browser.at_origin(server.base());
        let pressed = here.form(&link, &[]).await.expect(303);
        assert_eq!(pressed.header("location"), "http://app.localhost:5173/welcome");
    }

    async fn sad_paths_are_told(database) {
        let server = start(&database).await;
        let browser = server.page_browser();
        let bad = browser.form("/login/magic-link/send", &[("email", "jean@")]).await.expect(400);
        assert!(bad.text.contains("magic-link-email-error") && bad.text.contains("value=\"jean@\""));
        let _ = browser.page("/login/magic-link/sent").await.expect(303);
        let _ = browser.page("/login/magic-link/unknowntoken").await.expect(410);
        let english = browser.header("accept-language", "en");
        assert!(english.page("/login/magic-link/unknowntoken").await.text.contains("This link was used already"));
        assert!(!server.browser().is_in().await);
    }
}
