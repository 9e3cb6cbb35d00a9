//! `guichet provision explain EMAIL`: what every portal would do about an address, and why. Writes nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context as _, anyhow};
use guichet_core::app::App;
use guichet_core::db::{Db, Value};
use guichet_core::email_address::{EmailAddress, normal_form};
use guichet_core::store::User;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::PrepareLogin;
use crate::portal::Portal;
use crate::source::{Findings, Lookup, Person, Refusal, Source};
use crate::who::{Found, found};

impl PrepareLogin {
    pub(crate) async fn explain(&self, app: &App, typed: &str) -> anyhow::Result<String> {
        let email = EmailAddress::parse_international(typed)
            .ok_or_else(|| anyhow!("{typed:?} is no e-mail address"))?;
        // The command line runs a command on a plugin that serves nobody and was not started.
        let db = self.business.open(app).await?;
        let user = app.users.by_email(&app.db, &email).await?;
        let mut text = format!("{email}\nuser: {}\n", described(user.as_ref()));
        for portal in &self.portals {
            portal.explain(app, db, &email, user.as_ref(), &mut text).await?;
        }
        Ok(text)
    }
}

fn described(user: Option<&User>) -> String {
    match user {
        None => "none yet".to_owned(),
        Some(user) => match user.extra.text("role").filter(|role| !role.is_empty()) {
            Some(role) => format!("{}, with the role {role}", user.id),
            None => format!("{}, without a role", user.id),
        },
    }
}

impl Portal {
    async fn explain(
        &self,
        app: &App,
        db: &Db,
        email: &EmailAddress,
        user: Option<&User>,
        text: &mut String,
    ) -> anyhow::Result<()> {
        writeln!(text, "\nportal {} ({}, role {})", self.name, self.path, self.role)?;
        let mut answers = Vec::new();
        for source in &self.sources {
            let place = || format!("portal {:?}, source {:?}", self.name, source.name);
            let findings = source.look_up(db, &app.users, email).await.with_context(place)?;
            let mut lines: Vec<String> = findings.people.iter().map(matches).collect();
            lines.extend(findings.refused.iter().map(refused));
            if lines.is_empty() {
                lines.push("no row with this e-mail".to_owned());
                let similar = source.similar(app, db, email, &findings).await.with_context(place)?;
                lines.extend(similar.iter().map(|other| {
                    format!(
                        "a row with the e-mail {other:?}, which is another one: it differs in its accents"
                    )
                }));
            }
            for line in lines {
                writeln!(text, "  source {}: {line}", source.name)?;
            }
            answers.push((source, findings));
        }
        writeln!(text, "  => {}", self.verdict(user, found(&answers)))?;
        Ok(())
    }

    fn verdict(&self, user: Option<&User>, found: Found<'_>) -> String {
        match (user, found) {
            (Some(user), _) if self.is_for(user) => "comes in: the user has the portal's role".to_owned(),
            (Some(_), _) => {
                format!("is turned away: the user exists and does not have the role {}", self.role)
            }
            (None, Found::Somebody(source, person)) => format!(
                "comes in: the first sign-in makes a user with the role {}, {}, as the source {} says",
                self.role,
                fields(person),
                source.name
            ),
            (None, Found::Several(source, people)) => {
                format!("is turned away: the source {} finds {people} different people", source.name)
            }
            (None, Found::Nobody) => "is turned away: no source knows this e-mail".to_owned(),
        }
    }
}

impl Source {
    /// Addresses that are the same but for accents: what people mistype.
    async fn similar(
        &self,
        app: &App,
        db: &Db,
        email: &EmailAddress,
        findings: &Findings,
    ) -> anyhow::Result<BTreeSet<String>> {
        let plain = without_accents(email.as_str());
        let mut similar: BTreeSet<String> =
            findings.others.iter().filter(|other| without_accents(other) == plain).cloned().collect();
        if let (Lookup::Table(_), Some(plain)) = (&self.lookup, EmailAddress::parse(&plain))
            && plain != *email
        {
            let there = self.look_up(db, &app.users, &plain).await?;
            if !there.people.is_empty() || !there.refused.is_empty() {
                similar.insert(plain.into());
            }
        }
        Ok(similar)
    }
}

fn without_accents(address: &str) -> String {
    normal_form(address).nfkd().filter(|c| !is_combining_mark(*c)).collect()
}

fn matches(person: &Person) -> String {
    format!("matches, {}", fields(person))
}

fn fields(person: &Person) -> String {
    let mut text = format!("name = {:?}", person.name);
    for (name, value) in person.fields.iter() {
        let value = match value {
            _ if value.is_null() => "null".to_owned(),
            Value::Text(text) => format!("{:?}", text.as_deref().unwrap_or_default()),
            Value::Integer(number) => number.unwrap_or_default().to_string(),
            Value::Boolean(truth) => truth.unwrap_or_default().to_string(),
            Value::Timestamp(moment) => moment.map(|moment| moment.to_string()).unwrap_or_default(),
        };
        let _ = write!(text, ", {name} = {value}");
    }
    text
}

fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoClient => "a row with this e-mail, which belongs to no Client".to_owned(),
        Refusal::Profile { client, is } => {
            format!("a row with this e-mail, but profilType of its Client {client} is {is}, not LOCATAIRE")
        }
        Refusal::Type { client, is, needs } => {
            format!("a row with this e-mail, but type of its Client {client} is {is}, not {needs}")
        }
    }
}
