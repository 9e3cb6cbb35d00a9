//! Guesses at one account's password, whichever doors they are made at.

use std::time::Duration;

use guichet_testing::{Browser, TestServer};
use serde_json::json;

use super::all_on;
use crate::{ANOTHER, EMAIL, PASSWORD};

/// Limits by address are wide, so that those by account show.
const SETTINGS: &str = "trusted_proxies = [\"127.0.0.1/32\"]\n[rate_limit]\nenabled = true\nmax = 100000\n\
                        [user]\ndelete_account = true\n";
const PHONE: &str = "+33612345678";

/// Tries `password` at every door and gives what each said; `owner` is signed in, everybody else comes from another house.
async fn everywhere(
    server: &TestServer,
    owner: &Browser,
    round: usize,
    password: &str,
) -> Vec<(&'static str, u16)> {
    let from = |n: usize| server.browser().header("x-forwarded-for", &format!("203.0.{round}.{n}"));
    let mut said = Vec::new();
    for (n, (door, who)) in [
        ("/sign-in/email", ("email", EMAIL)),
        ("/sign-in/username", ("username", "jean_d")),
        ("/sign-in/phone-number", ("phoneNumber", PHONE)),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({who.0: who.1, "password": password});
        said.push((door, from(n).post(door, body).await.status.as_u16()));
    }
    let program = from(9).at_origin("");
    for identifier in [EMAIL, "jean_d"] {
        let body = json!({"identifier": identifier, "password": password}).to_string();
        let answer =
            program.request(http::Method::POST, "/auth/login", Some("application/json"), Some(body)).await;
        said.push(("/auth/login", answer.status.as_u16()));
    }
    for (door, body) in [
        ("/verify-password", json!({"password": password})),
        ("/change-password", json!({"currentPassword": password, "newPassword": ANOTHER})),
        ("/two-factor/enable", json!({"password": password})),
        ("/delete-user", json!({"password": password})),
    ] {
        said.push((door, owner.post(door, body).await.status.as_u16()));
    }
    said
}

async fn with_every_door(database: &guichet_testing::TestDatabase) -> (TestServer, Browser) {
    let server = all_on(database, SETTINGS).await;
    let owner = server.browser();
    let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Jean", "username": "jean_d"});
    owner.post("/sign-up/email", body).await.expect(200).json();
    let number = format!("update \"user\" set \"phoneNumber\" = '{PHONE}', \"phoneNumberVerified\" = true");
    server.execute(&number).await;
    (server, owner)
}

guichet_testing::stories! {
    // NIST SP 800-63B, section 3.2.2: budgets of their own for each door would add up to hundreds.
    async fn guesses_at_all_doors_together_end_below_a_hundred_a_day(database) {
        let (server, owner) = with_every_door(&database).await;
        let (mut compared, mut made) = (0, 0);
        for round in 0..13 {
            for (door, status) in everywhere(&server, &owner, round, "not it at all").await {
                made += 1;
                compared += u32::from(matches!(status, 400 | 401));
                assert!(matches!(status, 400 | 401 | 429), "{door}: {status}");
            }
            server.clock.advance(Duration::from_mins(11));
        }
        assert!(made > 100, "{made}");
        assert_eq!(compared, 90);
        // No door has one left, not even for the right one.
        for (door, status) in everywhere(&server, &owner, 20, PASSWORD).await {
            assert_eq!(status, 429, "{door}");
        }
    }

    async fn a_right_password_at_one_door_forgives_at_all(database) {
        let (server, owner) = with_every_door(&database).await;
        for round in 0..3 {
            for (door, status) in everywhere(&server, &owner, round, "not it at all").await {
                assert!(matches!(status, 400 | 401), "{door}: {status}");
            }
            owner.post("/verify-password", json!({"password": PASSWORD})).await.expect(200).json();
            server.clock.advance(Duration::from_secs(11));
        }
    }
}
