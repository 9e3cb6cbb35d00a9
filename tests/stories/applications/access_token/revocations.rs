//! The feed of what has ended, as services read it.

use std::time::Duration;

use futures_util::future::join_all;
use guichet_core::session;
use guichet_testing::Answer;

use super::*;
use crate::{EMAIL, visitor};

/// What an answer says, once its signature and its type are right.
pub(super) fn said(server: &TestServer, answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/jwt");
    let head = header(&answer.text);
    assert_eq!((&head["alg"], &head["typ"]), (&json!("EdDSA"), &json!("revocations+jwt")));
    let said = claims(&answer.text);
    assert_eq!(said["iss"], server.base());
    assert!(said["iat"].as_i64().unwrap() <= server.now().seconds());
    said
}

async fn feed(server: &TestServer, query: &str) -> Value {
    let answer = server.browser().get(&format!("/revocations{query}")).await.expect(200);
    said(server, &answer)
}

async fn after(server: &TestServer, cursor: &Value) -> Value {
    feed(server, &format!("?cursor={}", cursor.as_str().unwrap())).await
}

fn ids(feed: &Value, kind: &str, name: &str) -> Vec<String> {
    feed[kind].as_array().unwrap().iter().map(|entry| entry[name].as_str().unwrap().to_owned()).collect()
}

fn sids(feed: &Value) -> Vec<String> {
    ids(feed, "sessions", "sid")
}

fn subs(feed: &Value) -> Vec<String> {
    ids(feed, "users", "sub")
}

async fn sid(browser: &Browser) -> String {
    claims(&token(browser).await)["sid"].as_str().unwrap().to_owned()
}

