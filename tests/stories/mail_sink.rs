//! A real mail server: `tests/node/smtp-sink.mjs`, with STARTTLS and logins.

use std::collections::HashSet;

use guichet_core::serde_json::Value;

use crate::node::Node;

const USER: &str = "guichet";
const PASSWORD: &str = "a password of the mail server";

/// A running mail server, and the mails that it accepted.
pub(crate) struct MailSink {
    node: Node,
    port: u64,
    ca_file: String,
}

impl MailSink {
    /// Starts one that wants STARTTLS and a login, and behaves as `environment` says beyond that.
    pub(crate) async fn start(environment: &[(&str, &str)]) -> Self {
        let mut all = vec![("SMTP_TLS", "required"), ("SMTP_USER", USER), ("SMTP_PASSWORD", PASSWORD)];
        all.retain(|(name, _)| environment.iter().all(|(other, _)| other != name));
        all.extend(environment);
        let mut node = Node::start("smtp-sink.mjs", &all);
        let first = node.next().await.expect("the mail server starts");
        let port = first["port"].as_u64().expect("it tells its port");
        let ca_file = first["caFile"].as_str().unwrap_or_default().to_owned();
        Self { node, port, ca_file }
    }

    /// `[mail]` for a server that sends through this one by STARTTLS.
    pub(crate) fn settings(&self) -> String {
        let Self { port, ca_file, .. } = self;
        let trusted = if ca_file.is_empty() { String::new() } else { format!("ca_file = {ca_file:?}\n") };
        format!(
            "[mail]\ntransport = \"smtp\"\nfrom = \"Résidence Les Lilas <no-reply@lilas.example>\"\n\
             [mail.smtp]\nhost = \"localhost\"\nport = {port}\ntls = \"required\"\n\
             username = {USER:?}\npassword = {PASSWORD:?}\n{trusted}"
        )
    }

    /// The next mail that it accepts.
    pub(crate) async fn mail(&mut self) -> Value {
        self.node.next().await.expect("the mail server runs")
    }

    /// Everybody who got a mail so far and was not looked at yet.
    pub(crate) fn recipients(&mut self) -> HashSet<String> {
        let mut all = HashSet::new();
        while let Some(mail) = self.node.said_already() {
            let to = mail["to"].as_array().into_iter().flatten();
            all.extend(to.filter_map(|one| Some(one.as_str()?.to_owned())));
        }
        all
    }
}
