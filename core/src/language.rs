//! French and English, and which of them a request wants.

use fluent_langneg::{
    LanguageIdentifier, NegotiationStrategy, negotiate_languages, parse_accepted_languages,
};

/// A language that Guichet speaks.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
pub enum Language {
    /// `fr`.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// `en`.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All of them, the first one first.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::French => "Français",
            Self::English => "English",
        }
    }

    /// From a tag; only exactly `fr` and `en`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The best match for an `Accept-Language` header (RFC 9110, section 12.5.4); `None` when it names neither.
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        // A header is attacker's input: past this length nobody means it.
        let wanted = parse_accepted_languages(accept_language.get(..256).unwrap_or(accept_language));
        let known: Vec<LanguageIdentifier> =
            Self::ALL.iter().filter_map(|language| language.tag().parse().ok()).collect();
        let best = negotiate_languages(&wanted, &known, None, NegotiationStrategy::Lookup);
        best.first().and_then(|tag| Self::from_tag(&tag.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides_by_its_order_and_weights() {
        assert_eq!(Language::negotiate("fr-FR,fr;q=0.9,en;q=0.8"), Some(Language::French));
        assert_eq!(Language::negotiate("en-GB,en;q=0.9,fr;q=0.1"), Some(Language::English));
        assert_eq!(Language::negotiate("de-DE,de"), None);
        assert_eq!(Language::negotiate(""), None);
        assert_eq!(Language::negotiate(&"x".repeat(10_000)), None);
    }
}
