//! `GET /admin/get-user` and `GET /admin/list-users`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, not_found};
use guichet_core::http::{Field, Issues, Query, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::{Value, json as value};

use crate::list::{Conditions, Operator, column, wrong};
use crate::{Admin, YOU_ARE_NOT_ALLOWED_TO_GET_USER, YOU_ARE_NOT_ALLOWED_TO_LIST_USERS};

/// How many users an answer has when nobody says (the reference's default).
const USUAL: i64 = 100;
/// How many it has at the most.
const MOST: i64 = 1000;

guichet_core::input! {
    /// Who.
    struct Who {
        /// The user's id.
        id: String,
    }
}

guichet_core::choices! {
    /// Where is searched.
    enum Place { Email = "email", Name = "name" }
}
guichet_core::choices! {
    /// How is searched.
    enum Manner { Contains = "contains", StartsWith = "starts_with", EndsWith = "ends_with" }
}
guichet_core::choices! {
    /// In which order.
    enum Direction { Ascending = "asc", Descending = "desc" }
}

/// A text of a query, or several of the same key.
#[derive(Debug)]
struct Several(Vec<String>);

impl Field for Several {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        match value {
            Some(Value::Array(all)) => {
                all.iter().map(|one| String::read(Some(one), path, issues)).collect::<Option<_>>().map(Self)
            }
            one => String::read(one, path, issues).map(|one| Self(vec![one])),
        }
    }
    fn shape() -> Shape {
        Shape(value!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}))
    }
}

/// A number in a query, as JavaScript's `Number(…) || undefined` reads it.
#[derive(Debug)]
struct Count(Option<i64>);

impl Field for Count {
    fn read(value: Option<&Value>, path: &str, issues: &mut Issues) -> Option<Self> {
        let Some(Value::String(text)) = value else {
            issues.note(path, "Invalid input");
            return None;
        };
        match text.trim().parse::<f64>() {
            Ok(number) if number < 0.0 || number.fract() != 0.0 => {
                issues.note(path, "Invalid input: expected a whole number");
                None
            }
            #[expect(clippy::cast_possible_truncation, reason = "a float turns into the nearest integer")]
            Ok(number) if number != 0.0 => Some(Self(Some(number.min(f64::from(i32::MAX)) as i64))),
            _ => Some(Self(None)),
        }
    }
    fn shape() -> Shape {
        Shape(value!({"type": "integer", "minimum": 0}))
    }
}

guichet_core::input! {
    /// Which users.
    struct Which {
        /// What is searched for.
        search_value as "searchValue": Option<String>,
        /// Where; in addresses when it is not said.
        search_field as "searchField": Option<Place>,
        /// How; anywhere in it when it is not said.
        search_operator as "searchOperator": Option<Manner>,
        /// How many.
        limit: Option<Count>,
        /// How many are left out.
        offset: Option<Count>,
        /// The column that orders them.
        sort_by as "sortBy": Option<String>,
        /// Which way.
        sort_direction as "sortDirection": Option<Direction>,
        /// The column that is compared.
        filter_field as "filterField": Option<String>,
        /// With what.
        filter_value as "filterValue": Option<Several>,
        /// How.
        filter_operator as "filterOperator": Option<Operator>,
    }
}

pub(super) fn get(plugin: Arc<Admin>) -> Route {
    Route::get("/admin/get-user", "admin.get-user", one, plugin)
        .needs_session()
        .summary("A user, by id")
        .query::<Who>()
        .answers(Shape::named("User"))
}

pub(super) fn list(plugin: Arc<Admin>) -> Route {
    let number = || Shape(value!({"type": "integer"}));
    Route::get("/admin/list-users", "admin.list-users", several, plugin)
        .needs_session()
        .summary("Users, searched, filtered and ordered by columns that applications see")
        .query::<Which>()
        .answers(Shape::object(&[
            ("users", Shape::named("User").list(), true),
            ("total", number(), true),
            ("limit", number(), false),
            ("offset", number(), false),
        ]))
}

async fn one(State(plugin): State<Arc<Admin>>, visit: Visit, Query(who): Query<Who>) -> Result<Reply> {
    plugin.caller(&visit, ("user", "get"), YOU_ARE_NOT_ALLOWED_TO_GET_USER).await?;
    let app = visit.app();
    let user = app.users.by_id(&app.db, &who.id).await?.ok_or_else(|| not_found(USER_NOT_FOUND))?;
    json(&app.users.json(&user))
}

async fn several(
    State(plugin): State<Arc<Admin>>,
    visit: Visit,
    Query(which): Query<Which>,
) -> Result<Reply> {
    plugin.caller(&visit, ("user", "list"), YOU_ARE_NOT_ALLOWED_TO_LIST_USERS).await?;
    let app = visit.app();
    let mut conditions = Conditions::default();
    if let Some(text) = which.search_value.filter(|text| !text.is_empty()) {
        let place = which.search_field.map_or("email", Place::text);
        let manner = match which.search_operator {
            Some(Manner::StartsWith) => Operator::StartsWith,
            Some(Manner::EndsWith) => Operator::EndsWith,
            _ => Operator::Contains,
        };
        conditions.add(column(app, "searchField", place)?, manner, &[text])?;
    }
    if let Some(Several(given)) = which.filter_value {
        let field = which.filter_field.as_deref().filter(|field| !field.is_empty()).unwrap_or("email");
        let operator = which.filter_operator.unwrap_or(Operator::Eq);
        conditions.add(column(app, "filterField", field)?, operator, &given)?;
    }
    let order = match which.sort_by.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => {
            let column = column(app, "sortBy", name)?;
            let way = which.sort_direction.map_or("asc", Direction::text);
            format!(r#"u."{}" {way}, u."id""#, column.name)
        }
        None => r#"u."createdAt", u."id""#.to_owned(),
    };
    let count = |asked: &Option<Count>| asked.as_ref().and_then(|Count(number)| *number);
    let (limit, offset) = (count(&which.limit), count(&which.offset));
    if limit.is_some_and(|limit| limit > MOST) {
        return Err(wrong("limit", &format!("Too big: expected number to be <={MOST}")));
    }
    let sql = format!(
        "{} order by {order} limit {} offset {}",
        conditions.sql(),
        limit.unwrap_or(USUAL),
        offset.unwrap_or_default()
    );
    let users = app.users.matching(&app.db, &sql, conditions.values()).await?;
    let count = format!(r#"select count(*) from "user" u{}"#, conditions.sql());
    let total: Option<i64> = app.db.query(&count).bind_all(conditions.values()).scalar().await?;
    let users: Vec<Value> = users.iter().map(|user| app.users.json(user)).collect();
    let mut answer = value!({"users": users, "total": total.unwrap_or_default()});
    if let Some(answer) = answer.as_object_mut() {
        for (name, number) in [("limit", limit), ("offset", offset)] {
            answer.extend(number.map(|number| (name.to_owned(), number.into())));
        }
    }
    json(&answer)
}
