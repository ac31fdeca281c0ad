//! Alerts: the rules, what they have found, and where it is sent.

pub(crate) mod mails;
pub(crate) mod targets;
pub(crate) mod waiting;

use std::sync::Arc;

use afterword_response::Touchpoint;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, to_copy, words::Words as SettingsWords};
use crate::{
    access::person::Person,
    http::{
        error::PageError,
        extract::{Fields, OwnForm},
        redirect::see_other,
    },
    rules::{AnswerCondition, Condition, ConditionProblem, Finding, SILENT_DAYS, Trigger},
    site::frame::{field, form_token, moment, names::Names},
    state::Shared,
    store::{
        alerts::{Alert, RuleAdded, StoredRule, StoredTarget, Tells},
        surveys::Survey,
    },
    themes::{MAX_RULE_LENGTH, RuleProblem},
    words::{
        alerts::{of_condition, of_finding, of_found},
        words,
    },
};

/// Alerts on the page.
const MAX_SHOWN: u32 = 50;
/// Messages on the page.
const MAX_MESSAGES: u32 = 30;
/// Days of a silence, before a person chooses others.
const USUAL_DAYS: u32 = 3;

words! {
    pub(super) struct Words {
        title: "Alerts", "Benachrichtigungen";
        lead: "You are told when a customer needs you, and when something is wrong: each answer at most once for each rule, right after it was sent. Tests, implausible answers and those that were taken out or imported do not alert.",
            "Sie erfahren, wenn eine Kundin oder ein Kunde Sie braucht und wenn etwas nicht stimmt: zu jeder Antwort höchstens einmal je Regel, gleich nach dem Absenden. Tests, unplausible, herausgenommene und importierte Antworten lösen keine Meldung aus.";
        rules: "What you are told", "Worüber Sie benachrichtigt werden";
        none: "Nothing yet. Choose below what matters to you.", "Noch über nichts. Wählen Sie unten, was Ihnen wichtig ist.";
        paused: "paused", "angehalten";
        pause: "Pause", "Anhalten";
        resume: "Resume", "Fortsetzen";
        remove: "Remove", "Entfernen";
        new: "A new rule", "Eine neue Regel";
        an_answer: "An answer", "Eine Antwort";
        an_answer_lead: "All that you fill in must be true of it.", "Alles, was Sie ausfüllen, muss auf sie zutreffen.";
        at_most: "Score", "Bewertung";
        any_score: "any", "jede";
        up_to: "0 to ", "0 bis ";
        touchpoint: "Touchpoint", "Kontaktpunkt";
        any_touchpoint: "any", "jeder";
        survey: "Survey", "Umfrage";
        all_surveys: "all", "alle";
        word: "Word", "Wort";
        word_hint: "One word of the comment, or several in a row. * stands for any letters: rech* also finds Rechnung.",
            "Ein Wort aus dem Kommentar oder mehrere, die nebeneinander stehen. * steht für beliebige Buchstaben: rech* findet auch Rechnung.";
        contact: "The customer would like an answer", "Die Kundin oder der Kunde bittet um eine Antwort";
        silence: "No answers", "Keine Antworten";
        silence_lead: "Nobody answers any more, and the question is not shown: often a sign that it is missing in the shop. This needs at least 10 answers or displays in the 30 days before, and tells of each silence once.",
            "Niemand antwortet mehr, und die Frage wird nicht gezeigt: oft ein Zeichen, dass sie im Shop fehlt. Dafür braucht es mindestens 10 Antworten oder Anzeigen in den 30 Tagen davor; von jeder Stille erfahren Sie einmal.";
        days: "Days", "Tage";
        days_wrong: "Enter a number of days from 1 to 60.", "Geben Sie 1 bis 60 Tage ein.";
        fall: "The score has fallen", "Der NPS ist gefallen";
        fall_lead: "Each week is compared with the eight before it. Chance alone causes at most one alert a year. This needs at least 30 answers a week.",
            "Jede Woche wird mit den acht davor verglichen. Der Zufall allein löst höchstens eine Meldung im Jahr aus. Dafür braucht es mindestens 30 Antworten in der Woche.";
        wrote_back: "A customer writes back", "Jemand schreibt zurück";
        wrote_back_lead: "A customer has read your reply on the answer page and written back. What they wrote is shown with the case.",
            "Jemand hat Ihre Antwort auf der Antwortseite gelesen und zurückgeschrieben. Der Text steht beim Fall.";
        tells: "Tells: ", "Meldet an: ";
        tells_all: "every target", "alle Ziele";
        tells_none: "no target", "kein Ziel";
        whom: "Targets", "Ziele";
        every: "Every target, also those that are added later", "Alle Ziele, auch später hinzugefügte";
        only: "Only these:", "Nur diese:";
        save_targets: "Save", "Speichern";
        own_case: "the owner of the case was told", "die zuständige Person wurde benachrichtigt";
        add: "Add", "Hinzufügen";
        everything: "Fill in at least one field: else every answer would alert.",
            "Füllen Sie mindestens ein Feld aus, sonst löst jede Antwort eine Meldung aus.";
        word_empty: "Enter a word with letters or digits.", "Geben Sie ein Wort mit Buchstaben oder Ziffern ein.";
        word_long: "Enter at most 100 characters.", "Geben Sie höchstens 100 Zeichen ein.";
        word_short: "Write at least three letters beside a *: fewer are in many other words.",
            "Schreiben Sie neben einem * mindestens drei Buchstaben: Weniger kommen in vielen anderen Wörtern vor.";
        known: "This rule is there already.", "Diese Regel gibt es schon.";
        full: "There are 50 rules. Remove one first.", "Es gibt schon 50 Regeln. Entfernen Sie zuerst eine.";
        added: "The rule was added. It applies to answers from now on.", "Die Regel wurde hinzugefügt. Sie gilt für Antworten ab jetzt.";
        switched: "The rule was changed.", "Die Regel wurde geändert.";
        removed: "The rule was removed. Its alerts stay below.", "Die Regel wurde entfernt. Ihre Meldungen bleiben unten stehen.";
        latest: "The latest alerts", "Die letzten Meldungen";
        latest_none: "There were none yet.", "Noch gab es keine.";
        latest_lead: "Alerts about an answer are kept and erased with it, all others after 90 days.",
            "Meldungen zu einer Antwort werden mit ihr aufbewahrt und gelöscht, alle anderen nach 90 Tagen.";
        removed_rule: "a rule that was removed", "eine entfernte Regel";
    }
}

