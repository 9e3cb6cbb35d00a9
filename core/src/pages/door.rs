//! A door: a page at which one kind of people signs in.

use crate::language::Language;

/// The name of the door for everybody. It exists where the pages are on; sign-up is offered at no other.
pub const EVERYBODY: &str = "default";

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Phrase {
    /// In this language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::French => &self.fr,
            Language::English => &self.en,
        }
    }
}

/// A page at which one kind of people signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Its name: `client`. The plugin that opens it knows it by this.
    pub name: String,
    /// Its page: `/client/login`.
    pub path: String,
    /// Its title.
    pub title: Phrase,
    /// A sentence below the title.
    pub intro: Phrase,
    /// The methods that it offers, by their ids; all when empty.
    pub methods: Vec<String>,
    /// Where a sign-in leads when nothing else was asked for; `None` shows that one is signed in.
    pub lands_at: Option<String>,
}

impl Door {
    /// Whether it offers a method.
    pub fn offers(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|m| m == method)
    }

    /// The path below which a method's steps are here: `/login/email-otp`.
    pub fn steps(&self, method: &str) -> String {
        format!("{}/{method}", self.path)
    }
}
