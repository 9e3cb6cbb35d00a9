//! Whether a password is right, and whose it is here.

use async_trait::async_trait;
use guichet_core::app::App;
use guichet_core::error::Result;
use guichet_core::hooks::Hooks;
use guichet_core::password::{Judgement, Question, Vouched, nobody};
use guichet_core::store::{Account, Accounts, User};

use crate::ask::{Said, ask};
use crate::entry::Known;
use crate::failure::Failure;
use crate::mapping::Identity;
use crate::options::Mode;
use crate::template::Filling;
use crate::{PROVIDER, Upstream};

#[async_trait]
impl Hooks for Upstream {
    async fn judge_password(&self, app: &App, question: Question<'_>) -> Result<Judgement> {
        if !self.is_asked(app, &question).await? {
            return Ok(Judgement::NoOpinion);
        }
        let filling = Filling {
            identifier: question.name.unwrap_or(question.email.as_str()),
            email: question.email.as_str(),
            password: question.password,
            secret: self.secret(),
            ..Filling::default()
        };
        let wrong = |status| self.shared.options.wrong_statuses.contains(&status);
        let patience = self.shared.options.timeout.0;
        let answer = match ask(app, &self.shared.request, &filling, patience, wrong).await? {
            Said::Right(answer) => answer,
            Said::Refused(_) => return Ok(Judgement::Wrong),
        };
        let columns: Vec<_> = app.users.extra_columns().cloned().collect();
        let identity = self.shared.options.answer.read(&answer, &columns, app.clock.now())?;
        self.vouch(app, &question, identity).await
    }

    fn keeps_passwords_elsewhere(&self) -> bool {
        self.shared.options.mode == Mode::Judge
    }

    fn names_people(&self) -> bool {
        self.shared.options.names
    }
}

impl Upstream {
    async fn is_asked(&self, app: &App, question: &Question<'_>) -> Result<bool> {
        if self.shared.options.mode == Mode::Judge {
            return Ok(true);
        }
        if question.confirms || self.has_ended(app.clock.now()) {
            return Ok(false);
        }
        match question.user.filter(|_| question.kept) {
            None => Ok(true),
            Some(user) => self.doubts(app, user, question.password).await,
        }
    }

    /// A password that is kept here decides, unless somebody may have set it who never owned the address: then a wrong
    /// one is asked about, so that whoever signs up with other people's addresses keeps nobody out.
    async fn doubts(&self, app: &App, user: &User, password: &str) -> Result<bool> {
        if user.email_verified || !self.shared.options.trusts_email {
            return Ok(false);
        }
        let accounts = Accounts::of_user(&app.db, &user.id).await?;
        if accounts.iter().any(|account| account.provider_id == PROVIDER) {
            return Ok(false);
        }
        let kept = accounts.into_iter().find_map(Account::into_credential);
        Ok(!app.passwords.is_that_of(app, kept.as_ref(), password).await?)
    }

    /// Who that is here, and how they come in.
    async fn vouch(&self, app: &App, question: &Question<'_>, mut identity: Identity) -> Result<Judgement> {
        let typed = || Some(question.email.clone()).filter(|email| Some(email) != nobody().as_ref());
        let Some(email) = identity.email.take().or_else(typed) else {
            return Err(Failure::unusable("who signs in by a name needs answer.email").into());
        };
        let account = Accounts::by_key(&app.db, PROVIDER, &identity.id).await?;
        let user = match &account {
            Some(account) => app.users.by_id(&app.db, &account.user_id).await?,
            None => app.users.by_email(&app.db, &email).await?,
        };
        let shared = self.shared.clone();
        let known = Known { shared, identity, email: email.clone(), user: user.clone() };
        if let Some(user) = user.as_ref().filter(|_| account.is_none())
            && !known.may_be(user)
        {
            tracing::warn!(
                event = "upstream.not_linked",
                user_id = user.id,
                "its account has the address of a user here, and one of both has not proven it"
            );
            return Ok(Judgement::Wrong);
        }
        let keep = self.shared.options.mode == Mode::Strangler && !question.confirms;
        let hash = if keep { Some(app.passwords.hash(question.password).await?) } else { None };
        let entry = Box::new(known.with(hash));
        Ok(Judgement::Right(Vouched { user, email, entry }))
    }
}
