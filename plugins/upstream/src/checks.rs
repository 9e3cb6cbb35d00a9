//! What `guichet doctor` and the start say about it.

use std::time::Duration;

use guichet_core::app::App;
use guichet_core::check::Check;
use guichet_core::timestamp::Timestamp;
use url::Host;

use crate::Upstream;
use crate::ask::{Said, ask};
use crate::options::{Mode, UserId};
use crate::template::{Filling, Template};

/// Nobody can have this address (RFC 2606).
const NOBODY: &str = "guichet-doctor@nobody.invalid";

/// How long before its end people are reminded.
const SOON: Duration = Duration::from_hours(14 * 24);

impl Upstream {
    /// Whether the last day has passed.
    pub(crate) fn has_ended(&self, now: Timestamp) -> bool {
        self.shared.ends.is_some_and(|ends| ends <= now)
    }

    pub(crate) async fn look(&self, app: &App, asks_it: bool) -> Vec<Check> {
        let mut checks = vec![self.about_passwords(app).await];
        if asks_it && !self.has_ended(app.clock.now()) {
            checks.push(self.about_its_answer(app).await);
        }
        if [Some(&self.shared.request), self.shared.renewal.as_ref().map(|(template, _)| template)]
            .into_iter()
            .flatten()
            .any(travels_in_plain)
        {
            checks.push(Check::warning(
                "upstream transport",
                "passwords or tokens go to it over http, by a public name",
                "use https, or a private address",
            ));
        }
        checks
    }

    /// Asks it about somebody whom nobody knows: it has to say no.
    async fn about_its_answer(&self, app: &App) -> Check {
        const NAME: &str = "upstream answer";
        let password = app.keyring.random_alphanumeric(32);
        let filling = Filling {
            identifier: NOBODY,
            email: NOBODY,
            password: &password,
            secret: self.secret(),
            ..Filling::default()
        };
        let options = &self.shared.options;
        let wrong = |status| options.wrong_statuses.contains(&status);
        match ask(app, &self.shared.request, &filling, options.timeout.0, wrong).await {
            Ok(Said::Refused(status)) => {
                Check::good(NAME, format!("it says no to somebody whom nobody knows ({status})"))
            }
            Ok(Said::Right(_)) => Check::bad(
                NAME,
                "it says yes to somebody whom nobody knows",
                "see that `url` is where passwords are checked: everybody would be let in",
            ),
            Err(failure) => Check::bad(
                NAME,
                failure.to_string(),
                "nobody signs in until it answers; a status that means a wrong password belongs in `wrong_statuses`",
            ),
        }
    }

    async fn about_passwords(&self, app: &App) -> Check {
        const NAME: &str = "upstream";
        let options = &self.shared.options;
        if options.mode == Mode::Judge {
            return Check::good(NAME, "it judges every password; none is kept here");
        }
        let status = match self.count(app).await {
            Ok(status) => status,
            Err(error) => {
                return Check::warning(NAME, format!("cannot be counted: {error}"), "look at the database");
            }
        };
        let (moved, waiting) = status.moved_and_not();
        let counted = format!("{moved} moved, {waiting} not");
        let until = options.until.as_deref().unwrap_or_default();
        let now = app.clock.now();
        match self.shared.ends {
            Some(ends) if ends <= now => Check::warning(
                NAME,
                format!("{counted}; its last day, {until}, has passed: nobody is asked any more"),
                "remove [plugins.upstream]; who has not moved sets a new password by mail",
            ),
            Some(ends) if now.until(ends) < SOON => Check::warning(
                NAME,
                format!("{counted}; its last day is {until}"),
                "tell those who have not signed in since, or set a later `until`",
            ),
            Some(_) => Check::good(NAME, format!("{counted}; asked until {until}")),
            None => Check::warning(
                NAME,
                format!("{counted}; no end is set"),
                "set `until`: what is asked about passwords for ever can never be switched off",
            ),
        }
    }

    /// Refuses settings that only the whole product can tell.
    pub(crate) fn has_its_place(&self, app: &App) -> anyhow::Result<()> {
        anyhow::ensure!(
            app.password_door.is_some(),
            "it judges passwords, and no plugin takes them: add [plugins.email-password]"
        );
        anyhow::ensure!(
            self.shared.options.user_id == UserId::Own || !app.db.ids_are_uuids(),
            "user_id = \"upstream\": ids are of type uuid in this database, which does not keep another program's as they are"
        );
        let columns: Vec<_> = app.users.extra_columns().map(|column| column.name.as_ref()).collect();
        for name in self.shared.options.answer.columns.keys() {
            anyhow::ensure!(
                columns.contains(&name.as_str()),
                "answer.columns.{name}: no such column of user; declare it in [[user.fields]] ({} are there)",
                if columns.is_empty() { "none".to_owned() } else { columns.join(", ") }
            );
        }
        Ok(())
    }

    /// Says in the log who is asked, and until when.
    pub(crate) fn begin(&self, app: &App) {
        let until = self.shared.options.until.as_deref().unwrap_or("no end is set");
        match self.shared.options.mode {
            Mode::Judge => tracing::info!("a back end judges every password; none is kept here"),
            Mode::Strangler if self.has_ended(app.clock.now()) => tracing::warn!(
                event = "upstream.ended",
                until,
                "the back end's last day has passed: nobody is asked about passwords any more"
            ),
            Mode::Strangler => tracing::info!(until, "passwords move here from a back end"),
        }
    }
}

/// Whether what is sent can be read on the way: http, and neither this machine nor a private network.
fn travels_in_plain(template: &Template) -> bool {
    if template.url().scheme() != "http" {
        return false;
    }
    match template.url().host() {
        // A name without a dot is one of a private network: a container's, a service's.
        Some(Host::Domain(name)) => {
            name.contains('.') && ![".localhost", ".internal", ".local"].iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(address)) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local())
        }
        Some(Host::Ipv6(address)) => !(address.is_loopback() || address.is_unique_local()),
        None => false,
    }
}
