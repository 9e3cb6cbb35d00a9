//! What people say about themselves: the columns of the own user that clients may set.

use http::StatusCode;
use serde_json::{Map, Value as Json};

use crate::db::Value;
use crate::error::{
    EMAIL_CAN_NOT_BE_UPDATED, Error, FAILED_TO_UPDATE_USER, Result, UNAUTHORIZED, bad_request, unauthorized,
};
use crate::hooks::before_user_write;
use crate::http::Visit;
use crate::schema::Column;
use crate::session::SignedIn;
use crate::store::{Users, is_truthy, take_input};

/// Changes name, picture and additional columns as far as clients may set them; every plugin has its say
/// ([`crate::hooks::Hooks::before_user_write`]). 400 when nothing of it can be set, or a value is refused.
pub async fn change(visit: &Visit, signed_in: &SignedIn, body: &Map<String, Json>) -> Result<()> {
    let app = visit.app();
    if body.get("email").is_some_and(is_truthy) {
        return Err(bad_request(EMAIL_CAN_NOT_BE_UPDATED));
    }
    let mut fields = take_input(&settable(&app.users), body)?;
    if fields.is_empty() {
        return Err(nothing_to_update());
    }
    before_user_write(visit, Some(&signed_in.user), &mut fields).await?;
    let changes: Vec<(&str, Value)> = fields.iter().map(|(name, value)| (name, value.clone())).collect();
    let updated = app.users.update(&app.db, &signed_in.user.id, changes, visit.now()).await;
    let refused = |error| app.users.refusal(error, FAILED_TO_UPDATE_USER);
    updated.map_err(refused)?.ok_or_else(|| unauthorized(UNAUTHORIZED))?;
    Ok(())
}

/// Name and picture, and every additional column with its rights; the core's other columns are ignored.
fn settable(users: &Users) -> Vec<Column> {
    let own = users.columns().iter().filter(|column| ["name", "image"].contains(&column.name.as_ref()));
    own.chain(users.extra_columns()).cloned().collect()
}

/// Nothing that was sent is a column that clients may set.
pub(crate) fn nothing_to_update() -> Error {
    Error::message_only(StatusCode::BAD_REQUEST, "No fields to update", "Aucun champ à modifier")
}
