//! `GET /v1/report`: checks every figure against another computation: plain SQL on the rows of `responses`
//! and `displays`, and the formulas written out again in this file.

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tokio::sync::Mutex;

use crate::bench::{Bench, LOGIN, insert, new_id, response, response_with};

pub(crate) async fn report(bench: &Bench, query: &str) -> Value {
    let path = format!("/v1/report?{query}");
    let answer = bench.get(&path, &[LOGIN]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

pub(crate) async fn open(bench: &Bench) -> SqliteConnection {
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    // Each order counts once per survey and touchpoint, with its latest answer.
    sqlx::query(
        "CREATE TEMP VIEW counted AS SELECT * FROM responses r WHERE NOT EXISTS (
             SELECT 1 FROM responses later WHERE (later.order_id, later.survey, later.touchpoint)
                 = (r.order_id, r.survey, r.touchpoint)
                 AND (later.received_at, later.number) > (r.received_at, r.number))",
    )
    .execute(&mut file)
    .await
    .unwrap();
    file
}

/// The bench of a property test, its database, which each case empties and fills, and the number of cases.
pub(crate) async fn property_bench() -> (Bench, Mutex<SqliteConnection>, ProptestConfig) {
    let bench = Bench::new().await;
    let file = Mutex::new(open(&bench).await);
    (bench, file, ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })
}

/// 2026-08-01 in UTC.
pub(crate) const BEGIN: i64 = 1_785_542_400_000;
pub(crate) const DAY: i64 = 86_400_000;

fn near(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - expected).abs() < 1e-9)
}

/// The numbers of promoters, passives, detractors and all, by SQL on a part of the rows.
async fn counts(file: &mut SqliteConnection, from_where: &str) -> [i64; 4] {
    let statement = format!(
        "SELECT coalesce(sum(score IN (9, 10)), 0), coalesce(sum(score IN (7, 8)), 0),
             coalesce(sum(score < 7), 0), count(*) FROM {from_where}"
    );
    let (promoters, passives, detractors, all) =
        sqlx::query_as(AssertSqlSafe(statement)).fetch_one(file).await.unwrap();
    [promoters, passives, detractors, all]
}

/// Score and interval of counts by the textbook: the shares of an enlarged sample, and its score.
fn textbook([promoters, passives, detractors, all]: [i64; 4]) -> Option<(f64, f64, f64)> {
    if all == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss)]
    let (p, n, d) = (promoters as f64, passives as f64, detractors as f64);
    let score = (p - d) / (p + n + d) * 100.0;
    let (p, n, d) = (p + 0.75, n + 1.5, d + 0.75);
    let size = p + n + d;
    let mean = (p - d) / size;
    // The variance, computed by its definition.
    let variance = (p * (1.0 - mean).powi(2) + n * mean.powi(2) + d * (-1.0 - mean).powi(2)) / size;
    let half = 1.96 * (variance / size).sqrt();
    let (low, high) = ((mean - half) * 100.0, (mean + half) * 100.0);
    Some((score, low.max(-100.0).min(score), high.min(100.0).max(score)))
}

/// The verdict and the interval of a difference of adjusted means: Student's test with the textbook's error,
/// half a step subtracted, and Wallace's approximation by the normal distribution.
struct Tested {
    z: f64,
    low: f64,
    high: f64,
}

impl Tested {
    /// `seen` and `adjusted` in points; `squares` is the squared error, in points, too.
    fn new(seen: f64, adjusted: f64, squares: f64, freedom: f64, half_step: f64) -> Self {
        let scale = (8.0 * freedom + 3.0) / (8.0 * freedom + 1.0);
        let t = (adjusted.abs() - half_step).max(0.0) / squares.sqrt();
        let z = (freedom * (t * t / freedom).ln_1p()).sqrt() / scale * adjusted.signum();
        let limit = (freedom * ((1.96 * scale).powi(2) / freedom).exp_m1()).sqrt();
        let half = limit * squares.sqrt() + half_step;
        Self {
            z,
            low: (adjusted - half).max(-200.0).min(seen),
            high: (adjusted + half).min(200.0).max(seen),
        }
    }

