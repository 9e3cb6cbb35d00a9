//! Requests with places to fill in. Values are put into JSON and forms as data, never into text that is read again: no
//! password can end a string, and none is looked at for places of its own.

use std::collections::BTreeMap;

use guichet_core::config::Secret;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Request};
use serde_json::{Map, Value as Json};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::options::{Encoding, Method};

/// What a place stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Identifier,
    Email,
    Password,
    Secret,
    RefreshToken,
}

/// The places of a sign-in, and those of a renewal.
pub(crate) const OF_SIGN_IN: &[Place] = &[Place::Identifier, Place::Email, Place::Password, Place::Secret];
pub(crate) const OF_REFRESH: &[Place] = &[Place::RefreshToken, Place::Secret];

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Email => "email",
            Self::Password => "password",
            Self::Secret => "secret",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// What is put into the places.
#[derive(Clone, Copy, Default)]
pub(crate) struct Filling<'a> {
    pub(crate) identifier: &'a str,
    pub(crate) email: &'a str,
    pub(crate) password: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) refresh_token: &'a str,
}

impl Filling<'_> {
    fn of(&self, place: Place) -> &str {
        match place {
            Place::Identifier => self.identifier,
            Place::Email => self.email,
            Place::Password => self.password,
            Place::Secret => self.secret,
            Place::RefreshToken => self.refresh_token,
        }
    }
}

enum Part {
    Text(String),
    Place(Place),
}

/// A text with places.
struct Text(Vec<Part>);

impl Text {
    /// The error names a place that is not known.
    fn parse(text: &str, known: &[Place]) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let end = after.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(after.len());
            let (name, tail) = after.split_at(end);
            let Some(tail) = tail.strip_prefix('}').filter(|_| !name.is_empty()) else {
                // A brace is a brace.
                parts.push(Part::Text(format!("{before}{{")));
                rest = after;
                continue;
            };
            let place = known.iter().find(|place| place.name() == name).ok_or_else(|| {
                let known: Vec<_> = known.iter().map(|place| format!("{{{}}}", place.name())).collect();
                format!("{{{name}}} is not known here; {} are", known.join(", "))
            })?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Place(*place));
            rest = tail;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    fn filled(&self, filling: &Filling<'_>) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text,
                Part::Place(place) => filling.of(*place),
            })
            .collect()
    }

    fn has(&self, wanted: Place) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Place(place) if *place == wanted))
    }
}

/// A value with places in its texts.
enum Node {
    Text(Text),
    Other(Json),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    fn parse(value: &Json, known: &[Place]) -> Result<Self, String> {
        Ok(match value {
            Json::String(text) => Self::Text(Text::parse(text, known)?),
            Json::Array(all) => {
                Self::List(all.iter().map(|one| Self::parse(one, known)).collect::<Result<_, _>>()?)
            }
            Json::Object(fields) => Self::Object(Self::fields(fields, known)?),
            other => Self::Other(other.clone()),
        })
    }

    fn fields(fields: &Map<String, Json>, known: &[Place]) -> Result<Vec<(String, Self)>, String> {
        fields.iter().map(|(name, value)| Ok((name.clone(), Self::parse(value, known)?))).collect()
    }

    fn filled(&self, filling: &Filling<'_>) -> Json {
        match self {
            Self::Text(text) => text.filled(filling).into(),
            Self::Other(other) => other.clone(),
            Self::List(all) => all.iter().map(|one| one.filled(filling)).collect(),
            Self::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), value.filled(filling))).collect()
            }
        }
    }

    fn has(&self, place: Place) -> bool {
        match self {
            Self::Text(text) => text.has(place),
            Self::Other(_) => false,
            Self::List(all) => all.iter().any(|one| one.has(place)),
            Self::Object(fields) => fields.iter().any(|(_, value)| value.has(place)),
        }
    }
}

/// A request with places.
pub(crate) struct Template {
    url: Url,
    method: http::Method,
    encoding: Encoding,
    headers: Vec<(HeaderName, Text)>,
    body: Vec<(String, Node)>,
}

/// As it stands in the settings.
pub(crate) struct Given<'a> {
    pub(crate) url: &'a str,
    pub(crate) method: Method,
    pub(crate) encoding: Encoding,
    pub(crate) headers: &'a BTreeMap<String, Secret>,
    pub(crate) body: &'a Map<String, Json>,
}

