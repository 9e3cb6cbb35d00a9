//! `POST /sign-out`: ends this browser's session. Succeeds whether or not there is one. Where a plugin knows a page at which
//! one signs out elsewhere too, or the settings say where sign-outs lead (`redirect.on_sign_out`), the answer names it
//! (contract, section 3).

use http::header;
use serde_json::json;

use crate::error::Result;
use crate::hooks::Leaving;
use crate::http::{Input as _, PerhapsBody, Reply, Route, Shape, Visit, json as answer, location};
use crate::session;

crate::input! {
    /// Where to go on afterwards.
    struct SignOut {
        callback_url as "callbackURL": Option<String>,
        disable_redirect as "disableRedirect": Option<bool>,
        state: Option<String>,
    }
}

pub(super) fn route() -> Route {
    Route::post("/sign-out", "core.sign-out", sign_out, ())
        .summary("Ends the session and removes its cookies")
        .body_shape(SignOut::shape())
        .answers(Shape::object(&[
            ("success", Shape::yes(), true),
            ("url", Shape::text(), false),
            ("redirect", Shape::boolean(), false),
        ]))
}

async fn sign_out(visit: Visit, PerhapsBody(body): PerhapsBody<SignOut>) -> Result<Reply> {
    let (callback_url, state, stays) =
        body.map(|body| (body.callback_url, body.state, body.disable_redirect)).unwrap_or_default();
    let leaving = Leaving { callback_url: callback_url.filter(|url| !url.is_empty()), state };
    let elsewhere = session::end_everywhere(&visit, &leaving).await?;
    let Some(url) = elsewhere.or_else(|| visit.app().config.redirect.on_sign_out.clone()) else {
        return answer(&json!({"success": true}));
    };
    let redirect = stays != Some(true);
    let mut reply = answer(&json!({"success": true, "url": url, "redirect": redirect}))?;
    if redirect {
        reply.headers_mut().insert(header::LOCATION, location(&url)?);
    }
    Ok(reply)
}
