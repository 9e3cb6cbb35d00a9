//! The `OpenAPI` 3.1 document, made from the routes that are served.

use serde_json::{Map, Value, json};

use super::route::{Accepts, Route, RouteKind};
use crate::app::App;
use crate::cookie::SESSION_TOKEN;
use crate::schema::{Kind, Schema};

/// A JSON schema, with short ways to write one.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(pub Value);

impl Shape {
    /// An object of (name, form, required).
    pub fn object(fields: &[(&str, Shape, bool)]) -> Self {
        let properties: Map<String, Value> =
            fields.iter().map(|(name, shape, _)| ((*name).to_owned(), shape.0.clone())).collect();
        let required: Vec<&str> = fields.iter().filter(|(_, _, r)| *r).map(|(name, _, _)| *name).collect();
        Self(json!({"type": "object", "properties": properties, "required": required}))
    }

    /// A text.
    pub fn text() -> Self {
        Self(json!({"type": "string"}))
    }

    /// A moment, as RFC 3339 has it.
    pub fn moment() -> Self {
        Self(json!({"type": "string", "format": "date-time"}))
    }

    /// A truth value.
    pub fn boolean() -> Self {
        Self(json!({"type": "boolean"}))
    }

    /// Exactly `true`.
    pub fn yes() -> Self {
        Self(json!({"type": "boolean", "const": true}))
    }

    /// `{"status": true}`: it is done, and there is no more to say.
    pub fn status() -> Self {
        Self::object(&[("status", Self::yes(), true)])
    }

    /// An object of any fields.
    pub fn record() -> Self {
        Self(json!({"type": "object", "additionalProperties": true}))
    }

    /// A named component: `User`, `Session`.
    pub fn named(name: &str) -> Self {
        Self(json!({"$ref": format!("#/components/schemas/{name}")}))
    }

    /// This or null.
    #[must_use]
    pub fn or_null(self) -> Self {
        Self(json!({"anyOf": [self.0, {"type": "null"}]}))
    }

    /// A list of this.
    #[must_use]
    pub fn list(self) -> Self {
        Self(json!({"type": "array", "items": self.0}))
    }
}

/// The whole document. `base` is the API's base path.
pub fn document(app: &App, base: &str, routes: &[Route]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let item = paths.entry(route.full_path(base)).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(route.method.as_str().to_ascii_lowercase(), operation(route));
        }
    }
    paths.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": app.config.app_name,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Speaks Better Auth's wire protocol: errors are `{code, message}`, dates RFC 3339 in UTC with milliseconds.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "paths": paths,
        "components": {
            "schemas": {
                "User": component(&app.schema, "user"),
                "Session": component(&app.schema, "session"),
                "Error": {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}
            },
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": app.cookies.name(SESSION_TOKEN)},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            }
        }
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.name.split('.').next().unwrap_or("core")],
        "responses": {
            (route.status.as_str()): answer(route),
            "default": {
                "description": "A refusal",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
            }
        }
    });
    if let Some(fields) = operation.as_object_mut() {
        if let Some(body) = &route.body {
            let types: &[&str] = match route.accepts {
                Accepts::Json => &["application/json"],
                Accepts::JsonOrForm => &["application/json", "application/x-www-form-urlencoded"],
                Accepts::Form => &["application/x-www-form-urlencoded"],
            };
            let content: Map<String, Value> =
                types.iter().map(|t| ((*t).to_owned(), json!({"schema": body.0}))).collect();
            fields.insert("requestBody".to_owned(), json!({"required": true, "content": content}));
        }
        let parameters = parameters(route);
        if !parameters.is_empty() {
            fields.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if route.needs_session {
            let scheme = if route.kind == RouteKind::Program { "bearer" } else { "session" };
            fields.insert("security".to_owned(), json!([{scheme: []}]));
        }
    }
    operation
}

fn answer(route: &Route) -> Value {
    match (&route.answers, route.kind) {
        (Some(shape), _) => {
            json!({"description": "Done", "content": {"application/json": {"schema": shape.0}}})
        }
        (None, RouteKind::Page) => {
            json!({"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}})
        }
        (None, _) => json!({"description": "Done"}),
    }
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = route
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    let query = route.query.as_ref().and_then(|shape| shape.0.get("properties")?.as_object());
    let required = route.query.as_ref().and_then(|shape| shape.0.get("required")?.as_array());
    let in_query = query.into_iter().flatten().map(|(name, schema)| {
        let must = required.is_some_and(|list| list.iter().any(|r| r == name));
        json!({"name": name, "in": "query", "required": must, "schema": schema})
    });
    in_path.chain(in_query).collect()
}

/// The form of a table's rows on the wire.
fn component(schema: &Schema, table: &str) -> Value {
    let columns = schema.table(table).map(|t| t.columns.as_slice()).unwrap_or_default();
    let returned: Vec<_> = columns.iter().filter(|c| c.returned).collect();
    let properties: Map<String, Value> = returned
        .iter()
        .map(|c| {
            let base = match c.kind {
                Kind::Text => json!({"type": "string"}),
                Kind::Integer | Kind::BigInteger => json!({"type": "integer"}),
                Kind::Boolean => json!({"type": "boolean"}),
                Kind::Timestamp => Shape::moment().0,
            };
            let form = if c.required { base } else { json!({"anyOf": [base, {"type": "null"}]}) };
            (c.name.to_string(), form)
        })
        .collect();
    let names: Vec<&str> = returned.iter().map(|c| c.name.as_ref()).collect();
    json!({"type": "object", "properties": properties, "required": names})
}
