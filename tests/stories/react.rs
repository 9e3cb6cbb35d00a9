//! A React application with the official client's `useSession`, in Chromium: `tests/node/react-app`, built with Vite. What it
//! does is told in `tests/node/react.mjs`; here the server beside it is started and ended.

use guichet_core::serde_json::Value;

use crate::beside::Beside;
use crate::node::Node;

const SETTINGS: &str = r#"
rate_limit.enabled = false
trusted_origins = ["ORIGIN"]
[plugins.email-password]
"#;

fn settings(question: &Value) -> Option<String> {
    Some(SETTINGS.replace("ORIGIN", question["origin"].as_str()?))
}

guichet_testing::stories! {
    /// Wishes: 1, 55.
    async fn an_application_in_react_follows_its_session_across_tabs_and_outages(database) {
        Beside::new(&database, &[]).runs(Node::start("react.mjs", &[]), settings).await;
    }
}
