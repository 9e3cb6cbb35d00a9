//! `POST /sign-in/magic-link`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};
use guichet_core::serde_json::{Map, Value};

use crate::MagicLink;
use crate::ask::{Asked, send};
use crate::browser;
use crate::link::Meant;

pub(crate) const NAME: &str = "magic-link.ask";

guichet_core::input! {
    /// To whom, and where the link leads.
    struct Ask {
        email: EmailAddress,
        name: Option<String>,
        callback_url as "callbackURL": Option<String>,
        new_user_callback_url as "newUserCallbackURL": Option<String>,
        error_callback_url as "errorCallbackURL": Option<String>,
        metadata: Option<Map<String, Value>>,
    }
}

pub(crate) fn route(plugin: Arc<MagicLink>) -> Route {
    Route::post("/sign-in/magic-link", NAME, handle, plugin)
        .from_sign_in_forms()
        .summary("Mails a link that signs in; the answer is the same whether or not the address is known")
        .body::<Ask>()
        .answers(Shape::status())
}

async fn handle(State(plugin): State<Arc<MagicLink>>, visit: Visit, Body(input): Body<Ask>) -> Result<Reply> {
    let given = |target: Option<String>| target.filter(|target| !target.is_empty());
    let email = input.email.clone();
    let error_callback = given(input.error_callback_url);
    let meant = Meant {
        email: input.email,
        name: input.name.unwrap_or_default(),
        callback: given(input.callback_url),
        new_user_callback: given(input.new_user_callback_url),
    };
    let asked = Asked { meant, error_callback: error_callback.as_deref(), door: None };
    let token = send(&visit, &plugin.options, asked).await?;
    if !plugin.options.direct_links {
        browser::remember(&visit, &plugin.options, &token, &email);
    }
    done()
}
