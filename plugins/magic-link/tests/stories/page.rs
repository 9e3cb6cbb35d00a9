//! The mailed link leads to a page of the door: without pages there is none, and the API's own link is mailed. What the
//! pages show is told in the product's stories.

use guichet_core::serde_json::json;

use crate::{EMAIL, ask, with};

guichet_testing::stories! {
    async fn without_pages_the_link_is_the_apis(database) {
        let server = with(&database, "plugins.magic-link = {}").await;
        ask(&server.browser(), json!({"email": EMAIL})).await.expect(200).json();
        assert!(server.mailed_link(EMAIL).await.starts_with("/api/auth/magic-link/verify?token="));
    }
}
