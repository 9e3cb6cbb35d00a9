//! Sign-up and sign-in with an address and a password, with what belongs to it: proving the address by a link,
//! changing the password, resetting a forgotten one (contract, sections 7 and 8).
//!
//! How passwords are kept and which may be set is the core's ([`guichet_core::password`]); here is who may ask, what
//! they are told, and how often. Known and unknown addresses get the same answer after the same work.

mod address;
mod change;
mod form;
mod links;
mod mail;
mod new_address;
mod options;
mod pages;
mod reset;
mod routes;
mod section;
mod sign_in;
mod sign_up;
mod verification;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::config::Config;
use guichet_core::error::{
    ErrorCode, FAILED_TO_CREATE_USER, INVALID_PASSWORD, INVALID_TOKEN, TOKEN_EXPIRED,
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
};
use guichet_core::http::{RateLimit, Route};
use guichet_core::language::Language;
use guichet_core::pages::{AccountSection, SignInForm};
use guichet_core::password::PasswordDoor;
use guichet_core::pathway::{PASSWORD, Pathway};
use guichet_core::plugin::{Configured, Plugin};

pub use options::{ConfirmOld, Options};

use routes::names;

guichet_core::error_codes! {
    CODES with FAILED_TO_CREATE_USER, INVALID_PASSWORD, INVALID_TOKEN, TOKEN_EXPIRED, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL;
    /// No such pair; which half is wrong is not told.
    INVALID_EMAIL_OR_PASSWORD "Invalid email or password" "Adresse e-mail ou mot de passe incorrect";
    /// The password was right, the address is not proven yet.
    EMAIL_NOT_VERIFIED "Email not verified" "Adresse e-mail non confirmée. Ouvrez le lien reçu par e-mail.";
    /// The method is switched off.
    EMAIL_PASSWORD_DISABLED "Email and password is not enabled" "La connexion par mot de passe est désactivée";
    /// Nobody may sign up by themselves.
    EMAIL_PASSWORD_SIGN_UP_DISABLED "Email and password sign up is not enabled" "L’inscription est fermée";
    /// Not the address of who is signed in.
    EMAIL_MISMATCH "Email mismatch" "Ce n’est pas l’adresse e-mail de ce compte";
    /// Addresses are not changed here.
    CHANGE_EMAIL_DISABLED "Change email is disabled" "Le changement d’adresse est désactivé";
    /// The link belongs to somebody else than who is signed in.
    INVALID_USER "Invalid user" "Ce lien est celui d’un autre compte";
    /// There is one, which has to be given to change it.
    PASSWORD_ALREADY_SET "This account already has a password" "Ce compte a déjà un mot de passe";
    /// Nothing to prove.
    EMAIL_ALREADY_VERIFIED "Email is already verified" "Cette adresse e-mail est déjà confirmée";
}

/// What it is called in attempts.
const METHOD: &str = "email-password";

/// The plugin.
pub struct EmailPassword {
    options: Options,
}

impl Configured for EmailPassword {
    type Options = Options;
    const ID: &'static str = "email-password";

    fn new(options: Options, _: &Config) -> Result<Self, String> {
        options.check()?;
        Ok(Self { options })
    }
}

#[async_trait]
impl Plugin for EmailPassword {
    fn id(&self) -> &'static str {
        Self::ID
    }

    fn routes(self: Arc<Self>, app: &App) -> Vec<Route> {
        [routes::all(&self), pages::routes(&self, app)].concat()
    }

    /// Better Auth's numbers by address (contract, section 19), and
    /// a budget of mails for each recipient. Guesses are counted by the core, over all doors.
    fn rate_limits(&self) -> Vec<RateLimit> {
        let to = RateLimit::by_recipient;
        let mails = [names::REQUEST_RESET, names::SEND_VERIFICATION]
            .into_iter()
            .flat_map(|name| [RateLimit::by_address(name, 60, 3), to(name, "email")]);
        // A sign-up mails too, whoever has the address.
        let recipients = [to(names::SIGN_UP, "email"), to(names::CHANGE_EMAIL, "newEmail")];
        let others = [names::SIGN_IN, names::SIGN_UP, names::CHANGE_PASSWORD, names::CHANGE_EMAIL];
        let others = others.map(RateLimit::of_sign_in);
        mails.chain(others).chain(recipients).collect()
    }

    fn templates(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("email-password/form.html", include_str!("../templates/form.html")),
            ("email-password/page.html", include_str!("../templates/page.html")),
            ("email-password/message.html", include_str!("../templates/message.html")),
            ("email-password/ask.html", include_str!("../templates/ask.html")),
            ("email-password/sign-up.html", include_str!("../templates/sign-up.html")),
            ("email-password/reset.html", include_str!("../templates/reset.html")),
            ("email-password/new-password.html", include_str!("../templates/new-password.html")),
            ("email-password/account/section.html", include_str!("../templates/account/section.html")),
            ("email-password/account/password.html", include_str!("../templates/account/password.html")),
            ("email-password/account/email.html", include_str!("../templates/account/email.html")),
            ("email-password/account/email-sent.html", include_str!("../templates/account/email-sent.html")),
            ("email-password/mail/link.html", include_str!("../templates/mail/link.html")),
            ("email-password/mail/link.txt", include_str!("../templates/mail/link.txt")),
        ]
    }

    fn words(&self) -> Vec<(Language, &'static str)> {
        vec![
            (Language::French, include_str!("../words/fr.ftl")),
            (Language::English, include_str!("../words/en.ftl")),
        ]
    }

    fn pathways(&self) -> Vec<Pathway> {
        let mut ways = vec![Pathway::by_mailbox(names::VERIFY_EMAIL)];
        if self.options.enabled {
            ways.push(Pathway::one_factor(names::SIGN_IN, METHOD, PASSWORD));
        }
        if self.options.enabled && self.options.signs_in_on_sign_up() {
            let way = Pathway::one_factor(names::SIGN_UP, METHOD, PASSWORD);
            ways.push(
                way.only_if(|app| app.password_door.as_ref().is_some_and(|door| door.lets_newcomers_in(app))),
            );
        }
        ways
    }

    fn error_codes(&self) -> &'static [ErrorCode] {
        CODES
    }

    fn password_door(self: Arc<Self>) -> Option<Arc<dyn PasswordDoor>> {
        self.options.enabled.then_some(self as Arc<dyn PasswordDoor>)
    }

    fn form(self: Arc<Self>) -> Option<Arc<dyn SignInForm>> {
        self.options.enabled.then_some(self as Arc<dyn SignInForm>)
    }

    fn account_section(self: Arc<Self>) -> Option<Arc<dyn AccountSection>> {
        Some(self)
    }
}