    /// The difference of two groups, by segments.
    fn between(then: [i64; 4], now: [i64; 4]) -> Self {
        #[expect(clippy::cast_precision_loss)]
        let mean = |[p, _, d, all]: [i64; 4]| (p - d) as f64 / all as f64 * 100.0;
        let side = |[p, n, d, _]: [i64; 4]| {
            #[expect(clippy::cast_precision_loss)]
            let (p, n, d) = (p as f64 + 0.75, n as f64 + 1.5, d as f64 + 0.75);
            let size = p + n + d;
            let mean = (p - d) / size;
            // The unbiased variance, computed by its definition.
            let squares = p * (1.0 - mean).powi(2) + n * mean.powi(2) + d * (1.0 + mean).powi(2);
            (mean * 100.0, squares / (size - 1.0) / size * 10_000.0, size - 1.0)
        };
        let (earlier, later) = (side(then), side(now));
        let squares = earlier.1 + later.1;
        let freedom = squares.powi(2) / (earlier.1.powi(2) / earlier.2 + later.1.powi(2) / later.2);
        let kinds = |kind: usize| then[kind] + now[kind] > 0;
        // An answer can move by one place only if there are passives or only one segment.
        let gap = match (kinds(0), kinds(1), kinds(2)) {
            (true, false, true) => 2.0,
            (true, false, false) | (false, true, false) | (false, false, true) => 0.0,
            _ => 1.0,
        };
        #[expect(clippy::cast_precision_loss)]
        let half_step = 100.0 * gap / 2.0 / then[3].min(now[3]) as f64;
        Self::new(mean(now) - mean(then), later.0 - earlier.0, squares, freedom, half_step)
    }

    /// The difference of paired orders, given the difference of each.
    fn paired(differences: &[i64]) -> Self {
        #[expect(clippy::cast_precision_loss)]
        let values: Vec<f64> = differences.iter().map(|it| *it as f64).collect();
        #[expect(clippy::cast_precision_loss)]
        let orders = values.len() as f64;
        let sum = values.iter().sum::<f64>();
        // Three added orders: three quarters up, three quarters down, the rest unchanged; then the plain variance.
        let size = orders + 3.0;
        let centre = sum / size;
        let squares: f64 = values.iter().map(|it| (it - centre).powi(2)).sum::<f64>()
            + [(-1.0, 0.75), (0.0, 1.5), (1.0, 0.75)]
                .map(|(it, weight): (f64, f64)| weight * (it - centre).powi(2))
                .iter()
                .sum::<f64>();
        let least = differences.iter().min().unwrap();
        let gap = [(4, 4.0), (3, 3.0), (2, 2.0), (1, 1.0)]
            .into_iter()
            .find(|(gap, _)| differences.iter().all(|it| (it - least) % gap == 0))
            .filter(|_| differences.iter().any(|it| it != least))
            .map_or(0.0, |(_, gap)| gap);
        let half_step = 100.0 * gap / 2.0 / orders;
        let error = squares / (size - 1.0) / size * 10_000.0;
        Self::new(sum / orders * 100.0, centre * 100.0, error, size - 1.0, half_step)
    }

    #[track_caller]
    fn check(&self, difference: &Value) {
        assert!(near(&difference["z"], self.z), "{difference} is not {}", self.z);
        assert!(
            near(&difference["interval"]["low"], self.low),
            "{difference} not from {}",
            self.low
        );
        assert!(
            near(&difference["interval"]["high"], self.high),
            "{difference} not to {}",
            self.high
        );
    }

    fn verdict(&self, enough: bool) -> &'static str {
        match (enough, self.z.abs() > 1.96) {
            (false, _) => "too-few",
            (true, true) => "real",
            (true, false) => "could-be-chance",
        }
    }
}

/// Asserts that exactly those groups are marked that Holm's method marks.
async fn check_marks(
    file: &mut SqliteConnection,
    groups: &[Value],
    all: &str,
    rows_of: impl Fn(&Value) -> String,
) {
    let whole = counts(file, all).await;
    let mut tested = Vec::new();
    for group in groups {
        let own = counts(file, &rows_of(group)).await;
        let others = std::array::from_fn(|it| whole[it] - own[it]);
        if own[3] >= 30 && others[3] >= 30 {
            tested.push((Tested::between(others, own), group));
        } else {
            assert_eq!(group["difference"], Value::Null);
        }
    }
    tested.sort_by(|a, b| b.0.z.abs().total_cmp(&a.0.z.abs()));
    let left = tested.len();
    let mut stands_out = true;
    for (rank, (test, group)) in tested.iter().enumerate() {
        // The limit of z for so many remaining tests, by bisection.
        #[expect(clippy::cast_precision_loss)]
        let level = 0.049_995_790_296 / (left - rank) as f64;
        stands_out &= two_sided(test.z.abs()) <= level;
        assert_eq!(group["difference"].is_null(), !stands_out, "{group}");
        if stands_out {
            test.check(&group["difference"]);
        }
    }
}

