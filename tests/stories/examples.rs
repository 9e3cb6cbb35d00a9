//! The example of `docs/applications/fetch.md`, used for real: `tests/node/examples.mjs`.

use crate::node::Node;
use crate::with;

/// Browsers see Guichet at the application's own address.
const SITE: &str = "http://app.localhost:5173";

guichet_testing::stories! {
    /// Wishes: 133, 140, 143, 144.
    async fn what_the_documents_show_works(database) {
        let settings = format!("base_url = {SITE:?}\n[plugins.email-password]\n[plugins.jwt]\n[plugins.bearer]\n");
        let server = with(&database, &settings).await;
        let examples = Node::start("examples.mjs", &[("BASE", server.base()), ("SITE", SITE)]);
        examples.runs_through().await;
    }
}
