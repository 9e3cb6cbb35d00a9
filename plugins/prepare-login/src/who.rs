//! Who somebody is to a portal, and what follows from it.

use guichet_core::app::App;
use guichet_core::db::{Db, DbError};
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result, forbidden, not_found};
use guichet_core::hooks::Provision;
use guichet_core::store::{NewUser, User};

use crate::portal::Portal;
use crate::source::{Findings, Person, Refusal, Source};
use crate::{ACCOUNT_NOT_FOUND_FOR_EMAIL, EMAIL_NOT_ASSOCIATED};

/// What every source of a portal gave, in their order.
pub(crate) type Answers<'p> = Vec<(&'p Source, Findings)>;

/// Who an address is in the business database.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'f> {
    /// Nobody who may come in.
    Nobody,
    /// This person.
    Somebody(&'f Source, &'f Person),
    /// Several different people: nobody can say which one knocks.
    Several(&'f Source, usize),
}

/// The first source that knows somebody decides.
pub(crate) fn found<'f>(answers: &'f Answers<'_>) -> Found<'f> {
    answers
        .iter()
        .find_map(|(source, findings)| match findings.people.as_slice() {
            [] => None,
            [person] => Some(Found::Somebody(source, person)),
            several => Some(Found::Several(source, several.len())),
        })
        .unwrap_or(Found::Nobody)
}

impl Portal {
    /// Asks every source, whatever the earlier ones said: known and unknown addresses cost the same.
    pub(crate) async fn ask(&self, app: &App, db: &Db, email: &EmailAddress) -> Result<Answers<'_>> {
        let mut answers = Vec::new();
        for source in &self.sources {
            let findings =
                source.look_up(db, &app.users, email).await.map_err(|error| self.failed(source, error))?;
            self.log(source, &findings);
            answers.push((source, findings));
        }
        Ok(answers)
    }

    fn failed(&self, source: &Source, error: DbError) -> Error {
        match error {
            DbError::Unavailable(_) => error.into(),
            _ => Error::internal(
                anyhow::Error::new(error)
                    .context(format!("portal {:?}, source {:?}: the lookup failed", self.name, source.name)),
            ),
        }
    }

    /// What an operator has to mend in the business data. No addresses: `guichet provision explain` shows them.
    fn log(&self, source: &Source, findings: &Findings) {
        let (portal, source) = (self.name.as_str(), source.name.as_str());
        for refusal in &findings.refused {
            match refusal {
                Refusal::Type { client, is, needs } => {
                    tracing::warn!(
                        portal,
                        source,
                        client,
                        is,
                        needs,
                        "a row whose Client is of the other type lets nobody in"
                    );
                }
                Refusal::NoClient => tracing::warn!(portal, source, "a row without a Client lets nobody in"),
                Refusal::Profile { client, is } => {
                    tracing::debug!(portal, source, client, is, "a Client who is no tenant is not let in");
                }
            }
        }
        let people = findings.people.len();
        if people > 1 {
            tracing::warn!(
                portal,
                source,
                people,
                "one address belongs to several people: none of them is let in"
            );
        }
    }

    /// The user that a first sign-in makes.
    pub(crate) fn new_user(&self, email: &EmailAddress, person: &Person) -> NewUser {
        let mut extra = person.fields.clone();
        extra.set("role", self.role.as_str());
        NewUser {
            email: email.clone(),
            email_verified: false,
            name: person.name.clone(),
            image: person.image.clone(),
            extra,
        }
    }

    /// What is done about somebody at this portal's own door.
    pub(crate) fn at_the_door(
        &self,
        user: Option<&User>,
        email: &EmailAddress,
        found: Found<'_>,
    ) -> Provision {
        let told = |error: Error| Provision::TurnAway(self.reveal_unknown.then_some(error));
        match (user, found) {
            (Some(user), _) if self.is_for(user) => Provision::NoOpinion,
            // A user without a role is not promoted either: whoever made it did not mean it for this portal.
            (Some(_), _) => told(forbidden(EMAIL_NOT_ASSOCIATED)),
            (None, Found::Somebody(_, person)) => Provision::Make(self.new_user(email, person)),
            (None, Found::Nobody | Found::Several(..)) => told(not_found(ACCOUNT_NOT_FOUND_FOR_EMAIL)),
        }
    }
}
