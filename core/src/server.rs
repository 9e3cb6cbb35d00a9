//! The one composition: configuration, plugins and the outside world become a running server. The product and the
//! tests start through it; only clock, randomness and transports differ.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::account_tokens::Renewals;
use crate::app::{App, Parts};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::cookie::CookieStyle;
use crate::db::{Db, SpentByRequests};
use crate::error::CORE_CODES;
use crate::http::trusted::Trusted;
use crate::http::{Guards, Limiter, Route, document, router};
use crate::keyring::{Keyring, Randomness, SystemRandomness, VersionedSecret, random_alphanumeric};
use crate::language::Language;
use crate::mail::{Mailbox, Outbox, OutboxOptions, Transport};
use crate::meters::Meters;
use crate::outbound::Outbound;
use crate::pages::Templates;
use crate::password::Passwords;
use crate::plugin::{Plugin, check_claims, sole};
use crate::routes::{self, Document};
use crate::schema::{Schema, Table};
use crate::store::{self, Sessions, Users};
use crate::{http, mail, migrate, session};

/// The outside world: what tests replace.
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub randomness: Arc<dyn Randomness>,
    /// The mailbox of development and tests, when `[mail] transport = "mailbox"`.
    pub mailbox: Option<Arc<Mailbox>>,
    /// Another way out for mails; `None` takes the configured one.
    pub transport: Option<Arc<dyn Transport>>,
    /// The origin of a server that answers every request to other servers, at `/host/path`; `None` asks those themselves.
    pub stand_in: Option<String>,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            mailbox: None,
            transport: None,
            stand_in: None,
        }
    }
}

/// The product, put together.
pub struct Server {
    /// The context.
    pub app: App,
    routes: Vec<Route>,
    plugins: Vec<Arc<dyn Plugin>>,
    service: Router,
}

/// All tables that core, plugins and configuration declare.
pub fn schema(config: &Config, plugins: &[Arc<dyn Plugin>]) -> anyhow::Result<Schema> {
    Ok(Schema::merge(declared(config, plugins)?)?)
}

/// What each owner declares, with its name: the core, the configuration, the plugins by their ids.
pub fn declared(config: &Config, plugins: &[Arc<dyn Plugin>]) -> anyhow::Result<Vec<(String, Vec<Table>)>> {
    let core = [store::tables(), vec![http::limit_table()], mail::tables()].concat();
    let declared = [("core".to_owned(), core), ("the configuration".to_owned(), config_columns(config)?)];
    let of_plugins = plugins.iter().map(|plugin| (plugin.id().to_owned(), plugin.schema()));
    Ok(declared.into_iter().chain(of_plugins).collect())
}

fn config_columns(config: &Config) -> anyhow::Result<Vec<Table>> {
    let table = |name: &'static str, fields: &[crate::config::FieldOptions]| {
        fields.iter().try_fold(Table::new(name), |table, field| Ok(table.column(field.column()?)))
    };
    let both: anyhow::Result<Vec<_>> =
        [table("user", &config.user.fields), table("session", &config.session.fields)].into_iter().collect();
    both
}

impl Server {
    /// Connects, checks every claim, brings the tables up to date when configured to, and lets plugins prepare.
    pub async fn build(
        config: Config,
        plugins: Vec<Arc<dyn Plugin>>,
        outside: Outside,
    ) -> anyhow::Result<Self> {
        // Clashes are found before a table is touched.
        let server = Self::unstarted(config, plugins, outside).await?;
        server.fits()?;
        let app = &server.app;
        if app.config.database.migrate {
            let plan = migrate::apply(&app.db, &app.schema).await?;
            if !plan.is_empty() {
                tracing::info!(changes = plan.changes.len(), "the tables were brought up to date");
            }
        }
        for plugin in &server.plugins {
            plugin.start(app).await.map_err(|e| e.context(format!("[plugins.{}]", plugin.id())))?;
        }
        Ok(server)
    }

    /// The product beside its database, as the command line uses it: no table is touched and no plugin is started.
    pub async fn unstarted(
        config: Config,
        plugins: Vec<Arc<dyn Plugin>>,
        outside: Outside,
    ) -> anyhow::Result<Self> {
        let keyring = config.secret_options().keyring(outside.randomness.clone())?;
        let db = Db::connect(&config.database.url, config.database.connections).await?;
        let schema = schema(&config, &plugins)?;
        db.look_for_uuids(&schema).await?;
        Self::assemble(config, plugins, outside, keyring, db, schema)
    }

    /// Whether every plugin can work beside the others and the settings ([`Plugin::fits`]).
    pub fn fits(&self) -> anyhow::Result<()> {
        for plugin in &self.plugins {
            plugin.fits(&self.app).map_err(|e| e.context(format!("[plugins.{}]", plugin.id())))?;
        }
        Ok(())
    }

