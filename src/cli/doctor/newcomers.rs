//! Fields that somebody new must give, where ways in make people without asking for any.

use guichet_core::app::App;
use guichet_core::check::Check;
use guichet_core::newcomer::asked_of_newcomers;

const NAME: &str = "newcomers";

/// Nothing where nobody is kept out: pages and callbacks ask for no fields, whereas programs may send them along.
pub(super) fn check(app: &App) -> Option<Check> {
    let makes_people = |way: &&guichet_core::pathway::Pathway| way.makes_people && way.is_open(app);
    let mut ways: Vec<&str> =
        app.pathways.iter().filter(makes_people).filter_map(|way| way.method(app)).collect();
    ways.dedup();
    let fields: Vec<&str> = asked_of_newcomers(&app.users).map(|column| column.name.as_ref()).collect();
    if app.doors.is_empty() || ways.is_empty() || fields.is_empty() {
        return None;
    }
    Some(Check::warning(
        NAME,
        format!("must give {}, which the pages of {} ask nobody for", fields.join(", "), ways.join(", ")),
        "give the field a default, leave it out of `required`, or let nobody new in there (disable_sign_up)",
    ))
}
