//! Answers.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use url::Url;
use url::form_urlencoded::Serializer;

use super::content_policy;
use super::visit::Visit;
use crate::error::{Error, Result};

/// What a handler answers.
pub type Reply = Response;

/// 200 with JSON.
pub fn json(value: &impl Serialize) -> Result<Reply> {
    let text = serde_json::to_string(value).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response())
}

/// 200 `{"success": true}`.
pub fn success() -> Result<Reply> {
    json(&serde_json::json!({"success": true}))
}

/// 200 `{"status": true}`: it is done, and there is no more to say.
pub fn done() -> Result<Reply> {
    json(&serde_json::json!({"status": true}))
}

/// The same answer, for no cache to keep, whatever the settings say (RFC 6749, section 5.1).
pub fn kept_nowhere(mut reply: Reply) -> Reply {
    let headers = reply.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    reply
}

/// A redirect. The target is trusted or our own by now; what is no header text is percent-encoded.
/// A URL that passed the checks but still cannot be a header is an error, never a panic.
pub fn redirect(status: StatusCode, target: &str) -> Result<Reply> {
    Ok((status, [(header::LOCATION, location(target)?)]).into_response())
}

/// 302 with the content type that the API's redirects have in Better Auth, though there is no content.
pub fn found(target: &str) -> Result<Reply> {
    let mut reply = redirect(StatusCode::FOUND, target)?;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(reply)
}

/// A trusted target as an absolute address, resolved against the base URL, with one parameter of its query set.
pub fn resolved(visit: &Visit, target: &str, parameter: Option<(&str, &str)>) -> Result<String> {
    let mut url = visit.app().config.base_url.join(target).map_err(Error::internal)?;
    let Some((name, value)) = parameter else { return Ok(url.into()) };
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    Ok(url.into())
}

/// A target, absolute or from the root, with parameters added to its query, before its fragment; what its query holds stays as
/// it was written.
pub fn appended(target: &str, parameters: &[(&str, &str)]) -> Result<String> {
    let nowhere = Url::parse("https://relative.invalid").map_err(Error::internal)?;
    let is_relative = target.starts_with('/');
    let mut url =
        if is_relative { nowhere.join(target) } else { Url::parse(target) }.map_err(Error::internal)?;
    let added = Serializer::new(String::new()).extend_pairs(parameters).finish();
    let query = match url.query().filter(|query| !query.is_empty()) {
        Some(query) if query.ends_with('&') => format!("{query}{added}"),
        Some(query) => format!("{query}&{added}"),
        None => added,
    };
    url.set_query(Some(&query));
    if !is_relative {
        return Ok(url.into());
    }
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    Ok(format!("{}?{query}{fragment}", url.path()))
}

/// A target as the value of `Location`, for answers that carry more than it.
pub fn location(target: &str) -> Result<HeaderValue> {
    let encoded: String = target
        .chars()
        .flat_map(|c| -> Vec<String> {
            if c.is_ascii() && !c.is_ascii_control() {
                vec![c.to_string()]
            } else {
                let mut buffer = [0; 4];
                c.encode_utf8(&mut buffer).bytes().map(|b| format!("%{b:02X}")).collect()
            }
        })
        .collect();
    HeaderValue::from_str(&encoded).map_err(Error::internal)
}

/// An HTML page.
pub fn html(status: StatusCode, page: String) -> Reply {
    (
        status,
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        page,
    )
        .into_response()
}

/// An HTML page with forms that may end on a trusted origin: at `target`, or at what an earlier page was told.
pub fn html_leading_to(visit: &Visit, status: StatusCode, page: String, target: Option<&str>) -> Reply {
    let mut reply = html(status, page);
    reply.headers_mut().insert(header::CONTENT_SECURITY_POLICY, content_policy::leading_to(visit, target));
    reply
}

#[cfg(test)]
mod tests {
    use super::appended;

    #[test]
    fn parameters_are_added_before_the_fragment_and_the_rest_stays_as_it_was() {
        for (target, expected) in [
            ("/welcome", "/welcome?error=A%20B"),
            ("/welcome?x=%7e#top", "/welcome?x=%7e&error=A%20B#top"),
            ("/welcome?", "/welcome?error=A%20B"),
            ("/welcome?x=1&", "/welcome?x=1&error=A%20B"),
            ("http://app.localhost:5173", "http://app.localhost:5173/?error=A%20B"),
            ("http://app.localhost:5173/a#b", "http://app.localhost:5173/a?error=A%20B#b"),
            ("myapp://done", "myapp://done?error=A%20B"),
        ] {
            let expected = expected.replace("%20", "+");
            assert_eq!(appended(target, &[("error", "A B")]).unwrap(), expected, "{target}");
        }
    }
}
