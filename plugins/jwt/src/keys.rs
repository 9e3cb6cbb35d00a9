//! Which key signs, which ones verify, and how they change.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::serde_json::{Map, Value};
use guichet_core::timestamp::Timestamp;

use crate::Jwt;
use crate::key::{Algorithm, Key};
use crate::table::{self, Stored};

/// Keys of another algorithm that are younger are left alone when the first one of ours is made: while servers are
/// changed one by one, each would end what the others sign with.
const ROLLING: Duration = Duration::from_hours(1);

/// The key that signs. Made now when there is none, and ahead of time when the one that signs ends soon. Processes that
/// make theirs at the same moment all keep them, and all of them are published, so that no token is lost.
pub(crate) async fn signing(plugin: &Jwt, app: &App) -> Result<Arc<Key>> {
    let now = app.clock.now();
    let stored = table::all(&app.db).await?;
    if let Some(key) = chosen(plugin, app, &stored, now)? {
        if is_to_be_succeeded(plugin, &stored, now) {
            succeed(plugin, app).await;
        }
        return Ok(key);
    }
    let _one_at_a_time = plugin.making.lock().await;
    let stored = table::all(&app.db).await?;
    match chosen(plugin, app, &stored, now)? {
        Some(key) => Ok(key),
        None => make(plugin, app, &stored, now).await,
    }
}

/// Those that may sign, the newest first.
fn living<'a>(plugin: &Jwt, stored: &'a [Stored], now: Timestamp) -> impl Iterator<Item = &'a Stored> {
    let algorithm = plugin.options.algorithm;
    stored.iter().filter(move |key| key.algorithm() == Some(algorithm) && key.signs_at(now))
}

/// The newest one that everybody who keeps the public keys has seen, else the one that has been there for the longest.
fn chosen(plugin: &Jwt, app: &App, stored: &[Stored], now: Timestamp) -> Result<Option<Arc<Key>>> {
    let lead = plugin.options.lead();
    let seen = living(plugin, stored, now).filter(|key| key.created_at.plus(lead) <= now);
    let unseen = living(plugin, stored, now).filter(|key| key.created_at.plus(lead) > now);
    let unseen: Vec<&Stored> = unseen.collect();
    let mut unreadable = 0;
    for key in seen.chain(unseen.into_iter().rev()) {
        match plugin.opened.get(key, &app.keyring) {
            Some(key) => return Ok(Some(key)),
            None => unreadable += 1,
        }
    }
    if unreadable > 0 {
        // A new key would do, and would hide that the secret is not the one that it was.
        return Err(Error::internal(anyhow::anyhow!(
            "no signing key in `jwks` can be opened with the secrets that are configured"
        )));
    }
    Ok(None)
}

/// The id of the key that signs now, if there is one that can be opened; none is made.
pub(crate) async fn present(plugin: &Jwt, app: &App) -> Result<Option<String>> {
    let stored = table::all(&app.db).await?;
    let chosen = chosen(plugin, app, &stored, app.clock.now()).unwrap_or_default();
    Ok(chosen.map(|key| key.id().to_owned()))
}

/// Whether every key that signs ends before a new one would have been seen by everybody.
fn is_to_be_succeeded(plugin: &Jwt, stored: &[Stored], now: Timestamp) -> bool {
    let soon = now.plus(plugin.options.lead());
    living(plugin, stored, now).all(|key| key.expires_at.is_some_and(|end| end <= soon))
}

/// Makes the next key. That it cannot be made now stops nobody: the present one signs, and the next request tries again.
async fn succeed(plugin: &Jwt, app: &App) {
    let Ok(_one_at_a_time) = plugin.making.try_lock() else { return };
    let next = async {
        let now = app.clock.now();
        let stored = table::all(&app.db).await?;
        if is_to_be_succeeded(plugin, &stored, now) {
            insert(plugin, app, now).await?;
        }
        Ok::<(), Error>(())
    };
    if let Err(error) = next.await {
        let cause = error.cause().map(|cause| format!("{cause:#}")).unwrap_or_default();
        tracing::warn!(error = cause, "the next signing key could not be made; the present one signs on");
    }
}

/// The first key of an algorithm, or one after all have ended. Keys of another algorithm do not sign any more.
async fn make(plugin: &Jwt, app: &App, stored: &[Stored], now: Timestamp) -> Result<Arc<Key>> {
    let key = insert(plugin, app, now).await?;
    let others = stored.iter().filter(|other| {
        other.algorithm() != Some(plugin.options.algorithm)
            && other.signs_at(now)
            && other.created_at.plus(ROLLING) <= now
    });
    for other in others {
        table::end(&app.db, &other.id, now).await?;
    }
    Ok(key)
}

async fn insert(plugin: &Jwt, app: &App, now: Timestamp) -> Result<Arc<Key>> {
    let (id, keyring, algorithm) = (app.new_id(), app.keyring.clone(), plugin.options.algorithm);
    let made = tokio::task::spawn_blocking(move || {
        let key = Key::new(id, algorithm, &keyring)?;
        let sealed = key.sealed(&keyring)?;
        Ok::<_, anyhow::Error>((key, sealed))
    });
    let (key, sealed) = made.await.map_err(Error::internal)?.map_err(Error::internal)?;
    let rotate = plugin.options.rotate_after.0;
    let ends = (!rotate.is_zero()).then(|| now.plus(rotate));
    table::insert(&app.db, &key, &sealed, now, ends).await?;
    tracing::info!(kid = key.id(), alg = algorithm.name(), "a signing key was made");
    Ok(Arc::new(key))
}

/// Makes a new key, and ends those that sign, of whatever algorithm: at once, or when everybody has seen the new one.
/// Gives the new key's id, and when it takes over. Two processes that do this at once end neither of the two new keys.
pub(crate) async fn rotate(plugin: &Jwt, app: &App, at_once: bool) -> Result<(String, Timestamp)> {
    let now = app.clock.now();
    let before = table::all(&app.db).await?;
    let key = insert(plugin, app, now).await?;
    let end = if at_once { now } else { now.plus(plugin.options.lead()) };
    for old in before.iter().filter(|old| old.expires_at.is_none_or(|ends| ends > end)) {
        table::end(&app.db, &old.id, end).await?;
    }
    Ok((key.id().to_owned(), end))
}

/// How the key of this id verifies, and its public JWK, while it is published.
pub(crate) async fn verifying(
    plugin: &Jwt,
    app: &App,
    kid: &str,
) -> Result<Option<(Algorithm, Map<String, Value>)>> {
    // Whatever was presented comes here; Postgres refuses texts with NUL.
    if kid.contains('\0') {
        return Ok(None);
    }
    let stored = table::of_id(&app.db, kid).await?;
    let fresh = stored.filter(|key| key.is_published_at(app.clock.now(), plugin.options.grace.0));
    Ok(fresh.and_then(|key| Some((key.algorithm()?, key.public()?))))
}

/// The public keys, as a JWK set (RFC 7517, section 5): those that sign, and those that signed until lately.
pub(crate) async fn published(plugin: &Jwt, app: &App) -> Result<Vec<Value>> {
    let mut stored = table::all(&app.db).await?;
    if stored.is_empty() {
        signing(plugin, app).await?;
        stored = table::all(&app.db).await?;
    }
    let now = app.clock.now();
    let published = stored.iter().filter(|key| key.is_published_at(now, plugin.options.grace.0));
    Ok(published.filter_map(Stored::jwk).collect())
}
