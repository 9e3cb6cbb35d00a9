//! How many passwords may be tried for one account, at whatever door: sign-in by address, name or number, deletion, a change
//! of the password or of the second factor. One budget, because many small ones add up (NIST SP 800-63B, section 3.2.2,
//! allows 100 failures in a row). Tries are counted before a password is compared, so that parallel ones cannot slip past;
//! a right one forgives what came before.

use std::time::Duration;

use super::Passwords;
use crate::error::Result;
use crate::http::{Budget, Visit};
use crate::store::User;

const SHORT: Duration = Duration::from_mins(10);
const DAY: Duration = Duration::from_hours(24);
/// What the tries of an account are counted under: no route's name, since all doors share them.
const NAME: &str = "core.password";
const SPANS: [&str; 2] = ["10m", "24h"];

/// One counted try. What compares a password wants to see one.
pub struct Tries {
    account: String,
    /// Whether others are counted beside this one.
    others: bool,
}

impl Tries {
    /// Counts one for `account`; 429 when there were too many. That is the address of the account, whatever its owner
    /// called themselves; where nobody is found, what was typed, so that unknown people are counted like known ones. Not
    /// the user's id: a spent address that a sign-up makes new would tell that nobody had it before. And whoever moves an
    /// account to another address can reset its password, and need not guess it.
    pub async fn count(visit: &Visit, account: &str) -> Result<Self> {
        let (app, now) = (visit.app(), visit.now());
        let options = &app.config.password;
        let budgets = [(SHORT, options.tries_per_account), (DAY, options.tries_per_account_and_day)];
        let mut others = false;
        for (span, (window, max)) in SPANS.into_iter().zip(budgets) {
            let budget = Budget { window, max };
            others |= app.limiter.admit_account(NAME, span, account, budget, now).await? > 1;
        }
        Ok(Self { account: account.to_owned(), others })
    }

    /// Gives it back where `outcome` is a failure of ours, or of whoever judges, and passes that on: nobody could tell
    /// whether the password was right, so that this was no try.
    pub async fn unless_failed<T>(&self, visit: &Visit, outcome: Result<T>) -> Result<T> {
        let app = visit.app();
        if outcome.as_ref().is_err_and(|failure| failure.status().is_server_error())
            && let Err(error) = app.limiter.give_back_account(NAME, SPANS, &self.account).await
        {
            tracing::warn!(request_id = visit.request_id(), %error, "a try that was none stays counted");
        }
        outcome
    }

    /// It was the right one. Where nothing came before there is nothing to forgive, and this one stays counted: most
    /// sign-ins are right at once, and need no statement for it.
    pub async fn forgive(&self, visit: &Visit) -> Result<()> {
        if self.others {
            visit.app().limiter.forgive_account(NAME, SPANS, &self.account).await?;
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
