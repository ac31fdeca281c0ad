//! The roll-ups equal a recount after any sequence of answers, corrections, imports and erasures, also by other
//! processes.
//!
//! These tests count the rows of `responses` and `displays` by their own code, which shares nothing with the
//! collector's recount.

use std::collections::{BTreeMap, BTreeSet};

use afterword_collector::{Collector, Config};
use afterword_themes::Theme;
use axum::http::{Method, Request};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::bench::{Bench, TOKEN, new_id, response_with};

/// An action on the responses of a few ids.
#[derive(Clone, Debug)]
enum Act {
    /// A message to `POST /v1/responses`, with a revision that is higher by this number.
    Answer(usize, Sample, u32),
    /// An import, with its own times of arrival.
    Import(Vec<(usize, Sample)>),
    Shown(usize, Sample),
    Dismissed(usize, Sample),
    Erase(usize),
    EraseOrder(u8),
    /// Another process erases answers that are older than the retention allows.
    Expire,
    /// Another process gives the shop another time zone.
    Zone(bool),
    CountAnew,
    /// A person corrects the themes of an answer.
    Correct(usize, usize, bool),
    /// The shop adds its rule for a theme, or removes it.
    Rule(bool),
    /// A person quotes an answer.
    Quote(usize),
    /// The shop is told of low scores, and the rules are run, now or once every answer is due.
    Alerts(bool),
    /// The shop switches a theme on or off.
    Theme(usize, bool),
}

/// The random parts of a response.
#[derive(Clone, Debug)]
struct Sample {
    at: i64,
    survey: u8,
    touchpoint: u8,
    score: u8,
    order: u8,
    method: u8,
    facets: u8,
    aside: u8,
    /// Selects its properties. Together they are more than a survey counts.
    properties: u8,
    /// Selects one of [`COMMENTS`].
    comment: u8,
}

/// Comments in German, English and French. Some name a theme, and one does so only by the shop's rule.
const COMMENTS: [Option<&str>; 6] = [
    None,
    Some("Preis gut, Versand langsam"),
    Some("The packaging was lovely, thank you so much for that"),
    Some("La livraison est rapide et je suis vraiment content de mon achat"),
    Some("Danke"),
    Some("Der Zauberstab war eine Freude"),
];
/// The word of the shop's rule, and the theme that it names.
const RULE: (&str, &str) = ("zauberstab", "selection");

/// [`Act::Expire`] erases answers that arrived before about this time, in Unix milliseconds.
const EXPIRED: i64 = 1_760_200_000_000;

const TOUCHPOINTS: [&str; 5] = ["visit", "order", "delivery", "support", "return"];

fn any_sample() -> impl Strategy<Value = Sample> {
    (
        1_760_000_000_000..1_760_600_000_000_i64,
        0..2_u8,
        0..5_u8,
        0..11_u8,
        0..4_u8,
        0..4_u8,
        0..32_u8,
        0..12_u8,
        (0..6_u8, 0..6_u8),
    )
        .prop_map(|(at, survey, touchpoint, score, order, method, facets, aside, rest)| {
            Sample {
                at,
                survey,
                touchpoint,
                score,
                order,
                method,
                facets,
                aside,
                properties: rest.0,
                comment: rest.1,
            }
        })
}

fn any_act() -> impl Strategy<Value = Act> {
    let id = 0..8_usize;
    let answer = (id.clone(), any_sample());
    prop_oneof![
        8 => (id.clone(), any_sample(), 0..3_u32)
            .prop_map(|(id, sample, higher)| Act::Answer(id, sample, higher)),
        4 => prop::collection::vec(answer, 1..6).prop_map(Act::Import),
        3 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Shown(id, sample)),
        2 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Dismissed(id, sample)),
        2 => id.clone().prop_map(Act::Erase),
        2 => (id, 0..12_usize, any::<bool>())
            .prop_map(|(id, theme, is_named)| Act::Correct(id, theme, is_named)),
        1 => any::<bool>().prop_map(Act::Rule),
        2 => (0..8_usize).prop_map(Act::Quote),
        2 => any::<bool>().prop_map(Act::Alerts),
        1 => (0..12_usize, any::<bool>()).prop_map(|(theme, is_on)| Act::Theme(theme, is_on)),
        1 => (1..4_u8).prop_map(Act::EraseOrder),
        1 => Just(Act::Expire),
        1 => any::<bool>().prop_map(Act::Zone),
        1 => Just(Act::CountAnew),
    ]
}

