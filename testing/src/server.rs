//! The product, running.

use std::sync::Arc;
use std::time::{Duration, Instant};

use guichet_core::app::App;
use guichet_core::clock::Clock;
use guichet_core::config::Config;
use guichet_core::email_address::EmailAddress;
use guichet_core::http::Route;
use guichet_core::keyring::SystemRandomness;
use guichet_core::mail::transport::{Letter, Mailbox, highlight};
use guichet_core::plugin::{Registration, sections_by_default, switched_on};
use guichet_core::server::{Outside, Server};
use guichet_core::store::{Fields, NewUser, User};
use guichet_core::timestamp::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{Browser, TestClock, TestDatabase};

/// A running server with its clock and mailbox. It ends with the test.
pub struct TestServer {
    /// The product's context.
    pub app: App,
    /// Its clock.
    pub clock: TestClock,
    /// Its database.
    pub database: TestDatabase,
    /// Where its mails go.
    pub mailbox: Arc<Mailbox>,
    /// Every route that it serves.
    pub routes: Vec<Route>,
    base: String,
    stop: CancellationToken,
    running: Option<JoinHandle<()>>,
}

impl TestServer {
    /// Starts with the default settings.
    pub async fn start(plugins: &[Registration], database: &TestDatabase) -> Self {
        Self::with(plugins, database, "").await
    }

    /// Starts with these settings (TOML) over the defaults; `$PORT` in them is the server's own. Limits are off unless the settings speak of them.
    ///
    /// # Panics
    /// When it does not start: see [`TestServer::try_with`].
    pub async fn with(plugins: &[Registration], database: &TestDatabase, settings: &str) -> Self {
        Self::try_with(plugins, database, settings).await.expect("the product starts")
    }

    /// As [`TestServer::with`]; gives the error of a start that was refused.
    ///
    /// # Panics
    /// When the settings are no TOML.
    pub async fn try_with(
        plugins: &[Registration],
        database: &TestDatabase,
        settings: &str,
    ) -> Result<Self, String> {
        Self::try_beside(plugins, database, settings, None).await
    }

