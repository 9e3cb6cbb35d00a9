//! `POST /sign-out`: ends this browser's session. Always succeeds. Where a plugin knows a page at which one signs out
//! elsewhere too, or the settings say where sign-outs lead (`redirect.on_sign_out`), the answer names it (contract, section 3).

use http::header;
use serde_json::{Value, json};

use crate::error::Result;
use crate::hooks::Leaving;
use crate::http::{AnyFields, Reply, Route, Shape, Visit, json as answer, location};
use crate::session;

pub(super) fn route() -> Route {
    let body = Shape::object(&[
        ("callbackURL", Shape::text(), false),
        ("disableRedirect", Shape::boolean(), false),
        ("state", Shape::text(), false),
    ]);
    Route::post("/sign-out", "core.sign-out", sign_out, ())
        .summary("Ends the session and removes its cookies")
        .body_shape(body)
        .answers(Shape::object(&[
            ("success", Shape::yes(), true),
            ("url", Shape::text(), false),
            ("redirect", Shape::boolean(), false),
        ]))
}

async fn sign_out(visit: Visit, AnyFields(body): AnyFields) -> Result<Reply> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let leaving =
        Leaving { callback_url: text("callbackURL").filter(|url| !url.is_empty()), state: text("state") };
    let elsewhere = session::end_everywhere(&visit, &leaving).await?;
    let Some(url) = elsewhere.or_else(|| visit.app().config.redirect.on_sign_out.clone()) else {
        return answer(&json!({"success": true}));
    };
    let redirect = body.get("disableRedirect") != Some(&Value::Bool(true));
    let mut reply = answer(&json!({"success": true, "url": url, "redirect": redirect}))?;
    if redirect {
        reply.headers_mut().insert(header::LOCATION, location(&url)?);
    }
    Ok(reply)
}