/// The page's title, for the way to it.
pub(super) fn title(person: &Person) -> &'static str {
    Words::of(person.language).title
}

/// A rule as it is typed.
#[derive(Debug, Default)]
struct TypedRule {
    /// `answer`, `silence`, `fall` or `wrote-back`.
    of: String,
    survey: String,
    at_most: String,
    touchpoint: String,
    word: String,
    contact: bool,
    days: String,
    tells: Tells,
}

/// Why a typed rule was not added.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Condition(ConditionProblem),
    Known,
    NoRoom,
}

/// What is done to a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RuleAct {
    act: String,
}

impl TypedRule {
    fn read(form: &Fields) -> Self {
        let said = |name: &str| form.get(name).to_owned();
        Self {
            of: said("of"),
            survey: said("survey"),
            at_most: said("at_most"),
            touchpoint: said("touchpoint"),
            word: said("word"),
            contact: !form.get("contact").is_empty(),
            days: said("days"),
            tells: read_tells(form),
        }
    }

    /// The condition that was typed. The page offers only choices that exist; any other counts as none.
    fn condition(&self) -> Condition {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let of = match &*self.of {
            "silence" => Trigger::Silence { days: self.days.trim().parse().unwrap_or_default() },
            "fall" => Trigger::Fall,
            "wrote-back" => Trigger::WroteBack,
            _ => Trigger::Answer(AnswerCondition {
                at_most: self.at_most.parse().ok().filter(|most| *most <= 10),
                touchpoint: Touchpoint::from_name(&self.touchpoint),
                wants_contact: self.contact,
                word: said(&self.word),
            }),
        };
        Condition { survey: said(&self.survey), of }
    }
}

