//! Templates of pages and mails. An operator's folder replaces any of them by file name.

use std::path::Path;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, State, UndefinedBehavior, context};

use super::words::{Words, WordsError};
use crate::http::Visit;
use crate::language::Language;
use crate::mail::Mail;

/// The templates with their words. Cheap to clone.
#[derive(Clone)]
pub struct Templates {
    environment: Arc<Environment<'static>>,
    words: Words,
    app_name: Arc<str>,
}

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template, or what it is given, is wrong.
    #[error("{0:#}")]
    Template(#[from] minijinja::Error),
    /// The words are wrong.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The operator's folder cannot be read.
    #[error("the folder of templates {folder}: {source}")]
    Folder {
        /// Its path.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
}

impl From<RenderError> for crate::error::Error {
    fn from(error: RenderError) -> Self {
        Self::internal(error)
    }
}

/// Where the style sheet and the script are served.
const ASSETS: &str = "/assets";
const THEME_COLOR: &str = "#0f4b45";

impl Templates {
    /// Built-in templates and words, then those of the operator's folder (`layout.html`, `words/fr.ftl`, …).
    pub fn new(
        app_name: &str,
        built_in: impl IntoIterator<Item = (&'static str, &'static str)>,
        words: &[(Language, &'static str)],
        folder: Option<&Path>,
    ) -> Result<Self, RenderError> {
        let mut own_words = Vec::new();
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            let plain = Path::new(name).extension().is_some_and(|ending| ending == "txt");
            if plain { AutoEscape::None } else { AutoEscape::Html }
        });
        for (name, text) in built_in {
            let own = folder.map(|folder| read(&folder.join(name))).transpose()?.flatten();
            match own {
                Some(own) => environment.add_template_owned(name, own)?,
                None => environment.add_template(name, text)?,
            }
        }
        if let Some(folder) = folder {
            for language in Language::ALL {
                let file = folder.join("words").join(format!("{}.ftl", language.tag()));
                own_words.extend(read(&file)?.map(|text| (language, text)));
            }
        }
        let built_in_words = words.iter().map(|(language, text)| (*language, *text));
        let words = Words::new(
            built_in_words.chain(own_words.iter().map(|(language, text)| (*language, text.as_str()))),
        )?;
        let spoken = words.clone();
        environment.add_function("t", move |state: &State<'_, '_>, key: String, args: Kwargs| {
            translate(&spoken, state, &key, &args)
        });
        Ok(Self { environment: Arc::new(environment), words, app_name: app_name.into() })
    }

    /// The words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// A page, in the visit's language. `switch` is where the language switch leads (a path that may be opened,
    /// perhaps with a query).
    pub fn page(
        &self,
        visit: &Visit,
        name: &str,
        switch: &str,
        context: Value,
    ) -> Result<String, RenderError> {
        let current = visit.language();
        let mark = if switch.contains('?') { '&' } else { '?' };
        let languages: Vec<Value> = Language::ALL
            .into_iter()
            .map(|language| {
                context! {
                    code => language.tag(), name => language.name(),
                    href => format!("{switch}{mark}lang={}", language.tag()), current => language == current,
                }
            })
            .collect();
        self.render(current, name, context! { languages, ..context })
    }

    /// A fragment or a page, in this language.
    pub fn render(&self, language: Language, name: &str, context: Value) -> Result<String, RenderError> {
        let common = context! {
            lang => language.tag(), languages => Vec::<Value>::new(), app_name => &*self.app_name,
            assets => ASSETS, theme_color => THEME_COLOR,
        };
        Ok(self.environment.get_template(name)?.render(context! { ..context, ..common })?)
    }

    /// A message in this language; arguments are texts.
    pub fn message(&self, language: Language, key: &str, args: &[(&'static str, &str)]) -> String {
        let args: FluentArgs<'_> =
            args.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.words.text(language, key, &args)
    }

    /// A mail in this language: `<name>.txt` and `<name>.html`.
    pub fn mail(
        &self,
        language: Language,
        name: &'static str,
        to: &str,
        subject: String,
        context: &Value,
    ) -> Result<Mail, RenderError> {
        Ok(Mail {
            to: to.to_owned(),
            subject,
            text: self.render(language, &format!("{name}.txt"), context.clone())?,
            html: self.render(language, &format!("{name}.html"), context.clone())?,
            kind: name,
        })
    }

    /// The names of all templates.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.environment.templates().map(|(name, _)| name.to_owned()).collect();
        names.sort();
        names
    }
}

/// An address of our own, whose parts are escaped, as it stands in an attribute of a mail. Of all that HTML would escape it
/// holds `&` at most, and links whose `/` are entities trip programs that look at mails.
pub fn href(url: &str) -> String {
    url.replace('&', "&amp;")
}

fn read(path: &Path) -> Result<Option<String>, RenderError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(RenderError::Folder { folder: path.display().to_string(), source }),
    }
}

fn translate(
    words: &Words,
    state: &State<'_, '_>,
    key: &str,
    args: &Kwargs,
) -> Result<String, minijinja::Error> {
    let language =
        state.lookup("lang").and_then(|lang| Language::from_tag(lang.as_str()?)).unwrap_or_default();
    let mut fluent = FluentArgs::new();
    for name in args.args() {
        let value: Value = args.get(name)?;
        let value = match i64::try_from(value.clone()) {
            // Only as a number does it choose a plural.
            Ok(number) if value.as_str().is_none() => FluentValue::from(number),
            _ => FluentValue::from(value.to_string()),
        };
        fluent.set(name.to_owned(), value);
    }
    words
        .find(language, key, &fluent)
        .ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, format!("no message {key:?}")))
}
