//! `GET /dev/mailbox`: the mails that a real transport would have sent. Exists only while there is a mailbox in
//! memory, which production refuses.

use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Visit, asset, html, json};
use guichet_core::mail::transport::highlight;
use guichet_core::pages::context;
use guichet_core::serde_json;
use http::{HeaderValue, StatusCode, header};

const PATH: &str = "/dev/mailbox";
const STYLE: &str = "/dev/mailbox.css";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(PATH, "pages.mailbox", show, ()).page().summary("Development: the newest mails"),
        Route::get("/dev/mailbox.json", "pages.mailbox-json", list, ())
            .at_root()
            .summary("Development: the newest mails, for scripts"),
        asset(
            STYLE,
            "pages.development-style",
            "text/css; charset=utf-8",
            include_str!("../assets/mailbox.css"),
        )
        .summary("Development: the style of the mailbox"),
    ]
}

async fn show(visit: Visit) -> Result<Reply> {
    let app = visit.app();
    let letters = app.mailbox.as_ref().map(|mailbox| mailbox.list()).unwrap_or_default();
    let mails: Vec<_> = letters
        .iter()
        .map(|letter| {
            let found = highlight(&letter.text).unwrap_or_default();
            let code = if found.bytes().all(|b| b.is_ascii_digit()) { found } else { "" };
            context! {
                id => letter.id, to => letter.to.as_str(), subject => letter.subject,
                at => letter.written_at.to_string(), text => letter.text, code,
            }
        })
        .collect();
    Ok(html(
        StatusCode::OK,
        app.templates.page(&visit, "pages/mailbox.html", PATH, context! { mails, style => STYLE })?,
    ))
}

async fn list(visit: Visit) -> Result<Reply> {
    let letters = visit.app().mailbox.as_ref().map(|mailbox| mailbox.list()).unwrap_or_default();
    let mails: Vec<_> = letters
        .iter()
        .map(|letter| {
            serde_json::json!({
                "id": letter.id, "to": letter.to.as_str(), "subject": letter.subject,
                "at": letter.written_at, "text": letter.text, "html": letter.html,
            })
        })
        .collect();
    let mut reply = json(&mails)?;
    reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(reply)
}
