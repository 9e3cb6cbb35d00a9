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
        let user_id_is_text = object.get("userId").is_none_or(Json::is_string);
        let only = |name: &str| object.keys().all(|key| key == name || key == "userId");
        match (object.get("accountId"), object.get("useAccountCookie")) {
            (Some(Json::String(id)), _) if user_id_is_text && only("accountId") => {
                Some(Self { account_id: Some(id.clone()) })
            }
            (_, Some(Json::Bool(true))) if user_id_is_text && only("useAccountCookie") => {
                Some(Self { account_id: None })
            }
            _ => {
                issues.note(place, "Invalid input");
                None
            }
        }
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
