//! The roll-ups equal a recount, whatever was written, corrected and erased, and by whom.
//!
//! The recount is made here, in Rust, of the rows of `responses` and `displays`; it shares nothing
//! with the triggers' SQL.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::bench::{Bench, new_id, response_with};

/// What may be done to the row of one of a few ids.
#[derive(Clone, Debug)]
enum Act {
    Insert(usize, Sample),
    Upsert(usize, Sample),
    Replace(usize, Sample),
    Update(usize, Sample),
    Move(usize, i64),
    Delete(usize),
    DeleteOrder(u8),
    Shown(usize, Sample),
    Dismissed(usize),
    DeleteDisplay(usize),
}

/// What is random about a response.
#[derive(Clone, Debug)]
struct Sample {
    at: i64,
    survey: u8,
    touchpoint: u8,
    score: u8,
    order: u8,
    method: u8,
    facets: u8,
}

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
    )
        .prop_map(|(at, survey, touchpoint, score, order, method, facets)| Sample {
            at,
            survey,
            touchpoint,
            score,
            order,
            method,
            facets,
        })
}

fn any_act() -> impl Strategy<Value = Act> {
    let id = 0..8_usize;
    prop_oneof![
        4 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Insert(id, sample)),
        3 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Upsert(id, sample)),
        1 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Replace(id, sample)),
        2 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Update(id, sample)),
        1 => (id.clone(), 0..9_i64).prop_map(|(id, days)| Act::Move(id, days)),
        2 => id.clone().prop_map(Act::Delete),
        1 => (0..4_u8).prop_map(Act::DeleteOrder),
        3 => (id.clone(), any_sample()).prop_map(|(id, sample)| Act::Shown(id, sample)),
        2 => id.clone().prop_map(Act::Dismissed),
        1 => id.prop_map(Act::DeleteDisplay),
    ]
}

impl Sample {
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
            ("tags", if has(16) { json!(["q4"]) } else { json!(["q4", "app"]) }),
        ])
    }
}

const COLUMNS: &str = "id, revision, complete, survey, touchpoint, score, comment, locale, page, \
    order_id, received_at, updated_at, response";

async fn write(file: &mut SqliteConnection, verb: &str, end: &str, id: &str, sample: &Sample) {
    let body = sample.body(id);
    let statement = format!(
        "{verb} INTO responses ({COLUMNS}) VALUES (?, 1, 1, ?, ?, ?, ?, ?, 'p', ?, ?, ?, ?) {end}"
    );
    sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(id)
        .bind(body["survey"].as_str())
        .bind(body["touchpoint"].as_str())
        .bind(sample.score)
        .bind(body["comment"].as_str())
        .bind(body["locale"].as_str())
        .bind(body["order"]["id"].as_str())
        .bind(sample.at)
        .bind(sample.at)
        .bind(body.to_string())
        .execute(file)
        .await
        .unwrap();
}

