//! Ways to a session, as the plugins declare them: what `guichet config show pathways` prints, and the only ones that
//! [`crate::sign_in::sign_in`] lets through (ASVS 5.0, 6.1.3 and 6.3.4).

use std::borrow::Cow;

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
}

impl Pathway {
    /// One factor, proven at `route`.
    pub fn one_factor(route: &'static str, method: &'static str, proves: &'static str) -> Self {
        Self { route: route.into(), method: method.into(), proves, strength: Aal::One }
    }

    /// Two factors, or one that holds two.
    pub fn two_factors(route: &'static str, method: &'static str, proves: &'static str) -> Self {
        Self { strength: Aal::Two, ..Self::one_factor(route, method, proves) }
    }

    /// Whether an attempt may come this way.
    pub(crate) fn admits(&self, attempt: &Attempt) -> bool {
        self.method == attempt.method && attempt.aal <= self.strength
    }
}
