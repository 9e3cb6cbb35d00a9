//! Who calls, by `Authorization: Bearer` (RFC 6750, section 2.1), and how a session ends.

use guichet_core::access_token::Bearer;
use guichet_core::app::App;
use guichet_core::error::{Result, UNAUTHORIZED, unauthorized};
use guichet_core::http::Visit;
use guichet_core::session;
use http::{HeaderValue, header};

use crate::INVALID_ACCESS_TOKEN;
use crate::pair::issuer;

/// What stands behind the scheme `Bearer`, in whatever case it is written.
fn credentials(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(' ')?;
    let rest = rest.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !rest.is_empty()).then_some(rest)
}

/// Who calls; 401 for nobody, in the words of RFC 6750, section 3.
pub(crate) async fn caller(visit: &Visit) -> Result<Bearer> {
    let Some(token) = presented(visit) else {
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

/// The token that is presented, whatever it is.
pub(crate) fn presented(visit: &Visit) -> Option<&str> {
    visit.header(header::AUTHORIZATION.as_str()).and_then(credentials)
}

/// Ends a session; its tokens end with it, by the hook.
pub(crate) async fn end(app: &App, session_id: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    session::end_by_id(app, &mut tx, session_id).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::credentials;

    #[test]
    fn only_a_bearers_credentials_are_read() {
        assert_eq!(credentials("Bearer abc"), Some("abc"));
        assert_eq!(credentials("bEARER   abc "), Some("abc"));
        for none in ["", " ", "Bearer", "Bearer ", "Basic abc", "Bearerabc"] {
            assert_eq!(credentials(none), None, "{none:?}");
        }
    }
}
