//! What is rendered. Doors and the own account are told in the product's stories.

use guichet_core::language::Language;
use guichet_core::pages::context;

use crate::*;

guichet_testing::stories! {
    async fn the_button_waits_for_its_script(database) {
        let server = start(&database).await;
        let trouble = json!({"error": "<b>", "field": "", "remaining": 0});
        let context = context! { action => "/login/passkey/sign-in", options => "/o", script => "/assets/passkey.js", trouble, back => "/login" };
        let html = server.app.templates.render(Language::French, "passkey/form.html", context).unwrap().replace("&#x2f;", "/");
        for part in [
            "<div data-with-script hidden><button", "<noscript>", r#"data-options="/o""#, "&lt;b&gt;", r#"href="/login""#,
            r#"<script src="/assets/passkey.js" defer></script>"#,
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("onclick"));
        let script = server.browser().page("/assets/passkey.js").await.expect(200);
        assert!(script.header("content-type").starts_with("text/javascript"));
    }
}