impl Sample {
    fn properties(&self) -> Value {
        let names = u32::from(self.properties) * 9..u32::from(self.properties) * 9 + 12;
        names.map(|name| (format!("n{name}"), json!("v"))).collect::<serde_json::Map<_, _>>().into()
    }

    fn body(&self, id: &str) -> Value {
        let has = |bit: u8| self.facets & bit != 0;
        response_with(&[
            ("id", json!(id)),
            ("survey", json!(format!("survey-{}", self.survey))),
            ("touchpoint", json!(TOUCHPOINTS[usize::from(self.touchpoint)])),
            ("score", json!(self.score)),
            ("locale", json!(if has(1) { "de-AT" } else { "EN" })),
            ("method.question", json!(format!("Question {}", self.method & 1))),
            ("method.mode", json!(if self.method & 2 == 0 { "inline" } else { "corner" })),
            (
                "order.id",
                if self.order == 0 { Value::Null } else { json!(format!("A-{}", self.order)) },
            ),
            ("order.country", if has(2) { json!("DE") } else { Value::Null }),
            ("order.products", if has(4) { json!(["X", "Y", "X"]) } else { json!([]) }),
            ("customer", if has(8) { json!({ "kind": "new" }) } else { Value::Null }),
            ("properties", self.properties()),
            ("comment", json!(COMMENTS[usize::from(self.comment)])),
            ("reasons", if has(1) { json!(["delivery", "price"]) } else { json!([]) }),
            ("tags", if has(16) { json!(["q4"]) } else { json!(["q4", "app"]) }),
            ("quotable", json!(self.facets & 2 == 0)),
            ("complete", json!(!self.facets.is_multiple_of(3))),
            (
                "review_link",
                [Value::Null, json!(true), json!(false)][usize::from(self.facets % 5 % 3)].clone(),
            ),
        ])
    }
}

/// The collector, and a summary of everything sent to it so far.
struct Run<'a> {
    bench: &'a Bench,
    /// Of each response: its id and the highest revision sent. After an erasure it gets another id.
    ids: Vec<(String, u32)>,
    zone: &'static str,
}