/// `GET /settings/alerts`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let notice = Notice::from_query(query.as_deref());
    view(&person, &shared, Notes { notice, ..Notes::default() }).await
}

/// `POST /settings/alerts`: adds a rule.
pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<Fields>,
) -> Result<Response, PageError> {
    let typed = TypedRule::read(&form);
    let mut condition = typed.condition();
    // A survey that was deleted meanwhile.
    if let Some(survey) = &condition.survey
        && shared.store.survey(survey).await?.is_none()
    {
        condition.survey = None;
    }
    let refusal = match condition.checked() {
        Err(problem) => Refusal::Condition(problem),
        Ok(condition) => {
            let tells = typed.tells.clone();
            match shared.store.add_alert_rule(&condition, tells, Timestamp::now()).await? {
                RuleAdded::Added(_) => return Ok(see_other("/settings/alerts?done=alert-rule")),
                RuleAdded::Known => Refusal::Known,
                RuleAdded::NoRoom => Refusal::NoRoom,
            }
        }
    };
    let notes = Notes { rule: Some((&typed, refusal)), ..Notes::default() };
    let mut page = view(&person, &shared, notes).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// `POST /settings/alerts/rules/{rule}`: pauses, resumes or removes a rule.
pub(crate) async fn change(
    State(shared): State<Arc<Shared>>,
    Path(rule): Path<i64>,
    OwnForm { form, .. }: OwnForm<RuleAct>,
) -> Result<Response, PageError> {
    let done = match &*form.act {
        "remove" => shared.store.remove_alert_rule(rule).await.map(|_| "alert-rule-removed")?,
        act => {
            shared.store.switch_alert_rule(rule, act == "resume").await?;
            "alert-rule-changed"
        }
    };
    Ok(see_other(&format!("/settings/alerts?done={done}")))
}

/// `POST /settings/alerts/rules/{rule}/targets`: chooses which targets a rule tells.
pub(crate) async fn choose_targets(
    State(shared): State<Arc<Shared>>,
    Path(rule): Path<i64>,
    OwnForm { form, .. }: OwnForm<Fields>,
) -> Result<Response, PageError> {
    shared.store.set_alert_rule_targets(rule, read_tells(&form)).await?;
    Ok(see_other("/settings/alerts?done=alert-rule-changed"))
}

/// Reads the choice of [`choice_of_targets`].
fn read_tells(form: &Fields) -> Tells {
    match form.get("tells") {
        "only" => Tells::Only(form.all("target").filter_map(|it| it.parse().ok()).collect()),
        _ => Tells::All,
    }
}

/// What the page says beside what there is.
#[derive(Default)]
struct Notes<'a> {
    notice: Option<Notice>,
    /// A rule that was refused.
    rule: Option<(&'a TypedRule, Refusal)>,
    /// A target that was refused.
    target: Option<(&'a targets::TypedTarget, targets::Refusal)>,
    /// Days of waiting that were refused.
    waiting: Option<&'a waiting::TypedDays>,
    /// A choice of mails that was refused.
    mail: Option<(&'a Fields, mails::Refusal)>,
    /// A new secret, which is shown once.
    fresh: Option<Fresh>,
}

/// A new secret of a target.
struct Fresh {
    name: String,
    secret: String,
    /// Whether another one was there before it.
    is_second: bool,
}

async fn view(person: &Person, shared: &Shared, notes: Notes<'_>) -> Result<Response, PageError> {
    let words = Words::of(person.language);
    let receivers = shared.store.alert_targets().await?;
    let deliveries = shared.store.deliveries(MAX_MESSAGES).await?;
    let choice = match person.account() {
        Some(account) => shared.store.mail_choice(account).await?,
        None => None,
    };
    let rules = shared.store.alert_rules().await?;
    let surveys = shared.store.surveys().await?;
    let alerts = shared.store.alerts(MAX_SHOWN).await?;
    let days = shared.store.waiting_days().await?;
    let main = html! {
        @if let Some(fresh) = &notes.fresh { (fresh_secret(person, fresh)) }
        section .sheet {
            h2 { (words.rules) }
            p .quiet { (words.lead) }
            @if rules.is_empty() {
                p { (words.none) }
            } @else {
                ul .entries {
                    @for rule in &rules { li {
                        (rule_entry(person, rule, &surveys))
                        @if !receivers.is_empty() { (told_targets(person, rule, &receivers)) }
                    } }
                }
            }
        }
        section .sheet {
            h2 { (words.new) }
            (new_rule(person, &surveys, &receivers, notes.rule))
        }
        (targets::section(person, &receivers, shared.post.key(), notes.target))
        (waiting::section(person, days, notes.waiting))
        @if person.is_colleague() {
            @let has_mail = shared.post.mailer().is_some();
            @let rules: Vec<_> =
                rules.iter().map(|it| (it.rule, said(person, &it.condition, &surveys))).collect();
            (mails::section(person, has_mail, &rules, choice.as_ref(), notes.mail))
        }
        section .sheet {
            h2 { (words.latest) }
            p .quiet { (words.latest_lead) }
            @if alerts.is_empty() {
                p { (words.latest_none) }
            } @else {
                ul .entries { @for alert in &alerts { li { (alert_entry(person, alert, &surveys)) } } }
            }
        }
        (targets::messages(person, &deliveries))
    };
    Ok(framed(person, Part::Alerts, notes.notice, &main))
}

fn fresh_secret(person: &Person, fresh: &Fresh) -> Markup {
    let words = targets::Words::of(person.language);
    html! {
        section .sheet .fresh role="status" {
            h2 { (words.secret_of) "“" (fresh.name) "”" }
            p { (words.secret_do) }
            @if fresh.is_second { p { (words.secret_both) } }
            (to_copy("fresh-secret", &fresh.secret, SettingsWords::of(person.language)))
        }
    }
}

/// What a rule waits for, with its survey's name.
fn said(person: &Person, condition: &Condition, surveys: &[Survey]) -> String {
    let survey = condition.survey.as_deref();
    let title = survey.map(|id| surveys.iter().find(|it| it.id == id).map_or(id, Survey::title));
    of_condition(condition, title, person.language)
}

fn rule_entry(person: &Person, stored: &StoredRule, surveys: &[Survey]) -> Markup {
    let words = Words::of(person.language);
    let said = said(person, &stored.condition, surveys);
    let (act, name) = if stored.is_on { ("pause", words.pause) } else { ("resume", words.resume) };
    html! {
        div .row .apart {
            div {
                strong { (said) }
                @if !stored.is_on { " " span .badge .warn { (words.paused) } }
            }
            form .row method="post" action={ "/settings/alerts/rules/" (stored.rule) } {
                (form_token(person))
                button .second name="act" value=(act) { (name) span .hidden-text { ": " (said) } }
                button .second name="act" value="remove" {
                    (words.remove) span .hidden-text { ": " (said) }
                }
            }
        }
    }
}

/// Which targets a rule tells, and the form to choose them.
fn told_targets(person: &Person, stored: &StoredRule, targets: &[StoredTarget]) -> Markup {
    let words = Words::of(person.language);
    let told: Vec<&str> = targets
        .iter()
        .filter(|it| stored.tells.includes(it.target))
        .map(|it| it.name.as_str())
        .collect();
    let rule = stored.rule;
    html! {
        details .more {
            summary {
                (words.tells)
                @if stored.tells == Tells::All { (words.tells_all) }
                @else if told.is_empty() { (words.tells_none) }
                @else { (told.join(", ")) }
            }
            form .fields method="post" action={ "/settings/alerts/rules/" (rule) "/targets" } {
                (form_token(person))
                (choice_of_targets(&rule.to_string(), &stored.tells, targets, words))
                div { button .second { (words.save_targets) } }
            }
        }
    }
}

/// The fields that choose which targets a rule tells. `of` tells their ids apart from those of other rules.
fn choice_of_targets(of: &str, tells: &Tells, targets: &[StoredTarget], words: &Words) -> Markup {
    let tells_all = *tells == Tells::All;
    html! {
        fieldset .stack {
            legend { (words.whom) }
            @for (value, label, is_chosen) in
                [("all", words.every, tells_all), ("only", words.only, !tells_all)]
            {
                @let id = format!("tells-{value}-{of}");
                div .choice {
                    input type="radio" id=(id) name="tells" value=(value) checked[is_chosen];
                    label for=(id) { (label) }
                }
            }
            @for target in targets {
                @let id = format!("tells-{of}-{}", target.target);
                div .choice .indented {
                    input type="checkbox" id=(id) name="target" value=(target.target)
                        checked[tells.includes(target.target)];
                    label for=(id) { (target.name) }
                }
            }
        }
    }
}

fn new_rule(
    person: &Person,
    surveys: &[Survey],
    targets: &[StoredTarget],
    typed: Option<(&TypedRule, Refusal)>,
) -> Markup {
    let words = Words::of(person.language);
    let nothing = TypedRule::default();
    // The form that was refused stands open with what was typed.
    let of = |kind: &str| typed.filter(|(typed, _)| typed.of == kind);
    let parts = [
        ("answer", words.an_answer, words.an_answer_lead),
        ("silence", words.silence, words.silence_lead),
        ("fall", words.fall, words.fall_lead),
        ("wrote-back", words.wrote_back, words.wrote_back_lead),
    ];
    html! {
        @for (kind, name, lead) in parts {
            @let (kept, refusal) = of(kind).map_or((&nothing, None), |(kept, it)| (kept, Some(it)));
            @let is_open = of(kind).is_some() || (typed.is_none() && kind == "answer");
            details .more open[is_open] {
                summary { (name) }
                form .fields method="post" action="/settings/alerts" {
                    (form_token(person))
                    input type="hidden" name="of" value=(kind);
                    p .quiet { (lead) }
                    @if let Some(refusal) = refusal {
                        p .error role="alert" { (refused(refusal, words)) }
                    }
                    @match kind {
                        "answer" => (answer_fields(person, kept, refusal)),
                        "silence" => (field("days", words.days, "", None, &html! {
                            input #days type="number" name="days" required
                                min=(SILENT_DAYS.start()) max=(SILENT_DAYS.end())
                                value=(if kept.days.is_empty() { USUAL_DAYS.to_string() } else { kept.days.clone() })
                                aria-describedby="days-hint" aria-invalid=[refusal.map(|_| "true")];
                        })),
                        _ => {},
                    }
                    (survey_field(kind, surveys, kept, words))
                    @if !targets.is_empty() {
                        (choice_of_targets(kind, &kept.tells, targets, words))
                    }
                    div { button { (words.add) span .hidden-text { ": " (name) } } }
                }
            }
        }
    }
}

fn answer_fields(person: &Person, kept: &TypedRule, refusal: Option<Refusal>) -> Markup {
    let (words, names) = (Words::of(person.language), Names::of(person.language));
    let is_word_wrong = matches!(refusal, Some(Refusal::Condition(ConditionProblem::Word(_))));
    html! {
        (field("at_most", words.at_most, "", None, &html! {
            select #at_most name="at_most" {
                option value="" { (words.any_score) }
                @for score in 0..=10 {
                    option value=(score) selected[kept.at_most == score.to_string()] {
                        @if score == 0 { "0" } @else { (words.up_to) (score) }
                    }
                }
            }
        }))
        (field("touchpoint", words.touchpoint, "", None, &html! {
            select #touchpoint name="touchpoint" {
                option value="" { (words.any_touchpoint) }
                @for name in Touchpoint::NAMES {
                    option value=(name) selected[kept.touchpoint == *name] {
                        (Touchpoint::from_name(name).map_or(*name, |it| names.touchpoint(it)))
                    }
                }
            }
        }))
        (field("word", words.word, words.word_hint, None, &html! {
            input #word name="word" maxlength=(MAX_RULE_LENGTH) autocomplete="off" value=(kept.word)
                aria-describedby="word-hint" aria-invalid=[is_word_wrong.then_some("true")];
        }))
        div .choice {
            input #contact type="checkbox" name="contact" checked[kept.contact];
            label for="contact" { (words.contact) }
        }
    }
}

fn survey_field(kind: &str, surveys: &[Survey], kept: &TypedRule, words: &Words) -> Markup {
    let id = format!("survey-{kind}");
    html! {
        @if surveys.len() > 1 {
            (field(&id, words.survey, "", None, &html! {
                select id=(id) name="survey" {
                    option value="" { (words.all_surveys) }
                    @for survey in surveys {
                        option value=(survey.id) selected[kept.survey == survey.id] { (survey.title()) }
                    }
                }
            }))
        }
    }
}

const fn refused(refusal: Refusal, words: &Words) -> &'static str {
    match refusal {
        Refusal::Condition(ConditionProblem::Everything) => words.everything,
        Refusal::Condition(ConditionProblem::Word(RuleProblem::NoWord)) => words.word_empty,
        Refusal::Condition(ConditionProblem::Word(RuleProblem::Long)) => words.word_long,
        Refusal::Condition(ConditionProblem::Word(RuleProblem::ShortPart)) => words.word_short,
        Refusal::Condition(ConditionProblem::Days) => words.days_wrong,
        Refusal::Known => words.known,
        Refusal::NoRoom => words.full,
    }
}

