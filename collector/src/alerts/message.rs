//! What is sent, as each kind of target takes it.
//!
//! A customer's words reach a chat only where the vendor documents that they are not read as markup: as `plain_text` in
//! Slack, as a `TextRun` in Teams. Discord has no such place, so its markup is escaped there, and mentions are switched
//! off. The formats are those of the vendors' documentation, which tests hold them against; no message was tried live.

use afterword_response::{Response, Touchpoint};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    language::Language,
    rules::{Condition, Finding, asks_for_an_answer},
    words::alerts::{of_answer, of_condition, of_finding, of_found},
};

/// Characters of a comment in a chat; the whole of it is on the page of the answer. Slack takes 3,000 in a section.
const MAX_QUOTED: usize = 1_500;

/// What a message is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum About {
    /// Something that a rule has found.
    Alert {
        at: Timestamp,
        /// The rule; the condition is `None` once it was removed.
        rule: i64,
        condition: Option<Condition>,
        finding: Finding,
        answer: Option<Box<ToldAnswer>>,
    },
    /// A made-up answer, to try a target.
    Test { at: Timestamp },
    /// An answer was erased that the target was told of, by the id that it knows.
    Erased { at: Timestamp, id: String },
}

/// An answer as receivers get it: with the id that it is shown under, and without the contact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ToldAnswer {
    id: String,
    survey: String,
    touchpoint: Touchpoint,
    score: u8,
    comment: Option<String>,
    reasons: Vec<String>,
    locale: String,
    page: String,
    order: Option<String>,
    received_at: String,
    wants_contact: bool,
}

impl ToldAnswer {
    /// `shown_as` is the id that the answer is shown under.
    pub(crate) fn new(response: Response, shown_as: String, received_at: Timestamp) -> Self {
        Self {
            id: shown_as,
            wants_contact: asks_for_an_answer(&response),
            survey: response.survey,
            touchpoint: response.touchpoint,
            score: response.score,
            comment: response.comment.filter(|comment| !comment.trim().is_empty()),
            reasons: response.reasons,
            locale: response.locale,
            page: response.page,
            order: response.order.and_then(|order| order.id),
            received_at: received_at.to_string(),
        }
    }

    /// The answer of a test, which nobody gave.
    fn made_up(at: Timestamp, language: Language) -> Self {
        let (comment, locale) = match language {
            Language::English => ("This is a test: nobody wrote this.", "en"),
            Language::German => ("Das ist ein Test: Niemand hat das geschrieben.", "de"),
        };
        Self {
            id: "00000000-0000-7000-8000-000000000000".to_owned(),
            survey: "test".to_owned(),
            touchpoint: Touchpoint::Delivery,
            score: 3,
            comment: Some(comment.to_owned()),
            reasons: vec!["delivery".to_owned()],
            locale: locale.to_owned(),
            page: "https://shop.example/".to_owned(),
            order: None,
            received_at: at.to_string(),
            wants_contact: false,
        }
    }
}

/// The parts of a message for people.
struct Parts {
    title: String,
    /// Which rule it was.
    because: Option<String>,
    quoted: Option<String>,
    link: Option<(String, &'static str)>,
}

/// What a mail says about it.
pub(crate) struct Summary {
    pub(crate) title: String,
    /// Which rule it was.
    pub(crate) because: Option<String>,
    /// The page of the answer.
    pub(crate) link: Option<String>,
}

/// What is said in a mail: nothing that a customer wrote.
pub(crate) fn summary(about: &About, origin: Option<&str>, language: Language) -> Summary {
    let Parts { title, because, link, .. } = parts(about, origin, language);
    Summary { title, because, link: link.map(|(link, _)| link) }
}

/// A message in the format of the target's kind. `origin` is the collector's own, for links.
pub(crate) fn body(kind: Kind, about: &About, origin: Option<&str>, language: Language) -> Value {
    match kind {
        Kind::Webhook => webhook(about, origin, language),
        Kind::Slack => slack(&parts(about, origin, language)),
        Kind::Teams => teams(&parts(about, origin, language)),
        Kind::Discord => discord(&parts(about, origin, language)),
    }
}

/// The kinds of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A program of the shop's own: signed JSON.
    Webhook,
    Slack,
    Teams,
    Discord,
}

impl Kind {
    /// Every kind, in the order of the form.
    pub(crate) const ALL: [Self; 4] = [Self::Webhook, Self::Slack, Self::Teams, Self::Discord];

    /// The name in the database and in forms.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Discord => "discord",
        }
    }

    /// The kind of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

fn webhook(about: &About, origin: Option<&str>, language: Language) -> Value {
    let (name, at, data) = match about {
        About::Alert { at, rule, condition, finding, answer } => (
            "alert.created",
            at,
            json!({
                "test": false,
                "rule": { "id": rule, "condition": condition },
                "finding": finding,
                "response": answer,
                "link": answer.as_ref().and_then(|it| link(origin, &it.id)),
            }),
        ),
        About::Test { at } => (
            "alert.created",
            at,
            json!({
                "test": true,
                "rule": null,
                "finding": Finding::Answer,
                "response": ToldAnswer::made_up(*at, language),
                "link": null,
            }),
        ),
        About::Erased { at, id } => ("response.erased", at, json!({ "id": id })),
    };
    json!({ "type": name, "timestamp": at.to_string(), "data": data })
}

