//! Sign-in by a word that everybody shares.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::State;
use guichet_core::app::App;
use guichet_core::config::{Config, Secret};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, ErrorCode, INVALID_EMAIL, Result, bad_request, unauthorized};
use guichet_core::hooks::Provision;
use guichet_core::http::{Body, RateLimit, Reply, Route, Shape, Visit, json};
use guichet_core::keyring::equal_in_constant_time;
use guichet_core::language::Language;
use guichet_core::pages::{Door, Form, SignInForm, Step, context};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin};
use guichet_core::schema::{Column, Default, Table};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::{Aal, Attempt, Outcome, arrive, sign_in};

/// Not the word.
const WRONG_WORD: ErrorCode = ErrorCode::new("WRONG_WORD", "Wrong word", "Mot incorrect");
/// The route's name: what limits, logs and the OpenAPI document call it.
const SIGN_IN: &str = "shared-word.sign-in";

/// Settings of sign-in by a shared word.
#[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    /// The word that everybody shares.
    pub(crate) word: Secret,
}

/// The plugin.
pub(crate) struct SharedWord {
    options: Options,
}

impl Configured for SharedWord {
    type Options = Options;
    const ID: &'static str = "shared-word";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        if options.word.expose().len() < 8 {
            return Err("word: at least 8 characters".to_owned());
        }
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for SharedWord {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn schema(&self) -> Vec<Table> {
        let times = Column::integer("timesSharedWord").default(Default::Integer(0)).returned();
        vec![Table::new("user").column(times)]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        vec![
            Route::post("/sign-in/shared-word", SIGN_IN, handle, self)
                .from_sign_in_forms()
                .summary("Signs in with the shared word")
                .body::<In>()
                .answers(Shape::object(&[
                    ("token", Shape::text(), true),
                    ("user", Shape::named("User"), true),
                ])),
        ]
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::by_address(SIGN_IN, 60, 5), RateLimit::by_field(SIGN_IN, "email", 600, 10)]
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![("shared-word/form.html", include_str!("form.html"))]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![(Language::French, include_str!("fr.ftl")), (Language::English, include_str!("en.ftl"))]
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::one_factor(SIGN_IN, Self::ID, "pwd")]
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        &[WRONG_WORD]
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        Some(self)
    }
}

guichet_core::input! {
    /// Who, and the word.
    struct In {
        email: String,
        word: String,
        remember_me as "rememberMe": Option<bool>,
    }
}

async fn handle(State(plugin): State<Arc<SharedWord>>, visit: Visit, Body(input): Body<In>) -> Result<Reply> {
    let remember = input.remember_me.unwrap_or(true);
    match plugin.open(&visit, &input.email, &input.word, remember, None).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}

impl SharedWord {
    /// The whole method, for the API (`door` is `None`) and for the page.
    async fn open(
        &self,
        visit: &Visit,
        email: &str,
        word: &str,
        remember: bool,
        door: Option<&str>,
    ) -> Result<Outcome> {
        let email = EmailAddress::parse(email).ok_or_else(|| bad_request(INVALID_EMAIL))?;
        // Reads, before any transaction. A portal may turn people away, with words or without.
        let (user, provision) = arrive(visit, &email, door).await?;
        if let Provision::TurnAway(told) = provision {
            return Err(told.unwrap_or_else(|| unauthorized(WRONG_WORD)));
        }
        let expected = self.options.word.expose();
        let right = equal_in_constant_time(expected, word);
        // One answer for a wrong word and for unknown people.
        let user = user.filter(|_| right).ok_or_else(|| unauthorized(WRONG_WORD))?;
        let app = visit.app();
        let mut tx = app.db.begin().await?;
        tx.query(
            r#"update "user" set "timesSharedWord" = coalesce("timesSharedWord", 0) + 1 where "id" = $1"#,
        )
        .bind(&user.id)
        .execute()
        .await?;
        // Read again: the answer shows the new count.
        let user = app.users.by_id(&mut tx, &user.id).await?.ok_or_else(|| unauthorized(WRONG_WORD))?;
        let attempt = Attempt {
            user,
            method: Self::ID,
            amr: vec!["pwd"],
            aal: Aal::One,
            remember,
            door: door.map(str::to_owned),
            is_new: false,
        };
        // Asks every plugin, makes the session, commits, sets the cookies.
        sign_in(visit, tx, attempt).await
    }
}

#[async_trait]
impl SignInForm for SharedWord {
    fn id(&self) -> &'static str {
        Self::ID
    }

    async fn first(&self, visit: &Visit, _: &Door, action: &str) -> Result<String> {
        fragment(visit, action, "", "")
    }

    async fn show(&self, _: &Visit, _: &Door, _: &str, _: &str) -> Result<Step> {
        Ok(Step::Restart)
    }

    /// The API's limits hold on the page.
    fn as_route(&self, _: &Visit, name: &str, form: &Form) -> Option<(&'static str, Map<String, Value>)> {
        (name == "try").then(|| (SIGN_IN, form.0.clone()))
    }

    async fn submit(&self, visit: &Visit, door: &Door, action: &str, _: &str, form: &Form) -> Result<Step> {
        match self.open(visit, form.text("email"), form.text("word"), true, Some(&door.name)).await {
            Ok(Outcome::Granted(signed_in)) => Ok(Step::SignedIn(signed_in)),
            Ok(Outcome::Challenge(challenge)) => Ok(Step::Elsewhere(challenge.page)),
            // A refusal is shown beside the fields; a failure of ours becomes the error page.
            Err(refusal) if refusal.status().is_client_error() => {
                let error: &Error = &refusal;
                let html = fragment(visit, action, form.text("email"), &error.message(visit.language()))?;
                Ok(Step::Show { html, status: refusal.status() })
            }
            Err(failure) => Err(failure),
        }
    }
}

fn fragment(visit: &Visit, action: &str, email: &str, error: &str) -> Result<String> {
    let context = context! { action => format!("{action}/try"), email, error };
    Ok(visit.app().templates.render(visit.language(), "shared-word/form.html", context)?)
}
