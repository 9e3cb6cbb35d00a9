//! Lookups of sessions by their token: those that come at the same time share a statement.
//!
//! Nearly every request of somebody who is signed in begins with the same read. While few are out, each goes at once and
//! alone. What comes while [`AT_ONCE`] of them are out waits until one is back, and then goes with all that has gathered:
//! nobody waits for company, and under load a dozen requests cost the database, and the way there, what one did. A lookup joins only
//! a statement that has not been sent yet, so that it sees whatever was committed before it came.
//!
//! A database that is away must not be felt for longer than without all this: no statement holds its turn for more than
//! [`LONGEST`], and when one finds that no connection is to be had, whoever waits is told along with it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::columns::On;
use crate::db::{Db, DbError, Row, Value, count_statement};

/// How many statements are out before others gather.
const AT_ONCE: usize = 4;
/// For how many tokens one statement asks at most. There is one for each of 1, 2, 4, …, and the last token is repeated where
/// there are fewer: so few statements are planned once.
const MOST: usize = 32;
/// How long a statement may be out. A connection whose other end has vanished answers nothing for a quarter of an hour.
const LONGEST: Duration = Duration::from_secs(10);

/// The row of one token. Shared: a browser that asks twice at once asks for one row.
type Found = Result<Option<Arc<Row>>, DbError>;

/// The lookups of one process.
pub(super) struct SessionLookups {
    /// For 1, 2, 4, … lookups.
    statements: Vec<String>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    out: usize,
    waiting: Vec<Waiting>,
}

struct Waiting {
    tokens: Vec<String>,
    since: Instant,
    answer: oneshot::Sender<Found>,
}

/// What a lookup does when it comes.
enum Place {
    /// It goes.
    First(Turn),
    /// It waits for what goes next.
    Behind(oneshot::Receiver<Found>),
}

/// Tokens wait in it, so nothing of it is shown.
impl fmt::Debug for SessionLookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLookups").finish_non_exhaustive()
    }
}

impl SessionLookups {
    /// `select` gives sessions, the table being `s` and the token `s_token`. Each lookup gives its token in so many `forms`
    /// in which it may be kept.
    pub(super) fn new(select: &str, forms: usize) -> Arc<Self> {
        let sizes = std::iter::successors(Some(1), |size| Some(size * 2)).take_while(|size| *size <= MOST);
        let statement = |size: usize| {
            let places: Vec<String> = (1..=forms * size).map(|place| format!("${place}")).collect();
            format!(r#"{select} where s."token" in ({})"#, places.join(", "))
        };
        Arc::new(Self { statements: sizes.map(statement).collect(), queue: Mutex::default() })
    }

    /// The statement for so many lookups, a power of two.
    fn statement(&self, size: usize) -> &str {
        let power = usize::try_from(size.trailing_zeros()).unwrap_or_default();
        self.statements.get(power).map_or("", String::as_str)
    }

    /// Looks a token up, on its own or along with others.
    pub(super) async fn find(self: &Arc<Self>, db: &Db, tokens: Vec<String>) -> Found {
        match self.place(db, &tokens) {
            Place::First(_turn) => {
                let began = Instant::now();
                let found = self.alone(db, tokens).await;
                if let Err(failure) = &found {
                    self.tell_of(failure, Vec::new(), began);
                }
                found
            }
            Place::Behind(answer) => match answer.await {
                Ok(found) => {
                    count_statement();
                    found
                }
                // Their statement was refused, perhaps for another token's sake.
                Err(_unanswered) => self.alone(db, tokens).await,
            },
        }
    }

    /// Looks a token up on its own.
    pub(super) async fn alone(&self, on: impl Into<On<'_>>, tokens: Vec<String>) -> Found {
        let asked = on.into().query(self.statement(1)).bind_all(tokens.into_iter().map(Value::from)).rows();
        Ok(in_time(LONGEST, asked).await?.into_iter().next().map(Arc::new))
    }

    fn place(self: &Arc<Self>, db: &Db, tokens: &[String]) -> Place {
        self.change(|queue| {
            if queue.out < AT_ONCE {
                queue.out += 1;
                return Place::First(Turn { lookups: Arc::clone(self), db: db.clone() });
            }
            let (answer, answered) = oneshot::channel();
            queue.waiting.push(Waiting { tokens: tokens.to_vec(), since: Instant::now(), answer });
            Place::Behind(answered)
        })
    }

    /// What goes with a turn that has become free; when nothing has gathered, the turn is given up.
    fn gathered(&self) -> Vec<Waiting> {
        self.change(|queue| {
            // Whoever has hung up meanwhile needs no answer.
            queue.waiting.retain(|waiting| !waiting.answer.is_closed());
            if queue.waiting.is_empty() {
                queue.out -= 1;
            }
            let many = queue.waiting.len().min(MOST);
            queue.waiting.drain(..many).collect()
        })
    }

    /// Looks all of them up in one statement. Without an answer, they ask on their own.
    async fn together(&self, db: &Db, gathered: Vec<Waiting>) {
        let size = gathered.len().next_power_of_two();
        let filling = gathered.last().into_iter().cycle();
        let tokens = gathered.iter().chain(filling).take(size).flat_map(|waiting| &waiting.tokens);
        let asked = db.query(self.statement(size)).bind_all(tokens.map(Value::from)).rows();
        let began = Instant::now();
        self.tell(gathered, in_time(LONGEST, asked).await, began);
    }

    /// Gives each its row of those that came.
    fn tell(&self, gathered: Vec<Waiting>, came: Result<Vec<Row>, DbError>, began: Instant) {
        let by_token = came.and_then(|rows| {
            let keyed = rows.into_iter().map(|row| Ok((row.get::<String>("s_token")?, Arc::new(row))));
            keyed.collect::<Result<HashMap<_, _>, DbError>>()
        });
        let rows = match by_token {
            Ok(rows) => rows,
            Err(failure) => return self.tell_of(&failure, gathered, began),
        };
        for Waiting { tokens, answer, .. } in gathered {
            let _hung_up = answer.send(Ok(tokens.iter().find_map(|token| rows.get(token)).cloned()));
        }
    }

    /// Tells those of one statement why there is no answer. Where no connection was to be had, whoever has waited since it
    /// `began` is told as well: they have waited as long, and would find out the same one after the other. What may be one
    /// token's doing is not told: each asks alone then.
    fn tell_of(&self, failure: &DbError, mut gathered: Vec<Waiting>, began: Instant) {
        if failure.is_everybodys() {
            let as_long = |waiting: &mut Waiting| waiting.since <= began;
            gathered.extend(self.change(|queue| queue.waiting.extract_if(.., as_long).collect::<Vec<_>>()));
        }
        for Waiting { answer, .. } in gathered {
            if let Some(same) = failure.for_another() {
                let _hung_up = answer.send(Err(same));
            }
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Queue) -> T) -> T {
        change(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn in_time<T>(
    longest: Duration,
    asked: impl Future<Output = Result<T, DbError>>,
) -> Result<T, DbError> {
    tokio::time::timeout(longest, asked).await.unwrap_or_else(|_| Err(DbError::late()))
}

/// The right to have a statement out. However it ends (done, or its request is gone), it passes to what has gathered.
struct Turn {
    lookups: Arc<SessionLookups>,
    db: Db,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let gathered = self.lookups.gathered();
        if gathered.is_empty() {
            return;
        }
        let next = Self { lookups: Arc::clone(&self.lookups), db: self.db.clone() };
        // Without a runtime nobody waits any more.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let turn = next;
                turn.lookups.together(&turn.db, gathered).await;
            });
        }
    }
}

#[cfg(test)]
mod tests;
