//! `[plugins.token-api]`

use guichet_core::config::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the token API.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// What its paths begin with, from the root; `""` puts them there.
    pub base_path: String,
    /// Where people sign up; each path stands below `base_path`.
    pub register_path: String,
    /// Where they sign in.
    pub login_path: String,
    /// Where a sign-in goes on with its second factor; `/send` below it mails a code.
    pub two_factor_path: String,
    /// Who they are.
    pub me_path: String,
    /// Where a refresh token becomes a new pair.
    pub refresh_path: String,
    /// Where they sign out.
    pub logout_path: String,
    /// Their refresh tokens; `/{id}` below it is one of them.
    pub tokens_path: String,
    /// How long an access token is good (5 to 30 minutes).
    pub access_expires_in: Span,
    /// How long a refresh token is good that is not used (7 to 30 days).
    pub refresh_expires_in: Span,
    /// How long after the sign-in it ends, however often it is refreshed; `session.absolute` holds beside it.
    pub absolute_expires_in: Span,
    /// Whether a user's id that is a whole number in text is answered as a number.
    pub numeric_ids: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base_path: "/auth".to_owned(),
            register_path: "/register".to_owned(),
            login_path: "/login".to_owned(),
            two_factor_path: "/two-factor".to_owned(),
            me_path: "/me".to_owned(),
            refresh_path: "/refresh".to_owned(),
            logout_path: "/logout".to_owned(),
            tokens_path: "/tokens".to_owned(),
            access_expires_in: Span::minutes(15),
            refresh_expires_in: Span::days(30),
            absolute_expires_in: Span::days(90),
            numeric_ids: false,
        }
    }
}

impl Options {
    /// What cannot be meant, one a line.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut wrong = Vec::new();
        let paths = [
            ("register_path", &self.register_path),
            ("login_path", &self.login_path),
            ("two_factor_path", &self.two_factor_path),
            ("me_path", &self.me_path),
            ("refresh_path", &self.refresh_path),
            ("logout_path", &self.logout_path),
            ("tokens_path", &self.tokens_path),
        ];
        for (key, path) in paths {
            if !is_path(path) {
                wrong.push(format!("{key} = {path:?}: {PATH}"));
            }
        }
        if !self.base_path.is_empty() && !is_path(&self.base_path) {
            wrong.push(format!("base_path = {:?}: {PATH}, or \"\" for the root", self.base_path));
        }
        if format!("{}/", self.base_path).starts_with("/api/auth/") {
            wrong.push("base_path: /api/auth is the other dialect's".to_owned());
        }
        let mut within = |key: &str, span: Span, least: Span, most: Span, words: &str| {
            if span < least || span > most {
                wrong.push(format!("{key} must be between {words}"));
            }
        };
        let (five, half) = (Span::minutes(5), Span::minutes(30));
        within("access_expires_in", self.access_expires_in, five, half, "5m and 30m");
        within("refresh_expires_in", self.refresh_expires_in, Span::days(7), Span::days(30), "7d and 30d");
        let (refresh, year) = (self.refresh_expires_in, Span::days(366));
        within("absolute_expires_in", self.absolute_expires_in, refresh, year, "refresh_expires_in and 366d");
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// A path from the root.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base_path)
    }
}

const PATH: &str = "a path begins with / and goes on with letters, digits, _, - and single /";

fn is_path(path: &str) -> bool {
    let fits = |segment: &str| {
        !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(fits))
}