/// The two-sided tail probability of a normal deviate, by Simpson's rule.
fn two_sided(z: f64) -> f64 {
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let steps = 2_000;
    let width = z / f64::from(steps);
    let sum: f64 = (0..=steps)
        .map(|step| {
            let weight = match step {
                0 => 1.0,
                it if it == steps => 1.0,
                it if it % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * density(f64::from(step) * width)
        })
        .sum();
    1.0 - 2.0 * sum * width / 3.0
}

/// Asserts that the figures equal those of the rows.
async fn check(file: &mut SqliteConnection, figures: &Value, from_where: &str) {
    let counts = counts(file, from_where).await;
    for (name, count) in ["promoters", "passives", "detractors", "answers"].iter().zip(counts) {
        assert_eq!(figures[*name], count, "{name} of {from_where}: {figures}");
    }
    assert_eq!(figures["enough"], counts[3] >= 30);
    match textbook(counts) {
        None => assert_eq!((&figures["nps"], &figures["interval"]), (&Value::Null, &Value::Null)),
        Some((score, low, high)) => {
            assert!(near(&figures["nps"], score), "{figures} is not {score}");
            assert!(near(&figures["interval"]["low"], low), "{figures} is not from {low}");
            assert!(near(&figures["interval"]["high"], high), "{figures} is not to {high}");
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Sample {
    day: i64,
    survey: bool,
    touchpoint: usize,
    score: u8,
    order: u8,
    country: u8,
    display: u8,
}

const TOUCHPOINTS: [&str; 3] = ["order", "delivery", "support"];

pub(crate) fn any_sample() -> impl Strategy<Value = Sample> {
    (0..80_i64, any::<bool>(), 0..3_usize, 0..11_u8, 0..40_u8, 0..3_u8, 0..4_u8).prop_map(
        |(day, survey, touchpoint, score, order, country, display)| Sample {
            day,
            survey,
            touchpoint,
            score,
            order,
            country,
            display,
        },
    )
}

#[derive(Clone, Debug)]
struct AskedPeriod {
    survey: Option<bool>,
    touchpoint: Option<usize>,
    country: Option<u8>,
    from: i64,
    days: i64,
    step: usize,
}

fn any_question() -> impl Strategy<Value = AskedPeriod> {
    let maybe = |most: usize| prop::option::weighted(0.4, 0..most);
    (
        prop::option::weighted(0.4, any::<bool>()),
        maybe(3),
        prop::option::weighted(0.2, 1..3_u8),
        0..70_i64,
        1..60_i64,
        0..4_usize,
    )
        .prop_map(|(survey, touchpoint, country, from, days, step)| AskedPeriod {
            survey,
            touchpoint,
            country,
            from,
            days,
            step,
        })
}

const COUNTRIES: [Option<&str>; 3] = [None, Some("DE"), Some("AT")];

fn survey(which: bool) -> &'static str {
    if which { "post-purchase" } else { "website" }
}

pub(crate) async fn fill(file: &mut SqliteConnection, samples: &[Sample]) {
    for table in ["responses", "displays"] {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}")))
            .execute(&mut *file)
            .await
            .unwrap();
    }
    for (index, sample) in samples.iter().enumerate() {
        // The answers are spread over the day, including its first and last moment.
        let at = BEGIN + sample.day * DAY + [0, DAY - 1, DAY / 2, DAY / 3][index % 4];
        let body = response_with(&[
            ("survey", json!(survey(sample.survey))),
            ("touchpoint", json!(TOUCHPOINTS[sample.touchpoint])),
            ("score", json!(sample.score)),
            ("order.id", json!(format!("A-{}", sample.order))),
            ("order.country", json!(COUNTRIES[usize::from(sample.country)])),
        ]);
        let id = body["id"].as_str().unwrap();
        if sample.display > 0 {
            sqlx::query(
                "INSERT INTO displays (id, survey, touchpoint, locale, page, shown_at, dismissed_at,
                     received_at) VALUES (?, ?, ?, 'de', 'p', 0, ?, ?)",
            )
            .bind(id)
            .bind(survey(sample.survey))
            .bind(TOUCHPOINTS[sample.touchpoint])
            .bind((sample.display == 3).then_some(1))
            .bind(at)
            .execute(&mut *file)
            .await
            .unwrap();
        }
        // Some customers were asked and did not answer.
        if sample.display < 2 || index % 3 == 0 {
            insert(file, &body, at).await;
        }
    }
}

pub(crate) fn date(day: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(BEGIN + day * DAY).unwrap();
    at.strftime("%Y-%m-%d").to_string()
}

async fn compare(bench: &Bench, file: &mut SqliteConnection, asked: &AskedPeriod) {
    let (from, to) = (date(asked.from), date(asked.from + asked.days - 1));
    let mut query = format!("from={from}&to={to}&by=country");
    let mut among = "1".to_owned();
    if let Some(which) = asked.survey {
        query += &format!("&survey={}", survey(which));
        among += &format!(" AND survey = '{}'", survey(which));
    }
    let everywhere = among.clone();
    if let Some(touchpoint) = asked.touchpoint {
        query += &format!("&touchpoint={}", TOUCHPOINTS[touchpoint]);
        among += &format!(" AND touchpoint = '{}'", TOUCHPOINTS[touchpoint]);
    }
    let unbroken = among.clone();
    let mut shared = String::new();
    if let Some(country) = asked.country.map(usize::from).and_then(|it| COUNTRIES[it]) {
        query += &format!("&country={country}");
        shared = format!(" AND response ->> '$.order.country' = '{country}'");
    }
    if let Some(step) = ["day", "week", "month"].get(asked.step) {
        query += &format!("&step={step}");
    }
    let within = |from: &str, to: &str| {
        format!("date(received_at / 1000, 'unixepoch') BETWEEN '{from}' AND '{to}'")
    };
    let period = within(&from, &to);
    let report = report(bench, &query).await;
    assert_eq!(report["period"], json!({ "from": from, "to": to }));

    check(file, &report, &format!("counted WHERE {among}{shared} AND {period}")).await;
    for score in 0..=10_usize {
        let statement = format!(
            "SELECT count(*) FROM counted WHERE {among}{shared} AND {period} AND score = {score}"
        );
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut *file).await.unwrap();
        assert_eq!(report["distribution"][score], count);
    }

    // The period before.
    let (before, end) = (date(asked.from - asked.days), date(asked.from - 1));
    let earlier = format!("counted WHERE {among}{shared} AND {}", within(&before, &end));
    let now = counts(file, &format!("counted WHERE {among}{shared} AND {period}")).await;
    let then = counts(file, &earlier).await;
    if let (Some(now_is), Some(then_was)) = (textbook(now), textbook(then)) {
        let change = &report["change"];
        check(file, &change["before"], &earlier).await;
        assert!(near(&change["points"], now_is.0 - then_was.0));
        let tested = Tested::between(then, now);
        tested.check(change);
        let verdict = tested.verdict(now[3] >= 30 && then[3] >= 30);
        assert_eq!(change["verdict"], verdict);
        assert_eq!(change["power"].is_null(), verdict != "could-be-chance");
    } else {
        assert_eq!(report["change"], Value::Null);
    }

    // The trend's steps cover the period without gap or overlap.
    let mut next = from.clone();
    for point in report["trend"]["points"].as_array().unwrap() {
        let (first, last) = (point["from"].as_str().unwrap(), point["to"].as_str().unwrap());
        assert_eq!(first, next);
        let rows = format!("counted WHERE {among}{shared} AND {}", within(first, last));
        check(file, point, &rows).await;
        next = last.parse::<jiff::civil::Date>().unwrap().tomorrow().unwrap().to_string();
    }
    assert_eq!(next, date(asked.from + asked.days));

    let mut seen = 0;
    for touchpoint in TOUCHPOINTS {
        let rows = format!(
            "counted WHERE {everywhere}{shared} AND {period} AND touchpoint = '{touchpoint}'"
        );
        let found = report["touchpoints"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["touchpoint"] == touchpoint);
        match found {
            Some(figures) => {
                seen += 1;
                check(file, figures, &rows).await;
            }
            None => assert_eq!(counts(file, &rows).await[3], 0),
        }
    }
    let touchpoints = report["touchpoints"].as_array().unwrap();
    assert_eq!(touchpoints.len(), seen);
    let rows = format!("counted WHERE {everywhere}{shared} AND {period}");
    check_marks(file, touchpoints, &rows, |it| {
        format!("{rows} AND touchpoint = '{}'", it["touchpoint"].as_str().unwrap())
    })
    .await;
    most_of_an_order(file, &report, &format!("counted WHERE {among}{shared} AND {period}")).await;

    let values = report["breakdown"]["values"].as_array().cloned().unwrap_or_default();
    let mut seen = 0;
    for value in &values {
        let country = value["value"].as_str().unwrap();
        let rows = format!(
            "counted WHERE {unbroken} AND {period} AND response ->> '$.order.country' = '{country}'"
        );
        check(file, value, &rows).await;
        seen += value["answers"].as_i64().unwrap();
    }
    let rows = format!(
        "counted WHERE {unbroken} AND {period} AND response ->> '$.order.country' IS NOT NULL"
    );
    assert_eq!(counts(file, &rows).await[3], seen);
    let rows = format!("counted WHERE {unbroken} AND {period}");
    check_marks(file, &values, &rows, |it| {
        format!("{rows} AND response ->> '$.order.country' = '{}'", it["value"].as_str().unwrap())
    })
    .await;

    if shared.is_empty() {
        compare_moments(file, &report, &everywhere, asked, &from, &to).await;
        compare_displays(file, &report, &among, &period).await;
    } else {
        assert_eq!((&report["moments"], &report["non_response"]), (&json!([]), &Value::Null));
    }
}

