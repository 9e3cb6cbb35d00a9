//! A portal, from its settings: checked, with every default filled in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use guichet_core::pages::{Door, Phrase};
use guichet_core::store::User;
use regex::Regex;

use crate::options::{PortalOptions, Preset};
use crate::preset;
use crate::source::{Lookup, Query, Source};

static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^[a-z0-9]+(-[a-z0-9]+)*$").ok());
static PATH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("^(/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+$").ok());

fn fits(form: &LazyLock<Option<Regex>>, text: &str) -> bool {
    form.as_ref().is_some_and(|form| form.is_match(text))
}

/// A door for one kind of people.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) path: String,
    pub(crate) reveal_unknown: bool,
    pub(crate) sources: Vec<Source>,
    title: Phrase,
    intro: Phrase,
    pub(crate) methods: Vec<String>,
    pub(crate) lands_at: Option<String>,
}

impl Portal {
    /// The path of its API below `/api/auth`.
    pub(crate) fn api_path(&self) -> String {
        format!("/{}/prepare-login", self.name)
    }

    /// The name of that route.
    pub(crate) fn route_name(&self) -> String {
        format!("prepare-login.{}", self.name)
    }

    /// Its page.
    pub(crate) fn door(&self) -> Door {
        Door {
            name: self.name.clone(),
            path: self.path.clone(),
            title: self.title.clone(),
            intro: self.intro.clone(),
            methods: self.methods.clone(),
            lands_at: self.lands_at.clone(),
        }
    }

    /// Whether a user is one of its people. Several roles of one user are separated by commas, as Better Auth's
    /// admin plugin writes them.
    pub(crate) fn is_for(&self, user: &User) -> bool {
        user.extra.text("role").is_some_and(|roles| roles.split(',').any(|role| role.trim() == self.role))
    }

    fn read(options: PortalOptions) -> Result<Self, String> {
        let name = options.name;
        if !fits(&NAME, &name) {
            return Err(format!(
                "portal name {name:?}: lower-case letters, digits and single dashes, such as \"client\""
            ));
        }
        let wrong = |problem: String| format!("portal {name:?}: {problem}");
        if options.role.trim() != options.role || options.role.is_empty() || options.role.contains(',') {
            return Err(wrong(format!("role = {:?}: one role, without spaces around it", options.role)));
        }
        let path = options.path.unwrap_or_else(|| format!("/{name}/login"));
        if !fits(&PATH, &path) {
            return Err(wrong(format!(
                "path = {path:?}: a path such as \"/{name}/login\", without a slash at its end"
            )));
        }
        let sources = match (options.preset, options.source) {
            (Some(Preset::ClientPersonEntreprise), own) if own.is_empty() => {
                preset::client_person_entreprise()
            }
            (None, own) if !own.is_empty() => own
                .into_iter()
                .map(|source| {
                    let query = Query::read(&source.query)
                        .map_err(|problem| wrong(format!("source {:?}: {problem}", source.name)))?;
                    Ok(Source { name: source.name, lookup: Lookup::Query(query) })
                })
                .collect::<Result<_, String>>()?,
            (None, _) => {
                return Err(wrong(
                    "give it a `preset` (\"client-person-entreprise\") or [[plugins.prepare-login.portal.source]]"
                        .to_owned(),
                ));
            }
            (Some(_), _) => {
                return Err(wrong("`preset` and `source` exclude each other; give one".to_owned()));
            }
        };
        let mut names = BTreeSet::new();
        if let Some(source) =
            sources.iter().find(|source| source.name.is_empty() || !names.insert(&source.name))
        {
            return Err(wrong(format!("source name {:?} is empty or given twice", source.name)));
        }
        let (title, intro) = words(&name);
        Ok(Self {
            role: options.role,
            path,
            reveal_unknown: options.reveal_unknown,
            sources,
            title: options.title.unwrap_or(title),
            intro: options.intro.unwrap_or(intro),
            methods: options.methods,
            lands_at: options.lands_at,
            name,
        })
    }
}

/// Reads all portals; refuses two of one name or page.
pub(crate) fn read_all(options: Vec<PortalOptions>) -> Result<Vec<Portal>, String> {
    if options.is_empty() {
        return Err(
            "there is no portal: add [[plugins.prepare-login.portal]] with name, role and preset".to_owned()
        );
    }
    let portals = options.into_iter().map(Portal::read).collect::<Result<Vec<_>, _>>()?;
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for portal in &portals {
        if !names.insert(&portal.name) {
            return Err(format!("two portals are named {:?}", portal.name));
        }
        if !paths.insert(&portal.path) {
            return Err(format!("two portals have the page {:?}", portal.path));
        }
    }
    Ok(portals)
}

/// Title and introduction of a page whose settings give none.
fn words(name: &str) -> (Phrase, Phrase) {
    let phrase = |fr: &str, en: &str| Phrase { fr: fr.to_owned(), en: en.to_owned() };
    match name {
        "client" => (
            phrase("Espace locataire", "Tenant portal"),
            phrase(
                "Entrez avec l’adresse e-mail que votre gestionnaire connaît : celle de votre bail ou de vos avis d’échéance.",
                "Come in with the e-mail address your property manager knows: the one on your lease or your rent notices.",
            ),
        ),
        _ => (phrase("Connexion", "Sign in"), phrase("", "")),
    }
}
