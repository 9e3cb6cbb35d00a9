//! The forms of this dialect in the `OpenAPI` document.

use guichet_core::app::App;
use guichet_core::http::{Field as _, Shape};
use guichet_core::schema::{Column, Kind};
use guichet_core::serde_json::json;
use guichet_core::timestamp::Timestamp;

use crate::TokenApi;
use crate::user::snake;

/// A pair without the user.
pub(crate) fn pair() -> Shape {
    Shape::object(&pair_fields(false))
}

/// A pair with the user beside it; the tokens may be null where a sign-up waits for a proof.
pub(crate) fn entry(plugin: &TokenApi, app: &App, may_wait: bool) -> Shape {
    let mut fields = pair_fields(may_wait);
    fields.push(("user", user(plugin, app), true));
    Shape::object(&fields)
}

fn pair_fields(may_be_null: bool) -> Vec<(&'static str, Shape, bool)> {
    let or_null = |shape: Shape| if may_be_null { shape.or_null() } else { shape };
    vec![
        ("access_token", or_null(Shape::text()), true),
        ("refresh_token", or_null(Shape::text()), true),
        ("token_type", Shape(json!({"type": "string", "const": "bearer"})), true),
        ("expires_in", or_null(Shape(json!({"type": "integer"}))), true),
    ]
}

/// A user.
pub(crate) fn user(plugin: &TokenApi, app: &App) -> Shape {
    let columns: Vec<&Column> = app.users.columns().iter().filter(|column| column.returned).collect();
    let names: Vec<String> = columns.iter().map(|column| snake(&column.name)).collect();
    let form = |column: &Column| match column.name.as_ref() {
        "id" if plugin.options.numeric_ids => Shape(json!({"type": ["integer", "string"]})),
        _ if column.required => of(column),
        _ => of(column).or_null(),
    };
    let fields: Vec<_> =
        columns.iter().zip(&names).map(|(column, name)| (name.as_str(), form(column), true)).collect();
    Shape::object(&fields)
}

/// What a sign-up sends.
pub(crate) fn registration(app: &App) -> Shape {
    let columns: Vec<&Column> = app.users.extra_columns().filter(|column| column.input).collect();
    let names: Vec<String> = columns.iter().map(|column| snake(&column.name)).collect();
    let mut fields = vec![
        ("name", Shape::text(), true),
        ("email", Shape(json!({"type": "string", "format": "email"})), true),
        ("password", Shape::text(), true),
        ("image", Shape::text().or_null(), false),
    ];
    fields.extend(
        columns.iter().zip(&names).map(|(c, name)| (name.as_str(), of(c), c.required && c.default.is_none())),
    );
    Shape::object(&fields)
}

fn of(column: &Column) -> Shape {
    match column.kind {
        Kind::Text => Shape::text(),
        Kind::Integer | Kind::BigInteger => Shape(json!({"type": "integer"})),
        Kind::Boolean => Shape::boolean(),
        Kind::Timestamp => Timestamp::shape(),
    }
}
