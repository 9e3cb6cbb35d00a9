//! `GET /account-info`: what a provider says about the owner of a linked account.

use std::sync::Arc;

use axum::extract::State as Shared;
use guichet_core::account_tokens::{Selection, good};
use guichet_core::error::{FAILED_TO_GET_USER_INFO, Result, bad_request, unauthorized};
use guichet_core::http::{Query, Reply, Route, Shape, Visit, json};
use serde_json::{Map, Value as Json, json};

use crate::id_token::{Source, verified};
use crate::tokens::Tokens;
use crate::{ACCESS_TOKEN_NOT_FOUND, PROVIDER_NOT_CONFIGURED, Social};

pub(super) fn route(social: &Arc<Social>) -> Route {
    Route::get("/account-info", "social.account-info", info, social.clone())
        .summary("What the provider of a linked account says about its owner")
        .needs_session()
        .query::<Selection>()
        .answers(Shape::object(&[
            ("user", Shape::record(), true),
            ("data", Shape::record(), true),
            ("account", Shape::record(), true),
        ]))
}

async fn info(
    Shared(social): Shared<Arc<Social>>,
    visit: Visit,
    Query(selection): Query<Selection>,
) -> Result<Reply> {
    let app = visit.app();
    let account = selection.account(&visit).await?;
    let provider = social.find(&account.provider_id).ok_or_else(|| bad_request(PROVIDER_NOT_CONFIGURED))?;
    let tokens = Tokens::from(good(&visit, &account).await?);
    if tokens.access.as_deref().unwrap_or_default().is_empty() {
        return Err(bad_request(ACCESS_TOKEN_NOT_FOUND));
    }
    let claims = match &tokens.id {
        Some(token) => verified(app, provider, token, None, Source::Kept).await.ok(),
        None => None,
    };
    let person = provider.person(app, &tokens, claims).await;
    let person = person.map_err(|error| unauthorized(FAILED_TO_GET_USER_INFO).because(error))?;
    let mut user = Map::new();
    if !person.name.is_empty() {
        user.insert("name".to_owned(), person.name.into());
    }
    if let Some(email) = &person.email {
        user.insert("email".to_owned(), email.as_str().into());
    }
    user.insert("emailVerified".to_owned(), Json::Bool(person.email_verified));
    if let Some(image) = person.image {
        user.insert("image".to_owned(), image.into());
    }
    json(&json!({
        "user": user,
        "data": person.data,
        "account": {"id": account.id, "providerId": account.provider_id, "accountId": account.account_id},
    }))
}