/// Asserts that an order is named exactly if more than a tenth of the answers are about it.
async fn most_of_an_order(file: &mut SqliteConnection, report: &Value, rows: &str) {
    let all = counts(file, rows).await[3];
    let most: Option<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM {rows} GROUP BY order_id)"
    )))
    .fetch_one(&mut *file)
    .await
    .unwrap();
    let named = report["concentration"].as_array().unwrap();
    let found = named.iter().find(|it| it["now"] == true && it["by"] == "order");
    match most.filter(|most| *most > 2 && most * 10 > all) {
        Some(most) => assert_eq!(found.unwrap()["answers"], most),
        None => assert_eq!(found, None),
    }
}

async fn compare_moments(
    file: &mut SqliteConnection,
    report: &Value,
    everywhere: &str,
    asked: &AskedPeriod,
    from: &str,
    to: &str,
) {
    let wanted = asked.touchpoint.map(|it| TOUCHPOINTS[it]);
    let mut seen = 0;
    for (first, second) in [("order", "delivery"), ("order", "support"), ("delivery", "support")] {
        // The newest answer of each order at each touchpoint, joined by order and survey.
        let statement = format!(
            "WITH newest AS (
                 SELECT survey, order_id, touchpoint, (score > 8) - (score < 7) AS points,
                        max(received_at || id), received_at AS at
                 FROM counted WHERE {everywhere} GROUP BY survey, order_id, touchpoint)
             SELECT b.points - a.points FROM newest a JOIN newest b USING (survey, order_id)
             WHERE a.touchpoint = '{first}' AND b.touchpoint = '{second}'
                 AND date(max(a.at, b.at) / 1000, 'unixepoch') BETWEEN '{from}' AND '{to}'"
        );
        let differences: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut *file).await.unwrap();
        let found = report["moments"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["first"] == first && it["second"] == second);
        let is_wanted = wanted.is_none_or(|wanted| wanted == first || wanted == second);
        if differences.is_empty() || !is_wanted {
            assert_eq!(found, None);
            continue;
        }
        seen += 1;
        let found = found.unwrap();
        assert_eq!(found["orders"], differences.len());
        assert_eq!(found["better"], differences.iter().filter(|it| **it > 0).count());
        assert_eq!(found["worse"], differences.iter().filter(|it| **it < 0).count());
        #[expect(clippy::cast_precision_loss)]
        let mean = differences.iter().sum::<i64>() as f64 / differences.len() as f64;
        assert!(near(&found["gap"]["points"], mean * 100.0), "{found} is not {mean}");
        Tested::paired(&differences).check(&found["gap"]);
    }
    assert_eq!(report["moments"].as_array().unwrap().len(), seen);
}

