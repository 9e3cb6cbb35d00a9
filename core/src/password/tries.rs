//! How many passwords may be tried for one account, at whatever door: sign-in by address, name or number, deletion, a change
//! of the password or of the second factor. One budget, because many small ones add up (NIST SP 800-63B, section 3.2.2,
//! allows 100 failures in a row). Tries are counted before a password is compared, so that parallel ones cannot slip past;
//! a right one forgives what came before.

use std::time::Duration;

use super::Passwords;
use crate::error::Result;
use crate::http::{Budget, Visit, field_key};
use crate::store::User;

const SHORT: Duration = Duration::from_mins(10);
const DAY: Duration = Duration::from_hours(24);

/// One counted try. What compares a password wants to see one.
pub struct Tries {
    short: String,
    day: String,
    /// Whether others are counted beside this one.
    others: bool,
}

impl Tries {
    /// Counts one for `account`; 429 when there were too many. That is the address of the account, whatever its owner
    /// called themselves; where nobody is found, what was typed, so that unknown people are counted like known ones. Not
    /// the user's id: a spent address that a sign-up makes new would tell that nobody had it before. And whoever moves an
    /// account to another address can reset its password, and need not guess it.
    pub async fn count(visit: &Visit, account: &str) -> Result<Self> {
        let app = visit.app();
        let key = |span| field_key("core.password", span, account);
        let mut tries = Self { short: key("10m"), day: key("24h"), others: false };
        if app.config.rate_limit.by_account {
            let options = &app.config.password;
            let budget = |window, max| Budget { window, max };
            let now = visit.now();
            let short =
                app.limiter.admit(&tries.short, budget(SHORT, options.tries_per_account), now).await?;
            let day =
                app.limiter.admit(&tries.day, budget(DAY, options.tries_per_account_and_day), now).await?;
            tries.others = short > 1 || day > 1;
        }
        Ok(tries)
    }

    /// Gives it back where `outcome` is a failure of ours, or of whoever judges, and passes that on: nobody could tell
    /// whether the password was right, so that this was no try.
    pub async fn unless_failed<T>(&self, visit: &Visit, outcome: Result<T>) -> Result<T> {
        let app = visit.app();
        if outcome.as_ref().is_err_and(|failure| failure.status().is_server_error())
            && app.config.rate_limit.by_account
            && let Err(error) = app.limiter.give_back([&self.short, &self.day]).await
        {
            tracing::warn!(request_id = visit.request_id(), %error, "a try that was none stays counted");
        }
        outcome
    }

    /// It was the right one. Where nothing came before there is nothing to forgive, and this one stays counted: most
    /// sign-ins are right at once, and need no statement for it.
    pub async fn forgive(&self, visit: &Visit) -> Result<()> {
        let app = visit.app();
        if self.others && app.config.rate_limit.by_account {
            app.limiter.forgive([&self.short, &self.day]).await?;
        }
        Ok(())
    }
}

impl Passwords {
    /// Whether somebody who is signed in knows their password: counts the try, compares, and forgives after the right one.
    /// 429 when there were too many, 503 when nobody can tell.
    #[expect(clippy::disallowed_methods, reason = "this is what counts")]
    pub async fn confirm(&self, visit: &Visit, user: &User, password: &str) -> Result<bool> {
        let tries = Tries::count(visit, &user.email).await?;
        let right = self.is_right(visit.app(), Some(&user.id), password).await;
        let right = tries.unless_failed(visit, right).await?;
        if right {
            tries.forgive(visit).await?;
        }
        Ok(right)
    }
}
