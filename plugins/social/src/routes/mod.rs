//! The endpoints, each in a file of its own.

mod account_info;
mod callback;
pub(crate) mod depart;
mod input;
mod link_social;
mod native;
mod sign_in;

use std::sync::Arc;

use guichet_core::http::Route;

use crate::Social;

/// Names of routes that limits speak of.
pub(crate) const SIGN_IN: &str = "social.sign-in";
pub(crate) const LINK: &str = "social.link";
pub(crate) const CALLBACK: &str = "social.callback";

pub(crate) fn all(social: &Arc<Social>) -> Vec<Route> {
    vec![
        sign_in::route(social),
        callback::by_redirect(social),
        callback::by_form(),
        link_social::route(social),
        account_info::route(social),
    ]
}
