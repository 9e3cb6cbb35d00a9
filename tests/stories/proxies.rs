//! Behind the frameworks of applications: `examples/proxies`, called as each framework does, in `tests/node/proxies.mjs`.

use crate::node::Node;
use crate::with;

/// Browsers see Guichet at the application's own address.
const SITE: &str = "http://app.localhost:5173";

guichet_testing::stories! {
    /// Wishes: 60.
    async fn each_frameworks_route_passes_everything_on(database) {
        let server = with(&database, &format!("base_url = {SITE:?}\n[plugins.email-password]\n")).await;
        let examples = Node::start("proxies.mjs", &[("BASE", server.base()), ("SITE", SITE)]);
        examples.runs_through().await;
    }
}
