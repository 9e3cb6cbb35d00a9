//! Ways to a session, as the plugins declare them: what `guichet config show pathways` prints, and the only ones that
//! [`crate::sign_in::sign_in`] lets through (ASVS 5.0, 6.1.3 and 6.3.4).

use std::borrow::Cow;

use crate::app::App;
use crate::sign_in::{Aal, Attempt};

/// A way to a session.
#[derive(Debug, Clone)]
pub struct Pathway {
    /// The route whose answer may carry the session, by name; a page's form does the same work under the same name.
    pub route: Cow<'static, str>,
    /// What the session's sign-in is logged as ([`Attempt::method`]).
    pub method: Cow<'static, str>,
    /// What is proven there (RFC 8176: `otp`, `pwd`, `hwk`, …), in words where it is another's to say.
    pub proves: &'static str,
    /// How strong that is at most.
    pub strength: Aal,
    /// Whether it is open beside the plugins that are on, where that is not certain.
    pub open: Option<fn(&App) -> bool>,
}

impl Pathway {
    /// One factor, proven at `route`.
    pub fn one_factor(route: &'static str, method: &'static str, proves: &'static str) -> Self {
        Self { route: route.into(), method: method.into(), proves, strength: Aal::One, open: None }
    }

    /// Two factors, or one that holds two.
    pub fn two_factors(route: &'static str, method: &'static str, proves: &'static str) -> Self {
        Self { strength: Aal::Two, ..Self::one_factor(route, method, proves) }
    }

    /// Closed unless `open` says otherwise of the product as it is put together.
    #[must_use]
    pub fn only_if(self, open: fn(&App) -> bool) -> Self {
        Self { open: Some(open), ..self }
    }

    /// Whether somebody can come this way at all.
    pub fn is_open(&self, app: &App) -> bool {
        self.open.is_none_or(|open| open(app))
    }

    /// Whether an attempt may come this way.
    pub(crate) fn admits(&self, app: &App, attempt: &Attempt) -> bool {
        self.method == attempt.method && attempt.aal <= self.strength && self.is_open(app)
    }
}
