//! Guards: checks on the head of a request to a named route, before its body is read (a captcha). They hang on the
//! route and not on a path, so that no spelling of a path goes around them; and on the forms of pages that do the same
//! work.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::visit::Visit;
use crate::error::Result;

/// Looks at the head of a request.
#[async_trait]
pub trait HeadCheck: Send + Sync {
    /// Lets a request to the route pass, or refuses it.
    async fn check(&self, visit: &Visit) -> Result<()>;

    /// The same for a page's form that does the route's work. A form sends no headers of its own.
    async fn check_page(&self, visit: &Visit) -> Result<()> {
        self.check(visit).await
    }
}

/// A check on a route, declared by name. Routes that do not exist are refused at start.
#[derive(Clone)]
pub struct Guard {
    /// The route's name.
    pub route: Cow<'static, str>,
    /// What must pass.
    pub check: Arc<dyn HeadCheck>,
}

/// Every guard, by the name of its route.
#[derive(Clone, Default)]
pub struct Guards(HashMap<String, Vec<Arc<dyn HeadCheck>>>);

impl Guards {
    /// What the plugins declare, in their order.
    pub(crate) fn new(declared: impl IntoIterator<Item = Guard>) -> Self {
        let mut all: HashMap<String, Vec<Arc<dyn HeadCheck>>> = HashMap::new();
        for guard in declared {
            all.entry(guard.route.into_owned()).or_default().push(guard.check);
        }
        Self(all)
    }

    /// Those of one route.
    pub(super) fn of(&self, route: &str) -> &[Arc<dyn HeadCheck>] {
        self.0.get(route).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Admits a page's form that does the same work as `route` without being it: within the route's limits (see
/// [`super::Limiter`]), and past its guards. The one way in, so that no page goes around a guard.
pub async fn admit_form(visit: &Visit, route: &str, fields: &Map<String, Value>) -> Result<()> {
    let app = visit.app();
    app.limiter.admit_as(route, visit.address(), fields, visit.now()).await?;
    for check in app.guards.of(route) {
        check.check_page(visit).await?;
    }
    Ok(())
}
