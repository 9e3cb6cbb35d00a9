//! Somebody else's server, as a story needs it.

use axum::Router;
use tokio::net::TcpListener;

/// Serves these routes on a free port for as long as the test lasts; the base URL.
pub async fn serve(routes: Router) -> String {
    serve_with(|_| routes).await
}

/// As [`serve`], where the routes are made for the base URL.
///
/// # Panics
/// When there is no free port.
pub async fn serve_with(routes: impl FnOnce(&str) -> Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let routes = routes(&base);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    base
}
