//! `useSession` of the official clients other than React's: `tests/node/use-session.mjs`.

use crate::node::Node;
use crate::with;

guichet_testing::stories! {
    /// Wishes: 55, 57.
    async fn the_clients_for_vue_svelte_and_solid_follow_the_session(database) {
        let server = with(&database, "[plugins.email-password]").await;
        let environment = [("BASE", server.base()), ("NODE_OPTIONS", "--conditions=browser")];
        let client = Node::start("use-session.mjs", &environment);
        client.runs_through().await;
    }
}
