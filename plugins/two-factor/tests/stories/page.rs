//! The pages, as a person without JavaScript sees them.

use super::*;

/// Where the step's pages are, in a browser whose sign-in waits.
async fn at_the_step(server: &TestServer, person: &Person) -> Browser {
    let browser = person.waiting(server).await.at_origin(server.base());
    let page = browser.page("/login/two-factor/code").await.expect(200);
    assert!(page.text.contains("autocomplete=\"one-time-code\""), "{}", page.text);
    browser
}

fn led_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location")
}

guichet_testing::stories! {
    /// Wishes: 67.
    async fn a_code_leads_in_and_trusts_the_device(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = at_the_step(&server, &jean).await;
        let wrong = browser.form("/login/two-factor/code", &[("code", &jean.wrong(&server))]).await.expect(401);
        assert!(wrong.text.contains("Code incorrect") && wrong.text.contains("aria-invalid"), "{}", wrong.text);
        let code = jean.code(&server);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let done = browser.form("/login/two-factor/code", &[("code", &spaced), ("trust", "yes")]).await;
        assert_eq!(led_to(&done), "/signed-in");
        assert_eq!(session(&browser).await["user"]["email"], EMAIL);
        assert_eq!(server.count("trustedDevice").await, 1);
    }

    async fn a_backup_code_leads_in_too(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = at_the_step(&server, &jean).await;
        let page = browser.page("/login/two-factor/backup").await.expect(200);
        assert!(!page.text.contains("one-time-code") && page.text.contains("Code de secours"), "{}", page.text);
        let without_dash = jean.codes[0].replace('-', "");
        let done = browser.form("/login/two-factor/backup", &[("code", &without_dash)]).await;
        assert_eq!(led_to(&done), "/signed-in");
    }

    async fn a_code_by_mail_leads_in_where_that_is_allowed(database) {
        let server = with(&database, "email_codes = true").await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = at_the_step(&server, &jean).await;
        let sent = browser.form("/login/two-factor/send", &[]).await;
        assert_eq!(led_to(&sent), "/login/two-factor/email");
        let done = browser.form("/login/two-factor/email", &[("code", &server.code(EMAIL).await)]).await;
        assert_eq!(led_to(&done), "/signed-in");
    }

    async fn a_spent_sign_in_says_so_and_begins_again(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = at_the_step(&server, &jean).await;
        for _ in 0..5 {
            let _ = browser.form("/login/two-factor/code", &[("code", &jean.wrong(&server))]).await.expect(401);
        }
        let ended = browser.form("/login/two-factor/code", &[("code", &jean.code(&server))]).await.expect(400);
        assert!(ended.text.contains("recommencez la connexion") && !ended.text.contains("nouveau code"), "{}", ended.text);
        assert!(ended.text.contains("Cette connexion a pris fin") && ended.text.contains("href=\"&#x2f;login\""), "{}", ended.text);
        assert_eq!(led_to(&browser.page("/login/two-factor/code").await), "/login");
    }

    async fn a_lock_says_when_to_come_back(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        for _ in 0..10 {
            totp(&jean.browser, &jean.wrong(&server)).await.refused(401, "INVALID_CODE");
        }
        let browser = at_the_step(&server, &jean).await;
        let locked = browser.form("/login/two-factor/code", &[("code", &jean.code(&server))]).await.expect(429);
        assert!(locked.text.contains("data-countdown="), "{}", locked.text);
    }

    async fn enrolling_on_the_accounts_page(database) {
        let server = start(&database).await;
        user(&server, EMAIL).await;
        let browser = server.page_browser();
        let _ = first(&browser, EMAIL).await.expect(200);
        let page = browser.page("/account").await.expect(200);
        assert!(page.text.contains("two-factor/begin\""), "{}", page.text);
        let wrong = browser.form("/account/two-factor/begin", &[("password", "wrong password")]).await.expect(400);
        assert!(wrong.text.contains("Mot de passe incorrect") && !wrong.text.contains("<svg"), "{}", wrong.text);

        let shown = browser.form("/account/two-factor/begin", &[("password", PASSWORD)]).await.expect(200).text;
        assert!(shown.contains("<svg") && shown.contains("role=\"img\""), "{shown}");
        let (_, rest) = shown.split_once("<code>").unwrap();
        let secret: String = rest.split_once("</code>").unwrap().0.split_whitespace().collect();
        let secret = spelled(&secret);

        let wrong = browser.form("/account/two-factor/confirm", &[("code", "000")]).await.expect(401).text;
        assert!(wrong.contains("Code incorrect") && !wrong.contains("<svg"), "the secret is not shown again: {wrong}");
        let code = code_now(&server, &secret);
        let codes = browser.form("/account/two-factor/confirm", &[("code", &code)]).await.expect(200).text;
        assert_eq!(codes.matches("<li><code>").count(), 10, "{codes}");
        assert_eq!(server.mails(EMAIL).await.len(), 1, "one mail says that it is on");

        let (_, rest) = codes.split_once("<li><code>").unwrap();
        let backup_code = rest.split_once('<').unwrap().0.to_owned();
        let waiting = server.browser();
        let _ = first(&waiting, EMAIL).await.expect(200);
        let _ = backup(&waiting, &backup_code).await.expect(200);
    }

    async fn devices_are_listed_and_removed_and_it_is_switched_off(database) {
        let server = start(&database).await;
        let jean = enrolled(&server, EMAIL).await;
        let browser = at_the_step(&server, &jean).await.header("user-agent", "Firefox on <Linux>");
        let code = jean.code(&server);
        let _ = browser.form("/login/two-factor/code", &[("code", &code), ("trust", "yes")]).await.expect(303);
        let page = browser.page("/account").await.expect(200).text;
        assert!(page.contains("Firefox on &lt;Linux&gt;") && page.contains("Il vous en reste"), "{page}");
        let id = server.text(r#"select "id" from "trustedDevice""#).await.unwrap();

        // Nobody removes what is somebody else's.
        let marie = enrolled(&server, "marie@example.com").await.browser.at_origin(server.base());
        let _ = marie.form("/account/two-factor/forget", &[("device", &id)]).await.expect(303);
        assert_eq!(server.count("trustedDevice").await, 1);
        let gone = browser.form("/account/two-factor/forget", &[("device", &id)]).await;
        assert_eq!(led_to(&gone), "/account?said=two-factor-said-forgotten");
        assert_eq!(server.count("trustedDevice").await, 0);

        let codes = browser.form("/account/two-factor/codes", &[("password", PASSWORD)]).await.expect(200).text;
        assert_eq!(codes.matches("<li><code>").count(), 10, "{codes}");
        let off = browser.form("/account/two-factor/disable", &[("password", PASSWORD)]).await;
        assert_eq!(led_to(&off), "/account?said=two-factor-said-off");
        assert!(first(&server.browser(), EMAIL).await.expect(200).json()["token"].is_string());
    }
}