async fn compare_displays(file: &mut SqliteConnection, report: &Value, among: &str, period: &str) {
    let rows = format!(
        "(SELECT d.survey, d.touchpoint, d.received_at, d.dismissed_at, r.score
          FROM displays d LEFT JOIN responses r USING (id)
          WHERE r.id IS NULL OR r.id IN (SELECT id FROM counted)) WHERE {among} AND {period}"
    );
    let statement = format!(
        "SELECT count(*), coalesce(sum(dismissed_at IS NOT NULL AND score IS NULL), 0) FROM {rows}"
    );
    let (shown, dismissed): (i64, i64) =
        sqlx::query_as(AssertSqlSafe(statement)).fetch_one(&mut *file).await.unwrap();
    assert_eq!((&report["displays"], &report["dismissals"]), (&json!(shown), &json!(dismissed)));
    let silence = &report["non_response"];
    if shown == 0 {
        assert_eq!(*silence, Value::Null);
        return;
    }
    let [promoters, _, detractors, answered] =
        counts(file, &format!("{rows} AND score IS NOT NULL")).await;
    assert_eq!(silence["answered"], answered);
    assert_eq!(silence["ignored"], shown - dismissed - answered);
    #[expect(clippy::cast_precision_loss)]
    let share = |part: i64| part as f64 / shown as f64;
    assert!(near(&silence["response_rate"], share(answered)));
    // Wilson's bounds are the shares from which the observed one is exactly 1.96 standard errors away.
    for (bound, sign) in [("low", 1.0), ("high", -1.0)] {
        let bound = silence["response_rate_interval"][bound].as_f64().unwrap();
        #[expect(clippy::cast_precision_loss)]
        let error = (bound * (1.0 - bound) / shown as f64).sqrt();
        assert!((share(answered) - bound - sign * 1.96 * error).abs() < 1e-9, "{silence}");
    }
    let silent = shown - answered;
    assert!(near(&silence["bounds"]["low"], share(promoters - detractors - silent) * 100.0));
    assert!(near(&silence["bounds"]["high"], share(promoters + silent - detractors) * 100.0));
}

