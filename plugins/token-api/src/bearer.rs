//! Who calls, by `Authorization: Bearer` (RFC 6750, section 2.1), and how a session ends.

use guichet_core::access_token::Bearer;
use guichet_core::app::App;
use guichet_core::error::{Result, UNAUTHORIZED, unauthorized};
use guichet_core::http::Visit;
use guichet_core::session;
use http::{HeaderValue, header};

use crate::INVALID_ACCESS_TOKEN;
use crate::pair::issuer;

/// Who calls; 401 for nobody, in the words of RFC 6750, section 3.
pub(crate) async fn caller(visit: &Visit) -> Result<Bearer> {
    let Some(token) = visit.bearer_token() else {
        visit.expose_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return Err(unauthorized(UNAUTHORIZED));
    };
    let known = issuer(visit.app())?.verify(visit.app(), token).await?;
    known.ok_or_else(|| {
        let invalid = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        visit.expose_header(header::WWW_AUTHENTICATE, invalid);
        unauthorized(INVALID_ACCESS_TOKEN)
    })
}

/// Ends a session; its tokens end with it, by the hook.
pub(crate) async fn end(app: &App, session_id: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    session::end_by_id(app, &mut tx, session_id).await?;
    Ok(tx.commit().await?)
}
