//! Statements of one operation, as the server counts them where they are run and writes them into its log.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::figures::Cost;
use super::load::Load;
use super::place::{Place, Programs};
use super::server::{Server, Setting};
use crate::children::Children;

/// A line of the log; other lines have other fields.
#[derive(Deserialize)]
struct Line {
    route: String,
    statements: u64,
    transactions: u64,
}

/// Each operation, once; `first` keeps both runs from meeting the same people.
fn operations(first: usize) -> Vec<(&'static str, &'static str, Load)> {
    let once = |load: Load| load.by(1).with("--most", &1).with("--from", &first);
    let session = || Load::get("cost", "/api/auth/get-session", "").by(1).with("--most", &1);
    let password = r#"{"email":"p{n}@bench.example","password":"{password}"}"#;
    let address = r#"{"email":"p{n}@bench.example","type":"sign-in"}"#;
    let code = r#"{"email":"p{n}@bench.example","otp":"{code}"}"#;
    let somebody_new = r#"{"name":"x","email":"cost{n}@bench.example","password":"{password}"}"#;
    let post = |path, body| once(Load::post("cost", path, body, ""));
    vec![
        ("get-session, nobody", "core.get-session", session()),
        ("get-session", "core.get-session", session().signed_in()),
        ("sign-in", "email-password.sign-in", post("/api/auth/sign-in/email", password)),
        ("sign-up", "email-password.sign-up", post("/api/auth/sign-up/email", somebody_new)),
        (
            "code send",
            "email-otp.send-verification-otp",
            post("/api/auth/email-otp/send-verification-otp", address),
        ),
        ("code verify", "email-otp.sign-in", post("/api/auth/sign-in/email-otp", code)),
    ]
}

/// Counts every operation, without and with limits.
pub(crate) fn count(children: &Children, programs: &Programs, place: &Place, url: &str) -> Result<Vec<Cost>> {
    let free = counted(children, programs, place, url, false)?;
    let limited = counted(children, programs, place, url, true)?;
    let both = operations(0).into_iter().zip(free.into_iter().zip(limited));
    Ok(both
        .map(|((name, ..), (free, limited))| Cost {
            name,
            statements: free.statements,
            transactions: free.transactions,
            statements_limited: limited.statements,
        })
        .collect())
}

fn counted(
    children: &Children,
    programs: &Programs,
    place: &Place,
    url: &str,
    limits: bool,
) -> Result<Vec<Line>> {
    let log = place.folder().join(format!("costs-{limits}.log"));
    let server = Server::guichet(programs, place, url, Setting { limits, log: Some(&log) })?;
    let mut lines = Vec::new();
    for (name, route, load) in operations(if limits { 4_900 } else { 4_901 }) {
        load.run(children, programs, &server, 0.5).with_context(|| format!("the cost of {name}"))?;
        lines.push(last(&log, route)?.with_context(|| format!("the log says nothing of {name}"))?);
    }
    Ok(lines)
}

fn last(log: &Path, route: &str) -> Result<Option<Line>> {
    let text = fs::read_to_string(log)?;
    let lines = text.lines().rev().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    Ok(lines.into_iter().find(|line| line.route == route))
}
