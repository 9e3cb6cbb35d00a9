//! Browsers, which keep a cookie.

use futures_util::future::join_all;
use guichet_testing::SESSION_COOKIE;

use super::*;

guichet_testing::stories! {
    async fn another_browser_is_told_and_the_one_that_is_known_is_not(database) {
        let (server, browser) = with_jean(&database).await;
        assert_eq!(told(&server, EMAIL).await, 0, "the first sign-in of all");
        enter(&browser, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 0);
        // The same make, at the same address, a little later.
        server.clock.advance(Duration::from_mins(2));
        let other = firefox(&server).header("accept-language", "en");
        enter(&other, EMAIL).await;
        let mails = server.mails(EMAIL).await;
        assert_eq!(mails.len(), 1);
        let (mail, moment) = (&mails[0], server.now().to_string()[..16].replace('T', " "));
        assert!(mail.subject.starts_with("Your account was signed in to from a new device"), "{}", mail.subject);
        assert!(mail.text.contains(&format!("On {moment} (UTC), from Firefox, Linux (address 127.0.0.1).")), "{}", mail.text);
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(&format!("{}/account", server.base())), "{part}");
            assert!(!part.contains("forgot-password"), "nobody has a password here: {part}");
        }
        enter(&other, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 1, "each is told once");
        assert_eq!(server.number(DEVICES).await, 2);
    }

    async fn the_mail_is_in_french_too(database) {
        let (server, _) = with_jean(&database).await;
        server.clock.advance(DAY);
        enter(&firefox(&server).header("accept-language", "fr"), EMAIL).await;
        let text = &server.mails(EMAIL).await[0].text;
        assert!(text.contains("depuis Firefox, Linux (adresse 127.0.0.1)."), "{text}");
        assert!(text.contains("Voir et déconnecter vos appareils"), "{text}");
    }

    async fn the_cookie_is_for_the_server_alone_and_lasts(database) {
        let server = start(&database).await;
        let answer = enter(&firefox(&server), EMAIL).await;
        let cookies = answer.set_cookies();
        let cookie = cookies.iter().find(|cookie| cookie.name() == COOKIE).unwrap();
        assert_eq!(cookie.http_only(), Some(true));
        assert_eq!(cookie.max_age().unwrap().whole_days(), 365);
    }

    async fn a_browser_that_was_refused_gets_no_cookie(database) {
        let (server, _) = with_jean(&database).await;
        let stranger = firefox(&server);
        let body = json!({"email": "nobody@example.com"});
        stranger.post("/sign-in/credulous", body).await.refused(401, "UNAUTHORIZED");
        assert_eq!(stranger.cookie(COOKIE), None);
        assert_eq!(server.number(DEVICES).await, 1);
    }

    async fn each_account_knows_a_browser_by_itself(database) {
        let (server, browser) = with_jean(&database).await;
        server.user("marie@example.com").await;
        enter(&firefox(&server), "marie@example.com").await;
        let name = browser.cookie(COOKIE);
        enter(&browser, "marie@example.com").await;
        assert_eq!(told(&server, "marie@example.com").await, 1, "Jean's browser is new to Marie's account");
        assert_eq!(browser.cookie(COOKIE), name, "a browser has one cookie");
        let rows = r#"select count(distinct "device") from "knownDevice""#;
        assert_eq!(server.number(rows).await, 3, "nothing in the rows says that it is one browser");
    }

    async fn a_changed_cookie_is_none(database) {
        let (server, browser) = with_jean(&database).await;
        server.clock.advance(DAY);
        let cookie = browser.cookie(COOKIE).unwrap();
        for forged in [cookie.replacen("device-", "device_", 1), cookie.to_uppercase(), "x".to_owned()] {
            let thief = firefox(&server);
            thief.set_cookie(COOKIE, &forged);
            let before = told(&server, EMAIL).await;
            server.clock.advance(DAY);
            enter(&thief, EMAIL).await;
            assert_eq!(told(&server, EMAIL).await, before + 1, "{forged}");
        }
        // Nor is what was signed for something else.
        let thief = firefox(&server);
        thief.set_cookie(COOKIE, &browser.cookie(SESSION_COOKIE).unwrap());
        server.clock.advance(DAY);
        enter(&thief, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 4);
    }

    async fn of_parallel_sign_ins_of_one_new_browser_one_is_told(database) {
        let (server, _) = with_jean(&database).await;
        server.clock.advance(DAY);
        let tabs: Vec<Browser> = (0..10).map(|_| firefox(&server)).collect();
        join_all(tabs.iter().map(|tab| enter(tab, EMAIL))).await;
        assert_eq!(told(&server, EMAIL).await, 1);
        // Whichever cookie the browser keeps is known.
        server.clock.advance(DAY);
        for tab in &tabs {
            enter(tab, EMAIL).await;
        }
        assert_eq!(told(&server, EMAIL).await, 1);
    }

    async fn of_parallel_first_sign_ins_none_is_told(database) {
        let server = start(&database).await;
        let tabs: Vec<Browser> = (0..10).map(|_| firefox(&server)).collect();
        join_all(tabs.iter().map(|tab| enter(tab, EMAIL))).await;
        assert_eq!(told(&server, EMAIL).await, 0);
    }

    async fn a_browser_that_comes_again_at_once_with_another_name_is_another(database) {
        let (server, _) = with_jean(&database).await;
        let other = server.browser().header("user-agent", &FIREFOX.replace("Linux", "Windows"));
        enter(&other, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 1);
    }

    /// What one does when a device is stolen; the account is no new one for that.
    async fn whatever_ends_sessions_makes_every_device_new(database) {
        let (server, browser) = with_jean(&database).await;
        for (n, route) in ["/revoke-sessions", "/revoke-other-sessions"].iter().enumerate() {
            let _ = browser.post(route, json!({})).await.expect(200);
            assert_eq!(server.number(DEVICES).await, 0, "{route}");
            server.clock.advance(DAY);
            enter(&browser, EMAIL).await;
            assert_eq!(told(&server, EMAIL).await, n + 1, "{route}");
        }
        let _ = browser.post("/sign-out", json!({})).await.expect(200);
        enter(&browser, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 2, "signing out makes nothing new");
    }

    async fn the_first_proof_of_a_mailbox_is_the_owners_first_sign_in(database) {
        let server = start(&database).await;
        server.execute(r#"update "user" set "emailVerified" = false"#).await;
        enter(&firefox(&server), EMAIL).await;
        server.clock.advance(DAY);
        enter(&firefox(&server), EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 0, "a stranger's mailbox is not written to");
        let owner = firefox(&server);
        let proven = json!({"email": EMAIL, "proves": true});
        let _ = owner.post("/sign-in/credulous", proven).await.expect(200);
        assert_eq!(told(&server, EMAIL).await, 0);
        assert_eq!(server.number(DEVICES).await, 1);
        server.clock.advance(DAY);
        enter(&firefox(&server), EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 1);
    }

    async fn what_was_not_used_for_a_year_is_forgotten_and_each_use_counts(database) {
        let (server, browser) = with_jean(&database).await;
        for _ in 0..2 {
            server.clock.advance(DAY * 300);
            guichet_core::session::clean(&server.app, server.now()).await.unwrap();
            enter(&browser, EMAIL).await;
        }
        assert_eq!(told(&server, EMAIL).await, 0);
        server.clock.advance(DAY * 365);
        guichet_core::session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!(server.number(DEVICES).await, 0);
        enter(&browser, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 1, "an account that slept is no new one");
    }

    async fn an_old_row_that_is_still_there_counts_as_gone(database) {
        let (server, browser) = with_jean(&database).await;
        server.clock.advance(DAY * 366);
        enter(&browser, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 1);
        enter(&browser, EMAIL).await;
        assert_eq!(told(&server, EMAIL).await, 1);
        assert_eq!(server.number(DEVICES).await, 1);
    }

    async fn an_account_knows_a_hundred_devices_at_most(database) {
        let (server, _) = with_jean(&database).await;
        for _ in 0..105 {
            server.clock.advance(Duration::from_secs(1));
            enter(&firefox(&server), EMAIL).await;
        }
        assert_eq!(server.number(DEVICES).await, 100);
    }

    async fn devices_go_with_their_user(database) {
        let (server, _) = with_jean(&database).await;
        server.execute(r#"delete from "user""#).await;
        assert_eq!(server.number(DEVICES).await, 0);
        assert_eq!(server.count("knownDeviceOwner").await, 0);
    }

    async fn no_life_that_browsers_do_not_keep_is_taken(database) {
        for (life, good) in [("29d", false), ("30d", true), ("400d", true), ("401d", false)] {
            let settings = format!("{SECTIONS}\nforget_after = \"{life}\"");
            let started = TestServer::try_with(&plugins(), &database, &settings).await;
            assert_eq!(started.is_ok(), good, "{life}");
        }
    }
}
