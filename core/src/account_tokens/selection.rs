//! Which linked account is meant: `accountId`, a row's id, of the user who is signed in. (`useAccountCookie` names the
//! account of a cookie that is not kept here, so that it finds none.)

use crate::error::{ACCOUNT_NOT_FOUND, Error, Result, bad_request};
use crate::http::{Input, Issues, Shape, Visit};
use crate::store::{Account, Accounts};
use http::StatusCode;
use serde_json::{Map, Value as Json};

/// Exactly one way to name an account; anything else is refused.
pub struct Selection {
    account_id: Option<String>,
}

impl Input for Selection {
    fn read(object: &Map<String, Json>, place: &str, issues: &mut Issues) -> Option<Self> {
        let by_id = object.get("accountId").and_then(Json::as_str).map(|id| ("accountId", Some(id)));
        let by_cookie =
            (object.get("useAccountCookie") == Some(&Json::Bool(true))).then_some(("useAccountCookie", None));
        let user_id_is_text = object.get("userId").is_none_or(Json::is_string);
        let ways: Vec<_> = [by_id, by_cookie].into_iter().flatten().filter(|_| user_id_is_text).collect();
        let [(name, account_id)] = ways.as_slice() else {
            issues.note(place, "Invalid input");
            return None;
        };
        let unknown: Vec<String> = object
            .keys()
            .filter(|key| key != name && *key != "userId")
            .map(|key| format!("{key:?}"))
            .collect();
        if unknown.is_empty() {
            return Some(Self { account_id: account_id.map(str::to_owned) });
        }
        let s = if unknown.len() == 1 { "" } else { "s" };
        issues.note(place, format!("Unrecognized key{s}: {}", unknown.join(", ")));
        None
    }

    fn shape() -> Shape {
        Shape::object(&[("accountId", Shape::text(), true), ("userId", Shape::text(), false)])
    }
}

impl Selection {
    /// The account. 401 without a body when nobody is signed in, 400 `ACCOUNT_NOT_FOUND`.
    pub async fn account(&self, visit: &Visit) -> Result<Account> {
        let signed_in = visit.signed_in().await?.ok_or_else(|| Error::empty(StatusCode::UNAUTHORIZED))?;
        let accounts = Accounts::of_user(&visit.app().db, &signed_in.user.id).await?;
        let meant = |account: &Account| self.account_id.as_deref() == Some(account.id.as_str());
        accounts.into_iter().find(meant).ok_or_else(|| bad_request(ACCOUNT_NOT_FOUND))
    }
}
