//! Builds the response in the contract's form, from the settings, the texts shown and the customer's
//! answer.

use afterword_response::{Method, Response, VERSION, limits};

use crate::RELEASE;
use crate::settings::Settings;
use crate::survey::Revision;
use crate::texts::Texts;

/// The parts of a response that are known when the question is shown, and do not change after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Showing {
    /// The response's id, a UUIDv7.
    pub id: String,
    /// When the question was painted, in RFC 3339.
    pub shown_at: String,
    /// The page's address, without query and fragment.
    pub page: String,
    /// The language shown.
    pub locale: String,
}

/// The response as of one revision.
#[must_use]
pub fn response(
    settings: &Settings,
    texts: &Texts,
    showing: &Showing,
    revision: &Revision,
) -> Response {
    Response {
        version: VERSION,
        id: showing.id.clone(),
        revision: revision.number,
        complete: revision.complete,
        test: settings.test.then_some(true),
        survey: settings.survey.clone(),
        touchpoint: settings.touchpoint,
        score: revision.choice.score,
        comment: revision.comment.clone(),
        // `script/later/further.js` adds these to the message.
        reasons: Vec::new(),
        quotable: None,
        quote_name: None,
        contact: None,
        answer_page: None,
        shown_at: showing.shown_at.clone(),
        scored_at: revision.choice.at.clone(),
        sent_at: revision.sent_at.clone(),
        page: showing.page.clone(),
        locale: showing.locale.clone(),
        method: Method {
            // The customer reads these in full. The subject in them may make them longer than the
            // contract allows.
            question: limits::cut(&texts.say("question"), limits::TEXT).into(),
            low_label: limits::cut(&texts.say("low-label"), limits::LABEL).into(),
            high_label: limits::cut(&texts.say("high-label"), limits::LABEL).into(),
            layout: Some(revision.choice.layout),
            mode: Some(settings.mode),
            release: RELEASE.into(),
            contact_text: None,
            quote_text: None,
        },
        // `script/later/changes.js` adds these: they may change while the survey stands.
        order: None,
        customer: None,
        properties: Vec::new(),
        tags: Vec::new(),
        // Whether the thanks show it, for every score alike.
        review_link: revision.complete.then(|| settings.text("review-url").is_some()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
pub(crate) mod tests {
    use afterword_response::{Layout, receive, schema};

    use super::*;
    use crate::survey::Choice;
    use std::rc::Rc;

    use crate::texts::Locale;

    /// The response that `settings` make with a score of 9 and a comment.
    pub(crate) fn response_of(settings: &Settings) -> Response {
        let words = ["question", "low-label", "high-label"].map(|key| (key.into(), key.into()));
        let texts = Texts::new(Rc::new(settings.clone()), Locale(words.into()), "Shop".into());
        let showing = Showing {
            id: "0192f0c1-7a2b-7c3d-8e4f-001122334455".into(),
            shown_at: "2026-11-21T17:00:00.000Z".into(),
            page: "https://shop.example/thank-you".into(),
            locale: "de".into(),
        };
        let revision = Revision {
            number: 2,
            complete: true,
            choice: Choice {
                score: 9,
                at: "2026-11-21T17:00:04.000Z".into(),
                layout: Layout::TwoRows,
            },
            comment: Some("Schnell & gut".into()),
            sent_at: "2026-11-21T17:00:05.000Z".into(),
        };
        response(settings, &texts, &showing, &revision)
    }

    #[test]
    fn every_field_of_the_widgets_reaches_the_response_and_fits_the_schema() {
        let raw = [
            ("survey", "post-purchase"),
            ("touchpoint", "delivery"),
            ("question", "Well?"),
            ("low-label", "no"),
            ("high-label", "yes"),
            ("mode", "corner"),
            ("test", ""),
        ];
        let raw: Vec<_> = raw.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let (settings, warnings) = crate::settings::parse(&raw);
        assert_eq!(warnings, []);
        let sent = serde_json::to_value(response_of(&settings)).unwrap();
        let expected = serde_json::json!({
            "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-001122334455", "revision": 2,
            "complete": true, "test": true, "survey": "post-purchase", "touchpoint": "delivery", "score": 9,
            "comment": "Schnell & gut", "shown_at": "2026-11-21T17:00:00.000Z",
            "scored_at": "2026-11-21T17:00:04.000Z", "sent_at": "2026-11-21T17:00:05.000Z",
            "page": "https://shop.example/thank-you", "locale": "de",
            "method": { "question": "Well?", "low_label": "no", "high_label": "yes",
                        "layout": "two-rows", "mode": "corner", "release": RELEASE },
            "review_link": false
        });
        assert_eq!(sent, expected);
        check_schema(&sent);
    }

    #[test]
    fn a_text_that_has_grown_by_its_subject_is_cut_and_not_refused() {
        for subject in ["x", "ä", "🌷"] {
            let subject = subject.repeat(80);
            let long = "I would not recommend {subject} to anyone I know".to_owned();
            let raw = [
                ("question", "{subject}".repeat(50)),
                ("low-label", long.clone()),
                ("high-label", long.clone()),
                ("subject", subject.clone()),
            ];
            let raw: Vec<_> = raw.map(|(name, value)| (name.to_owned(), value)).into();
            let response = response_of(&crate::settings::parse(&raw).0);
            assert_eq!(receive::check(&response), []);
            let label = format!("I would not recommend {subject} to anyone I know");
            assert_eq!(response.method.low_label, limits::cut(&label, limits::LABEL));
            assert_eq!(response.method.high_label, response.method.low_label);
            assert_eq!(response.method.question.chars().count(), limits::TEXT);
        }
    }

    #[test]
    fn what_is_not_set_is_left_out() {
        let (settings, _) = crate::settings::parse(&[]);
        let sent = serde_json::to_value(response_of(&settings)).unwrap();
        for field in ["order", "customer", "properties", "tags", "reasons", "contact", "test"] {
            assert!(sent.get(field).is_none(), "{field}");
        }
        check_schema(&sent);
    }

    #[track_caller]
    fn check_schema(sent: &serde_json::Value) {
        let schema = serde_json::from_str(&schema::json()).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let errors: Vec<_> = validator.iter_errors(sent).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(receive::from_json(sent.to_string().as_bytes()).unwrap().notes, []);
    }
}
