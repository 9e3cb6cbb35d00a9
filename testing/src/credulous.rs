//! A way in that believes everybody: what a real method proves is not the matter of the stories that begin with it.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, UNAUTHORIZED, unauthorized};
use guichet_core::hooks::Provision;
use guichet_core::http::{Body, Flag, RateLimit, Reply, Route, Visit, json};
use guichet_core::pages::{Door, Form, SignInForm, Step};
use guichet_core::pathway::Pathway;
use guichet_core::plugin::{Configured, Plugin, Registration};
use guichet_core::sign_in::{Aal, Attempt, Outcome, arrive, find_or_make, prove_mailbox, sign_in};
use serde::Deserialize;

const SIGN_IN: &str = "credulous.sign-in";

/// `[plugins.credulous]`
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CredulousOptions {
    /// Whether it says that there is an account page, at `/account`. It shows none.
    pub account_page: bool,
    /// Whether programs come in too, at `/programs/login`, without cookies.
    pub programs: bool,
    /// Whether it is a method of the sign-in page, `credulous`. Its step is empty and leads nowhere.
    pub form: bool,
}

/// Signs in whoever is named, at `POST /sign-in/credulous`.
pub struct Credulous {
    options: CredulousOptions,
}

impl Credulous {
    /// For [`crate::TestServer::with`].
    pub fn registration() -> Registration {
        Registration::of::<Self>()
    }
}

guichet_core::choices! {
    /// What it says that was proven (RFC 8176).
    enum Proof {
        Nothing = "none",
        Presence = "user",
        Password = "pwd",
        Code = "otp",
        Provider = "fed",
        Key = "hwk",
    }
}

guichet_core::input! {
    /// Who, and what is made of it. Who is unknown is answered 401 `UNAUTHORIZED`.
    struct Claim {
        email: EmailAddress,
        /// Whether they proved to read their mailbox by it.
        proves: Flag,
        /// What was proven; `user` by default.
        amr: Option<Proof>,
        /// Whether that were two factors.
        strong: Flag,
        /// Whether the session outlives the browser; it does by default.
        remember: Option<bool>,
        /// The door they came to.
        door: Option<String>,
        /// Whether the other plugins are asked before, as a careful method does it: they may turn somebody away, or
        /// have them made.
        asks: Flag,
    }
}

impl Configured for Credulous {
    type Options = CredulousOptions;
    const ID: &'static str = "credulous";

    fn new(options: CredulousOptions, _: &Config) -> Result<Self, String> {
        Ok(Self { options })
    }
}

impl Plugin for Credulous {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn account_page(&self) -> Option<&'static str> {
        self.options.account_page.then_some("/account")
    }

    fn pathways(&self) -> Vec<Pathway> {
        vec![Pathway::two_factors(SIGN_IN, Self::ID, "user")]
    }

    fn rate_limits(&self) -> Vec<RateLimit> {
        vec![RateLimit::of_sign_in(SIGN_IN)]
    }

    fn routes(self: Arc<Self>, _: &App) -> Vec<Route> {
        let believes = |route: Route| route.summary("Believes everybody").body::<Claim>();
        let mut routes = vec![believes(Route::post("/sign-in/credulous", SIGN_IN, believe, ()))];
        if self.options.programs {
            let route = Route::post("/programs/login", "credulous.programs", believe, ());
            routes.push(believes(route).for_programs());
        }
        routes
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        if self.options.form { Some(self) } else { None }
    }
}

async fn believe(visit: Visit, Body(claim): Body<Claim>) -> Result<Reply> {
    let app = visit.app();
    let nobody = || unauthorized(UNAUTHORIZED);
    let (user, provision) = if claim.asks.0 {
        arrive(&visit, &claim.email, claim.door.as_deref()).await?
    } else {
        (app.users.by_email(&app.db, &claim.email).await?, Provision::NoOpinion)
    };
    let mut tx = app.db.begin().await?;
    let (user, is_new) = match (user, provision) {
        (_, Provision::TurnAway(told)) => return Err(told.unwrap_or_else(nobody)),
        (Some(user), _) => (user, false),
        (None, Provision::Make(new)) => find_or_make(&visit, &mut tx, new).await?,
        (None, Provision::NoOpinion | Provision::MailNothing) => return Err(nobody()),
    };
    let user = if claim.proves.0 { prove_mailbox(&visit, &mut tx, user).await? } else { user };
    let attempt = Attempt {
        user,
        method: Credulous::ID,
        amr: vec![claim.amr.unwrap_or(Proof::Presence).text()],
        aal: if claim.strong.0 { Aal::Two } else { Aal::One },
        remember: claim.remember.unwrap_or(true),
        door: claim.door,
        is_new,
    };
    match sign_in(&visit, tx, attempt).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => {
            let mut answer = challenge.answer;
            if let Some(answer) = answer.as_object_mut() {
                answer.insert("page".to_owned(), challenge.page.into());
            }
            json(&answer)
        }
    }
}

#[async_trait]
impl SignInForm for Credulous {
    fn id(&self) -> &'static str {
        Self::ID
    }

    async fn first(&self, _: &Visit, _: &Door, _: &str) -> Result<String> {
        Ok(String::new())
    }

    async fn show(&self, _: &Visit, _: &Door, _: &str, _: &str) -> Result<Step> {
        Ok(Step::Restart)
    }

    async fn submit(&self, _: &Visit, _: &Door, _: &str, _: &str, _: &Form) -> Result<Step> {
        Ok(Step::Restart)
    }
}
