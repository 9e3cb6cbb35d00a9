//! `POST /get-access-token` and `POST /refresh-token`: the user's own tokens elsewhere. There where a plugin answers for some.

use serde_json::{Map, Value as Json};

use crate::account_tokens::{Selection, good, renewed};
use crate::error::{FAILED_TO_REFRESH_ACCESS_TOKEN, Result};
use crate::http::{Body, Reply, Route, Shape, Visit, json};
use crate::timestamp::Timestamp;

pub(super) fn routes() -> [Route; 2] {
    let date = Shape::moment;
    let access = Route::post("/get-access-token", "core.get-access-token", access, ())
        .summary("An access token elsewhere that is still good, refreshed when it is not")
        .needs_session()
        .body::<Selection>()
        .answers(Shape::object(&[
            ("accessToken", Shape::text(), true),
            ("accessTokenExpiresAt", date(), false),
            ("scopes", Shape::text().list(), true),
            ("idToken", Shape::text(), false),
        ]));
    let refresh = Route::post("/refresh-token", "core.refresh-token", refresh, ())
        .summary("New tokens elsewhere")
        .needs_session()
        .body::<Selection>()
        .answers(Shape::object(&[
            ("accessToken", Shape::text(), true),
            ("refreshToken", Shape::text(), true),
            ("accessTokenExpiresAt", date(), false),
            ("refreshTokenExpiresAt", date().or_null(), true),
            ("scope", Shape::text().or_null(), true),
            ("idToken", Shape::text(), false),
            ("providerId", Shape::text(), true),
            ("accountId", Shape::text(), true),
        ]));
    [refresh, access]
}

fn date(moment: Option<Timestamp>) -> Option<Json> {
    serde_json::to_value(moment?).ok()
}

async fn access(visit: Visit, Body(selection): Body<Selection>) -> Result<Reply> {
    let account = selection.account(&visit).await?;
    let tokens = good(&visit, &account).await?;
    let mut answer = Map::new();
    answer.insert("accessToken".to_owned(), tokens.access.unwrap_or_default().into());
    if let Some(at) = date(tokens.access_ends) {
        answer.insert("accessTokenExpiresAt".to_owned(), at);
    }
    answer.insert("scopes".to_owned(), account.json().get("scopes").cloned().unwrap_or_default());
    if let Some(token) = tokens.id {
        answer.insert("idToken".to_owned(), token.into());
    }
    json(&answer)
}

async fn refresh(visit: Visit, Body(selection): Body<Selection>) -> Result<Reply> {
    let account = selection.account(&visit).await?;
    let tokens = renewed(&visit, &account, FAILED_TO_REFRESH_ACCESS_TOKEN).await?;
    let mut answer = Map::new();
    let mut set = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            answer.insert(key.to_owned(), value);
        }
    };
    set("accessToken", tokens.access.map(Json::from));
    set("refreshToken", tokens.refresh.map(Json::from));
    set("accessTokenExpiresAt", date(tokens.access_ends));
    set("refreshTokenExpiresAt", Some(date(tokens.refresh_ends).unwrap_or_default()));
    set("scope", Some(account.scope.map_or(Json::Null, Json::from)));
    set("idToken", tokens.id.map(Json::from));
    set("providerId", Some(account.provider_id.into()));
    set("accountId", Some(account.id.into()));
    json(&answer)
}
