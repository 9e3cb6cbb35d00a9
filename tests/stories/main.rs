//! Stories of the whole product, on both databases: what visitors, applications and operators see.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod account;
mod account_page;
mod admin;
mod applications;
mod beside;
mod browser;
mod captcha;
mod cli;
mod cli_admin;
mod cli_doctor;
mod cli_people;
mod cli_users;
mod client;
mod compose;
mod config;
mod cookies;
mod crash;
mod doors;
mod events;
mod example_env;
mod example_file;
mod examples;
mod guides;
mod have_i_been_pwned;
mod healthcheck;
mod hostile;
mod kits_python;
mod kits_typescript;
mod known_devices;
mod later;
mod logs;
mod lost;
mod magic_link;
mod mail;
mod mail_sink;
mod metrics;
mod mistakes;
mod node;
mod one_form;
mod openapi;
mod origins;
mod outage;
mod outage_cluster;
mod passkey;
mod passwords;
mod pathways;
mod portals;
mod program;
mod proof_by_code;
mod proxies;
mod react;
mod redirects;
mod refused_starts;
mod security;
mod serve;
mod session_cache;
mod sessions;
mod shared_word;
mod sign_up_pages;
mod social;
mod statements;
mod take_over;
mod templates;
mod token_api;
mod two_factor;
mod upstream;
mod use_session;
mod username;

use guichet_testing::{Answer, Browser, TestDatabase, TestServer};
use serde_json::json;

const EMAIL: &str = "jean@example.com";
const PASSWORD: &str = "correct horse 1";
const ANOTHER: &str = "battery staple 2";

async fn start(database: &TestDatabase) -> TestServer {
    with(database, "").await
}

async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    TestServer::with(&guichet::plugins::all(), database, settings).await
}

/// Signs `browser` in as `email`, by e-mail code.
async fn sign_in(server: &TestServer, browser: &Browser, email: &str) {
    let ask = json!({"email": email, "type": "sign-in"});
    browser.post("/email-otp/send-verification-otp", ask).await.expect(200).json();
    let code = server.code(email).await;
    browser.post("/sign-in/email-otp", json!({"email": email, "otp": code})).await.expect(200).json();
}

/// A browser that is signed in.
async fn visitor(server: &TestServer, email: &str) -> Browser {
    let browser = server.browser();
    sign_in(server, &browser, email).await;
    browser
}

/// A browser in which somebody has just signed up with [`PASSWORD`], and is signed in.
async fn sign_up(server: &TestServer, email: &str) -> Browser {
    let browser = server.browser();
    try_sign_up(&browser, email, PASSWORD).await.expect(200).json();
    browser
}

async fn try_sign_up(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.post("/sign-up/email", json!({"email": email, "password": password, "name": "Jean"})).await
}

async fn sign_in_by_password(browser: &Browser, email: &str, password: &str) -> Answer {
    browser.post("/sign-in/email", json!({"email": email, "password": password})).await
}
