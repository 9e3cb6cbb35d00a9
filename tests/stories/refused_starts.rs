//! What is refused at start, by name.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::access_token::{AccessToken, AccessTokens, Bearer};
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::ErrorCode;
use guichet_core::http::{RateLimit, Reply, Route, success};
use guichet_core::language::Language;
use guichet_core::plugin::{Configured, Plugin, Registration};
use guichet_core::schema::{Column, Table};
use guichet_core::serde_json::{Map, Value};
use guichet_core::store::{Session, User};
use guichet_testing::{TestDatabase, TestServer};

/// Declares whatever the test wants to clash.
struct Clashing(String);

#[derive(Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Options {
    with: String,
}

impl Configured for Clashing {
    type Options = Options;
    const ID: &'static str = "clashing";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        Ok(Self(options.with))
    }
}

const OTHER_WORDS: ErrorCode = ErrorCode::new("INVALID_OTP", "Something else", "Autre chose");

async fn nothing() -> guichet_core::Result<Reply> {
    success()
}

impl Plugin for Clashing {
    fn id(&self) -> &'static str {
        "clashing"
    }

    fn schema(&self) -> Vec<Table> {
        match self.0.as_str() {
            "column" => vec![Table::new("user").column(Column::text("email"))],
            _ => vec![],
        }
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        match self.0.as_str() {
            "route" => vec![Route::get("/ok", "clashing.ok", nothing, ())],
            "name" => vec![Route::get("/other", "core.ok", nothing, ())],
            _ => vec![],
        }
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        if self.0 == "limit" { vec![RateLimit::by_address("no.such-route", 10, 1)] } else { vec![] }
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        if self.0 == "words" { vec![(Language::French, "clashing-label = Bonjour")] } else { vec![] }
    }

    fn access_tokens(self: Arc<Self>) -> Option<Arc<dyn AccessTokens>> {
        (self.0 == "tokens").then_some(self as Arc<dyn AccessTokens>)
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        if self.0 == "code" { &[OTHER_WORDS] } else { &[] }
    }
}

#[async_trait::async_trait]
impl AccessTokens for Clashing {
    async fn issue(
        &self,
        _: &App,
        _: &Session,
        _: &User,
        _: Option<Duration>,
    ) -> guichet_core::Result<AccessToken> {
        panic!("it never starts")
    }

    async fn verify(&self, _: &App, _: &str) -> guichet_core::Result<Option<Bearer>> {
        Ok(None)
    }

    async fn sign(&self, _: &App, _: &str, _: &Map<String, Value>) -> guichet_core::Result<String> {
        Ok(String::new())
    }

    fn issuer(&self, _: &App) -> String {
        String::new()
    }

    fn longest_life(&self) -> Duration {
        Duration::ZERO
    }

    fn names_sessions(&self) -> bool {
        false
    }
}

async fn refusal(database: &TestDatabase, settings: &str) -> String {
    let plugins: Vec<_> =
        guichet::plugins::all().into_iter().chain([Registration::of::<Clashing>()]).collect();
    match TestServer::try_with(&plugins, database, settings).await {
        Ok(_) => panic!("it started with {settings}"),
        Err(refusal) => refusal,
    }
}

async fn clash(database: &TestDatabase, with: &str) -> String {
    let settings = format!("[plugins.email-otp]\n[plugins.pages]\n[plugins.clashing]\nwith = {with:?}");
    refusal(database, &settings).await
}

guichet_testing::stories! {
    async fn two_claims_on_one_thing_are_refused_with_both_names(database) {
        assert_eq!(clash(&database, "route").await, "the route GET /api/auth/ok is claimed by core and by clashing");
        assert_eq!(clash(&database, "name").await, "the route name \"core.ok\" is claimed by core and by clashing");
        assert_eq!(clash(&database, "column").await, "column user.email is declared by core and by clashing");
        assert_eq!(clash(&database, "code").await, "the error code INVALID_OTP is claimed by email-otp and by clashing");
        let settings = "[plugins.jwt]\n[plugins.clashing]\nwith = \"tokens\"";
        assert_eq!(refusal(&database, settings).await, "the issuing of access tokens is claimed by jwt and by clashing");
        let limit = clash(&database, "limit").await;
        assert!(limit.starts_with("clashing limits the route \"no.such-route\", which does not exist"), "{limit}");
        assert!(limit.contains("core.get-session"));
    }

    async fn a_sentence_that_one_language_lacks_is_named(database) {
        assert_eq!(clash(&database, "words").await, "words in en: there is no message for clashing-label");
    }

    async fn unknown_plugins_and_keys_are_named_with_the_known_ones(database) {
        let text = refusal(&database, "[plugins.emailotp]").await;
        assert!(text.contains("[plugins.emailotp] is not known") && text.contains("email-otp"), "{text}");
        let text = refusal(&database, "[plugins.email-otp]\ndigit = 6").await;
        assert!(text.contains("unknown field `digit`") && text.contains("digits"), "{text}");
        let text = refusal(&database, "[plugins.email-otp]\ndigits = 4").await;
        assert!(text.contains("digits = 4: must be 6 to 10"), "{text}");
        let text = refusal(&database, "bas_url = \"http://x\"").await;
        assert!(text.contains("bas_url") && text.contains("base_url"), "{text}");
        let text = refusal(&database, "secret = \"short\"").await;
        assert!(text.contains("at least 32"), "{text}");
        let text = refusal(&database, "trusted_origins = [\"javascript:x\"]").await;
        assert!(text.contains("is not an origin"), "{text}");
        let text = refusal(&database, "rate_limit = { rules = [{ route = \"nope\", window = \"1m\", max = 1 }] }").await;
        assert!(text.contains("[rate_limit] limits the route \"nope\""), "{text}");
    }
}
