//! `GET /list-accounts`: how the user can sign in, without any secret.

use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, json};
use crate::store::{Account, Accounts};

pub(super) fn route() -> Route {
    let (text, date) = (Shape::text, Shape::moment);
    Route::get("/list-accounts", "core.list-accounts", list, ())
        .summary("The user's linked accounts: their password, providers")
        .needs_session()
        .answers(
            Shape::object(&[
                ("id", text(), true),
                ("accountId", text(), true),
                ("providerId", text(), true),
                ("userId", text(), true),
                ("createdAt", date(), true),
                ("updatedAt", date(), true),
                ("scopes", text().list(), true),
            ])
            .list(),
        )
}

async fn list(visit: Visit) -> Result<Reply> {
    let user = visit.require_session().await?.user;
    let accounts = Accounts::of_user(&visit.app().db, &user.id).await?;
    json(&accounts.iter().map(Account::json).collect::<Vec<_>>())
}
