//! Nobody learns which addresses have an account.

use guichet_core::serde_json::{Value, json};
use guichet_testing::{Answer, TestServer};

use crate::{ANOTHER, EMAIL, PASSWORD, sign_in, sign_up, start, with};

const STRANGER: &str = "nemo@example.com";

/// What can be told apart: status, headers but for those of each request, the body with ids, moments and the
/// address blotted out.
fn seen(answer: &Answer, email: &str) -> (u16, Vec<String>, String) {
    let own = ["x-request-id", "date"];
    let headers = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    let body = match guichet_core::serde_json::from_str::<Value>(&answer.text) {
        Ok(mut body) => {
            for secret in ["id", "createdAt", "updatedAt"] {
                if let Some(field) = body.pointer_mut(&format!("/user/{secret}")) {
                    let length = field.as_str().unwrap().len();
                    *field = json!(length);
                }
            }
            body.to_string().replace(email, "EMAIL")
        }
        Err(_) => answer.text.clone(),
    };
    (answer.status.as_u16(), headers, body)
}

async fn written(server: &TestServer) -> i64 {
    server.count("mailOutbox").await
}

guichet_testing::stories! {
    /// Wishes: 23.
    async fn a_taken_address_signs_up_like_a_new_one(database) {
        let fields = "[[user.fields]]\nname = \"surname\"\ninput = true\n---";
        for settings in ["require_email_verification = true", "auto_sign_in = false"] {
            let server = with(&database.another().await, &format!("{fields}\n{settings}")).await;
            let post = |email: &'static str, name: &'static str| {
                let browser = server.browser();
                let body = json!({"email": email, "password": ANOTHER, "name": name, "surname": "S", "image": "i"});
                async move { browser.post("/sign-up/email", body).await }
            };
            sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
            let taken = post(EMAIL, "Thief").await;
            let new = post(STRANGER, "Thief").await;
            assert_eq!(seen(&taken, EMAIL), seen(&new, STRANGER));
            assert_eq!(taken.json()["user"]["name"], "Thief");
            let real = server.text(r#"select "id" from "user" where "email" = 'jean@example.com'"#).await.unwrap();
            assert!(!taken.text.contains(&real));
            assert_eq!(server.count("user").await, 2);
            let mails = server.mails(EMAIL).await;
            assert_eq!(mails[0].subject, "Vous avez déjà un compte");
            let thief = sign_in(&server.browser(), EMAIL, ANOTHER).await;
            thief.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        }
    }

    async fn a_stranger_says_nothing_in_the_mail_to_the_owner(database) {
        let server = with(&database, "require_email_verification = true").await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let thief = server.browser().header("user-agent", "Win at evil.test");
        let body = json!({"email": EMAIL, "password": ANOTHER, "name": "evil.test"});
        thief.post("/sign-up/email", body).await.expect(200).json();
        let mail = &server.mails(EMAIL).await[0];
        assert_eq!(mail.subject, "Vous avez déjà un compte");
        assert!(mail.text.contains("votre adresse e-mail, qui en a déjà un") && mail.text.contains("un appareil inconnu"), "{}", mail.text);
        assert!(mail.text.contains("Sinon, ignorez ce message : rien n’a changé"), "{}", mail.text);
        assert!(!mail.text.contains("changez votre mot de passe"), "{}", mail.text);
        assert!(!format!("{mail:?}").contains("evil.test"));
    }

    async fn a_taken_address_gets_no_mail_when_that_is_not_wanted(database) {
        let settings = "require_email_verification = true\ntell_of_sign_ups = false";
        let server = with(&database, settings).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        sign_up(&server.browser(), EMAIL, ANOTHER).await.expect(200).json();
        assert_eq!(server.mails(EMAIL).await.len(), 1);
    }

    async fn a_reset_is_asked_for_alike(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let ask = |email: &'static str| {
            let browser = server.browser();
            async move { browser.post("/request-password-reset", json!({"email": email, "redirectTo": "/r"})).await }
        };
        let (known, unknown) = (ask(EMAIL).await, ask(STRANGER).await);
        assert_eq!(seen(&known, EMAIL), seen(&unknown, STRANGER));
        assert_eq!(server.count("verification").await, 2, "as much is written");
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        assert!(server.mails(STRANGER).await.is_empty());
    }

    async fn the_link_that_proves_an_address_is_asked_for_alike(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        sign_up(&server.browser(), "proven@example.com", PASSWORD).await.expect(200).json();
        server.execute(r#"update "user" set "emailVerified" = true where "email" = 'proven@example.com'"#).await;
        let before = written(&server).await;
        let mut answers = Vec::new();
        for email in [EMAIL, STRANGER, "proven@example.com"] {
            let answer = server.browser().post("/send-verification-email", json!({"email": email})).await;
            answers.push(seen(&answer, email));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert!(written(&server).await >= before);
        assert_eq!(server.mails(EMAIL).await.len(), 1);
        assert!(server.mails(STRANGER).await.is_empty() && server.mails("proven@example.com").await.is_empty());
    }

    async fn a_sign_in_fails_alike_and_takes_as_long(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let (known, unknown) =
            (sign_in(&server.browser(), EMAIL, ANOTHER).await, sign_in(&server.browser(), STRANGER, ANOTHER).await);
        assert_eq!(seen(&known, EMAIL), seen(&unknown, STRANGER));
        // Coarsely: both hash. Without a hash the unknown one would take a tenth of it.
        let time = |email: &'static str| {
            let server = &server;
            async move {
                let began = std::time::Instant::now();
                for _ in 0..5 {
                    sign_in(&server.browser(), email, ANOTHER).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
                }
                began.elapsed()
            }
        };
        let (known, unknown) = (time(EMAIL).await, time(STRANGER).await);
        assert!(unknown * 4 > known, "known {known:?}, unknown {unknown:?}");
    }
}
