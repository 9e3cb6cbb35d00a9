//! `POST /{portal}/prepare-login`.

use futures_util::future::join_all;
use guichet_core::serde_json::json;

use crate::{CLIENT, REVEALING, make_user, prepare, start, success, users, with};

guichet_testing::stories! {
    /// Wishes: 101, 114.
    async fn everybody_gets_the_same_answer(database) {
        let server = start(&database).await;
        make_user(&server, "notaire@example.com", Some("NOTAIRE")).await;
        let known = prepare(&server.browser(), "jean@example.com").await.expect(200);
        for email in ["inconnu@example.com", "notaire@example.com", "bailleur@example.com", "jumeaux@example.com"] {
            let answer = prepare(&server.browser(), email).await.expect(200);
            assert_eq!(answer.text, known.text, "{email}");
        }
        assert_eq!(known.json(), success());
        assert_eq!(users(&server).await, 2);
    }

    /// Wishes: 129.
    async fn a_repeated_call_changes_nothing(database) {
        let server = start(&database).await;
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        let first = server.text(r#"select "id" from "user""#).await;
        let updated = server.text(r#"select cast("updatedAt" as text) from "user""#).await;
        server.clock.advance(std::time::Duration::from_secs(60));
        prepare(&server.browser(), "jean@example.com").await.expect(200).json();
        assert_eq!(users(&server).await, 1);
        assert_eq!(server.text(r#"select "id" from "user""#).await, first);
        assert_eq!(server.text(r#"select cast("updatedAt" as text) from "user""#).await, updated);
    }

    /// Wishes: 128.
    async fn two_hundred_simultaneous_first_log_ins_make_one_user(database) {
        // With the limits as they are unless somebody changes them.
        let server = with(&database, &format!("[rate_limit]\n{CLIENT}")).await;
        let browser = server.browser();
        let answers = join_all((0..200).map(|_| prepare(&browser, "jean@example.com"))).await;
        for answer in answers {
            assert_eq!(answer.expect(200).json(), success());
        }
        assert_eq!(users(&server).await, 1);
    }

    async fn one_client_has_a_limit_all_the_same(database) {
        let server = with(&database, &format!("[rate_limit]\n{CLIENT}")).await;
        let browser = server.browser();
        let mut answers = Vec::new();
        for round in 0..11 {
            let emails: Vec<String> = (0..55).map(|n| format!("nobody{round}-{n}@example.com")).collect();
            answers.extend(join_all(emails.iter().map(|email| prepare(&browser, email))).await);
        }
        assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 600);
        assert_eq!(answers.iter().filter(|answer| answer.code() == "TOO_MANY_REQUESTS").count(), 5);
    }

    /// Wishes: 112, 113, 114.
    async fn a_portal_may_tell_who_is_unknown(database) {
        let server = with(&database, REVEALING).await;
        make_user(&server, "notaire@example.com", Some("NOTAIRE")).await;
        let french = server.browser().header("accept-language", "fr");
        prepare(&french, "jean@example.com").await.expect(200).json();
        let unknown = prepare(&french, "inconnu@example.com").await;
        assert_eq!(unknown.json()["message"], "Aucun compte trouvé pour cet email");
        unknown.refused(404, "ACCOUNT_NOT_FOUND_FOR_EMAIL");
        let other = prepare(&french, "notaire@example.com").await;
        assert_eq!(other.json()["message"], "Cet email n'est pas associé à un compte client");
        other.refused(403, "EMAIL_NOT_ASSOCIATED");
        prepare(&french, "bailleur@example.com").await.refused(404, "ACCOUNT_NOT_FOUND_FOR_EMAIL");
        prepare(&french, "jumeaux@example.com").await.refused(404, "ACCOUNT_NOT_FOUND_FOR_EMAIL");
        assert_eq!(users(&server).await, 2);
    }

    async fn bad_input_is_refused(database) {
        let server = start(&database).await;
        for bad in ["", "jean", "jean@example", "a@x.fr,b@y.fr", "jean@example.com\u{0}x@y.fr"] {
            let answer = prepare(&server.browser(), bad).await;
            assert_eq!(answer.status.as_u16(), 400, "{bad:?}: {answer:?}");
        }
        prepare(&server.browser(), "jean").await.refused(400, "INVALID_EMAIL");
        for body in [json!({}), json!({"email": 1}), json!({"email": null}), json!([])] {
            server.browser().post("/client/prepare-login", body).await.refused(400, "VALIDATION_ERROR");
        }
        assert_eq!(users(&server).await, 0);
    }

    async fn other_sites_cannot_call_it(database) {
        let server = start(&database).await;
        let evil = server.browser().at_origin("https://evil.test");
        prepare(&evil, "jean@example.com").await.refused(403, "INVALID_ORIGIN");
        assert_eq!(users(&server).await, 0);
    }
}
