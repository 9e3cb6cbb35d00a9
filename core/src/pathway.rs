//! Ways to a session, as the plugins declare them: what `guichet config show pathways` prints, and the only ones that
//! [`crate::sign_in::sign_in`] lets through (ASVS 5.0, 6.1.3 and 6.3.4).

use std::borrow::Cow;

use crate::app::App;
use crate::sign_in::{Aal, Attempt, BY_MAILBOX};

/// A way to a session.
#[derive(Debug, Clone)]
pub struct Pathway {
    /// The route whose answer may carry the session, by name; a page's form does the same work under the same name.
    pub route: Cow<'static, str>,
    method: Method,
    /// What is proven there (RFC 8176: `otp`, `pwd`, `hwk`, …), in words where it is another's to say.
    pub proves: &'static str,
    /// How strong that is at most.
    pub strength: Aal,
    /// Whether it is open beside the plugins that are on, where that is not certain.
    pub open: Option<fn(&App) -> bool>,
    /// Whether somebody new becomes a user by it, and is asked for nothing.
    pub makes_people: bool,
    /// Whether it takes nothing but to read the mailbox of one's address: nobody has to set anything up before.
    pub by_mail: bool,
}

/// What is proven with a password (RFC 8176).
pub const PASSWORD: &str = "pwd";

/// What the sign-in is logged as.
#[derive(Debug, Clone)]
enum Method {
    Its(Cow<'static, str>),
    Of(fn(&App) -> Option<&'static str>),
}

impl Pathway {
    /// One factor, proven at `route`; the sign-in is logged as `method` ([`Attempt::method`]).
    pub fn one_factor(
        route: impl Into<Cow<'static, str>>,
        method: impl Into<Cow<'static, str>>,
        proves: &'static str,
    ) -> Self {
        let method = Method::Its(method.into());
        Self {
            route: route.into(),
            method,
            proves,
            strength: Aal::One,
            open: None,
            makes_people: false,
            by_mail: false,
        }
    }

    /// The proof of an address at `route` also signs in ([`Attempt::by_mailbox`]).
    pub fn by_mailbox(route: impl Into<Cow<'static, str>>) -> Self {
        Self::one_factor(route, BY_MAILBOX, "otp")
    }

    /// What leads through another plugin's door: the sign-in is logged as whoever opens it says, and without one the way is
    /// closed.
    pub fn through(
        route: &'static str,
        door: fn(&App) -> Option<&'static str>,
        proves: &'static str,
        strength: Aal,
    ) -> Self {
        let method = Method::Of(door);
        Self {
            route: route.into(),
            method,
            proves,
            strength,
            open: None,
            makes_people: false,
            by_mail: false,
        }
    }

    /// Two factors, or one that holds two.
    pub fn two_factors(
        route: impl Into<Cow<'static, str>>,
        method: impl Into<Cow<'static, str>>,
        proves: &'static str,
    ) -> Self {
        Self { strength: Aal::Two, ..Self::one_factor(route, method, proves) }
    }

    /// Closed unless `open` says otherwise of the product as it is put together.
    #[must_use]
    pub fn only_if(self, open: fn(&App) -> bool) -> Self {
        Self { open: Some(open), ..self }
    }

    /// Makes users, of whom it asks nothing but the proof, where `it_does`: those who have to give more do not come in by
    /// its pages.
    #[must_use]
    pub fn makes_people(self, it_does: bool) -> Self {
        Self { makes_people: it_does, ..self }
    }

    /// Open to whoever reads the mailbox of their address, with nothing set up before.
    #[must_use]
    pub fn by_mail(self) -> Self {
        Self { by_mail: true, ..self }
    }

    /// What the session's sign-in is logged as ([`Attempt::method`]); `None` where nobody can come this way.
    pub fn method(&self, app: &App) -> Option<&str> {
        match &self.method {
            Method::Its(method) => Some(method),
            Method::Of(door) => door(app),
        }
    }

    /// Whether somebody can come this way at all.
    pub fn is_open(&self, app: &App) -> bool {
        self.method(app).is_some() && self.open.is_none_or(|open| open(app))
    }

    /// Whether a password is what lets in.
    pub fn takes_password(&self) -> bool {
        self.proves == PASSWORD
    }

    /// Whether an attempt may come this way.
    pub(crate) fn admits(&self, app: &App, attempt: &Attempt) -> bool {
        self.method(app) == Some(attempt.method) && attempt.aal <= self.strength && self.is_open(app)
    }
}
