//! Reading a request's body: limited in size and time, parsed by its content type (contract, section 1).

use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::route::Accepts;
use crate::error::{Error, PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT, Result, bad_request};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Reads and parses; `None` when there is no body, or none with a content type.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    accepts: Accepts,
    limit: usize,
    within: Duration,
) -> Result<Option<Value>> {
    let bytes = tokio::time::timeout(within, Limited::new(body, limit).collect())
        .await
        .map_err(|_| Error::coded(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))?
        .map_err(|error| {
            if error.downcast_ref::<LengthLimitError>().is_some() {
                Error::coded(StatusCode::PAYLOAD_TOO_LARGE, PAYLOAD_TOO_LARGE)
            } else {
                bad_request(BROKEN_BODY)
            }
        })?
        .to_bytes();
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else { return Ok(None) };
    if bytes.is_empty() {
        return Ok(None);
    }
    let content_type = content_type.to_str().unwrap_or("?");
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (essence.as_str(), accepts) {
        (JSON, Accepts::Json | Accepts::JsonOrForm) => {
            serde_json::from_slice(&bytes).map(Some).map_err(|_| bad_request(INVALID_JSON))
        }
        (FORM, Accepts::Form | Accepts::JsonOrForm) => Ok(Some(form(&bytes))),
        _ => {
            let allowed = match accepts {
                Accepts::Json => JSON.to_owned(),
                Accepts::Form => FORM.to_owned(),
                Accepts::JsonOrForm => format!("{FORM}, {JSON}"),
            };
            Err(Error::worded(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                format!("Content-Type \"{content_type}\" is not allowed. Allowed types: {allowed}"),
            ))
        }
    }
}

/// Every field of a form is a text; the last of a name wins.
fn form(bytes: &[u8]) -> Value {
    let fields: Map<String, Value> = url::form_urlencoded::parse(bytes)
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .collect();
    Value::Object(fields)
}

/// Better Auth's code and text for JSON that cannot be read.
const INVALID_JSON: crate::error::ErrorCode = crate::error::ErrorCode::new(
    "BAD_REQUEST",
    "Invalid JSON in request body",
    "Le JSON de la requête est illisible",
);
const BROKEN_BODY: crate::error::ErrorCode =
    crate::error::ErrorCode::new("BAD_REQUEST", "The request body broke off", "La requête s’est interrompue");
