//! Stories of administrators, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod bans;
mod impersonation;
mod lending;
mod listing;
mod permissions;
mod races;
mod renewal;
mod writing;

use guichet_admin::Admin;
use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_core::store::User;
use guichet_testing::{Answer, Browser, Credulous, TestDatabase, TestServer};

use renewal::Renewal;

const ADMIN: &str = "anna@example.com";
const EMAIL: &str = "jean@example.com";

fn plugins() -> [Registration; 3] {
    [Registration::of::<Admin>(), Credulous::registration(), Registration::of::<Renewal>()]
}

async fn with(database: &TestDatabase, own: &str) -> TestServer {
    let settings = format!("plugins.credulous = {{}}\nplugins.renewal = {{}}\n{own}");
    TestServer::with(&plugins(), database, &settings).await
}

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "plugins.admin = {}").await
}

async fn sign_in(browser: &Browser, email: &str) -> Answer {
    browser.post("/sign-in/credulous", json!({"email": email})).await
}

/// Somebody who is made and signed in.
async fn somebody(server: &TestServer, email: &str) -> (Browser, User) {
    let user = server.user(email).await;
    let browser = server.browser();
    sign_in(&browser, email).await.expect(200).json();
    (browser, user)
}

async fn set_role(server: &TestServer, user: &User, role: &str) {
    let changes = vec![("role", role.into())];
    server.app.users.update(&server.app.db, &user.id, changes, server.now()).await.unwrap();
}

/// The administrator, signed in.
async fn admin(server: &TestServer) -> (Browser, User) {
    let (browser, user) = somebody(server, ADMIN).await;
    set_role(server, &user, "admin").await;
    (browser, user)
}

async fn act(browser: &Browser, action: &str, body: Value) -> Answer {
    browser.post(&format!("/admin/{action}"), body).await
}

async fn session(browser: &Browser) -> Value {
    browser.get("/get-session").await.expect(200).json()
}

async fn stored(server: &TestServer, id: &str) -> User {
    server.app.users.by_id(&server.app.db, id).await.unwrap().unwrap()
}