#[test]
fn every_figure_equals_an_independent_one() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bench, file, config) = runtime.block_on(property_bench());
    let samples = prop::collection::vec(any_sample(), 0..260);
    let questions = prop::collection::vec(any_question(), 4);
    TestRunner::new(config)
        .run(&(samples, questions), |(samples, questions)| {
            runtime.block_on(async {
                let mut file = file.lock().await;
                fill(&mut file, &samples).await;
                bench.count_anew().await;
                for question in &questions {
                    compare(&bench, &mut file, question).await;
                }
            });
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_report_without_answers_is_empty() {
    let bench = Bench::new().await;
    let report = report(&bench, "").await;
    assert_eq!(report["answers"], 0);
    assert_eq!(report["distribution"], json!(vec![0; 11]));
    for name in ["nps", "interval", "change", "non_response", "breakdown"] {
        assert_eq!(report[name], Value::Null, "{name}");
    }
    for name in ["touchpoints", "moments", "comments", "surveys", "facets", "ways", "concentration"]
    {
        assert_eq!(report[name], json!([]), "{name}");
    }
    assert_eq!(report["enough"], false);
}

#[tokio::test]
async fn without_a_period_everything_counts_and_with_one_the_days_are_the_shops() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    for (score, at) in [(10, BEGIN), (0, BEGIN + 40 * DAY - 1), (9, BEGIN + 40 * DAY)] {
        insert(&mut file, &response_with(&[("score", json!(score))]), at).await;
    }
    bench.count_anew().await;
    assert_eq!(report(&bench, "").await["answers"], 3);
    assert_eq!(report(&bench, "from=2026-08-01&to=2026-09-09").await["answers"], 2);
    assert_eq!(report(&bench, "from=2026-09-10").await["answers"], 1);
    assert_eq!(report(&bench, "to=2026-08-01").await["answers"], 1);
    assert_eq!(report(&bench, "").await["change"], Value::Null, "nothing was before everything");
}

#[tokio::test]
async fn a_new_question_breaks_the_line_and_the_comparison() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    for day in 0..60 {
        for score in [10, 3] {
            let question = if day < 40 { "Old?" } else { "New?" };
            let body =
                response_with(&[("score", json!(score)), ("method.question", json!(question))]);
            insert(&mut file, &body, BEGIN + day * DAY).await;
        }
    }
    bench.count_anew().await;
    // The question changed in the period before, so only the days after the change are compared.
    let later = report(&bench, "from=2026-09-15&to=2026-09-29").await;
    assert_eq!(later["change"]["period"], json!({ "from": "2026-09-10", "to": "2026-09-14" }));
    assert_eq!(later["change"]["verdict"], "too-few");
    let sharp = report(&bench, "from=2026-09-10&to=2026-09-29").await;
    assert_eq!(sharp["change"]["verdict"], "not-comparable");
    // 30 days from the 31st on, the change on the 41st: 2026-09-10, a Thursday.
    let report = report(&bench, "from=2026-08-31&to=2026-09-29&step=week").await;
    let changes = report["trend"]["method_changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0]["from"], "2026-09-10");
    assert_eq!(changes[0]["aspect"], "wording");
    assert!(changes[0]["old"].as_str().unwrap().starts_with("Old?"));
    assert_eq!(report["change"]["verdict"], "not-comparable");
    assert_eq!(report["trend"]["before"], json!([]));
    let ways: Vec<_> = report["ways"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| json!([way["from"], way["to"], way["answers"], way["nps"]]))
        .collect();
    assert_eq!(
        ways,
        [
            json!(["2026-08-31", "2026-09-09", 20, 0.0]),
            json!(["2026-09-10", "2026-09-29", 40, 0.0])
        ]
    );
    let points: Vec<(&str, bool)> = report["trend"]["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["from"].as_str().unwrap(), it["joined"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        points,
        [
            ("2026-08-31", false),
            ("2026-09-07", true),
            ("2026-09-10", false),
            ("2026-09-14", true),
            ("2026-09-21", true),
            ("2026-09-28", true),
        ]
    );
}

#[tokio::test]
async fn a_fall_that_is_no_chance_is_marked_and_noise_is_not() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    for day in 0..84 {
        for answer in 0..10 {
            // 60 % promoters, for two weeks 20 %; the rest detractors.
            let good = if (28..42).contains(&day) { 2 } else { 6 + (day % 3 - 1) };
            let score = if answer < good { 9 } else { 4 };
            let body = response_with(&[("score", json!(score))]);
            insert(&mut file, &body, BEGIN + 2 * DAY + day * DAY).await;
        }
    }
    bench.count_anew().await;
    let report = report(&bench, "from=2026-08-03&to=2026-10-25&step=week").await;
    let marked: Vec<(&str, bool)> = report["trend"]["points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| !it["change"].is_null())
        .map(|it| (it["from"].as_str().unwrap(), it["change"]["points"].as_f64() > Some(0.0)))
        .collect();
    assert_eq!(marked, [("2026-08-31", false), ("2026-09-14", true)]);
}

#[tokio::test]
async fn the_segment_and_the_words_narrow_the_comments_and_not_the_figures() {
    let bench = Bench::new().await;
    for (score, comment) in [(10, "Prima Ware"), (2, "Ware kaputt"), (8, "ging so"), (3, "")] {
        bench
            .post_json(&response_with(&[("score", json!(score)), ("comment", json!(comment))]))
            .await;
    }
    let all = report(&bench, "").await;
    assert_eq!(all["comments"].as_array().unwrap().len(), 3);
    assert_eq!(all["comments"][0]["comment"], "ging so", "the latest first");
    for (query, comments) in [
        ("segment=detractor", &["Ware kaputt"][..]),
        ("q=ware", &["Ware kaputt", "Prima Ware"]),
        ("q=ware&segment=promoter", &["Prima Ware"]),
    ] {
        let narrowed = report(&bench, query).await;
        assert_eq!(narrowed["answers"], 4);
        let found: Vec<&str> = narrowed["comments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["comment"].as_str().unwrap())
            .collect();
        assert_eq!(found, comments, "{query}");
    }
}

#[tokio::test]
async fn it_is_closed_to_strangers_and_names_what_is_wrong() {
    let bench = Bench::new().await;
    bench.post_json(&response()).await;
    bench.get("/v1/report", &[]).await.problem(401, "unauthorized");
    for (query, field) in [
        ("from=2026-11-24T00:00:00Z", "from"),
        ("from=2026-11-02&to=2026-11-01", "to"),
        ("period=week", "period"),
        ("step=year", "step"),
        ("by=colour", "by"),
        ("limit=3", "limit"),
        ("survey=", "survey"),
    ] {
        let path = format!("/v1/report?{query}");
        let answer = bench.get(&path, &[LOGIN]).await;
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

/// Stores so many answers with a score at a touchpoint on each of these days.
async fn put(
    file: &mut SqliteConnection,
    days: std::ops::Range<i64>,
    touchpoint: &str,
    scores: &[(i64, u32)],
) {
    for day in days {
        for (score, answers) in scores {
            for _ in 0..*answers {
                let order = format!("B-{}", new_id());
                let body = response_with(&[
                    ("touchpoint", json!(touchpoint)),
                    ("score", json!(score)),
                    ("order.id", json!(order)),
                ]);
                insert(file, &body, BEGIN + day * DAY).await;
            }
        }
    }
}

/// The thirty days from the thirty-first on, which are compared with the thirty before.
const SECOND_MONTH: &str = "from=2026-08-31&to=2026-09-29";

#[tokio::test]
async fn a_change_of_mix_alone_is_recognised() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    let (good, bad) = ([(10, 4), (8, 1)], [(10, 1), (3, 4)]);
    put(&mut file, 0..30, "order", &good).await;
    put(&mut file, 0..3, "support", &bad).await;
    put(&mut file, 30..34, "order", &good).await;
    put(&mut file, 30..60, "support", &bad).await;
    bench.count_anew().await;
    let told = report(&bench, SECOND_MONTH).await;
    let change = &told["change"];
    assert_eq!(change["verdict"], "real");
    assert!(change["points"].as_f64().unwrap() < -80.0, "{change}");
    let mix = &change["mix"];
    assert!(mix["standardised"]["points"].as_f64().unwrap().abs() < 1e-9, "{mix}");
    assert_eq!(mix["standardised"]["verdict"], "could-be-chance");
    let one = report(&bench, &format!("{SECOND_MONTH}&touchpoint=support")).await;
    assert_eq!(one["change"]["mix"], Value::Null, "one touchpoint is no mix");
}

#[tokio::test]
async fn a_slow_slide_is_recognised() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    for week in 0..10_i64 {
        // Four answers a day; about every week, another tenth of the customers turn from promoters to detractors.
        for day in 0..7 {
            let turned = u32::from((week * 7 + day) * 5 % 70 < week * 7);
            let scores = [(10, 3 - turned * 2), (3, 1 + turned * 2)];
            put(&mut file, week * 7 + day..week * 7 + day + 1, "order", &scores).await;
        }
    }
    bench.count_anew().await;
    let report = report(&bench, "from=2026-08-01&to=2026-10-09&step=week").await;
    let trend = &report["trend"];
    assert!(trend["points"].as_array().unwrap().iter().all(|it| it["change"].is_null()));
    assert_eq!(trend["slope"]["verdict"], "real", "{}", trend["slope"]);
    assert!(trend["slope"]["points"].as_f64().unwrap() < -50.0);
    assert_eq!(trend["slope_within"], Value::Null);
}

#[tokio::test]
async fn sixty_answers_of_one_customer_are_pointed_out() {
    let bench = Bench::new().await;
    for number in 0..20 {
        let customer = if number < 12 { "C-1".to_owned() } else { format!("D-{number}") };
        bench
            .post_json(&response_with(&[
                ("customer.id", json!(customer)),
                ("order.id", json!(format!("A-{number}"))),
            ]))
            .await;
    }
    let all = report(&bench, "").await;
    assert_eq!(
        all["concentration"],
        json!([{ "by": "customer", "now": true, "answers": 12, "share": 0.6 }])
    );
    // A filter for promoters' comments does not change the figures.
    let narrowed = report(&bench, "segment=promoter&q=nichts").await;
    assert_eq!(narrowed["concentration"], all["concentration"]);
}

#[tokio::test]
async fn the_period_before_is_a_line_of_its_own() {
    let bench = Bench::new().await;
    let mut file = open(&bench).await;
    put(&mut file, 0..60, "order", &[(10, 2), (3, 1)]).await;
    bench.count_anew().await;
    let told = report(&bench, &format!("{SECOND_MONTH}&step=week")).await;
    let before = told["trend"]["before"].as_array().unwrap();
    assert_eq!(before[0]["from"], "2026-08-01");
    assert_eq!(before.last().unwrap()["to"], "2026-08-30");
    let answers: i64 = before.iter().map(|it| it["answers"].as_i64().unwrap()).sum();
    assert_eq!(told["change"]["before"]["answers"], answers);
    // Without answers before the period the trend has no line for comparison.
    assert_eq!(report(&bench, "").await["trend"]["before"], json!([]));
}