async fn run(file: &mut SqliteConnection, ids: &[String], act: &Act) {
    let query = |statement: &'static str| sqlx::query(statement);
    match act {
        Act::Insert(id, sample) => {
            write(file, "INSERT", "ON CONFLICT DO NOTHING", &ids[*id], sample).await;
        }
        Act::Upsert(id, sample) => {
            let end = "ON CONFLICT (id) DO UPDATE SET survey = excluded.survey, \
                touchpoint = excluded.touchpoint, score = excluded.score, locale = excluded.locale, \
                order_id = excluded.order_id, response = excluded.response, revision = revision + 1 \
                WHERE excluded.score >= responses.score";
            write(file, "INSERT", end, &ids[*id], sample).await;
        }
        Act::Replace(id, sample) => {
            write(file, "INSERT OR REPLACE", "", &ids[*id], sample).await;
        }
        Act::Update(id, sample) => {
            query("UPDATE responses SET score = ?, touchpoint = ? WHERE id = ?")
                .bind(sample.score)
                .bind(TOUCHPOINTS[usize::from(sample.touchpoint)])
                .bind(&ids[*id])
                .execute(file)
                .await
                .unwrap();
        }
        Act::Move(id, days) => {
            query("UPDATE responses SET received_at = received_at + ? WHERE id >= ?")
                .bind(days * 43_200_000)
                .bind(&ids[*id])
                .execute(file)
                .await
                .unwrap();
        }
        Act::Delete(id) => {
            query("DELETE FROM responses WHERE id = ?")
                .bind(&ids[*id])
                .execute(file)
                .await
                .unwrap();
        }
        Act::DeleteOrder(order) => {
            query("DELETE FROM responses WHERE order_id = ?")
                .bind(format!("A-{order}"))
                .execute(file)
                .await
                .unwrap();
        }
        Act::Shown(id, sample) => {
            query(
                "INSERT INTO displays (id, survey, touchpoint, locale, page, shown_at, received_at)
                 VALUES (?, ?, ?, 'de', 'p', 0, ?) ON CONFLICT (id) DO UPDATE SET shown_at = 0",
            )
            .bind(&ids[*id])
            .bind(format!("survey-{}", sample.survey))
            .bind(TOUCHPOINTS[usize::from(sample.touchpoint)])
            .bind(sample.at)
            .execute(file)
            .await
            .unwrap();
        }
        Act::Dismissed(id) => {
            query("UPDATE displays SET dismissed_at = 1 WHERE id = ?")
                .bind(&ids[*id])
                .execute(file)
                .await
                .unwrap();
        }
        Act::DeleteDisplay(id) => {
            query("DELETE FROM displays WHERE id = ?").bind(&ids[*id]).execute(file).await.unwrap();
        }
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

/// The local day by the clock of Berlin or of UTC, computed by `jiff` from the moment itself.
fn day(at: i64, zone: &str) -> String {
    let zoned = jiff::Timestamp::from_millisecond(at).unwrap().in_tz(zone).unwrap();
    let days = zoned.date() - jiff::civil::date(1970, 1, 1);
    days.get_days().to_string()
}

/// When an answer came, its id, segment and day.
type Answer = (i64, String, i64, i64);

/// What the roll-ups should hold: scores, facets, pairs, displays.
async fn recount(file: &mut SqliteConnection, zone: &str) -> [Rows; 4] {
    let mut counted: [Rows; 4] = Default::default();
    let rows = sqlx::query("SELECT id, score, received_at, response FROM responses")
        .fetch_all(&mut *file)
        .await
        .unwrap();
    let mut scores = BTreeMap::new();
    let mut latest: BTreeMap<(String, String, usize), Answer> = BTreeMap::new();
    for row in &rows {
        let (id, score): (String, i64) = (row.get("id"), row.get("score"));
        let at: i64 = row.get("received_at");
        let response: Value = serde_json::from_str(row.get("response")).unwrap();
        // An UPDATE of the columns alone is not in the JSON; the columns are what counts.
        let (survey, touchpoint, order): (String, String, Option<String>) =
            sqlx::query_as("SELECT survey, touchpoint, order_id FROM responses WHERE id = ?")
                .bind(&id)
                .fetch_one(&mut *file)
                .await
                .unwrap();
        scores.insert(id.clone(), score);
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
        ];
        add(&mut counted[0], key.into(), &counts);

        let mut facets = BTreeSet::from([("language".to_owned(), language)]);
        let mut facet = |name: &str, value: &Value| {
            if let Some(value) = value.as_str() {
                facets.insert((name.to_owned(), value.to_owned()));
            }
        };
        facet("country", &response["order"]["country"]);
        facet("customer", &response["customer"]["kind"]);
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
            facet(&format!("prop-{name}"), value);
        }
        for (name, value) in facets {
            let key = vec![name, day(at, zone), value, survey.clone(), touchpoint.clone()];
            add(&mut counted[1], key, &counts);
        }

        if let Some(order) = order {
            let place = TOUCHPOINTS.iter().position(|it| *it == touchpoint).unwrap();
            let segment = match score {
                0..=6 => -1,
                7 | 8 => 0,
                _ => 1,
            };
            let answer = (at, id, segment, day(at, zone).parse().unwrap());
            let kept = latest.entry((order, survey, place)).or_insert_with(|| answer.clone());
            if (answer.0, &answer.1) > (kept.0, &kept.1) {
                *kept = answer;
            }
        }
    }
    for ((order, survey, place), first) in &latest {
        for ((other_order, other_survey, other_place), second) in &latest {
            if (order, survey) == (other_order, other_survey) && place < other_place {
                let key = [
                    first.3.max(second.3).to_string(),
                    survey.clone(),
                    TOUCHPOINTS[*place].into(),
                    TOUCHPOINTS[*other_place].into(),
                    first.2.to_string(),
                    second.2.to_string(),
                ];
                add(&mut counted[2], key.into(), &[1]);
            }
        }
    }
    let displays =
        sqlx::query("SELECT id, survey, touchpoint, received_at, dismissed_at FROM displays")
            .fetch_all(&mut *file)
            .await
            .unwrap();
    for row in &displays {
        let key = vec![day(row.get("received_at"), zone), row.get("survey"), row.get("touchpoint")];
        let score = scores.get(&row.get::<String, _>("id"));
        let dismissed = row.get::<Option<i64>, _>("dismissed_at").is_some() && score.is_none();
        let is = |range: std::ops::RangeInclusive<i64>| {
            i64::from(score.is_some_and(|score| range.contains(score)))
        };
        let counts = [1, i64::from(dismissed), is(9..=10), is(7..=8), is(0..=6)];
        add(&mut counted[3], key, &counts);
    }
    counted
}

