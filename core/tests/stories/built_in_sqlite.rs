//! How the SQLite that is built in was compiled.

use crate::databases::on_sqlite;

/// Otherwise all connections take their pages from one store, behind one lock: slower, and 15 MiB more with a large file.
/// `.cargo/config.toml` says so, which a build from another folder would not see.
#[tokio::test]
async fn each_connection_keeps_its_own_pages() {
    on_sqlite(async |database| {
        let options = database.db.query("pragma compile_options").rows().await.unwrap();
        let options: Vec<String> =
            options.iter().map(|row| row.get::<String>("compile_options").unwrap()).collect();
        let has = |option: &str| options.iter().any(|one| one == option);
        assert!(!has("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
        assert!(has("DEFAULT_MEMSTATUS=0"), "{options:?}");
    })
    .await;
}
