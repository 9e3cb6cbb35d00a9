//! Fields of bodies that are no plain values.

use guichet_core::http::{Field, Issues, Shape};
use serde_json::{Map, Value as Json};

use crate::authorize::RESERVED;

/// The id of a provider; any text, and what is none fails a union in the reference.
#[derive(Debug)]
pub(super) struct ProviderId(pub(super) String);

impl Field for ProviderId {
    fn read(value: Option<&Json>, path: &str, issues: &mut Issues) -> Option<Self> {
        let id = value.and_then(Json::as_str).map(|id| Self(id.to_owned()));
        if id.is_none() {
            issues.note(path, "Invalid input");
        }
        id
    }
    fn shape() -> Shape {
        Shape::text()
    }
}

/// Scopes that are asked for.
#[derive(Debug, Default)]
pub(super) struct Scopes(pub(super) Vec<String>);

impl Field for Scopes {
    fn read(value: Option<&Json>, path: &str, issues: &mut Issues) -> Option<Self> {
        let Some(Json::Array(all)) = value else {
            issues.expected(path, "array", value);
            return None;
        };
        let read = |(n, scope)| String::read(Some(scope), &format!("{path}.{n}"), issues);
        let scopes: Vec<Option<String>> = all.iter().enumerate().map(read).collect();
        scopes.into_iter().collect::<Option<Vec<String>>>().map(Self)
    }
    fn shape() -> Shape {
        Shape::text().list()
    }
}

/// Further parameters of the authorisation request.
#[derive(Debug, Default)]
pub(super) struct Parameters(pub(super) Vec<(String, String)>);

impl Field for Parameters {
    fn read(value: Option<&Json>, path: &str, issues: &mut Issues) -> Option<Self> {
        let object = Map::read(value, path, issues)?;
        let mut all = Vec::new();
        for (key, value) in &object {
            all.push((key.clone(), String::read(Some(value), &format!("{path}.{key}"), issues)?));
        }
        if all.iter().any(|(key, _)| RESERVED.contains(&key.as_str())) {
            let problem =
                format!("additionalParams cannot include reserved OAuth parameters: {}", RESERVED.join(", "));
            issues.note(path, problem);
            return None;
        }
        Some(Self(all))
    }
    fn shape() -> Shape {
        Shape::record()
    }
}

/// An ID token that a native app got itself. What it says of the user beside the token is worth a name, nothing more.
pub(super) struct NativeToken {
    pub(super) token: String,
    pub(super) nonce: Option<String>,
    pub(super) access_token: Option<String>,
    pub(super) refresh_token: Option<String>,
    pub(super) name: Option<String>,
}

/// Tokens are not printed.
impl std::fmt::Debug for NativeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NativeToken")
    }
}

impl Field for NativeToken {
    fn read(value: Option<&Json>, path: &str, issues: &mut Issues) -> Option<Self> {
        let Some(Json::Object(object)) = value else {
            issues.expected(path, "object", value);
            return None;
        };
        let token = String::read(object.get("token"), &format!("{path}.token"), issues);
        let mut text =
            |name: &str| Option::<String>::read(object.get(name), &format!("{path}.{name}"), issues);
        let (nonce, access, refresh) = (text("nonce"), text("accessToken"), text("refreshToken"));
        if object.get("expiresAt").is_some_and(|at| !at.is_number()) {
            issues.expected(&format!("{path}.expiresAt"), "number", object.get("expiresAt"));
            return None;
        }
        let name = object.get("user").and_then(|user| name_of(user.get("name")?));
        Some(Self { token: token?, nonce: nonce?, access_token: access?, refresh_token: refresh?, name })
    }
    fn shape() -> Shape {
        let text = Shape::text;
        Shape::object(&[
            ("token", text(), true),
            ("nonce", text(), false),
            ("accessToken", text(), false),
            ("refreshToken", text(), false),
            ("expiresAt", Shape(serde_json::json!({"type": "number"})), false),
            ("user", Shape::record(), false),
        ])
    }
}

/// Apple's `{firstName, lastName}`, told once, beside the token.
pub(super) fn name_of(name: &Json) -> Option<String> {
    let part = |key: &str| name.get(key).and_then(Json::as_str).unwrap_or_default();
    let whole = format!("{} {}", part("firstName"), part("lastName"));
    let whole: String = whole.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    (!whole.is_empty()).then_some(whole)
}
