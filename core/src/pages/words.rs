//! Words: Fluent messages, one key a sentence, in every language.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast;

use crate::language::Language;

/// Every message.
#[derive(Clone)]
pub struct Words(Arc<HashMap<Language, Messages>>);

/// The messages of one language, and their keys.
struct Messages {
    bundle: FluentBundle<FluentResource>,
    keys: BTreeSet<String>,
}

/// Messages that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("words in {}: {problem}", language.tag())]
pub struct WordsError {
    language: Language,
    problem: String,
}

impl Words {
    /// Puts messages together; later ones replace earlier ones of the same key (an operator's own words).
    pub fn new<'a>(sources: impl IntoIterator<Item = (Language, &'a str)>) -> Result<Self, WordsError> {
        let mut all: HashMap<Language, Messages> = HashMap::new();
        for language in Language::ALL {
            let tag =
                language.tag().parse().map_err(|e| WordsError { language, problem: format!("{e:?}") })?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // The marks that isolate arguments for bidirectional text spoil codes that are copied.
            bundle.set_use_isolating(false);
            all.insert(language, Messages { bundle, keys: BTreeSet::new() });
        }
        for (language, text) in sources {
            let resource = FluentResource::try_new(text.to_owned())
                .map_err(|(_, errors)| WordsError { language, problem: format!("{errors:?}") })?;
            if let Some(messages) = all.get_mut(&language) {
                let mut own = BTreeSet::new();
                for key in resource.entries().filter_map(key) {
                    // Within one source nobody replaces on purpose: the first would be lost without a word.
                    if own.contains(&key) {
                        let problem = format!("{key} is there twice in one file");
                        return Err(WordsError { language, problem });
                    }
                    own.insert(key);
                }
                messages.keys.extend(own);
                messages.bundle.add_resource_overriding(resource);
            }
        }
        check_complete(&all)?;
        Ok(Self(Arc::new(all)))
    }

    /// A message; its key when there is none, so that a mistake shows instead of hiding.
    pub fn text(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> String {
        self.find(language, key, args).unwrap_or_else(|| key.to_owned())
    }

    /// A message without arguments.
    pub fn plain(&self, language: Language, key: &str) -> String {
        self.text(language, key, &FluentArgs::new())
    }

    /// A message, if there is one.
    pub fn find(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = &self.0.get(&language)?.bundle;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        if !errors.is_empty() {
            tracing::warn!(
                key,
                language = language.tag(),
                ?errors,
                "a message could not be put together whole"
            );
        }
        Some(text.into_owned())
    }

    /// Whether there is a message of this key; what one language has, every language has.
    pub fn has(&self, key: &str) -> bool {
        self.0.values().any(|messages| messages.keys.contains(key))
    }

    /// The keys of all messages of a language.
    pub fn keys(&self, language: Language) -> BTreeSet<String> {
        self.0.get(&language).map(|messages| messages.keys.clone()).unwrap_or_default()
    }
}

/// A sentence that one language lacks would take down the page that says it: better to refuse the start, by name.
fn check_complete(all: &HashMap<Language, Messages>) -> Result<(), WordsError> {
    let known: BTreeSet<&String> = all.values().flat_map(|messages| &messages.keys).collect();
    for (language, messages) in all {
        let missing: Vec<&str> =
            known.iter().filter(|key| !messages.keys.contains(**key)).map(|key| key.as_str()).collect();
        if !missing.is_empty() {
            let problem = format!("there is no message for {}", missing.join(", "));
            return Err(WordsError { language: *language, problem });
        }
    }
    Ok(())
}

fn key(entry: &ast::Entry<&str>) -> Option<String> {
    match entry {
        ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_once_in_a_file_and_later_files_replace_it() {
        let both = |text: &'static str| Language::ALL.map(|language| (language, text));
        let twice =
            Words::new(both("name-label = User name\nname-label = Name\n")).err().map(|error| error.problem);
        assert_eq!(twice.as_deref(), Some("name-label is there twice in one file"));
        let replaced = both("name-label = Name\n").into_iter().chain(both("name-label = Call me\n"));
        assert_eq!(
            Words::new(replaced).map(|words| words.plain(Language::French, "name-label")).ok().as_deref(),
            Some("Call me")
        );
    }
}
