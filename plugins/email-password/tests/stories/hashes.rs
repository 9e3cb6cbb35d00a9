//! Passwords that were kept by other products, and rows that cannot be read.

use guichet_testing::TestServer;

use crate::{ANOTHER, EMAIL, PASSWORD, reset, reset_token, sign_in, sign_up, start, with};

/// `Pässwörter 7`, as other products keep it.
const OTHERS: [&str; 6] = [
    // Better Auth (scrypt).
    "000102030405060708090a0b0c0d0e0f:2a5154cf1cd300a8d282834759863e7d9a95e1dab0c2933b6166baf0e98f81f8e5a3610f561dae587f6f30d1423664f45998084c48f3dde11934d9d16642fd32",
    // Django.
    "pbkdf2_sha256$1000$seasalt$Ka/QedT4B+n0KetxUHSg4bpjta0/ggUbBTNu8VDWVeU=",
    "pbkdf2_sha1$1000$seasalt$AAtZgIXwDbqWVtw/D/1/Qz3aAFk=",
    // Keycloak.
    r#"{"algorithm":"pbkdf2-sha256","hashIterations":1000,"salt":"AAECAwQFBgcICQoLDA0ODw==","value":"QOtNbPzmd6uHLhnRpxO65HhXMlb1PGZL9LT408YU1PUDrdBwaMODzw+Q5QIGzegD9CoBTQk9bOvkcPVe6xHSBw=="}"#,
    r#"{"algorithm":"pbkdf2-sha512","hashIterations":1000,"salt":"AAECAwQFBgcICQoLDA0ODw==","value":"S1JjiIzie3cf2z4OtlNoiuYz3JST44mgSRk1lZ5lqJvOQpKHTmhgX6ajxy3U9zdr3GACBLOn0gXG7piuUShj2g=="}"#,
    r#"{"secretData":"{\"value\":\"/5i/CWK/GUGL/Oau9UoFujqmMCzibEetA4wm+b4wwo20D2+DBs7GO/hi2oeUEtrwsl5uX9/WHP1kFgmWo+WSdw==\",\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\"}","credentialData":"{\"hashIterations\":1000,\"algorithm\":\"pbkdf2\"}"}"#,
];
const THEIRS: &str = "Pässwörter 7";

async fn keep(server: &TestServer, hash: &str) {
    let sql = r#"update "account" set "password" = $1"#;
    server.app.db.query(sql).bind(hash).execute().await.unwrap();
}

async fn kept(server: &TestServer) -> String {
    server.text(r#"select "password" from "account""#).await.unwrap()
}

guichet_testing::stories! {
    async fn passwords_of_other_products_sign_in_and_are_kept_anew(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        for hash in OTHERS {
            keep(&server, hash).await;
            sign_in(&server.browser(), EMAIL, "Pässwörter 8").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
            assert_eq!(kept(&server).await, hash, "a wrong password changes nothing");
            sign_in(&server.browser(), EMAIL, THEIRS).await.expect(200).json();
            let new = kept(&server).await;
            assert!(new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{new}");
            sign_in(&server.browser(), EMAIL, THEIRS).await.expect(200).json();
            assert_eq!(kept(&server).await, new, "once is enough");
            sign_in(&server.browser(), EMAIL, "Pa\u{308}sswo\u{308}rter 7").await.expect(200).json();
        }
    }

    /// Wishes: 76.
    async fn bcrypt_of_any_prefix_signs_in_and_is_kept_anew(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        for prefix in ["$2a", "$2b", "$2y"] {
            keep(&server, &format!("{prefix}$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")).await;
            sign_in(&server.browser(), EMAIL, "U*V").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
            // Shorter than what may be set today: it was set elsewhere.
            sign_in(&server.browser(), EMAIL, "U*U").await.expect(200).json();
            assert!(kept(&server).await.starts_with("$argon2id$"));
        }
    }

    async fn weaker_argon2_is_kept_anew(database) {
        let server = start(&database).await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        keep(&server, "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc").await;
        sign_in(&server.browser(), EMAIL, "password").await.expect(200).json();
        assert!(kept(&server).await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    async fn better_auths_form_is_written_when_it_is_to_read_on(database) {
        let server = with(&database, "[password]\nalgorithm = \"scrypt\"\n---").await;
        sign_up(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        let scrypt = kept(&server).await;
        assert_eq!(scrypt.len(), 32 + 1 + 128);
        sign_in(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(kept(&server).await, scrypt, "it is as it should be");
        keep(&server, OTHERS[1]).await;
        sign_in(&server.browser(), EMAIL, THEIRS).await.expect(200).json();
        assert_eq!(kept(&server).await.len(), 32 + 1 + 128);
    }

    async fn what_cannot_be_read_is_a_wrong_password_and_nothing_worse(database) {
        let server = start(&database).await;
        let browser = server.browser();
        sign_up(&browser, EMAIL, PASSWORD).await.expect(200).json();
        for broken in [
            "", "correct horse 1", "é", "日本語:日本語", "$2b$12$éééééééééééééééééééééééééééééééééééééééééééééééééééé",
            "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=4294967295,t=4294967295,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
            "$2b$31$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW", "pbkdf2_sha256$999999999$s$aGFzaA==",
            "00:00", "{\"algorithm\":\"pbkdf2\"}", "{", "🙂",
        ] {
            keep(&server, broken).await;
            sign_in(&server.browser(), EMAIL, PASSWORD).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
            let body = guichet_core::serde_json::json!({"password": PASSWORD});
            browser.post("/verify-password", body).await.refused(400, "INVALID_PASSWORD");
            assert_eq!(kept(&server).await, broken);
        }
        assert!(browser.is_in().await);
        let token = reset_token(&server, EMAIL).await;
        reset(&server, &token, ANOTHER).await.expect(200).json();
        sign_in(&server.browser(), EMAIL, ANOTHER).await.expect(200).json();
    }
}
