//! Hosted pages: doors, what sign-in methods show at them, and the templates and words of pages and mails.

mod account;
mod door;
mod error_page;
mod form;
mod templates;
mod words;

pub use account::{AccountSection, AccountStep};
pub use door::{Door, Phrase};
pub use error_page::error_page;
pub use form::{Form, SignInForm, Step};
pub use templates::{RenderError, Templates};
pub use words::{Words, WordsError};

pub use minijinja::context;
