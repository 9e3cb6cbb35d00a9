//! What is counted while the product runs, for whoever watches it. Counting is cheap and always on; a plugin shows it.
//! Labels are names of ours (routes, methods, error codes, kinds of mail), never a stranger's text.

use prometheus::{Encoder as _, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::app::App;
use crate::error::{Error, Result};

/// The counters. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Meters {
    registry: Registry,
    requests: IntCounterVec,
    refusals: IntCounterVec,
    sign_ins: IntCounterVec,
    mails: IntCounterVec,
    mails_waiting: IntGaugeVec,
    connections: IntGaugeVec,
    hashes: IntGaugeVec,
}

/// What became of a sign-in whose first proof was right.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SignIn {
    Granted,
    Challenged,
    Refused,
}

/// What became of one try to send a mail.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sending {
    Sent,
    Postponed,
    GivenUp,
    Late,
}

impl Meters {
    /// All at nought. Fails when two have one name.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| -> anyhow::Result<IntCounterVec> {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| -> anyhow::Result<IntGaugeVec> {
            let gauge = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        Ok(Self {
            requests: counter(
                "guichet_requests_total",
                "Requests by route and class of status; the route none is an unknown address.",
                &["route", "status"],
            )?,
            refusals: counter(
                "guichet_refusals_total",
                "Requests that were answered with an error, by route and code.",
                &["route", "code"],
            )?,
            sign_ins: counter(
                "guichet_sign_ins_total",
                "Sign-ins with a right proof, by method and outcome; wrong proofs are refusals.",
                &["method", "outcome"],
            )?,
            mails: counter(
                "guichet_mails_total",
                "Tries to send a mail, by its kind and outcome.",
                &["kind", "outcome"],
            )?,
            mails_waiting: gauge("guichet_mails_waiting", "Mails in the outbox that are still to be sent.", &[])?,
            connections: gauge(
                "guichet_database_connections",
                "Connections to the database of this process, by what they do.",
                &["state"],
            )?,
            hashes: gauge(
                "guichet_password_hashes",
                "Passwords that are being hashed, and those that wait for their turn.",
                &["state"],
            )?,
            registry,
        })
    }

    pub(crate) fn request(&self, route: &str, status: u16) {
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.requests.with_label_values(&[route, class]).inc();
    }

    pub(crate) fn refusal(&self, route: &str, code: &str) {
        self.refusals.with_label_values(&[route, code]).inc();
    }

    pub(crate) fn sign_in(&self, method: &str, outcome: SignIn) {
        let outcome = match outcome {
            SignIn::Granted => "granted",
            SignIn::Challenged => "challenged",
            SignIn::Refused => "refused",
        };
        self.sign_ins.with_label_values(&[method, outcome]).inc();
    }

    pub(crate) fn mail(&self, kind: &str, outcome: Sending) {
        let outcome = match outcome {
            Sending::Sent => "sent",
            Sending::Postponed => "postponed",
            Sending::GivenUp => "given_up",
            Sending::Late => "late",
        };
        self.mails.with_label_values(&[kind, outcome]).inc();
    }

    /// All of it in Prometheus' text form, version 0.0.4, with what is read at this moment. While the database is away,
    /// the number of mails that wait is left out.
    pub async fn text(&self, app: &App) -> Result<String> {
        let set = |gauge: &IntGaugeVec, state: &str, count: usize| {
            gauge.with_label_values(&[state]).set(i64::try_from(count).unwrap_or(i64::MAX));
        };
        let (open, idle) = app.db.connections();
        set(&self.connections, "busy", open.saturating_sub(idle));
        set(&self.connections, "idle", idle);
        let (running, waiting) = app.passwords.at_work();
        set(&self.hashes, "running", running);
        set(&self.hashes, "waiting", waiting);
        self.mails_waiting.reset();
        if let Ok(waiting) = app.outbox.pending().await {
            self.mails_waiting.with_label_values::<&str>(&[]).set(waiting);
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text).map_err(Error::internal)?;
        String::from_utf8(text).map_err(Error::internal)
    }
}
