//! Hosted pages: doors, what sign-in methods show at them, sections of the own account, and the templates and words of
//! pages and mails.

mod account;
pub mod device;
mod door;
mod error_page;
mod form;
pub mod landing;
pub mod parting_word;
mod templates;
mod trouble;
mod words;

pub use account::{AccountSection, AccountStep};
pub use door::{Door, EVERYBODY, Phrase};
pub use error_page::error_page;
pub use form::{Form, SignInForm, Step};
pub use templates::{RenderError, Templates, href};
pub use trouble::Trouble;
pub use words::{Words, WordsError};

pub use minijinja::{Value, context};
