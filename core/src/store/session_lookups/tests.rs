//! Turns, company, hang-ups, and a database that is away.

use super::*;

const SELECT: &str = r#"select s."token" as "s_token" from "session" s"#;

async fn filled(folder: &tempfile::TempDir) -> Db {
    let url = format!("sqlite://{}", folder.path().join("lookups.db").display());
    let db = Db::connect(&url.into(), 4).await.unwrap();
    db.query(r#"create table "session" ("token" text)"#).execute().await.unwrap();
    for token in ["a", "b", "c"] {
        db.query(r#"insert into "session" values ($1)"#).bind(token).execute().await.unwrap();
    }
    db
}

/// All that there are.
fn all_turns(lookups: &Arc<SessionLookups>, db: &Db) -> Vec<Turn> {
    let turn = || match lookups.place(db, &["nobody's".to_owned()]) {
        Place::First(turn) => turn,
        Place::Behind(_) => panic!("no turn is free"),
    };
    std::iter::repeat_with(turn).take(AT_ONCE).collect()
}

/// Lookups that wait while all turns are taken.
async fn waiting(
    lookups: &Arc<SessionLookups>,
    db: &Db,
    tokens: &[&str],
) -> Vec<tokio::task::JoinHandle<Found>> {
    let asked = tokens.iter().map(|token| {
        let (lookups, db, token) = (Arc::clone(lookups), db.clone(), vec![(*token).to_owned()]);
        tokio::spawn(async move { lookups.find(&db, token).await })
    });
    let asked: Vec<_> = asked.collect();
    while lookups.change(|queue| queue.waiting.len()) < tokens.len() {
        tokio::task::yield_now().await;
    }
    asked
}

async fn hang_up(request: &tokio::task::JoinHandle<Found>) {
    request.abort();
    while !request.is_finished() {
        tokio::task::yield_now().await;
    }
}

fn token(found: Found) -> Option<String> {
    found.unwrap().map(|row| row.get("s_token").unwrap())
}

#[tokio::test]
async fn what_has_gathered_goes_with_the_next_turn_and_each_gets_its_own_row() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 1);
    let mut turns = all_turns(&lookups, &db);
    let asked = waiting(&lookups, &db, &["a", "b", "nobody's", "c", "a"]).await;
    drop(turns.pop());
    let mut found = Vec::new();
    for asked in asked {
        found.push(token(asked.await.unwrap()));
    }
    let row = |token: &str| Some(token.to_owned());
    assert_eq!(found, [row("a"), row("b"), None, row("c"), row("a")]);
    drop(turns);
    assert_eq!(token(lookups.find(&db, vec!["b".to_owned()]).await), row("b"));
}

#[tokio::test]
async fn they_share_one_statement_and_who_hung_up_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 1);
    let _turns = all_turns(&lookups, &db);
    let asked = waiting(&lookups, &db, &["a", "b", "c"]).await;
    hang_up(&asked[1]).await;
    let gathered = lookups.gathered();
    assert_eq!(gathered.len(), 2);
    lookups.together(&db, gathered).await;
    let mut found = Vec::new();
    for (n, asked) in asked.into_iter().enumerate() {
        if n != 1 {
            found.push(token(asked.await.unwrap()));
        }
    }
    assert_eq!(found, [Some("a".to_owned()), Some("c".to_owned())]);
}

#[tokio::test]
async fn a_request_that_is_dropped_passes_its_turn_on() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 1);
    let turns = all_turns(&lookups, &db);
    let asked = waiting(&lookups, &db, &["a"]).await;
    hang_up(&asked[0]).await;
    drop(turns);
    assert_eq!(token(lookups.find(&db, vec!["b".to_owned()]).await), Some("b".to_owned()));
    assert_eq!(lookups.change(|queue| (queue.out, queue.waiting.len())), (0, 0));
}

#[tokio::test]
async fn each_is_told_of_a_database_that_is_away_and_asks_alone_where_the_statement_was_refused() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let refused = SessionLookups::new(r#"select s."nothing" as "s_token" from "session" s"#, 1);
    let turns = all_turns(&refused, &db);
    let asked = waiting(&refused, &db, &["a", "b"]).await;
    drop(turns);
    for asked in asked {
        assert!(matches!(asked.await.unwrap(), Err(DbError::Refused(_))));
    }
    let lookups = SessionLookups::new(SELECT, 1);
    let turns = all_turns(&lookups, &db);
    let asked = waiting(&lookups, &db, &["a", "b"]).await;
    db.close().await;
    drop(turns);
    for asked in asked {
        assert!(matches!(asked.await.unwrap(), Err(DbError::Unavailable(_))));
    }
}

#[tokio::test]
async fn a_statement_that_is_never_answered_is_given_up_and_the_next_one_asks_anew() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 1);
    let mut turns = all_turns(&lookups, &db);
    let asked = waiting(&lookups, &db, &["a", "b"]).await;
    let gathered = lookups.gathered();
    let behind = waiting(&lookups, &db, &["c"]).await;
    lookups.tell(gathered, in_time(Duration::from_millis(1), std::future::pending()).await, Instant::now());
    for asked in asked {
        assert!(matches!(asked.await.unwrap(), Err(DbError::Unavailable(_))));
    }
    drop(turns.pop());
    for asked in behind {
        assert_eq!(token(asked.await.unwrap()), Some("c".to_owned()));
    }
}

#[tokio::test]
async fn when_no_connection_is_to_be_had_everybody_who_waits_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 1);
    let (answer, mut answered) = oneshot::channel();
    let tokens = vec!["a".to_owned()];
    lookups.change(|queue| queue.waiting.push(Waiting { tokens, since: Instant::now(), answer }));
    db.close().await;
    assert!(matches!(lookups.find(&db, vec!["b".to_owned()]).await, Err(DbError::Unavailable(_))));
    assert!(
        matches!(answered.try_recv().unwrap(), Err(DbError::Unavailable(_))),
        "without a turn of its own"
    );
}

#[tokio::test]
async fn whoever_came_later_goes_on_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 1);
    let mut turns = all_turns(&lookups, &db);
    let began = Instant::now();
    let asked = waiting(&lookups, &db, &["a"]).await;
    lookups.tell(Vec::new(), Err(sqlx::Error::PoolTimedOut.into()), began);
    drop(turns.pop());
    for asked in asked {
        assert_eq!(token(asked.await.unwrap()), Some("a".to_owned()));
    }
}

#[tokio::test]
async fn a_token_is_found_in_whichever_form_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(&folder).await;
    let lookups = SessionLookups::new(SELECT, 2);
    let forms = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];
    assert_eq!(token(lookups.find(&db, forms("a", "x")).await), Some("a".to_owned()));
    let gathered: Vec<_> = [forms("x", "y"), forms("x", "b"), forms("c", "y")]
        .into_iter()
        .map(|tokens| {
            let (answer, answered) = oneshot::channel();
            (Waiting { tokens, since: Instant::now(), answer }, answered)
        })
        .collect();
    let (waiting, answered): (Vec<_>, Vec<_>) = gathered.into_iter().unzip();
    lookups.together(&db, waiting).await;
    let mut found = Vec::new();
    for answer in answered {
        found.push(token(answer.await.unwrap()));
    }
    assert_eq!(found, [None, Some("b".to_owned()), Some("c".to_owned())]);
}
