//! What requests ask of the database: numbers that would grow unnoticed. Statements that begin and end a transaction
//! are not among them.

use guichet_core::db::{Dialect, Spent};
use guichet_testing::{Answer, TestServer};
use serde_json::{Value, json};

use crate::{EMAIL, PASSWORD, sign_up, start, visitor, with};

/// What the requests of `visit` cost, all together.
async fn cost(server: &TestServer, visit: impl Future<Output = Answer>) -> (u64, u64) {
    let before = server.app.spent.total();
    visit.await.expect(200).json();
    let Spent { statements, transactions } = server.app.spent.total();
    (statements - before.statements, transactions - before.transactions)
}

/// A server that knows EMAIL with a password.
async fn with_password(database: &guichet_testing::TestDatabase, settings: &str) -> TestServer {
    let server =
        with(database, &format!("plugins.email-password = {{}}\nplugins.email-otp = {{}}\n{settings}")).await;
    sign_up(&server, EMAIL).await;
    server
}

fn claim() -> Value {
    json!({"email": EMAIL, "password": PASSWORD})
}

guichet_testing::stories! {
    async fn a_session_is_read_with_one_statement_and_nobodys_with_none(database) {
        let server = start(&database).await;
        let browser = visitor(&server, EMAIL).await;
        assert_eq!(cost(&server, browser.get("/get-session")).await, (1, 0));
        assert_eq!(cost(&server, server.browser().get("/get-session")).await, (0, 0));
    }

    // User and hash, the hash that still stands, the session.
    async fn a_password_sign_in_takes_three_statements(database) {
        let server = with_password(&database, "").await;
        assert_eq!(cost(&server, server.browser().post("/sign-in/email", claim())).await, (3, 1));
    }

    // The address, the account's two windows; where wrong ones came before, they are forgiven by one more.
    async fn limits_add_three_statements_to_it(database) {
        let server = with_password(&database, "rate_limit = { enabled = true }").await;
        assert_eq!(cost(&server, server.browser().post("/sign-in/email", claim())).await, (6, 1));
        let wrong = json!({"email": EMAIL, "password": "another one, and wrong"});
        server.browser().post("/sign-in/email", wrong).await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(cost(&server, server.browser().post("/sign-in/email", claim())).await, (7, 1));
    }

    // Who it is; the code along with its mail, which Postgres needs no transaction for.
    async fn a_code_is_sent_with_two_statements_whoever_asks(database) {
        let server = with(&database, "plugins.email-otp = { disable_sign_up = true }").await;
        server.user(EMAIL).await;
        for email in [EMAIL, "nobody@example.com"] {
            let body = json!({"email": email, "type": "sign-in"});
            let asked = server.browser().post("/email-otp/send-verification-otp", body).await;
            asked.expect(200).json();
            let body = json!({"email": email, "type": "sign-in"});
            let transactions = u64::from(server.app.db.dialect() == Dialect::Sqlite);
            let browser = server.browser();
            let sent = browser.post("/email-otp/send-verification-otp", body);
            assert_eq!(cost(&server, sent).await, (2, transactions));
        }
    }

    // Who it is, the try, the codes and their end, the session; again within the hour, one more.
    async fn a_code_signs_in_with_four_statements(database) {
        let server = with(&database, "plugins.email-otp = {}").await;
        server.user(EMAIL).await;
        for expected in [4, 5] {
            let ask = json!({"email": EMAIL, "type": "sign-in"});
            server.browser().post("/email-otp/send-verification-otp", ask).await.expect(200).json();
            let body = json!({"email": EMAIL, "otp": server.code(EMAIL).await});
            assert_eq!(cost(&server, server.browser().post("/sign-in/email-otp", body)).await, (expected, 1));
        }
    }

    // Whether the account was signed in to before, and the device.
    async fn to_know_a_device_takes_two_statements(database) {
        let server = with_password(&database, "plugins.known-devices = {}").await;
        assert_eq!(cost(&server, server.browser().post("/sign-in/email", claim())).await, (3 + 2, 1));
    }
}