    /// As [`TestServer::with`], beside a server that answers in place of all others, at `/host/path`.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn beside(
        plugins: &[Registration],
        database: &TestDatabase,
        settings: &str,
        stand_in: &str,
    ) -> Self {
        let started = Self::try_beside(plugins, database, settings, Some(stand_in.to_owned())).await;
        started.expect("the product starts")
    }

    async fn try_beside(
        plugins: &[Registration],
        database: &TestDatabase,
        settings: &str,
        stand_in: Option<String>,
    ) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        // Whoever needs another name of this machine in the base URL knows no port beforehand.
        let settings = settings.replace("$PORT", base.rsplit(':').next().unwrap_or_default());
        let mut table: toml::Table = settings.parse().expect("the settings are TOML");
        let mut set = |key: &str, value: toml::Value| {
            table.entry(key).or_insert(value);
        };
        set("base_url", base.clone().into());
        set("secret", "a-secret-of-the-tests-that-nobody-else-uses".into());
        set("trusted_origins", vec!["http://app.localhost:5173"].into());
        set("rate_limit", toml::toml! { enabled = false }.into());
        set("plugins", sections_by_default(plugins).into());
        let databases = table.entry("database").or_insert_with(|| toml::Table::new().into());
        if let Some(options) = databases.as_table_mut() {
            options.insert("url".to_owned(), database.url().into());
            options.entry("connections").or_insert(10.into());
        }
        let config: Config = table.try_into().map_err(|e: toml::de::Error| e.to_string())?;
        let clock = TestClock::default();
        let mailbox = Arc::new(Mailbox::new());
        let outside = Outside {
            clock: Arc::new(clock.clone()),
            randomness: Arc::new(SystemRandomness),
            mailbox: Some(mailbox.clone()),
            transport: None,
            stand_in,
        };
        let plugins = switched_on(plugins, &config).map_err(|e| e.to_string())?;
        let server = Server::build(config, plugins, outside).await.map_err(|e| format!("{e:#}"))?;
        let (app, routes) = (server.app.clone(), server.routes().to_vec());
        let stop = CancellationToken::new();
        let until = stop.clone();
        let running = tokio::spawn(async move {
            server.run(listener, until).await.expect("the server ends well");
        });
        Ok(Self {
            app,
            clock,
            database: database.clone(),
            mailbox,
            routes,
            base,
            stop,
            running: Some(running),
        })
    }

    /// Its base URL.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A browser with an empty cookie jar, at an application on a trusted origin.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base, "http://app.localhost:5173")
    }

    /// A browser on the server's own pages.
    pub fn page_browser(&self) -> Browser {
        Browser::new(&self.base, &self.base)
    }

    /// The moment, by the server's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Every mail to an address, the newest first, once the outbox is empty.
    ///
    /// # Panics
    /// When mails do not leave within ten seconds.
    pub async fn mails(&self, to: &str) -> Vec<Letter> {
        let began = Instant::now();
        while self.app.outbox.pending().await.expect("the outbox can be read") > 0 {
            assert!(began.elapsed() < Duration::from_secs(10), "mails do not leave the outbox");
            let _ = self.app.outbox.deliver_due().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let to = EmailAddress::parse_international(to).expect("an address");
        let mut mails: Vec<Letter> =
            self.mailbox.list().into_iter().filter(|letter| letter.to == to).collect();
        // Deliveries overtake each other; the order of writing is the one that tests speak of.
        mails.sort_by_key(|letter| std::cmp::Reverse((letter.written_at, letter.id.clone())));
        mails
    }

    /// The newest code that was mailed to an address: six digits.
    ///
    /// # Panics
    /// When there is none.
    pub async fn code(&self, to: &str) -> String {
        let mails = self.mails(to).await;
        let newest = mails.first().unwrap_or_else(|| panic!("no mail to {to}"));
        highlight(&newest.text).expect("the mail has a code").to_owned()
    }

    /// The link in the newest mail to an address, from the root.
    ///
    /// # Panics
    /// When there is none, or when it does not stand behind the mail's button.
    pub async fn mailed_link(&self, to: &str) -> String {
        let mails = self.mails(to).await;
        let newest = mails.first().unwrap_or_else(|| panic!("no mail to {to}"));
        let link = newest.text.split_whitespace().find_map(|word| word.strip_prefix(&self.base));
        let link = link.unwrap_or_else(|| panic!("no link in {newest:?}"));
        let button = format!("{}{}", self.base, link.replace('&', "&amp;"));
        assert!(newest.html.contains(&button), "the same link is behind the button");
        link.to_owned()
    }

    /// Makes a user whose address is proven.
    ///
    /// # Panics
    /// When there already is one.
    pub async fn user(&self, email: &str) -> User {
        let new = NewUser {
            email: EmailAddress::parse_international(email).expect("an address"),
            email_verified: true,
            name: String::new(),
            image: None,
            extra: Fields::default(),
        };
        self.app.users.insert(&self.app.db, self.app.new_id(), new, self.now()).await.expect("a new user")
    }

    /// The number that a statement gives, e.g. `select count(*) from "user"`.
    ///
    /// # Panics
    /// When it gives none.
    pub async fn number(&self, sql: &str) -> i64 {
        self.app.db.query(sql).scalar().await.expect("the statement runs").expect("it gives a number")
    }

    /// How many rows a table has.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!(r#"select count(*) from "{table}""#)).await
    }

    /// The text that a statement gives; `None` when it is null or there is no row.
    ///
    /// # Panics
    /// When it fails.
    pub async fn text(&self, sql: &str) -> Option<String> {
        self.app.db.query(sql).scalar().await.expect("the statement runs")
    }

    /// Runs a statement.
    ///
    /// # Panics
    /// When it fails.
    pub async fn execute(&self, sql: &str) -> u64 {
        self.app.db.query(sql).execute().await.expect("the statement runs")
    }

    /// Stops gracefully and waits for it.
    ///
    /// # Panics
    /// When it ends badly.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(running) = self.running.take() {
            running.await.expect("the server ends well");
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
