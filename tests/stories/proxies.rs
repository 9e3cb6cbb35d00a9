//! Behind the frameworks of applications: `examples/proxies`, called as each framework does, in `tests/node/proxies.mjs`.

use crate::node::Node;
use crate::with;

/// Browsers see Guichet at the application's own address.
const SITE: &str = "http://app.localhost:5173";

guichet_testing::stories! {
    /// And none believes a visitor about where they come from: Guichet believes the application's server.
    ///
    /// Wishes: 60.
    async fn each_frameworks_route_passes_everything_on(database) {
        let settings = format!(
            "base_url = {SITE:?}\ntrusted_proxies = [\"127.0.0.1\"]\n[plugins.email-password]\n"
        );
        let server = with(&database, &settings).await;
        let examples = Node::start("proxies.mjs", &[("BASE", server.base()), ("SITE", SITE)]);
        examples.runs_through().await;
    }
}
