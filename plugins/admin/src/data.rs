//! What an administrator may write into a user: name and picture, what clients may set, what the settings declare, and the
//! ban, where they may ban. Columns of other plugins that clients may not set are kept by those alone: a second factor or
//! a proven number is no text to be typed over.

use guichet_core::app::App;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_EMAIL, Result, bad_request};
use guichet_core::schema::Column;
use guichet_core::serde_json::{Map, Value};
use guichet_core::session::SignedIn;
use guichet_core::store::{Fields, take_input};

use crate::{
    Admin, BAN_EXPIRES, BAN_REASON, BANNED, INVALID_ROLE_TYPE, ROLE, YOU_ARE_NOT_ALLOWED_TO_BAN_USERS,
    YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE, YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE,
};

/// The columns of a ban.
const OF_BANS: [&str; 3] = [BANNED, BAN_REASON, BAN_EXPIRES];
/// The core's that anybody says about themselves, and whether an address is proven.
const OF_CORE: [&str; 3] = ["name", "image", "emailVerified"];

impl Admin {
    /// The roles of a body, when they can be set by who asks. 403 when they may not, 400 for what is no role, or not one
    /// of those that the settings name.
    pub(crate) fn roles(&self, caller: &SignedIn, given: &Value) -> Result<String> {
        self.require(caller, ("user", "set-role"), YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE)?;
        let one = std::slice::from_ref(given);
        let mut roles = Vec::new();
        for role in given.as_array().map_or(one, Vec::as_slice) {
            let role = role.as_str().ok_or_else(|| bad_request(INVALID_ROLE_TYPE))?;
            roles.push(self.role(role)?);
        }
        Ok(roles.join(","))
    }

    /// A role, when it can be set.
    pub(crate) fn role<'a>(&self, role: &'a str) -> Result<&'a str> {
        // What cannot be kept is no role either.
        let is_one = self.access.can_be_set(role) && !role.contains('\0');
        is_one.then_some(role).ok_or_else(|| bad_request(YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE))
    }

    /// 403 to who may not ban, where `data` speaks of bans.
    pub(crate) fn require_ban(&self, caller: &SignedIn, data: &Map<String, Value>) -> Result<()> {
        if OF_BANS.iter().any(|column| data.contains_key(*column)) {
            self.require(caller, ("user", "ban"), YOU_ARE_NOT_ALLOWED_TO_BAN_USERS)?;
        }
        Ok(())
    }
}

/// An address as the reference reads it; 400 `INVALID_EMAIL`.
pub(crate) fn address(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse_international(text).ok_or_else(|| bad_request(INVALID_EMAIL))
}

/// The columns that `data` sets. `role` and `email` are not among them; what is no column is ignored. 400
/// `FIELD_NOT_ALLOWED` for a column that is another plugin's, and for a value of another kind.
pub(crate) fn take(app: &App, data: &Map<String, Value>) -> Result<Fields> {
    let configured = &app.config.user.fields;
    let may = |column: &Column| {
        let name = column.name.as_ref();
        column.input
            || OF_BANS.contains(&name)
            || OF_CORE.contains(&name)
            || configured.iter().any(|field| field.name == name)
    };
    let extra: Vec<&str> = app.users.extra_columns().map(|column| column.name.as_ref()).collect();
    let known = |column: &&Column| {
        column.name != ROLE
            && (extra.contains(&column.name.as_ref()) || OF_CORE.contains(&column.name.as_ref()))
    };
    let columns: Vec<Column> = app
        .users
        .columns()
        .iter()
        .filter(known)
        .map(|column| Column { input: may(column), ..column.clone() })
        .collect();
    take_input(&columns, data)
}