guichet_testing::stories! {
    async fn a_sign_out_appears_until_no_token_of_it_can_live(database) {
        let server = start(&database).await;
        let empty = feed(&server, "").await;
        assert_eq!((&empty["sessions"], &empty["users"], &empty["reset"], &empty["more"]), (&json!([]), &json!([]), &json!(false), &json!(false)));
        let browser = visitor(&server, EMAIL).await;
        let sid = sid(&browser).await;
        sign_out(&browser).await;
        let now = server.now().seconds();
        let told = feed(&server, "").await;
        assert_eq!((sids(&told), subs(&told)), (vec![sid.clone()], vec![]));
        let exp = told["sessions"][0]["exp"].as_i64().unwrap();
        assert!((now + 1850..=now + 1862).contains(&exp), "30 minutes, the longest that a token is issued for, and a little: {}", exp - now);
        assert_eq!(told["sessions"][0].as_object().unwrap().len(), 2, "nothing personal is in it: {told}");
        assert!(!told.to_string().contains(EMAIL));

        assert!(sids(&after(&server, &told["cursor"]).await).is_empty());
        assert_eq!(sids(&after(&server, &empty["cursor"]).await), [sid]);
        server.clock.advance(Duration::from_secs(1861));
        assert!(sids(&feed(&server, "").await).is_empty());
        session::clean(&server.app, server.now()).await.unwrap();
        assert_eq!(server.count("revocation").await, 0);
        let later = after(&server, &empty["cursor"]).await;
        assert_eq!(later["reset"], false, "a cursor outlives what it has passed: {later}");
    }

    async fn every_way_to_end_a_session_appears(database) {
        let server = beside_sign_in(&database, "[plugins.jwt]\n[plugins.revocation]\n[plugins.multi-session]\n[plugins.anonymous]").await;
        let cursor = async || feed(&server, "").await["cursor"].clone();

        // Another sign-in over it.
        let browser = visitor(&server, EMAIL).await;
        let (over, begin) = (sid(&browser).await, cursor().await);
        crate::sign_in(&server, &browser, EMAIL).await;
        assert_eq!(sids(&after(&server, &begin).await), [over], "by another sign-in");

        // Revoked from elsewhere.
        let (elsewhere, begin) = (visitor(&server, EMAIL).await, cursor().await);
        let (one, token) = (sid(&browser).await, super::token(&browser).await);
        let list = elsewhere.get("/list-sessions").await.expect(200).json();
        let handle = list.as_array().unwrap().iter().find(|session| session["id"] == json!(one)).unwrap()["token"].clone();
        elsewhere.post("/revoke-session", json!({"token": handle})).await.expect(200).json();
        let told = after(&server, &begin).await;
        assert_eq!((sids(&told), subs(&told)), (vec![one], vec![]), "by a revocation");
        assert!(taken(&server, &token).await.is_none());

        // The others, from here.
        let (other, begin) = (visitor(&server, EMAIL).await, cursor().await);
        let (gone, kept) = (sid(&other).await, super::token(&elsewhere).await);
        elsewhere.post("/revoke-other-sessions", json!({})).await.expect(200).json();
        let told = after(&server, &begin).await;
        assert_eq!((sids(&told), subs(&told)), (vec![gone], vec![]), "the one at hand is kept");
        assert!(taken(&server, &kept).await.is_some());

        // A guest who becomes somebody.
        let guest = server.browser();
        guest.post("/sign-in/anonymous", json!({})).await.expect(200).json();
        let (gone, begin) = (sid(&guest).await, cursor().await);
        crate::sign_in(&server, &guest, "new@example.com").await;
        assert!(sids(&after(&server, &begin).await).contains(&gone), "a guest who became somebody");

        // A session that a browser holds beside another one.
        let (both, begin) = (visitor(&server, "first@example.com").await, cursor().await);
        let first = sid(&both).await;
        crate::sign_in(&server, &both, "second@example.com").await;
        let second = sid(&both).await;
        sign_out(&both).await;
        let mut told = sids(&after(&server, &begin).await);
        told.sort();
        let mut expected = vec![first, second];
        expected.sort();
        assert_eq!(told, expected, "a sign-out is everybody's");
    }

    async fn signed_out_everywhere_or_deleted_appears_as_the_user(database) {
        let server = beside_sign_in(&database, "[user]\ndelete_account = true\ndelete_by_mail = false\n[plugins.jwt]\n[plugins.revocation]").await;
        let (browser, elsewhere) = (visitor(&server, EMAIL).await, visitor(&server, EMAIL).await);
        let said = claims(&token(&browser).await);
        let mut expected = vec![sid(&browser).await, sid(&elsewhere).await];
        browser.post("/revoke-sessions", json!({})).await.expect(200).json();
        let now = server.now().seconds();
        let told = feed(&server, "").await;
        assert_eq!(subs(&told), [said["sub"].as_str().unwrap()]);
        let not_before = told["users"][0]["not_before"].as_i64().unwrap();
        assert!((now - 2..=now).contains(&not_before));
        let mut gone = sids(&told);
        gone.sort();
        expected.sort();
        assert_eq!(gone, expected, "tokens of this very second are told by their sessions");

        // Whoever signs in again within the same second is in.
        let again = visitor(&server, EMAIL).await;
        let fresh = claims(&token(&again).await);
        assert!(fresh["iat"].as_i64().unwrap() >= not_before && !gone.contains(&fresh["sid"].as_str().unwrap().to_owned()));

        again.post("/delete-user", json!({})).await.expect(200).json();
        assert_eq!(server.count("user").await, 0);
        let later = after(&server, &told["cursor"]).await;
        assert_eq!((subs(&later), sids(&later)), (subs(&told), vec![fresh["sid"].as_str().unwrap().to_owned()]));
    }

    async fn what_is_rolled_back_never_appears_and_what_commits_late_is_not_lost(database) {
        let server = start(&database).await;
        let (early, late) = (visitor(&server, EMAIL).await, visitor(&server, "late@example.com").await);
        let (first, second) = (sid(&early).await, sid(&late).await);
        let mut tx = server.app.db.begin().await.unwrap();
        session::end_by_id(&server.app, &mut tx, &first).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(sids(&feed(&server, "").await).is_empty());
        assert!(taken(&server, &token(&early).await).await.is_some());

        // It wrote first and commits last, after a cursor was handed out beyond the second one. SQLite has one writer.
        if server.app.db.dialect() == guichet_core::db::Dialect::Postgres {
            let mut tx = server.app.db.begin().await.unwrap();
            session::end_by_id(&server.app, &mut tx, &first).await.unwrap();
            server.clock.advance(Duration::from_secs(100));
            sign_out(&late).await;
            let told = feed(&server, "").await;
            assert_eq!(sids(&told), [second]);
            tx.commit().await.unwrap();
            assert_eq!(sids(&after(&server, &told["cursor"]).await), [first]);
        }
    }

    async fn readers_at_the_same_moment_all_see_everything_once(database) {
        let server = start(&database).await;
        let browsers = join_all((0..12).map(|n| { let server = &server; async move { visitor(server, &format!("p{n}@example.com")).await } })).await;
        let mut expected = join_all(browsers.iter().map(sid)).await;
        expected.sort();
        // Not before: it would take the mails with the codes.
        let beside = start(&database).await;
        let begin = feed(&server, "").await["cursor"].clone();
        let follow = async |server: &TestServer| {
            let (mut cursor, mut seen) = (begin.clone(), Vec::new());
            while seen.len() < 12 {
                let told = after(server, &cursor).await;
                assert_eq!(told["reset"], false);
                cursor = told["cursor"].clone();
                seen.extend(sids(&told));
            }
            seen.sort();
            seen
        };
        let (_, one, other, third) = futures_util::join!(
            join_all(browsers.iter().map(sign_out)),
            follow(&server), follow(&beside), follow(&server),
        );
        assert_eq!((&one, &other, &third), (&expected, &expected, &expected));
    }

    async fn an_unknown_cursor_begins_anew(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let sid = sid(&browser).await;
        sign_out(&browser).await;
        let good = feed(&server, "").await["cursor"].as_str().unwrap().to_owned();
        let (epoch, position) = good.split_once('.').unwrap();
        let beyond = format!("{epoch}.{}", position.parse::<i64>().unwrap() + 1);
        for cursor in ["0", ".", "x.1", &beyond, &format!("{epoch}.-1"), &format!("{epoch}.x"), &format!("other.{position}"), &"9".repeat(2000)] {
            let told = feed(&server, &format!("?cursor={cursor}")).await;
            assert_eq!((&told["reset"], sids(&told), &told["cursor"]), (&json!(true), vec![sid.clone()], &json!(good)), "{cursor:.30}");
        }
        assert_eq!(feed(&server, "?cursor=").await["reset"], false, "no cursor");
    }

    async fn an_answer_may_be_kept_for_a_second_and_is_compared(database) {
        let server = start(&database).await;
        let answer = server.browser().get("/revocations").await.expect(200);
        assert_eq!(answer.header("cache-control"), "public, max-age=1");
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        let again = async |known: &str| server.browser().header("if-none-match", known).get("/revocations").await;
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let answer = again(&known).await.expect(304);
            assert_eq!((answer.text.as_str(), answer.header("etag"), answer.header("cache-control")), ("", tag.as_str(), "public, max-age=1"));
        }
        sign_out(&visitor(&server, EMAIL).await).await;
        let changed = again(&tag).await.expect(200);
        assert_ne!(changed.header("etag"), tag);
        let told = changed.header("etag").to_owned();
        server.clock.advance(Duration::from_secs(2000));
        assert_ne!(again(&told).await.expect(200).header("etag"), told, "what is forgotten changes it, too");
        assert!(changed.set_cookies().is_empty());
    }

    async fn what_the_operator_ends_appears(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        let sid = sid(&browser).await;
        let begin = feed(&server, "").await["cursor"].clone();
        let folder = crate::config::folder(
            "secret = \"a-secret-of-the-tests-that-nobody-else-uses\"\n[plugins.email-otp]\n[plugins.email-password]\n[plugins.jwt]\n[plugins.revocation]\n",
        );
        let settings = [("GUICHET_DATABASE__URL", database.url())];
        let revoke = ["session", "revoke", EMAIL, "--session", &sid];
        tokio::task::block_in_place(|| crate::program::guichet(folder.path(), &revoke, &settings)).well();
        assert_eq!(sids(&after(&server, &begin).await), [sid]);
    }

    async fn it_does_not_start_without_tokens_that_could_end(database) {
        let refused = |settings: &'static str| {
            let database = database.clone();
            async move { TestServer::try_with(&guichet::plugins::all(), &database, settings).await.err().unwrap() }
        };
        let said = refused("[plugins.revocation]").await;
        assert!(said.contains("[plugins.revocation]") && said.contains("add [plugins.jwt]"), "{said}");
        let said = refused("[plugins.jwt]\n[plugins.revocation]\nwaiters = 0").await;
        assert!(said.contains("waiters"), "{said}");
        let said = refused("http.answer_timeout = \"20s\"\n[plugins.jwt]\n[plugins.revocation]").await;
        assert!(said.contains("answer_timeout"), "{said}");
    }
}
