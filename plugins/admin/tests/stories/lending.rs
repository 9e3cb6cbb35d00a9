//! A plugin that lends sessions and forgot to declare where they say so.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, json};
use guichet_core::plugin::{Configured, Plugin, Registration};
use guichet_core::session::{self, Lent};
use guichet_testing::{Credulous, TestServer};

use crate::renewal::Nothing;
use crate::{EMAIL, session as shown, somebody};

struct Forgetful;

impl Configured for Forgetful {
    type Options = Nothing;
    const ID: &'static str = "forgetful";

    fn new(_: Nothing, _: &Config) -> std::result::Result<Self, String> {
        Ok(Self)
    }
}

impl Plugin for Forgetful {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![Route::post("/lend", "forgetful.lend", lend, ()).summary("Lends one's own session")]
    }
}

async fn lend(visit: Visit) -> Result<Reply> {
    let caller = visit.require_session().await?;
    let tx = visit.app().db.begin().await?;
    let lent = Lent { user: &caller.user, life: Duration::from_mins(5) };
    json(&session::lend(&visit, tx, &caller, lent).await?.json(&visit))
}

guichet_testing::stories! {
    async fn nothing_is_lent_where_a_session_cannot_say_so(database) {
        let plugins = [Credulous::registration(), Registration::of::<Forgetful>()];
        let settings = "plugins.credulous = {}\nplugins.forgetful = {}";
        let server = TestServer::with(&plugins, &database, settings).await;
        let (browser, user) = somebody(&server, EMAIL).await;
        let _ = browser.post("/lend", guichet_core::serde_json::json!({})).await.expect(500);
        assert_eq!(server.number(r#"select count(*) from "session""#).await, 1);
        assert_eq!(shown(&browser).await["user"]["id"], user.id.as_str());
    }
}