impl Run<'_> {
    async fn act(&mut self, act: &Act) {
        let bench = self.bench;
        match act {
            Act::Answer(id, sample, higher) => {
                let (id, revision) = &mut self.ids[*id];
                let mut body = sample.body(id);
                body["revision"] = json!((*revision + higher).max(1));
                let answer = bench.post_json(&body).await;
                // A revision that changes the survey, touchpoint or order of an answer is refused.
                assert!([200, 409].contains(&answer.status.as_u16()), "{}", answer.text());
                if answer.status == 200 {
                    *revision += higher;
                }
            }
            Act::Import(samples) => {
                let mut lines = String::new();
                for (id, sample) in samples {
                    let (id, revision) = &mut self.ids[*id];
                    *revision += 1;
                    let mut body = sample.body(id);
                    let at = jiff::Timestamp::from_millisecond(sample.at).unwrap();
                    body["revision"] = json!(*revision);
                    body["received_at"] = json!(at.to_string());
                    body["updated_at"] = json!(at.to_string());
                    body["aside"] = match sample.aside {
                        0 => json!(["excluded"]),
                        1 => json!(["excluded", "flood"]),
                        2 | 3 => json!(["too-fast"]),
                        4 => json!(["test"]),
                        _ => json!([]),
                    };
                    lines += &format!("{body}\n");
                }
                self.program(Method::POST, "/v1/import", lines).await;
            }
            Act::Shown(id, sample) => self.display(*id, sample, "shown").await,
            Act::Dismissed(id, sample) => self.display(*id, sample, "dismissed").await,
            Act::Erase(id) => {
                let path = format!("/v1/responses?id={}", self.ids[*id].0);
                self.program(Method::DELETE, &path, String::new()).await;
                self.ids[*id] = (new_id(), 0);
            }
            Act::EraseOrder(order) => {
                let path = format!("/v1/responses?order=A-{order}");
                self.program(Method::DELETE, &path, String::new()).await;
            }
            Act::Expire => {
                let days = (jiff::Timestamp::now().as_millisecond() - EXPIRED) / 86_400_000;
                let config = Config::new(bench.address());
                let config = config.keep_days(u32::try_from(days).unwrap());
                let collector = Collector::open_existing(&config).await.unwrap();
                collector.expire().await.unwrap();
                collector.confirm_expiry().await.unwrap();
                collector.expire().await.unwrap();
                collector.close().await;
            }
            Act::Zone(is_berlin) => {
                self.zone = if *is_berlin { "Europe/Berlin" } else { "UTC" };
                let config = Config::new(bench.address());
                let collector = Collector::open_existing(&config).await.unwrap();
                collector.set_time_zone(self.zone).await.unwrap();
                collector.close().await;
            }
            Act::CountAnew => bench.count_anew().await,
            Act::Correct(id, theme, is_named) => {
                let theme = Theme::ALL[*theme].id();
                // The form says that the page showed the opposite, so this counts as a change.
                let form =
                    if *is_named { format!("{theme}=yes") } else { format!("shown={theme}") };
                let path = format!("/responses/{}/themes", self.ids[*id].0);
                let status = self.post(&path, form).await;
                assert!([303, 404].contains(&status), "{status}");
            }
            Act::Quote(id) => {
                let id = &self.ids[*id].0;
                let mut file = connect(bench).await;
                let stored: Option<(u32, Option<String>)> =
                    sqlx::query_as("SELECT revision, comment FROM responses WHERE id = ?")
                        .bind(id)
                        .fetch_optional(&mut file)
                        .await
                        .unwrap();
                let Some((revision, comment)) = stored else { return };
                let words = comment.unwrap_or_default().replace(' ', "+");
                let form = format!("revision={revision}&words={words}");
                assert_eq!(self.post(&format!("/responses/{id}/quote"), form).await, 303);
            }
            Act::Alerts(is_due) => {
                let status = self.post("/settings/alerts", "of=answer&at_most=6".to_owned()).await;
                assert!([303, 422].contains(&status), "{status}");
                let wait = jiff::SignedDuration::from_mins(if *is_due { 20 } else { 0 });
                bench.collector.run_rules(jiff::Timestamp::now() + wait).await.unwrap();
            }
            Act::Theme(theme, is_on) => {
                let path = format!("/settings/themes/of/{}", Theme::ALL[*theme].id());
                let form = if *is_on { "name=&wanted=yes" } else { "name=" };
                assert_eq!(self.post(&path, form.to_owned()).await, 303);
            }
            Act::Rule(is_there) => {
                let (word, theme) = RULE;
                if *is_there {
                    let form = format!("words={word}&theme={theme}");
                    let status = self.post("/settings/themes", form).await;
                    assert!([303, 422].contains(&status), "{status}");
                } else {
                    let mut file = connect(bench).await;
                    let rules: Vec<i64> = sqlx::query_scalar("SELECT rule FROM theme_rules")
                        .fetch_all(&mut file)
                        .await
                        .unwrap();
                    for rule in rules {
                        self.post(&format!("/settings/themes/{rule}"), String::new()).await;
                    }
                }
            }
        }
    }

    async fn display(&self, id: usize, sample: &Sample, step: &str) {
        let sent = json!({
            "version": 1, "id": self.ids[id].0, "display": step,
            "survey": format!("survey-{}", sample.survey),
            "touchpoint": TOUCHPOINTS[usize::from(sample.touchpoint)],
            "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/", "locale": "de"
        });
        assert_eq!(self.bench.post_json(&sent).await.status, 200);
    }

    /// Sends a form of a page with the admin token; returns the status.
    async fn post(&self, path: &str, form: String) -> u16 {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/x-www-form-urlencoded");
        self.bench.send(request.body(form.into()).unwrap()).await.status.as_u16()
    }

    async fn program(&self, method: Method, path: &str, body: String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/x-ndjson");
        let answer = self.bench.send(request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

type Rows = BTreeMap<Vec<String>, Vec<i64>>;

fn add(rows: &mut Rows, key: Vec<String>, counts: &[i64]) {
    let sums = rows.entry(key).or_insert_with(|| vec![0; counts.len()]);
    for (sum, more) in sums.iter_mut().zip(counts) {
        *sum += more;
    }
}

/// A roll-up's rows: the first `keys` columns as text, the rest as counts.
async fn table(file: &mut SqliteConnection, statement: &'static str, keys: usize) -> Rows {
    let rows = sqlx::query(statement).fetch_all(file).await.unwrap();
    rows.iter()
        .map(|row| {
            let key = (0..keys).map(|column| row.get::<String, _>(column)).collect();
            (key, (keys..row.len()).map(|column| row.get::<i64, _>(column)).collect())
        })
        .collect()
}

/// The local day in Berlin or in UTC, computed by `jiff` from the moment.
fn day(at: i64, zone: &str) -> String {
    let zoned = jiff::Timestamp::from_millisecond(at).unwrap().in_tz(zone).unwrap();
    let days = zoned.date() - jiff::civil::date(1970, 1, 1);
    days.get_days().to_string()
}

// The bits of `aside`, as they are stored.
const FLAGS: i64 = 0xff;
const REPEATED: i64 = 1 << 8;
const TEST: i64 = 1 << 9;
const EXCLUDED: i64 = 1 << 10;

/// An order's answer: whether it is plausible, its time of arrival, number, segment and day.
type Answer = (bool, i64, i64, i64, i64);

/// In which counts an answer is: in those without flagged answers (`0`), only in those with them (`1`), or in none.
fn flagged(aside: i64) -> Option<String> {
    match aside {
        0 => Some("0".into()),
        flags if flags & !FLAGS == 0 => Some("1".into()),
        _ => None,
    }
}

/// The themes of an answer (from its comment and reasons, by the shop's rule, and corrected by a person), and whether the
/// comment belongs to the base of the shares.
fn about(
    response: &Value,
    has_rule: bool,
    corrections: &[(String, bool)],
) -> (BTreeSet<String>, bool) {
    let comment = response["comment"].as_str().unwrap_or_default();
    let found = afterword_themes::themes(comment, response["locale"].as_str().unwrap());
    let found = found.filter(|_| !comment.is_empty());
    let is_read = found.is_some();
    let mut named: BTreeSet<String> =
        found.unwrap_or_default().iter().map(|theme| theme.id().to_owned()).collect();
    if has_rule && comment.to_lowercase().contains(RULE.0) {
        named.insert(RULE.1.to_owned());
    }
    for reason in response["reasons"].as_array().into_iter().flatten() {
        named.insert(if reason == "delivery" { "delivery_time" } else { "price" }.to_owned());
    }
    for (theme, is_named) in corrections {
        if *is_named {
            named.insert(theme.clone())
        } else {
            named.remove(theme)
        };
    }
    (named, is_read)
}

/// The facets of the themes of each answer, by its number.
async fn themes(file: &mut SqliteConnection) -> BTreeMap<i64, BTreeSet<(String, String)>> {
    let has_rule: i64 =
        sqlx::query_scalar("SELECT count(*) FROM theme_rules").fetch_one(&mut *file).await.unwrap();
    let mut corrections: BTreeMap<i64, Vec<(String, bool)>> = BTreeMap::new();
    let rows = sqlx::query("SELECT number, theme, is_named FROM theme_corrections");
    for row in rows.fetch_all(&mut *file).await.unwrap() {
        corrections.entry(row.get(0)).or_default().push((row.get(1), row.get(2)));
    }
    let off: BTreeSet<String> = sqlx::query_scalar("SELECT theme FROM themes WHERE is_off")
        .fetch_all(&mut *file)
        .await
        .unwrap()
        .into_iter()
        .collect();
    let rows = sqlx::query("SELECT number, response FROM responses").fetch_all(&mut *file).await;
    let mut facets = BTreeMap::new();
    for row in rows.unwrap() {
        let response: Value = serde_json::from_str(row.get(1)).unwrap();
        let corrections = corrections.remove(&row.get(0)).unwrap_or_default();
        let (mut named, is_read) = about(&response, has_rule > 0, &corrections);
        named.retain(|theme| !off.contains(theme));
        let mut own = BTreeSet::new();
        for theme in named {
            if !is_read {
                own.insert(("theme-beyond".to_owned(), theme.clone()));
            }
            own.insert(("theme".to_owned(), theme));
        }
        if is_read {
            own.insert(("theme-read".to_owned(), "yes".to_owned()));
        }
        facets.insert(row.get(0), own);
    }
    assert_eq!(corrections.len(), 0, "corrections of erased answers");
    facets
}

/// The expected roll-ups: scores, facets, pairs, displays, and answers that are set aside.
async fn recount(file: &mut SqliteConnection, zone: &str) -> [Rows; 5] {
    let mut counted: [Rows; 5] = Default::default();
    let mut about = themes(file).await;
    let rows = sqlx::query("SELECT * FROM responses").fetch_all(&mut *file).await.unwrap();
    let mut latest: BTreeMap<(String, String, usize), Answer> = BTreeMap::new();
    let slot = |row: &sqlx::sqlite::SqliteRow| -> Option<(String, String, usize)> {
        let touchpoint: String = row.get("touchpoint");
        let place = TOUCHPOINTS.iter().position(|it| *it == touchpoint).unwrap();
        Some((row.get::<Option<String>, _>("order_id")?, row.get("survey"), place))
    };
    for row in &rows {
        let (number, score): (i64, i64) = (row.get("number"), row.get("score"));
        let (at, aside): (i64, i64) = (row.get("received_at"), row.get("aside"));
        let Some(slot) = slot(row).filter(|_| aside & (TEST | EXCLUDED) == 0) else { continue };
        let segment = match score {
            0..=6 => -1,
            7 | 8 => 0,
            _ => 1,
        };
        let is_plausible = aside & FLAGS == 0;
        let answer = (is_plausible, at, number, segment, day(at, zone).parse().unwrap());
        let kept = latest.entry(slot).or_insert(answer);
        *kept = answer.max(*kept);
    }
    // More properties arrive than are counted. The stored facts say which ones are counted, so the recount uses them.
    let counted_properties: BTreeSet<(i64, String)> = sqlx::query(
        "SELECT number, facet FROM response_facts JOIN facts USING (fact) WHERE facet GLOB 'prop-*'",
    )
    .fetch_all(&mut *file)
    .await
    .unwrap()
    .iter()
    .map(|row| (row.get(0), row.get(1)))
    .collect();
    let most: i64 = sqlx::query_scalar(
        "SELECT coalesce(max(names), 0) FROM (SELECT count(DISTINCT facet) AS names
             FROM survey_facts JOIN facts USING (fact) WHERE facet GLOB 'prop-*' GROUP BY survey)",
    )
    .fetch_one(&mut *file)
    .await
    .unwrap();
    assert!(most <= 30, "{most} properties of a survey");
    let mut answered = BTreeMap::new();
    for row in &rows {
        let (id, score): (String, i64) = (row.get("id"), row.get("score"));
        let (at, stored): (i64, i64) = (row.get("received_at"), row.get("aside"));
        let mut aside = stored & !REPEATED;
        if let Some(slot) = slot(row).filter(|_| aside & (TEST | EXCLUDED) == 0)
            && latest[&slot].2 != row.get::<i64, _>("number")
        {
            aside |= REPEATED;
        }
        assert_eq!(stored, aside, "one answer of an order counts: {id}");
        answered.insert(id, (score, aside));
        let response: Value = serde_json::from_str(row.get("response")).unwrap();
        let (survey, touchpoint): (String, String) = (row.get("survey"), row.get("touchpoint"));
        let kind = match aside {
            excluded if excluded & EXCLUDED != 0 => Some("excluded"),
            test if test & TEST != 0 => Some("test"),
            repeated if repeated & REPEATED != 0 => Some("repeated"),
            0 => None,
            _ => Some("flagged"),
        };
        if let Some(kind) = kind {
            let key = [day(at, zone), survey.clone(), touchpoint.clone(), kind.to_owned()];
            add(&mut counted[4], key.into(), &[1]);
        }
        let Some(flagged) = flagged(aside) else { continue };
        let mut counts = vec![0; 12];
        counts[0] = 1;
        counts[usize::try_from(score).unwrap() + 1] = 1;
        let locale = response["locale"].as_str().unwrap().to_lowercase();
        let language = locale.split('-').next().unwrap().to_owned();
        let method = &response["method"];
        let key = [
            day(at, zone),
            survey.clone(),
            touchpoint.clone(),
            language.clone(),
            method["question"].as_str().unwrap().into(),
            method["layout"].as_str().unwrap().into(),
            method["mode"].as_str().unwrap().into(),
            flagged.clone(),
        ];
        add(&mut counted[0], key.into(), &counts);

        let mut facets = BTreeSet::from([("language".to_owned(), language)]);
        let mut facet = |name: &str, value: &Value| {
            if let Some(value) = value.as_str() {
                facets.insert((name.to_owned(), value.to_owned()));
            }
        };
        facet("country", &response["order"]["country"]);
        // Every order's value is 129.90.
        if !response["order"]["value"].is_null() {
            facet("order-value", &json!("EUR 100-250"));
        }
        facet("customer", &response["customer"]["kind"]);
        if let (Some(true), Some(is_shown)) =
            (response["complete"].as_bool(), response["review_link"].as_bool())
        {
            facet("review-link", &json!(if is_shown { "shown" } else { "not-shown" }));
        }
        for (name, list) in [
            ("product", &response["order"]["products"]),
            ("reason", &response["reasons"]),
            ("tag", &response["tags"]),
        ] {
            for item in list.as_array().into_iter().flatten() {
                facet(name, item);
            }
        }
        for (name, value) in response["properties"].as_object().into_iter().flatten() {
            let name = format!("prop-{name}");
            if counted_properties.contains(&(row.get("number"), name.clone())) {
                facet(&name, value);
            }
        }
        facets.extend(about.remove(&row.get("number")).unwrap_or_default());
        for (name, value) in facets {
            let (survey, touchpoint) = (survey.clone(), touchpoint.clone());
            let key = vec![name, day(at, zone), value, survey, touchpoint, flagged.clone()];
            add(&mut counted[1], key, &counts);
        }
    }
    for ((order, survey, place), first) in &latest {
        for ((other_order, other_survey, other_place), second) in &latest {
            if (order, survey) == (other_order, other_survey) && place < other_place {
                let key = [
                    first.4.max(second.4).to_string(),
                    survey.clone(),
                    TOUCHPOINTS[*place].into(),
                    TOUCHPOINTS[*other_place].into(),
                    first.3.to_string(),
                    second.3.to_string(),
                    u8::from(!(first.0 && second.0)).to_string(),
                ];
                add(&mut counted[2], key.into(), &[1]);
            }
        }
    }
    let displays = sqlx::query("SELECT * FROM displays").fetch_all(&mut *file).await.unwrap();
    for row in &displays {
        let answer = answered.get(&row.get::<String, _>("id"));
        let score = answer.map(|(score, _)| score);
        let aside = row.get::<i64, _>("aside") & TEST | answer.map_or(0, |(_, aside)| *aside);
        let Some(flagged) = flagged(aside) else { continue };
        let (survey, touchpoint) = (row.get("survey"), row.get("touchpoint"));
        let key = vec![day(row.get("received_at"), zone), survey, touchpoint, flagged];
        let dismissed = row.get::<Option<i64>, _>("dismissed_at").is_some() && score.is_none();
        let is = |range: std::ops::RangeInclusive<i64>| {
            i64::from(score.is_some_and(|score| range.contains(score)))
        };
        let counts = [1, i64::from(dismissed), is(9..=10), is(7..=8), is(0..=6)];
        add(&mut counted[3], key, &counts);
    }
    counted
}

async fn kept(file: &mut SqliteConnection) -> [Rows; 5] {
    [
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, touchpoint, language, question, layout, mode,
                 CAST(flagged AS TEXT), answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
             FROM daily_scores JOIN methods USING (method)",
            8,
        )
        .await,
        table(
            file,
            "SELECT facet, CAST(day AS TEXT), value, survey, touchpoint, CAST(flagged AS TEXT),
                 answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10 FROM daily_facets",
            6,
        )
        .await,
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, first, second, CAST(first_segment AS TEXT),
                 CAST(second_segment AS TEXT), CAST(flagged AS TEXT), pairs FROM daily_pairs",
            7,
        )
        .await,
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, touchpoint, CAST(flagged AS TEXT), shown, dismissed,
                 promoters, passives, detractors FROM daily_displays",
            4,
        )
        .await,
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, touchpoint, kind, answers FROM daily_aside",
            4,
        )
        .await,
    ]
}

