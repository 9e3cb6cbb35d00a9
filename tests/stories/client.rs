//! The official npm client against this server: what an application's own code does.

use guichet_testing::TestServer;

use crate::node::Node;

guichet_testing::stories! {
    /// Wishes: 7, 29, 55.
    async fn the_npm_client_signs_in_by_code_and_reads_its_session(database) {
        let server = TestServer::start(&guichet::plugins::all(), &database).await;
        let client = Node::start("client.mjs", &[("BASE", server.base())]);
        client.runs_through().await;
        let users = server.count("user").await;
        assert_eq!(users, 1, "wrong codes made nobody");
    }
}
