//! How many passwords may be tried for one account, from wherever: sign-in, `/verify-password` and
//! `/change-password` count together, and are counted before a password is compared, so that parallel tries cannot
//! slip past. A right one forgives what came before.

use std::time::Duration;

use guichet_core::error::Result;
use guichet_core::http::{Budget, Visit, field_key};

use crate::options::Options;

const SHORT: Duration = Duration::from_mins(10);
const DAY: Duration = Duration::from_hours(24);

/// The two counts of an account, by its address.
pub(crate) struct Tries {
    short: String,
    day: String,
    /// Whether others are counted beside this one.
    others: bool,
}

impl Tries {
    /// Counts one; 429 when there were too many. Unknown addresses are counted like known ones.
    pub(crate) async fn count(visit: &Visit, options: &Options, email: &str) -> Result<Self> {
        let key = |span| field_key("email-password.tries", span, email);
        let mut tries = Self { short: key("10m"), day: key("24h"), others: false };
        if visit.app().config.rate_limit.by_account {
            let limiter = &visit.app().limiter;
            let budget = |window, max| Budget { window, max };
            let now = visit.now();
            let short = limiter.admit(&tries.short, budget(SHORT, options.tries_per_account), now).await?;
            let day = limiter.admit(&tries.day, budget(DAY, options.tries_per_account_and_day), now).await?;
            tries.others = short > 1 || day > 1;
        }
        Ok(tries)
    }

    /// Nobody could tell whether it was right: this one was no try.
    pub(crate) async fn give_back(&self, visit: &Visit) -> Result<()> {
        if visit.app().config.rate_limit.by_account {
            visit.app().limiter.give_back([&self.short, &self.day]).await?;
        }
        Ok(())
    }

    /// Gives one back where `failure` is one of ours, or of whoever judges, and passes it on.
    pub(crate) async fn unless_failed<T>(&self, visit: &Visit, outcome: Result<T>) -> Result<T> {
        if outcome.as_ref().is_err_and(|failure| failure.status().is_server_error())
            && let Err(error) = self.give_back(visit).await
        {
            tracing::warn!(request_id = visit.request_id(), %error, "a try that was none stays counted");
        }
        outcome
    }

    /// It was the right one. Where nothing came before there is nothing to forgive, and this one stays counted: most
    /// sign-ins are right at once, and need no statement for it.
    pub(crate) async fn forgive(&self, visit: &Visit) -> Result<()> {
        if self.others {
            visit.app().limiter.forgive([&self.short, &self.day]).await?;
        }
        Ok(())
    }
}
