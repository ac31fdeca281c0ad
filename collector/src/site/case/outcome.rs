//! The outcome of an action in an address: after a form, the browser is sent to a page that shows the outcome.

use std::borrow::Cow;

use crate::store::cases::ActOutcome;

/// The parameters: the step, and the number of cases that it did not change.
const DONE: &str = "done";
const KEPT: &str = "kept";

/// The outcome that the address names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The step; 0 if nothing was changed.
    pub(crate) done: Option<i64>,
    /// The number of cases that somebody else had changed meanwhile.
    pub(crate) kept: u32,
}

impl Outcome {
    /// Whether a parameter of that name belongs to the outcome.
    pub(crate) fn is_named(name: &str) -> bool {
        name == DONE || name == KEPT
    }

    /// Reads it from the part of an address after the `?`.
    pub(crate) fn read(query: &str) -> Self {
        let of = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value)
        };
        Self {
            done: of(DONE).and_then(|done| done.parse().ok()),
            kept: of(KEPT).and_then(|kept| kept.parse().ok()).unwrap_or_default(),
        }
    }
}

/// `next` with this outcome in place of an earlier one.
pub(crate) fn with_outcome(next: &str, acted: &ActOutcome) -> String {
    let (path, query) = next.split_once('?').unwrap_or((next, ""));
    let kept: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !Outcome::is_named(name))
        .collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair(DONE, &acted.step.unwrap_or_default().to_string());
    if acted.kept > 0 {
        query.append_pair(KEPT, &acted.kept.to_string());
    }
    format!("{path}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_names_only_the_last_outcome() {
        let once =
            with_outcome("/inbox?state=new", &ActOutcome { step: Some(7), changed: 2, kept: 1 });
        assert_eq!(once, "/inbox?state=new&done=7&kept=1");
        let twice = with_outcome(&once, &ActOutcome { step: Some(8), changed: 1, kept: 0 });
        assert_eq!(twice, "/inbox?state=new&done=8");
        let (_, query) = twice.split_once('?').unwrap();
        assert_eq!(Outcome::read(query), Outcome { done: Some(8), kept: 0 });
        assert_eq!(with_outcome("/inbox", &ActOutcome::default()), "/inbox?done=0");
    }
}