/// The stored facts and words for filters, and the expected ones.
async fn found_by(file: &mut SqliteConnection) -> [[BTreeSet<String>; 2]; 2] {
    let mut list = async |statement: &'static str| -> BTreeSet<String> {
        sqlx::query_scalar(statement).fetch_all(&mut *file).await.unwrap().into_iter().collect()
    };
    let facts = list(
        "SELECT facet || '=' || value || ' ' || received_at || ' ' || number
         FROM response_facts JOIN facts USING (fact)",
    )
    .await;
    let expected = list(
        "SELECT 'language=' || lower(substr(locale, 1, 2)) || ' ' || received_at || ' ' || number
             FROM responses
         UNION ALL SELECT 'country=' || (response ->> '$.order.country') || ' ' || received_at || ' '
             || number FROM responses WHERE response ->> '$.order.country' IS NOT NULL
         UNION ALL SELECT 'order-value=EUR 100-250 ' || received_at || ' ' || number
             FROM responses WHERE response ->> '$.order.value' IS NOT NULL
         UNION ALL SELECT 'customer=' || (response ->> '$.customer.kind') || ' ' || received_at || ' '
             || number FROM responses WHERE response ->> '$.customer.kind' IS NOT NULL
         UNION ALL SELECT 'review-link=' || iif(response ->> '$.review_link', 'shown', 'not-shown')
             || ' ' || received_at || ' ' || number FROM responses
             WHERE complete AND response ->> '$.review_link' IS NOT NULL
         UNION ALL SELECT 'product=' || value || ' ' || received_at || ' ' || number
             FROM responses, json_each(response, '$.order.products')
         UNION ALL SELECT 'reason=' || value || ' ' || received_at || ' ' || number
             FROM responses, json_each(response, '$.reasons')
         UNION ALL SELECT 'tag=' || value || ' ' || received_at || ' ' || number
             FROM responses, json_each(response, '$.tags')
         UNION ALL SELECT facet || '=' || value || ' ' || received_at || ' ' || number
             FROM response_facts JOIN facts USING (fact) WHERE facet GLOB 'theme*'
         UNION ALL SELECT 'prop-' || key || '=' || value || ' ' || received_at || ' ' || number
             FROM responses, json_each(response, '$.properties')
             WHERE EXISTS (SELECT 1 FROM response_facts f JOIN facts USING (fact)
                           WHERE f.number = responses.number AND facet = 'prop-' || key)",
    )
    .await;
    let astray: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM quotes LEFT JOIN responses USING (number)
         WHERE words IS NOT comment OR NOT coalesce(response ->> '$.quotable', 0)",
    )
    .fetch_one(&mut *file)
    .await
    .unwrap();
    assert_eq!(astray, 0, "a quote says what its answer says, and is allowed");
    let mut of_themes: BTreeMap<i64, BTreeSet<(String, String)>> = BTreeMap::new();
    let rows = sqlx::query(
        "SELECT number, facet, value FROM responses LEFT JOIN (
             SELECT number, facet, value FROM response_facts JOIN facts USING (fact)
             WHERE facet GLOB 'theme*') USING (number)",
    );
    for row in rows.fetch_all(&mut *file).await.unwrap() {
        let own = of_themes.entry(row.get(0)).or_default();
        own.extend(row.get::<Option<String>, _>(1).zip(row.get(2)));
    }
    assert_eq!(of_themes, themes(file).await, "each answer has its themes as facts");
    let mut list = async |statement: &'static str| -> BTreeSet<String> {
        sqlx::query_scalar(statement).fetch_all(&mut *file).await.unwrap().into_iter().collect()
    };
    let unused =
        list("SELECT value FROM facts WHERE fact NOT IN (SELECT fact FROM response_facts)");
    assert_eq!(unused.await, BTreeSet::new(), "a fact that nobody shares is forgotten");
    sqlx::query(
        "CREATE VIRTUAL TABLE temp.words_there USING fts5vocab(main, comment_words, instance)",
    )
    .execute(&mut *file)
    .await
    .unwrap();
    let words = sqlx::query("SELECT term, doc FROM temp.words_there").fetch_all(&mut *file).await;
    let words: BTreeSet<String> = words
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", row.get::<String, _>(0), row.get::<i64, _>(1)))
        .collect();
    sqlx::query("DROP TABLE temp.words_there").execute(&mut *file).await.unwrap();
    let mut said = BTreeSet::new();
    let rows = sqlx::query("SELECT number, received_at / 86400000, comment FROM responses");
    for row in rows.fetch_all(&mut *file).await.unwrap() {
        let (number, day): (i64, i64) = (row.get(0), row.get(1));
        let comment: Option<String> = row.get(2);
        for word in comment.unwrap_or_default().to_lowercase().split([' ', '.', ',', '&']) {
            if !word.is_empty() {
                said.insert(format!("{day:07}·{word} {number}"));
            }
        }
    }
    // The ends of compounds are words of the index, too; no end says more than its compound.
    let is_end = |word: &String| {
        let (end, number) = word.split_once('·').and_then(|(_, end)| end.split_once(' ')).unwrap();
        said.iter().any(|said| {
            let whole = said.strip_suffix(&format!(" {number}"));
            whole.is_some_and(|whole| whole.ends_with(end))
        })
    };
    let words = words.into_iter().filter(|word| said.contains(word) || !is_end(word)).collect();
    [[facts, expected], [words, said]]
}

