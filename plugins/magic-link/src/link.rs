//! Tokens of links: 32 letters (182 bits), kept hashed with what they are for.

use guichet_core::db::Tx;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::link_token::{Alphabet, LinkTokens};
use guichet_core::serde_json::{self, Value, json};

use crate::options::Options;

/// What a link signs in to. Better Auth keeps `email` and `name`; the rest is for our own pages.
#[derive(Debug, Clone)]
pub(crate) struct Meant {
    pub(crate) email: EmailAddress,
    /// What a new user is called; may be empty.
    pub(crate) name: String,
    /// Where it leads, as the application said; `None` where the door decides.
    pub(crate) callback: Option<String>,
    /// Where it leads who is new.
    pub(crate) new_user_callback: Option<String>,
}

impl Meant {
    pub(crate) fn text(&self) -> String {
        let mut value = json!({"email": self.email.as_str(), "name": self.name});
        if let Some(object) = value.as_object_mut() {
            for (key, target) in
                [("callbackURL", &self.callback), ("newUserCallbackURL", &self.new_user_callback)]
            {
                object.extend(target.clone().map(|target| (key.to_owned(), Value::from(target))));
            }
        }
        value.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            email: EmailAddress::parse_international(&field("email")?)?,
            name: field("name").unwrap_or_default(),
            callback: field("callbackURL"),
            new_user_callback: field("newUserCallbackURL"),
        })
    }

    /// Where to go on, when the application said so.
    pub(crate) fn target(&self, is_new: bool) -> Option<&str> {
        let new = self.new_user_callback.as_deref().filter(|_| is_new);
        new.or(self.callback.as_deref())
    }
}

/// How they are kept.
pub(crate) fn tokens(options: &Options) -> LinkTokens {
    LinkTokens {
        alphabet: Alphabet::Letters,
        length: 32,
        hashed_as: "magic-link:",
        plain_as: "",
        storage: options.tokens,
        expires_in: options.expires_in.0,
    }
}

/// What a live token is for; it stays.
pub(crate) async fn look(visit: &Visit, options: &Options, token: &str) -> Result<Option<Meant>> {
    let kept = tokens(options).look(&visit.app().db, token, visit.now()).await?;
    Ok(kept.as_deref().and_then(Meant::read))
}

/// Uses a token up: of any number of callers, one gets what it is for.
pub(crate) async fn consume(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    token: &str,
) -> Result<Option<Meant>> {
    let kept = tokens(options).consume(tx, token, visit.now()).await?;
    Ok(kept.as_deref().and_then(Meant::read))
}