async fn kept(file: &mut SqliteConnection) -> [Rows; 4] {
    [
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, touchpoint, language, question, layout, mode,
                 answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
             FROM daily_scores JOIN methods USING (method)",
            7,
        )
        .await,
        table(
            file,
            "SELECT facet, CAST(day AS TEXT), value, survey, touchpoint,
                 answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10 FROM daily_facets",
            5,
        )
        .await,
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, first, second, CAST(first_segment AS TEXT),
                 CAST(second_segment AS TEXT), pairs FROM daily_pairs",
            6,
        )
        .await,
        table(
            file,
            "SELECT CAST(day AS TEXT), survey, touchpoint, shown, dismissed, promoters, passives,
                 detractors FROM daily_displays",
            3,
        )
        .await,
    ]
}

async fn connect(bench: &Bench) -> SqliteConnection {
    let options: SqliteConnectOptions = bench.address().parse().unwrap();
    SqliteConnection::connect_with(&options.pragma("recursive_triggers", "ON")).await.unwrap()
}

#[test]
fn they_equal_a_recount_after_any_sequence_of_writes() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bench, file) = runtime.block_on(async {
        let bench = Bench::new().await;
        let file = connect(&bench).await;
        (bench, tokio::sync::Mutex::new(file))
    });
    let config = ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(any_act(), 1..24), |acts| {
            runtime.block_on(async {
                let mut file = file.lock().await;
                for table in ["responses", "displays"] {
                    let statement = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
                    sqlx::query(statement).execute(&mut *file).await.unwrap();
                }
                let empty: [Rows; 4] = Default::default();
                prop_assert_eq!(&kept(&mut file).await, &empty, "everything erased leaves nothing");
                let ids: Vec<String> = (0..8).map(|_| new_id()).collect();
                for act in &acts {
                    run(&mut file, &ids, act).await;
                }
                prop_assert_eq!(&kept(&mut file).await, &recount(&mut file, "UTC").await);
                Ok(())
            })
        })
        .unwrap();
    drop(bench);
}

#[tokio::test]
async fn what_arrives_by_the_front_door_is_counted_too() {
    let bench = Bench::new().await;
    for (score, revision) in [(3, 1), (9, 2), (9, 2), (0, 1)] {
        let changes = [("score", json!(score)), ("revision", json!(revision))];
        let mut sent = response_with(&changes);
        sent["id"] = json!("0192f0c1-7a2b-7c3d-8e4f-0000000000aa");
        assert_eq!(bench.post_json(&sent).await.status, 200);
    }
    let mut file = connect(&bench).await;
    let [scores, ..] = kept(&mut file).await;
    let counts: Vec<&Vec<i64>> = scores.values().collect();
    assert_eq!(counts, [&vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]]);
    assert_eq!(kept(&mut file).await, recount(&mut file, "UTC").await);
}
