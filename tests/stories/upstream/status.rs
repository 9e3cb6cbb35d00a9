//! What the operator sees: how many have moved, and that the last day comes, or has passed.

use super::back_end::Instead;
use super::{PASSWORD, knowing_jean, settings, with};
use crate::config::{folder, says};
use crate::program::{Serving, guichet};
use crate::{EMAIL, sign_in_by_password, try_sign_up};
use guichet_core::serde_json::{Value, from_str, json};
use guichet_testing::Browser;

const SECRET: &str = "secret = \"9f86d081884c7d659a2feaa0c55ad0159f86d081\"\n";

guichet_testing::stories! {
    async fn status_counts_who_has_moved_and_who_has_not(database) {
        let back = knowing_jean().await;
        let server = with(&database, &back, "").await;
        sign_in_by_password(&server.browser(), EMAIL, PASSWORD).await.expect(200).json();
        server.user("waiting@example.com").await;
        server.user("waiting-too@example.com").await;
        try_sign_up(&server.browser(), "own@example.com", "my own password 1").await.expect(200).json();

        let url = ("GUICHET_DATABASE__URL", database.url());
        let running = folder(&format!("{SECRET}{}", settings(&back, "until = \"2999-12-31\"\npopulation = 40")));
        let said = guichet(running.path(), &["upstream", "status", "--json"], &[url]).well();
        let mut status: Value = from_str(&said).unwrap();
        assert!(status.as_object_mut().unwrap().remove("lastNew").unwrap().is_string());
        let expected = json!({
            "mode": "strangler", "asked": true, "until": "2999-12-31", "moved": 1, "notMoved": 2, "known": 1,
            "ownPassword": 1, "population": 40, "neverSeen": 39,
        });
        assert_eq!(status, expected);
        let text = guichet(running.path(), &["upstream", "status"], &[url]).well();
        says(&text, &["strangler", "2999-12-31", "not moved", "2 (users without", "39 of 40"]);
        let doctor = guichet(running.path(), &["doctor", "--offline", "--json"], &[url]).out;
        says(&doctor, &["1 moved, 2 not; asked until 2999-12-31"]);

        let ended = folder(&format!("{SECRET}{}", settings(&back, "until = \"2020-01-31\"")));
        let text = guichet(ended.path(), &["upstream", "status"], &[url]).well();
        says(&text, &["that day has passed"]);
        let doctor = guichet(ended.path(), &["doctor", "--offline"], &[url]).out;
        says(&doctor, &["nobody is asked any more"]);
        let serving = Serving::open(ended.path(), &[], &[url]);
        says(&serving.log(), &["upstream.ended"]);
    }

    async fn the_doctor_asks_it_about_somebody_whom_nobody_knows(database) {
        let back = knowing_jean().await;
        let folder = folder(&format!("{SECRET}{}", settings(&back, "")));
        let url = ("GUICHET_DATABASE__URL", database.url());
        drop(Serving::open(folder.path(), &[], &[url]));
        let doctor = || guichet(folder.path(), &["doctor", "--json"], &[url]).out;
        says(&doctor(), &["it says no to somebody whom nobody knows (401)"]);
        back.set(|script| script.instead = Some(Instead::Answer(500, String::new())));
        says(&doctor(), &["it could not be asked: it answers 500", "nobody signs in until it answers"]);
        back.set(|script| script.instead = Some(Instead::Answer(200, "{}".to_owned())));
        says(&doctor(), &["it says yes to somebody whom nobody knows"]);
        let asked = back.asked();
        guichet(folder.path(), &["doctor", "--offline"], &[url]);
        assert_eq!(back.asked(), asked);
    }

    /// The program, a database and somebody else's HTTP API: that is all there is on the side that signs people in.
    /// Wishes: 16.
    async fn the_program_and_a_database_are_all_that_is_needed(database) {
        let back = knowing_jean().await;
        let folder = folder(&format!("{SECRET}{}", settings(&back, "")));
        let mut server = Serving::open(folder.path(), &[], &[("GUICHET_DATABASE__URL", database.url())]);
        let base = server.base();
        let browser = Browser::new(&base, &base);
        sign_in_by_password(&browser, EMAIL, "wrong password").await.refused(401, "INVALID_EMAIL_OR_PASSWORD");
        sign_in_by_password(&browser, EMAIL, PASSWORD).await.expect(200).json();
        assert_eq!(browser.get("/get-session").await.expect(200).json()["user"]["email"], EMAIL);
        let log = server.log();
        assert!(!log.contains(PASSWORD) && !log.contains("wrong password"), "{log}");
    }
}

#[test]
fn what_is_put_into_headers_is_not_shown() {
    let folder = folder(
        "[plugins.email-password]\n[plugins.upstream]\nurl = \"http://127.0.0.1:1/\"\nsecret = \"hunter2\"\n\
         headers = { x-api-key = \"hunter3\" }\n",
    );
    let shown = guichet(folder.path(), &["config", "show"], &[]).well();
    assert!(!shown.contains("hunter") && shown.contains("x-api-key"), "{shown}");
}