    /// The product put together beside an empty database in memory and a throw-away secret: what `openapi` and
    /// `config check` look at. Nothing is connected to, and no plugin is started.
    pub fn outline(config: Config, plugins: Vec<Arc<dyn Plugin>>, outside: Outside) -> anyhow::Result<Self> {
        let secret = random_alphanumeric(outside.randomness.as_ref(), 48).into();
        let keyring =
            Keyring::new(VersionedSecret { version: None, secret }, Vec::new(), outside.randomness.clone());
        let db = Db::connect_lazily(&"sqlite::memory:".to_owned().into(), 1)?;
        let schema = schema(&config, &plugins)?;
        Self::assemble(config, plugins, outside, keyring, db, schema)
    }

    fn assemble(
        config: Config,
        plugins: Vec<Arc<dyn Plugin>>,
        outside: Outside,
        keyring: Keyring,
        db: Db,
        schema: Schema,
    ) -> anyhow::Result<Self> {
        let outbound = Outbound::new()?.standing_in(outside.stand_in);
        let transport = match outside.transport {
            Some(transport) => transport,
            None => config.mail.transport(outside.mailbox.clone(), &outbound)?,
        };
        let meters = Meters::new()?;
        let options = OutboxOptions { meters: Some(meters.clone()), ..config.mail.outbox()? };
        let sms = config.sms.way(config.mail.transport, &outbound)?;
        let outbox = Outbox::new(db.clone(), outside.clock.clone(), keyring.clone(), transport, sms, options);
        let users = Users::new(&schema);
        let app = App::new(Parts {
            trusted: Trusted::new(&config.base_url, &config.trusted_origins)?,
            passwords: Passwords::new(&config.password, keyring.clone())?,
            cookies: CookieStyle::new(&config.session.cookie_prefix, config.is_https()),
            limiter: Limiter::new(
                db.clone(),
                keyring.clone(),
                &config.rate_limit,
                plugins.iter().flat_map(|plugin| plugin.rate_limits()).collect(),
            ),
            guards: Guards::new(plugins.iter().flat_map(|plugin| plugin.guards())),
            templates: templates(&config, &plugins)?,
            sessions: Sessions::new(&schema, &users, config.session.storage),
            users,
            hooks: plugins.iter().filter_map(|plugin| plugin.clone().hooks()).collect(),
            error_codes: [CORE_CODES]
                .into_iter()
                .chain(plugins.iter().map(|plugin| plugin.error_codes()))
                .flatten()
                .copied()
                .collect(),
            doors: plugins.iter().flat_map(|plugin| plugin.doors()).collect(),
            forms: plugins.iter().filter_map(|plugin| plugin.clone().form()).collect(),
            password_door: sole(&plugins, "the way in with a password", Plugin::password_door)?,
            access_tokens: sole(&plugins, "the issuing of access tokens", Plugin::access_tokens)?,
            pathways: plugins.iter().flat_map(|plugin| plugin.pathways()).collect(),
            account_tokens: plugins.iter().filter_map(|plugin| plugin.clone().account_tokens()).collect(),
            renewals: Renewals::default(),
            second_factor: sole(&plugins, "the second factor", Plugin::second_factor)?,
            authenticators: plugins.iter().filter_map(|plugin| plugin.clone().authenticators()).collect(),
            account_sections: plugins.iter().filter_map(|plugin| plugin.clone().account_section()).collect(),
            account_page: sole(&plugins, "the page of one's own account", |plugin| plugin.account_page())?,
            signed_in_page: sole(&plugins, "the page that says who is signed in", |plugin| {
                plugin.signed_in_page()
            })?,
            outbound,
            stopping: CancellationToken::new(),
            config,
            db,
            spent: SpentByRequests::default(),
            meters,
            clock: outside.clock,
            keyring,
            outbox,
            mailbox: outside.mailbox,
            schema,
        });
        let routes = claims(&app, &plugins)?;
        let document = document(&app, http::API_BASE, &routes);
        let service = router(&app, &routes).layer(axum::Extension(Document(Arc::new(document))));
        Ok(Self { app, routes, plugins, service })
    }

    /// The plugins that are on.
    pub fn plugins(&self) -> &[Arc<dyn Plugin>] {
        &self.plugins
    }

    /// Every route that is served, the core's first.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The `OpenAPI` document.
    pub fn document(&self) -> serde_json::Value {
        document(&self.app, http::API_BASE, &self.routes)
    }