fn link(origin: Option<&str>, id: &str) -> Option<String> {
    origin.map(|origin| format!("{origin}/responses/{id}"))
}

fn parts(about: &About, origin: Option<&str>, language: Language) -> Parts {
    let [open, test, erased] = match language {
        Language::English => [
            "Open the answer",
            "Test",
            "An answer was erased. Please delete what was written here about it:",
        ],
        Language::German => [
            "Antwort öffnen",
            "Test",
            "Eine Antwort wurde gelöscht. Bitte löschen Sie, was hier über sie steht:",
        ],
    };
    match about {
        About::Alert { condition, finding, answer, .. } => {
            let because = condition
                .as_ref()
                .map(|condition| of_condition(condition, condition.survey.as_deref(), language));
            let told = answer.as_deref();
            Parts {
                title: match told {
                    Some(told) => of_found(finding, told.score, Some(told.touchpoint), language),
                    None => of_finding(finding, language),
                },
                because,
                quoted: told.and_then(|told| told.comment.as_deref()).map(shortened),
                link: told.and_then(|told| link(origin, &told.id)).map(|link| (link, open)),
            }
        }
        About::Test { at } => {
            let told = ToldAnswer::made_up(*at, language);
            let title = of_answer(told.score, Some(told.touchpoint), language);
            Parts {
                title: format!("{test}: {title}"),
                because: None,
                quoted: told.comment,
                link: None,
            }
        }
        About::Erased { id, .. } => {
            Parts { title: format!("{erased} {id}"), because: None, quoted: None, link: None }
        }
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_QUOTED).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Slack's incoming webhooks and Block Kit. `text` is what notifications show: our own words only.
fn slack(parts: &Parts) -> Value {
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let section = |text: &str| json!({ "type": "section", "text": plain(text) });
    let mut blocks = vec![section(&parts.title)];
    blocks.extend(parts.quoted.as_deref().map(section));
    if let Some(because) = &parts.because {
        blocks.push(json!({ "type": "context", "elements": [plain(because)] }));
    }
    if let Some((link, name)) = &parts.link {
        blocks.push(json!({
            "type": "actions",
            "elements": [{ "type": "button", "text": plain(name), "url": link }]
        }));
    }
    json!({ "text": slack_escaped(&parts.title), "blocks": blocks })
}

/// The three characters that Slack reads as markup of mentions and links.
fn slack_escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An Adaptive Card, as the workflow "Post to a channel when a webhook request is received" of Teams takes it.
fn teams(parts: &Parts) -> Value {
    let run = |text: &str, weight: &str, is_subtle: bool| {
        json!({
            "type": "RichTextBlock",
            "inlines": [{ "type": "TextRun", "text": text, "weight": weight, "isSubtle": is_subtle }]
        })
    };
    let mut lines = vec![run(&parts.title, "Bolder", false)];
    lines.extend(parts.quoted.as_deref().map(|quoted| run(quoted, "Default", false)));
    lines.extend(parts.because.as_deref().map(|because| run(because, "Default", true)));
    let actions: Vec<Value> = parts
        .link
        .iter()
        .map(|(link, name)| json!({ "type": "Action.OpenUrl", "title": name, "url": link }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": lines,
                "actions": actions
            }
        }]
    })
}

