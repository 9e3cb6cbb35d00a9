//! Somebody new: how the row of a user is put together, whatever way in makes them. What a client may say is taken by its
//! rights, every plugin has its say, a portal's word goes before all of it, and what must be given and is not is refused.

use http::StatusCode;
use serde_json::{Map, Value as Json};

use crate::email_address::EmailAddress;
use crate::error::{Error, MISSING_FIELD, Result};
use crate::hooks::{Provision, before_user_write};
use crate::http::Visit;
use crate::language::Language;
use crate::schema::Column;
use crate::store::{Fields, NewUser, Users, take_input};

/// What a way in knows of somebody new.
#[derive(Debug, Clone)]
pub struct Profile<'a> {
    /// The address.
    pub email: EmailAddress,
    /// Whether this very way in has seen that they read that mailbox.
    pub email_verified: bool,
    /// The name, perhaps empty.
    pub name: String,
    /// The address of a picture.
    pub image: Option<String>,
    /// Who says what about additional columns.
    pub said: Said<'a>,
    /// What the way in itself puts into columns (a proven number, a role): no client sets these here, and no plugin is asked
    /// about them.
    pub columns: Fields,
}

/// Additional columns, by who speaks.
#[derive(Debug, Clone)]
pub enum Said<'a> {
    /// Nobody says anything.
    Nothing,
    /// The client: everything that was sent. What clients may not set and has a default gets it, whatever they send (unless
    /// it is [`Column::guarded`]); else it is 400 `FIELD_NOT_ALLOWED` (Better Auth's rules).
    Client(&'a Map<String, Json>),
    /// Somebody with rights of their own, by which these were taken already.
    Taken(Fields),
}

impl Profile<'_> {
    /// The row. `provision` is what the plugins said to their arrival, and turns nobody away: whom one of them knows is as
    /// it says. Asks [`crate::hooks::Hooks::before_user_write`], so never inside a transaction. An error is the refusal of
    /// a field (400 `FIELD_NOT_ALLOWED`, `VALIDATION_ERROR`, `MISSING_FIELD`, or a plugin's own), which only who proved to
    /// be somebody new may see.
    pub async fn row(self, visit: &Visit, provision: Provision) -> Result<NewUser> {
        let users = &visit.app().users;
        let Self { email, email_verified, name, image, said, columns } = self;
        let new = if let Provision::Make(mut known) = provision {
            for (name, value) in columns.iter() {
                if known.extra.get(name).is_none() {
                    known.extra.set(name, value.clone());
                }
            }
            NewUser { email, email_verified, ..known }
        } else {
            let mut extra = match said {
                Said::Nothing => Fields::default(),
                Said::Client(sent) => take_input(&askable(users, &columns), sent)?,
                Said::Taken(fields) => fields,
            };
            before_user_write(visit, None, &mut extra).await?;
            for (name, value) in columns.iter() {
                extra.set(name, value.clone());
            }
            NewUser { email, email_verified, name, image, extra }
        };
        match missing(users, &new.extra) {
            Some(column) => Err(required(visit, column)),
            None => Ok(new),
        }
    }
}

/// 400 `MISSING_FIELD`, naming the column.
fn required(visit: &Visit, column: &Column) -> Error {
    let templates = &visit.app().templates;
    let told = |language| templates.message(language, "core-missing-field", &[("field", &column.name)]);
    let (english, french) = (told(Language::English), told(Language::French));
    Error::told(StatusCode::BAD_REQUEST, MISSING_FIELD.code, english, french)
}

/// The columns that a client is asked about, where the way in does not fill them itself.
fn askable(users: &Users, own: &Fields) -> Vec<Column> {
    let asked = |column: &&Column| {
        (column.input || column.guarded || column.default.is_none())
            && own.get(column.name.as_ref()).is_none()
    };
    users.extra_columns().filter(asked).cloned().collect()
}

/// A column that somebody new must say something about, and nobody did.
fn missing<'a>(users: &'a Users, given: &Fields) -> Option<&'a Column> {
    asked_of_newcomers(users).find(|column| given.get(column.name.as_ref()).is_none())
}

/// The columns that somebody new must say something about.
pub fn asked_of_newcomers(users: &Users) -> impl Iterator<Item = &Column> {
    users.extra_columns().filter(|column| column.required && column.input && column.default.is_none())
}
