//! `POST /admin/set-user-password`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, not_found};
use guichet_core::http::{Body, Field, Issues, Reply, Route, Shape, Visit, done};
use guichet_core::notice;
use guichet_core::password::reset::{self, Ending, Mailbox, Reset};
use guichet_core::serde_json::{Value, json as value};

use crate::caller::say;
use crate::input::Coerced;
use crate::{Admin, YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD};

pub(crate) const NAME: &str = "admin.set-user-password";

/// A password that is not empty, in the reference's words.
struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Field for Password {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        filled(String::read(value, path, issues)?, path, "newPassword", issues).map(Self)
    }
    fn shape() -> Shape {
        Shape(value!({"type": "string", "minLength": 1}))
    }
}

/// An id that is not empty, likewise.
#[derive(Debug)]
struct Id(String);

impl Field for Id {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        filled(Coerced::read(value, path, issues)?.0, path, "userId", issues).map(Self)
    }
    fn shape() -> Shape {
        Shape(value!({"type": "string", "minLength": 1}))
    }
}

fn filled(text: String, path: &str, name: &str, issues: &mut Issues) -> Option<String> {
    if text.is_empty() {
        issues.note(path, format!("{name} cannot be empty"));
        return None;
    }
    Some(text)
}

guichet_core::input! {
    /// Whose password becomes what.
    struct SetPassword {
        /// The new password.
        new_password as "newPassword": Password,
        /// The user's id.
        user_id as "userId": Id,
    }
}

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/set-user-password", NAME, set, plugin)
        .needs_session()
        .summary("Sets the password of a user, and ends every session of theirs")
        .body::<SetPassword>()
        .answers(Shape::status())
}

async fn set(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<SetPassword>) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD;
    let caller = plugin.caller(&visit, ("user", "set-password"), refusal).await?;
    let (app, id) = (visit.app(), &body.user_id.0);
    app.passwords.check_new(app, &body.new_password.0).await?;
    let gone = || not_found(USER_NOT_FOUND);
    app.users.by_id(&app.db, id).await?.ok_or_else(gone)?;
    let hash = app.passwords.hash(&body.new_password.0).await?;
    let mut tx = app.db.begin().await?;
    let own = (*id == caller.user.id).then_some(caller.session.id.as_str());
    let ending = match own {
        _ if !plugin.options.revoke_sessions_on_set_password => Ending::Nothing,
        Some(own) => Ending::AllBut(own),
        None => Ending::All,
    };
    let reset = Reset { user_id: id, hash, mailbox: Mailbox::Unseen, ending, notice: None };
    let user = reset::set(&visit, &mut tx, reset).await?.ok_or_else(gone)?;
    if plugin.options.tell_of_changes {
        notice::tell_of_operator(app, &mut tx, &user, "core-password-set", "").await?;
    }
    tx.commit().await?;
    say(&visit, &caller, "set-user-password", id);
    done()
}
