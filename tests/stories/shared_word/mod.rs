//! The plugin that `docs/adding-a-plugin.md` shows: compiled, started and used here, so that the page stays true.

mod plugin;

use guichet_core::plugin::Registration;
use guichet_core::serde_json::json;
use guichet_testing::{TestDatabase, TestServer};

use plugin::SharedWord;

const SETTINGS: &str = "[plugins.email-otp]\n[plugins.pages]\n[plugins.shared-word]\nword = \"open sesame\"\n[rate_limit]\nenabled = true";

async fn start(database: &TestDatabase) -> TestServer {
    let plugins: Vec<_> =
        guichet::plugins::all().into_iter().chain([Registration::of::<SharedWord>()]).collect();
    let server = TestServer::with(&plugins, database, SETTINGS).await;
    server.user("jean@example.com").await;
    server
}

guichet_testing::stories! {
    async fn the_word_opens_and_is_counted(database) {
        let server = start(&database).await;
        let browser = server.browser();
        let body = json!({"email": "jean@example.com", "word": "open sesame"});
        let answer = browser.post("/sign-in/shared-word", body).await.expect(200).json();
        assert_eq!(answer["user"]["timesSharedWord"], 1);
        assert_eq!(browser.get("/get-session").await.json()["user"]["email"], "jean@example.com");
    }

    async fn a_wrong_word_and_an_unknown_person_get_one_answer_and_no_session(database) {
        let server = start(&database).await;
        for (email, word) in [("jean@example.com", "open barley"), ("eve@example.com", "open sesame")] {
            let answer = server.browser().post("/sign-in/shared-word", json!({"email": email, "word": word})).await;
            answer.refused(401, "WRONG_WORD");
        }
        assert_eq!(server.count("session").await, 0);
    }

    async fn the_page_shows_it_and_its_limit_holds_there(database) {
        let server = start(&database).await;
        let browser = server.page_browser();
        assert!(browser.page("/login").await.expect(200).text.contains("Le mot que tout le monde connaît"));
        let guess = [("email", "jean@example.com"), ("word", "open barley")];
        for _ in 0..5 {
            let refused = browser.form("/login/shared-word/try", &guess).await.expect(401);
            assert!(refused.text.contains("Mot incorrect"));
        }
        browser.form("/login/shared-word/try", &guess).await.expect(429).header("x");
    }
}
