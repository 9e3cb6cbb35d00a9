//! `guichet config show pathways`, and how people come in.

use guichet_core::app::App;
use guichet_core::http::API_BASE;
use guichet_core::pathway::Pathway;
use guichet_core::server::Server;
use guichet_core::terminal::table;
use serde_json::{Value, json};

use super::openapi;
use super::settings::Settings;

pub(super) fn shown(settings: Settings, as_json: bool) -> anyhow::Result<String> {
    let server = openapi::outline(settings)?;
    let ways: Vec<&Pathway> = server.app.pathways.iter().filter(|way| way.is_open(&server.app)).collect();
    if as_json {
        let ways: Vec<Value> = ways.into_iter().map(|way| told(&server, way)).collect();
        return Ok(format!("{:#}\n", Value::from(ways)));
    }
    let rows: Vec<[String; 4]> = ways
        .iter()
        .map(|way| {
            let strength = format!("AAL{}", way.strength.number());
            [
                way.method(&server.app).unwrap_or_default().to_owned(),
                strength,
                way.proves.to_owned(),
                address(&server, way),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(
            "There is no way to a session: no plugin that signs people in is switched on.\n".to_owned()
        );
    }
    Ok(table(["METHOD", "AT MOST", "PROVES", "ROUTE"], &rows))
}

/// The methods of the open ways that are `wanted`, each once.
pub(super) fn ways_in(app: &App, wanted: impl Fn(&Pathway) -> bool) -> Vec<&str> {
    let ways = app.pathways.iter().filter(|way| wanted(way) && way.is_open(app));
    let mut methods: Vec<&str> = ways.filter_map(|way| way.method(app)).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

fn told(server: &Server, way: &Pathway) -> Value {
    json!({
        "method": way.method(&server.app),
        "route": way.route,
        "address": address(server, way),
        "proves": way.proves,
        "aal": way.strength.number(),
    })
}

/// `POST /api/auth/sign-in/email`
fn address(server: &Server, way: &Pathway) -> String {
    let route = server.routes().iter().find(|route| route.name == way.route);
    route.map(|route| format!("{} {}", route.method, route.full_path(API_BASE))).unwrap_or_default()
}