/// An embed of Discord, without any mention.
fn discord(parts: &Parts) -> Value {
    let mut lines = Vec::new();
    lines.extend(parts.quoted.as_deref().map(discord_escaped));
    lines.extend(parts.because.as_deref().map(discord_escaped));
    let mut embed = json!({
        // Only our own words.
        "title": parts.title,
        "description": lines.join("\n\n")
    });
    if let Some((link, _)) = &parts.link {
        embed["url"] = json!(link);
    }
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

/// Puts a backslash before every character that Discord may read as markup, and parts addresses, which it would make
/// links of.
fn discord_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\*_~|`>#[]()<-+@:".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rules::{AnswerCondition, Trigger};

    /// What customers write to make somebody's phone ring, or to look like somebody else.
    const NASTY: &str = "@everyone <!channel> <!here|x> <https://evil.example|Shop> [Shop](https://evil.example) \
                         **bold** \r\nSubject: x\n<b>markup</b> & \"quotes\" <at>all</at>";

    fn alert(comment: &str) -> About {
        let response: Response = serde_json::from_value(json!({
            "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-0123456789ab", "revision": 1, "survey": "s",
            "touchpoint": "delivery", "score": 2, "comment": comment, "contact": "kim@example.org",
            "page": "https://shop.example/thanks", "locale": "de", "order": { "id": "A-1" }
        }))
        .unwrap();
        let wanted = AnswerCondition { at_most: Some(6), ..AnswerCondition::default() };
        let at: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        About::Alert {
            at,
            rule: 7,
            condition: Some(Condition { survey: None, of: Trigger::Answer(wanted) }),
            finding: Finding::Answer,
            answer: Some(Box::new(ToldAnswer::new(response, "shown".into(), at))),
        }
    }

    fn of(kind: Kind, about: &About) -> Value {
        body(kind, about, Some("https://feedback.example"), Language::German)
    }

    /// Every value of that name, wherever it stands.
    fn all<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
        match value {
            Value::Object(map) => map
                .iter()
                .flat_map(|(key, value)| {
                    (key == name).then_some(value).into_iter().chain(all(value, name))
                })
                .collect(),
            Value::Array(list) => list.iter().flat_map(|value| all(value, name)).collect(),
            _ => Vec::new(),
        }
    }

    /// Holds a message against the rules of a vendor's documentation, in `vendors/`.
    #[track_caller]
    fn assert_as_documented(fixture: &str, message: &Value) {
        let schema: Value = serde_json::from_str(fixture).unwrap();
        for said in ["$comment", "title"] {
            assert!(schema[said].as_str().unwrap().contains("2026-11"), "when it was looked up");
        }
        let validator = jsonschema::validator_for(&schema).unwrap();
        let wrong: Vec<String> = validator.iter_errors(message).map(|it| it.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?} in {message:#}");
    }

    #[test]
    fn messages_are_as_the_vendors_document_them() {
        let at = "2026-11-26T08:00:00Z".parse().unwrap();
        let abouts = [
            alert(NASTY),
            alert(&"<".repeat(2_000)),
            alert(""),
            About::Test { at },
            About::Erased { at, id: "shown".into() },
            About::Alert {
                at,
                rule: 1,
                condition: None,
                finding: Finding::Silence { days: 3 },
                answer: None,
            },
        ];
        for about in &abouts {
            assert_as_documented(include_str!("vendors/slack.json"), &of(Kind::Slack, about));
            assert_as_documented(include_str!("vendors/teams.json"), &of(Kind::Teams, about));
            assert_as_documented(include_str!("vendors/discord.json"), &of(Kind::Discord, about));
            assert_as_documented(
                include_str!("vendors/standard-webhooks.json"),
                &of(Kind::Webhook, about),
            );
        }
    }

    #[test]
    fn slack_reads_no_markup_in_what_customers_write() {
        let message = of(Kind::Slack, &alert(NASTY));
        assert_eq!(message["text"], "Bewertung 2, Lieferung");
        assert_eq!(message["blocks"][1]["text"]["text"], NASTY);
        for kind in all(&message["blocks"], "type") {
            assert_ne!(kind, "mrkdwn");
        }
        assert_eq!(slack_escaped("<!channel> & <a|b>"), "&lt;!channel&gt; &amp; &lt;a|b&gt;");
        assert_eq!(all(&message, "url"), ["https://feedback.example/responses/shown"]);
    }

    #[test]
    fn teams_reads_no_markup_in_what_customers_write() {
        let message = of(Kind::Teams, &alert(NASTY));
        let lines = &message["attachments"][0]["content"]["body"];
        assert_eq!(lines[1]["inlines"][0]["text"], NASTY);
        // A TextBlock would read Markdown.
        assert!(!message.to_string().contains("\"TextBlock\""), "{message}");
        // Without a list of mentions `<at>` is text.
        assert!(all(&message, "msteams").is_empty());
    }

    #[test]
    fn discord_mentions_nobody_and_shows_markup_as_it_was_typed() {
        let message = of(Kind::Discord, &alert(NASTY));
        assert_eq!(message["allowed_mentions"], json!({ "parse": [] }));
        assert!(message["content"].is_null(), "only `content` can mention somebody");
        let text = message["embeds"][0]["description"].as_str().unwrap();
        for typed in ["\\@everyone", "\\[Shop\\]\\(https\\://evil", "\\*\\*bold", "\\<!channel"] {
            assert!(text.contains(typed), "{typed} is not in {text}");
        }
    }

    #[test]
    fn no_message_has_the_contact_or_the_answers_own_id() {
        for kind in Kind::ALL {
            let text = of(kind, &alert("Bitte melden")).to_string();
            assert!(!text.contains("kim@example.org"), "{text}");
            assert!(!text.contains("0192f0c1"), "the own id proves authorship: {text}");
        }
        let message = of(Kind::Webhook, &alert("Bitte melden"));
        assert_eq!(message["data"]["response"]["wants_contact"], true);
        assert_eq!(message["data"]["response"]["id"], "shown");
    }

    #[test]
    fn a_test_is_marked_as_one() {
        let at = "2026-11-26T08:00:00Z".parse().unwrap();
        let test = About::Test { at };
        assert_eq!(of(Kind::Webhook, &test)["data"]["test"], true);
        for kind in [Kind::Slack, Kind::Teams, Kind::Discord] {
            assert!(of(kind, &test).to_string().contains("Test: Bewertung 3"));
        }
    }
}
