//! Sign-in with passwords that an existing back end knows, over its HTTP API: it judges every sign-in, or each password
//! once, after which it is kept here. It answers who that is, with tokens of its own, which are handed to their owner.
//!
//! It fails closed: no answer, or one that cannot be used, lets nobody in, and counts as no try.

mod ask;
mod checks;
mod entry;
mod failure;
mod judge;
mod mapping;
mod options;
mod status;
mod template;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::account_tokens::AccountTokens;
use guichet_core::app::App;
use guichet_core::check::Check;
use guichet_core::config::{Config, Secret};
use guichet_core::error::ErrorCode;
use guichet_core::hooks::Hooks;
use guichet_core::language::Language;
use guichet_core::plugin::{AS_JSON, Command, CommandName, Configured, Plugin};
use guichet_core::timestamp::Timestamp;

pub use failure::UPSTREAM_UNAVAILABLE;
pub use options::{AnswerOptions, Encoding, Method, Mode, Options, RefreshOptions, UserId};
use template::{Given, OF_REFRESH, OF_SIGN_IN, Place, Template};

/// The `providerId` of its accounts.
pub const PROVIDER: &str = "upstream";

const STATUS: CommandName = CommandName {
    group: "upstream",
    name: "status",
    about: "Says how many passwords have moved here from the back end, and how many have not",
    argument: "",
    switches: &[AS_JSON],
    examples: "  guichet upstream status\n  guichet upstream status --json | jq .moved",
};

/// Statuses by which nothing can be said about a pair.
const NO_REFUSALS: [u16; 2] = [408, 429];

/// The plugin.
pub struct Upstream {
    shared: Arc<Shared>,
}

/// What stays as long as the program runs.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) request: Template,
    pub(crate) renewal: Option<(Template, RefreshOptions)>,
    pub(crate) secret: Secret,
    /// When its last day has passed.
    pub(crate) ends: Option<Timestamp>,
}

impl Upstream {
    pub(crate) fn secret(&self) -> &str {
        self.shared.secret.expose()
    }
}

impl Configured for Upstream {
    type Options = Options;
    const ID: &'static str = "upstream";
    const COMMANDS: &'static [CommandName] = &[STATUS];
    const EXAMPLE: &'static str = r#"url = "http://127.0.0.1:8000/auth/login""#;

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        let mut wrong = options.answer.wrong();
        let secret = secret(&options).unwrap_or_else(|why| {
            wrong.push(why);
            Secret::default()
        });
        let ends = ends(&options).unwrap_or_else(|why| {
            wrong.push(why);
            None
        });
        if !(Duration::from_millis(100)..=Duration::from_secs(20)).contains(&options.timeout.0) {
            wrong.push("timeout must be 100ms to 20s".to_owned());
        }
        let refusal = |status: &u16| (400..500).contains(status) && !NO_REFUSALS.contains(status);
        if options.wrong_statuses.is_empty() || !options.wrong_statuses.iter().all(refusal) {
            wrong.push("wrong_statuses must be some of 400 to 499, without 408 and 429".to_owned());
        }
        let given = Given {
            url: &options.url,
            method: options.method,
            encoding: options.encoding,
            headers: &options.headers,
            body: &options.body,
        };
        let request = Template::parse(&given, OF_SIGN_IN);
        if request.as_ref().is_ok_and(|request| {
            !request.has(Place::Password) || !(request.has(Place::Identifier) || request.has(Place::Email))
        }) {
            wrong.push("body must have {password}, and {identifier} or {email}".to_owned());
        }
        let renewal = options.refresh.clone().map(|refresh| {
            let given = Given {
                url: &refresh.url,
                method: refresh.method,
                encoding: refresh.encoding,
                headers: &refresh.headers,
                body: &refresh.body,
            };
            let template = Template::parse(&given, OF_REFRESH)
                .map_err(|why| why.into_iter().map(|why| format!("refresh.{why}")).collect::<Vec<_>>())?;
            if !template.has(Place::RefreshToken) {
                return Err(vec!["refresh.body must have {refresh_token}".to_owned()]);
            }
            Ok((template, refresh))
        });
        match (request, renewal.transpose()) {
            (Ok(request), Ok(renewal)) if wrong.is_empty() => {
                Ok(Self { shared: Arc::new(Shared { options, request, renewal, secret, ends }) })
            }
            (request, renewal) => {
                wrong.extend(request.err().into_iter().chain(renewal.err()).flatten());
                Err(wrong.join("\n"))
            }
        }
    }
}

fn secret(options: &Options) -> Result<Secret, String> {
    let given = Secret::given("secret", options.secret.as_ref(), options.secret_file.as_deref());
    given.map(Option::unwrap_or_default).map_err(|problem| problem.to_string())
}

/// The end of the last day, in UTC.
fn ends(options: &Options) -> Result<Option<Timestamp>, String> {
    let Some(until) = &options.until else { return Ok(None) };
    if options.mode == Mode::Judge {
        return Err("until: a judge is asked for ever; mode = \"strangler\" comes to an end".to_owned());
    }
    let day = Timestamp::parse(&format!("{until}T00:00:00Z"));
    let day = day.ok_or_else(|| format!("until = {until:?} must be a day: \"2027-01-31\""))?;
    Ok(Some(day.plus(Duration::from_hours(24))))
}

#[async_trait]
impl Plugin for Upstream {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[UPSTREAM_UNAVAILABLE]
    }

    fn account_tokens(self: Arc<Self>) -> Option<Arc<dyn AccountTokens>> {
        Some(self)
    }

    fn hooks(self: Arc<Self>) -> Option<Arc<dyn Hooks>> {
        Some(self)
    }

    fn commands(self: Arc<Self>) -> Vec<Command> {
        vec![STATUS.does(move |app, typed| {
            let plugin = self.clone();
            async move { plugin.status(&app, typed.has(AS_JSON)).await }
        })]
    }

    async fn checks(&self, app: &App, asks_others: bool) -> Vec<Check> {
        self.look(app, asks_others).await
    }

    fn fits(&self, app: &App) -> anyhow::Result<()> {
        self.has_its_place(app)
    }

    async fn start(&self, app: &App) -> anyhow::Result<()> {
        self.begin(app);
        Ok(())
    }
}
