//! The hosted pages: doors with whatever sign-in methods are on, the own account, signed-in, signed-out and the
//! development mailbox.
//! Works without JavaScript: every step is a form, every success a redirect.

mod account;
mod door;
mod home;
mod mailbox;
mod options;
mod signed_in;
mod signed_out;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::http::Route;
use guichet_core::language::Language;
use guichet_core::pages::{Door, EVERYBODY, Phrase};
use guichet_core::plugin::{Configured, Plugin};

pub use options::Options;

/// The door for everybody.
pub const LOGIN: &str = "/login";

/// The plugin.
pub struct Pages {
    options: Options,
}

impl Pages {
    /// Where a sign-out leads, when not to a page of ours.
    pub(crate) fn sign_out_leads_to<'a>(&'a self, app: &'a App) -> Option<&'a str> {
        self.options.sign_out_leads_to.as_deref().or(app.config.redirect.on_sign_out.as_deref())
    }
}

impl Configured for Pages {
    type Options = Options;
    const ID: &'static str = "pages";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for Pages {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, app: &App) -> Vec<Route> {
        let mut routes = vec![signed_out::route(), home::route()];
        routes.extend(account::routes());
        routes.extend(signed_in::routes(&self));
        routes.extend(app.doors.iter().flat_map(door::routes));
        if app.mailbox.is_some() {
            routes.extend(mailbox::routes());
        }
        routes
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("pages/login.html", include_str!("../templates/login.html")),
            ("pages/signed-in.html", include_str!("../templates/signed-in.html")),
            ("pages/signed-out.html", include_str!("../templates/signed-out.html")),
            ("pages/mailbox.html", include_str!("../templates/mailbox.html")),
            ("pages/account.html", include_str!("../templates/account.html")),
            ("pages/account/step.html", include_str!("../templates/account/step.html")),
            ("pages/account/again.html", include_str!("../templates/account/again.html")),
            ("pages/account/profile.html", include_str!("../templates/account/profile.html")),
            ("pages/account/sessions.html", include_str!("../templates/account/sessions.html")),
            ("pages/account/deletion.html", include_str!("../templates/account/deletion.html")),
            (
                "pages/account/deletion-confirm.html",
                include_str!("../templates/account/deletion-confirm.html"),
            ),
            ("pages/account/deletion-sent.html", include_str!("../templates/account/deletion-sent.html")),
            ("pages/account/deleted.html", include_str!("../templates/account/deleted.html")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    /// Refuses to lead people to addresses that nobody has declared.
    async fn start(&self, app: &App) -> anyhow::Result<()> {
        let Options { lands_at, sign_out_leads_to, .. } = &self.options;
        let mut wrong = Vec::new();
        for (key, target) in [("lands_at", lands_at), ("sign_out_leads_to", sign_out_leads_to)] {
            if let Some(target) = target.as_deref().filter(|target| !app.trusted.target(target)) {
                wrong.push(format!(
                    "{key} = {target:?} is neither a path of ours nor on one of the `trusted_origins`"
                ));
            }
        }
        anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("; "));
        account::check_sections(app)?;
        Ok(())
    }

    fn account_page(&self) -> Option<&'static str> {
        Some(account::PATH)
    }

    fn signed_in_page(&self) -> Option<&'static str> {
        Some(signed_in::PATH)
    }

    /// The door for everybody.
    fn doors(&self) -> Vec<Door> {
        vec![Door {
            name: EVERYBODY.to_owned(),
            path: LOGIN.to_owned(),
            title: self
                .options
                .title
                .clone()
                .unwrap_or(Phrase { fr: "Connexion".into(), en: "Sign in".into() }),
            intro: self.options.intro.clone().unwrap_or(Phrase { fr: String::new(), en: String::new() }),
            methods: Vec::new(),
            lands_at: self.options.lands_at.clone(),
        }]
    }
}