async fn connect(bench: &Bench) -> SqliteConnection {
    SqliteConnection::connect(&bench.address()).await.unwrap()
}

#[test]
fn they_equal_a_recount_after_any_sequence_of_writes() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(any_act(), 1..24), |acts| {
            runtime.block_on(async {
                let bench = Bench::new().await;
                let mut file = connect(&bench).await;
                let ids = (0..8).map(|_| (new_id(), 0)).collect();
                let mut run = Run { bench: &bench, ids, zone: "UTC" };
                for act in &acts {
                    run.act(act).await;
                }
                bench.collector.find_themes().await.unwrap();
                prop_assert_eq!(bench.disagreeing().await, [""; 0]);
                let lost: i64 = sqlx::query_scalar(
                    "SELECT count(*) FROM alerts
                     WHERE number IS NOT NULL AND number NOT IN (SELECT number FROM responses)",
                )
                .fetch_one(&mut file)
                .await
                .unwrap();
                prop_assert_eq!(lost, 0, "an alert outlives its answer");
                prop_assert_eq!(&kept(&mut file).await, &recount(&mut file, run.zone).await);
                for [found, expected] in found_by(&mut file).await {
                    prop_assert_eq!(found, expected);
                }
                for id in run.ids.clone() {
                    run.program(
                        Method::DELETE,
                        &format!("/v1/responses?id={}", id.0),
                        String::new(),
                    )
                    .await;
                }
                let empty: [Rows; 5] = Default::default();
                prop_assert_eq!(&kept(&mut file).await, &empty, "everything erased leaves nothing");
                for [found, _] in found_by(&mut file).await {
                    prop_assert!(found.is_empty(), "{found:?}");
                }
                Ok(())
            })
        })
        .unwrap();
}

#[tokio::test]
async fn posted_answers_are_counted_too() {
    let bench = Bench::new().await;
    for (score, revision) in [(3, 1), (9, 2), (9, 2), (0, 1)] {
        let sent = response_with(&[
            ("id", json!("0192f0c1-7a2b-7c3d-8e4f-0000000000aa")),
            ("score", json!(score)),
            ("revision", json!(revision)),
        ]);
        assert_eq!(bench.post_json(&sent).await.status, 200);
    }
    let mut file = connect(&bench).await;
    let [scores, ..] = kept(&mut file).await;
    let counts: Vec<&Vec<i64>> = scores.values().collect();
    assert_eq!(counts, [&vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]]);
    assert_eq!(kept(&mut file).await, recount(&mut file, "UTC").await);
}