    /// Serves until `stop`, then finishes what is in flight: requests, mails.
    pub async fn run(self, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
        let background = CancellationToken::new();
        let (outbox, until) = (self.app.outbox.clone(), background.clone());
        let worker = tokio::spawn(async move { outbox.run(until).await });
        let cleaner = tokio::spawn(clean_now_and_then(self.app.clone(), background.clone()));
        accept(&self.app, self.service, listener, stop).await;
        background.cancel();
        let ended = tokio::time::timeout(self.app.config.http.stop_timeout.0, async {
            let _ = worker.await;
            let _ = cleaner.await;
        });
        if ended.await.is_err() {
            tracing::warn!(
                "mails were still being delivered when time was up; they are sent at the next start"
            );
        }
        self.app.db.close().await;
        Ok(())
    }
}

fn templates(config: &Config, plugins: &[Arc<dyn Plugin>]) -> anyhow::Result<Templates> {
    let own = [
        ("layout.html", include_str!("../templates/layout.html")),
        ("error.html", include_str!("../templates/error.html")),
        ("trouble.html", include_str!("../templates/trouble.html")),
        ("mail/layout.html", include_str!("../templates/mail/layout.html")),
        ("mail/layout.txt", include_str!("../templates/mail/layout.txt")),
        ("mail/notice.html", include_str!("../templates/mail/notice.html")),
        ("mail/notice.txt", include_str!("../templates/mail/notice.txt")),
        ("mail/delete-account.html", include_str!("../templates/mail/delete-account.html")),
        ("mail/delete-account.txt", include_str!("../templates/mail/delete-account.txt")),
    ];
    let words: Vec<(Language, &'static str)> = [
        (Language::French, include_str!("../words/fr.ftl")),
        (Language::English, include_str!("../words/en.ftl")),
    ]
    .into_iter()
    .chain(plugins.iter().flat_map(|plugin| plugin.words()))
    .collect();
    let built_in = own.into_iter().chain(plugins.iter().flat_map(|plugin| plugin.templates()));
    Ok(Templates::new(&config.app_name, built_in, &words, config.templates.as_deref())?)
}

fn claims(app: &App, plugins: &[Arc<dyn Plugin>]) -> anyhow::Result<Vec<Route>> {
    let mut routes: Vec<(String, Route)> =
        routes::all(app).into_iter().map(|route| ("core".to_owned(), route)).collect();
    let mut codes = vec![("core".to_owned(), CORE_CODES)];
    let mut doors = Vec::new();
    let (mut limits, mut guards, mut ways) = (Vec::new(), Vec::new(), Vec::new());
    for plugin in plugins {
        let owner = plugin.id().to_owned();
        routes.extend(plugin.clone().routes(app).into_iter().map(|route| (owner.clone(), route)));
        codes.push((owner.clone(), plugin.error_codes()));
        doors.extend(plugin.doors().into_iter().map(|door| (owner.clone(), door)));
        limits
            .extend(plugin.rate_limits().into_iter().map(|limit| (owner.clone(), limit.route.into_owned())));
        ways.extend(plugin.pathways().into_iter().map(|way| (owner.clone(), way.route.into_owned())));
        guards.extend(plugin.guards().into_iter().map(|guard| (owner.clone(), guard.route.into_owned())));
    }
    limits.extend(
        app.config.rate_limit.rules.iter().map(|rule| ("[rate_limit]".to_owned(), rule.route.clone())),
    );
    check_claims(
        &routes,
        &codes,
        &doors,
        &[("limits", limits), ("guards", guards), ("signs people in at", ways)],
    )?;
    Ok(routes.into_iter().map(|(_, route)| route).collect())
}

/// How often what has ended is deleted.
const CLEANING: Duration = Duration::from_secs(600);

async fn clean_now_and_then(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(CLEANING)).await.is_some() {
        if let Err(error) = session::clean(&app, app.clock.now()).await {
            let cause = error.cause().map(|cause| format!("{cause:#}")).unwrap_or_default();
            tracing::warn!(error = cause, "what has ended could not be deleted; the next round tries again");
        }
    }
}

/// Accepts connections until `stop`; slow heads are cut off by hyper, slow bodies by the gate.
async fn accept(app: &App, service: Router, listener: TcpListener, stop: CancellationToken) {
    let config = &app.config;
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(config.http.receive_timeout.0);
    let graceful = GracefulShutdown::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let (stream, peer) = match accepted {
            Ok(connection) => connection,
            Err(error) => {
                // Out of file descriptors, most likely: wait for some to come free.
                tracing::warn!(error = %error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let serve = hyper::service::service_fn(move |mut request: ::http::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(axum::extract::ConnectInfo::<SocketAddr>(peer));
            service.clone().oneshot(request.map(axum::body::Body::new))
        });
        let connection = builder.serve_connection(TokioIo::new(stream), serve);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(error = %error, "a connection ended early");
            }
        });
    }
    drop(listener);
    app.stopping.cancel();
    if tokio::time::timeout(config.http.stop_timeout.0, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still being served when time was up");
    }
}