fn alert_entry(person: &Person, alert: &Alert, surveys: &[Survey]) -> Markup {
    let words = Words::of(person.language);
    html! {
        div .alert {
            p {
                @match (&alert.finding, &alert.answer) {
                    (finding, Some(answer)) => a href={ "/responses/" (answer.id) } {
                        (of_found(finding, answer.score, answer.touchpoint, person.language))
                    },
                    (finding, _) => strong { (of_finding(finding, person.language)) },
                }
            }
            p .quiet .small {
                (moment(alert.at, person)) " · "
                @match &alert.condition {
                    Some(condition) => (said(person, condition, surveys)),
                    None if matches!(alert.finding, Finding::Waiting { .. }) => {
                        (waiting::Words::of(person.language).title)
                    },
                    None if alert.is_of_own_case => (words.own_case),
                    None => (words.removed_rule),
                }
            }
        }
    }
}

/// What was done here.
pub(super) const fn done(notice: Notice, person: &Person) -> &'static str {
    let words = Words::of(person.language);
    let targets = targets::Words::of(person.language);
    match notice {
        Notice::AlertRuleRemoved => words.removed,
        Notice::AlertRuleChanged => words.switched,
        Notice::TargetAdded => targets.added,
        Notice::TargetRemoved => targets.removed,
        Notice::TargetTested => targets.tested,
        Notice::SentAgain => targets.sent_again,
        Notice::WaitingSaved => waiting::Words::of(person.language).saved,
        Notice::MailsSaved => mails::Words::of(person.language).saved,
        Notice::MailTested => mails::Words::of(person.language).tested,
        _ => words.added,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::Language,
        rules::{MAX_RULES, MIN_SIGNS, SIGN_DAYS},
        words::numbers,
    };

    #[test]
    fn the_texts_name_the_limits_that_hold() {
        for language in [Language::English, Language::German] {
            let words = Words::of(language);
            let days = [*SILENT_DAYS.start(), *SILENT_DAYS.end()].map(|day| day.to_string());
            assert_eq!(numbers(words.full), [MAX_RULES.to_string()], "{language:?}");
            assert_eq!(numbers(words.word_long), [MAX_RULE_LENGTH.to_string()], "{language:?}");
            assert_eq!(numbers(words.days_wrong), days, "{language:?}");
            let signs = [MIN_SIGNS.to_string(), SIGN_DAYS.to_string()];
            assert_eq!(numbers(words.silence_lead), signs, "{language:?}");
        }
    }
}