impl Template {
    /// The errors name the settings that cannot be used.
    pub(crate) fn parse(given: &Given<'_>, known: &[Place]) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let url = Url::parse(given.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = url.filter(|url| url.username().is_empty() && url.password().is_none()) else {
            return Err(vec!["url must be an http or https address without a user name".to_owned()]);
        };
        let mut headers = Vec::new();
        for (name, value) in given.headers {
            let text = Text::parse(value.expose(), known).map_err(|why| format!("headers.{name}: {why}"));
            match (HeaderName::from_bytes(name.as_bytes()), text) {
                (Ok(header), Ok(text)) => headers.push((header, text)),
                (Err(_), _) => wrong.push(format!("headers.{name} is no name of a header")),
                (_, Err(why)) => wrong.push(why),
            }
        }
        let mut body = Vec::new();
        for (name, value) in given.body {
            match Node::parse(value, known) {
                Ok(Node::List(_) | Node::Object(_)) if given.encoding == Encoding::Form => {
                    wrong.push(format!("body.{name}: a form holds texts and numbers alone"));
                }
                Ok(node) => body.push((name.clone(), node)),
                Err(why) => wrong.push(format!("body.{name}: {why}")),
            }
        }
        let method = match given.method {
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Patch => http::Method::PATCH,
        };
        if wrong.is_empty() {
            Ok(Self { url, method, encoding: given.encoding, headers, body })
        } else {
            Err(wrong)
        }
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Whether it has this place anywhere.
    pub(crate) fn has(&self, place: Place) -> bool {
        self.headers.iter().any(|(_, text)| text.has(place))
            || self.body.iter().any(|(_, node)| node.has(place))
    }

    /// The request; the error says which header cannot hold what it is to be filled with.
    pub(crate) fn filled(&self, filling: &Filling<'_>) -> Result<Request<Vec<u8>>, String> {
        let (content_type, body) = match self.encoding {
            Encoding::Json => {
                let fields = self.body.iter().map(|(name, node)| (name.clone(), node.filled(filling)));
                ("application/json", Json::Object(fields.collect()).to_string())
            }
            Encoding::Form => {
                let mut form = Serializer::new(String::new());
                for (name, node) in &self.body {
                    match node.filled(filling) {
                        Json::String(text) => form.append_pair(name, &text),
                        other => form.append_pair(name, &other.to_string()),
                    };
                }
                ("application/x-www-form-urlencoded", form.finish())
            }
        };
        let mut request = Request::new(body.into_bytes());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.url.as_str().parse().map_err(|_| "the url cannot be asked".to_owned())?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, text) in &self.headers {
            let mut value = HeaderValue::from_str(&text.filled(filling))
                .map_err(|_| format!("the header {name} cannot hold what it is to be filled with"))?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(encoding: Encoding, body: &Json) -> Result<Template, Vec<String>> {
        let given = Given {
            url: "http://127.0.0.1:8000/auth",
            method: Method::Post,
            encoding,
            headers: &[("x-key".to_owned(), Secret::from("k-{secret}"))].into(),
            body: body.as_object().unwrap(),
        };
        Template::parse(&given, OF_SIGN_IN)
    }

    const FILLING: Filling<'_> = Filling {
        identifier: "ada",
        email: "ada@example.com",
        password: "\"}, \"admin\": true, {email} \\ \u{fc}&=+ {\u{1f600}",
        secret: "s",
        refresh_token: "",
    };

    #[test]
    fn values_stay_data_whatever_they_hold() {
        let body = json!({"user": {"login": "{identifier}", "all": ["{email}", 1, null]}, "pw": "{password}", "n": "{ {}"});
        let request = template(Encoding::Json, &body).ok().unwrap().filled(&FILLING).unwrap();
        let sent: Json = serde_json::from_slice(request.body()).unwrap();
        let expected = json!({
            "user": {"login": "ada", "all": ["ada@example.com", 1, null]}, "pw": FILLING.password, "n": "{ {}",
        });
        assert_eq!(sent, expected);
        assert_eq!(request.headers()["x-key"], "k-s");
    }

    #[test]
    fn a_form_is_encoded_as_one() {
        let body = json!({"u": "{identifier}", "p": "{password}", "n": 7});
        let request = template(Encoding::Form, &body).ok().unwrap().filled(&FILLING).unwrap();
        let sent: BTreeMap<_, _> = url::form_urlencoded::parse(request.body()).into_owned().collect();
        assert_eq!(sent["p"], FILLING.password);
        assert_eq!((sent["u"].as_str(), sent["n"].as_str(), sent.len()), ("ada", "7", 3));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        let wrong = template(Encoding::Json, &json!({"p": "{pasword}"})).err().unwrap().join("\n");
        assert!(
            wrong.contains("body.p") && wrong.contains("{pasword}") && wrong.contains("{password}"),
            "{wrong}"
        );
        let wrong = template(Encoding::Form, &json!({"p": ["{password}"]})).err().unwrap().join("\n");
        assert!(wrong.contains("body.p"), "{wrong}");
    }

    #[test]
    fn a_header_that_cannot_hold_a_value_fails_instead_of_being_cut() {
        let given = Given {
            url: "http://127.0.0.1/",
            method: Method::Post,
            encoding: Encoding::Json,
            headers: &[("authorization".to_owned(), Secret::from("Bearer {password}"))].into(),
            body: &Map::new(),
        };
        let template = Template::parse(&given, OF_SIGN_IN).ok().unwrap();
        assert!(template.has(Place::Password) && !template.has(Place::Email));
        let broken = Filling { password: "a\r\nx-admin: 1", ..FILLING };
        assert!(template.filled(&broken).unwrap_err().contains("authorization"));
    }
}
