//! Stories of guests, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod hand_over;

use guichet_anonymous::Anonymous;
use guichet_core::plugin::Registration;
use guichet_core::serde_json::{Value, json};
use guichet_testing::{Browser, TestDatabase, TestServer};

async fn with(database: &TestDatabase, settings: &str) -> TestServer {
    TestServer::with(&[Registration::of::<Anonymous>()], database, settings).await
}

async fn guest(server: &TestServer) -> (Browser, Value) {
    let browser = server.browser();
    let user = browser.post("/sign-in/anonymous", json!({})).await.expect(200).json()["user"].clone();
    (browser, user)
}

guichet_testing::stories! {
    async fn a_guest_is_a_user_without_an_address(database) {
        let server = with(&database, "plugins.anonymous = { name = \"Invité\" }").await;
        let (browser, user) = guest(&server).await;
        assert!(user["email"].as_str().unwrap().ends_with("@anonymous.placeholder.invalid"));
        assert_eq!([&user["name"], &user["isAnonymous"], &user["emailVerified"]], [&json!("Invité"), &json!(true), &json!(false)]);
        assert_eq!(browser.get("/get-session").await.json()["user"]["id"], user["id"]);
        let again = browser.post("/sign-in/anonymous", json!({})).await;
        again.refused(400, "ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY");
        let (_, other) = guest(&server).await;
        assert_ne!(other["id"], user["id"]);
    }

    async fn where_a_field_is_required_there_are_no_guests(database) {
        let field = "[[user.fields]]\nname = \"company\"\ninput = true\nrequired = true\n[plugins.anonymous]\n";
        let server = with(&database, field).await;
        server.browser().post("/sign-in/anonymous", json!({})).await.refused(400, "MISSING_FIELD");
        assert_eq!(server.count("user").await, 0);
    }

    async fn a_guest_leaves_and_nothing_stays(database) {
        let server = with(&database, "plugins.anonymous = {}").await;
        let (browser, _) = guest(&server).await;
        let left = browser.post("/delete-anonymous-user", json!({})).await.expect(200);
        assert_eq!(left.json(), json!({"success": true}));
        assert_eq!(left.set_cookies().len(), 3);
        assert!(!browser.is_in().await);
        assert_eq!(server.count("user").await, 0);
        browser.post("/delete-anonymous-user", json!({})).await.refused(401, "UNAUTHORIZED");
    }

    async fn guests_may_be_kept(database) {
        let server = with(&database, "plugins.anonymous = { delete_guests = false }").await;
        let (browser, _) = guest(&server).await;
        browser.post("/delete-anonymous-user", json!({})).await.refused(400, "DELETE_ANONYMOUS_USER_DISABLED");
    }

    async fn nobody_says_of_themselves_that_they_are_a_guest(database) {
        let server = with(&database, "plugins.anonymous = {}").await;
        let (browser, _) = guest(&server).await;
        browser.post("/update-user", json!({"isAnonymous": true})).await.refused(400, "FIELD_NOT_ALLOWED");
        // A falsy one is ignored (Better Auth's rule).
        let ignored = browser.post("/update-user", json!({"isAnonymous": false})).await.expect(400);
        assert_eq!(ignored.json(), json!({"message": "No fields to update"}));
    }
}
