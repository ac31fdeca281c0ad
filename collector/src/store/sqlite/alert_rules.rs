//! The tables `alert_rules` and `alerts`, and the column `rules_due` of `responses`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{
    Store,
    cases::StoredCase,
    filter::{NOT_ARCHIVED, Query},
    mails, outbox, own_cases, time,
    told::{ToldOf, write},
};
use crate::{
    access::public_ids::PublicIds,
    aside::Aside,
    report::statistics::Segments,
    rules::{Condition, Finding, MAX_ALERTS_PER_HOUR, MAX_RULES, Trigger, may_alert},
    store::{
        StoreError,
        alerts::{
            Alert, AlertedAnswer, DueAnswer, RuleAdded, RunAnswer, Signs, StoredRule, Tells, Weeks,
            read_condition,
        },
    },
};

/// Milliseconds of the hour in which the alerts of a rule are limited.
const HOUR: i64 = 60 * 60 * 1_000;
/// How long alerts are kept, in milliseconds: 90 days.
const KEPT_MS: i64 = 90 * 24 * HOUR;

impl Store {
    /// The rules, in the order in which they were made.
    pub(crate) async fn alert_rules(&self) -> Result<Vec<StoredRule>, StoreError> {
        self.read(|connection| {
            let mut rules = connection.prepare_cached("SELECT * FROM alert_rules ORDER BY rule")?;
            rules.query_and_then([], |row| rule(connection, row))?.collect()
        })
        .await
    }

    /// Up to `most` rules whose numbers are above `after`, in the order in which they were made.
    pub(crate) async fn alert_rules_after(
        &self,
        after: i64,
        most: u32,
    ) -> Result<Vec<StoredRule>, StoreError> {
        self.read(move |connection| {
            let mut rules = connection
                .prepare_cached("SELECT * FROM alert_rules WHERE rule > ? ORDER BY rule LIMIT ?")?;
            rules.query_and_then(params![after, most], |row| rule(connection, row))?.collect()
        })
        .await
    }

    /// Adds a rule, which is on, and tells these targets.
    pub(crate) async fn add_alert_rule(
        &self,
        condition: &Condition,
        tells: Tells,
        now: Timestamp,
    ) -> Result<RuleAdded, StoreError> {
        let condition = written(condition)?;
        self.write(move |ledger| {
            let connection = ledger.connection();
            let count: i64 =
                connection.query_row("SELECT count(*) FROM alert_rules", [], |row| row.get(0))?;
            if count.unsigned_abs() >= MAX_RULES as u64 {
                return Ok(RuleAdded::NoRoom);
            }
            let is_known = connection
                .prepare_cached("SELECT 1 FROM alert_rules WHERE condition = ?")?
                .exists([&condition])?;
            if is_known {
                return Ok(RuleAdded::Known);
            }
            let rule = connection.query_row(
                "INSERT INTO alert_rules (condition, created_at) VALUES (?, ?) RETURNING rule",
                params![condition, now.as_millisecond()],
                |row| row.get(0),
            )?;
            tell_targets(connection, rule, &tells)?;
            ledger.alert_rules_change();
            Ok(RuleAdded::Added(rule))
        })
        .await
    }

    /// Switches a rule on or off; returns whether it exists.
    pub(crate) async fn switch_alert_rule(&self, rule: i64, on: bool) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let changed = ledger.connection().execute(
                "UPDATE alert_rules SET is_on = ?2, held = 0, held_since = NULL WHERE rule = ?1",
                params![rule, on],
            )?;
            ledger.alert_rules_change();
            Ok(changed > 0)
        })
        .await
    }

    /// Sets which targets a rule tells; returns whether the rule exists. Targets that do not exist are left out.
    pub(crate) async fn set_alert_rule_targets(
        &self,
        rule: i64,
        tells: Tells,
    ) -> Result<bool, StoreError> {
        self.write(move |ledger| tell_targets(ledger.connection(), rule, &tells)).await
    }

    /// Removes a rule; its alerts stay. Returns whether it existed.
    pub(crate) async fn remove_alert_rule(&self, rule: i64) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let gone =
                ledger.connection().execute("DELETE FROM alert_rules WHERE rule = ?", [rule])?;
            ledger.alert_rules_change();
            Ok(gone > 0)
        })
        .await
    }

    /// Up to `most` answers that the rules are to be run on by now, the longest due first.
    pub(crate) async fn due_answers(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<DueAnswer>, StoreError> {
        self.read(move |connection| {
            let mut due = connection.prepare_cached(
                "SELECT number, id, response, aside FROM responses
                 WHERE rules_due > 0 AND rules_due <= ? ORDER BY rules_due LIMIT ?",
            )?;
            let answer = |row: &Row<'_>| {
                let id: String = row.get(1)?;
                let json: String = row.get(2)?;
                Ok::<_, StoreError>(DueAnswer {
                    number: row.get(0)?,
                    response: super::response(&id, &json)?,
                    aside: Aside::from_bits(row.get(3)?),
                })
            };
            due.query_and_then(params![now.as_millisecond(), most], answer)?.collect()
        })
        .await
    }

    /// Writes what the rules have found. An answer that has changed since is left as it is, to be run again.
    pub(crate) async fn alert(
        &self,
        answers: Vec<RunAnswer>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let now = now.as_millisecond();
        self.write(move |ledger| {
            let connection = ledger.connection();
            for answer in &answers {
                let was_due = connection
                    .prepare_cached(
                        "UPDATE responses SET rules_due = 0
                         WHERE number = ? AND revision = ? AND aside = ? AND rules_due > 0",
                    )?
                    .execute(params![answer.number, answer.revision, answer.aside.bits()])?;
                if was_due == 0 {
                    continue;
                }
                for rule in &answer.found_by {
                    let told = ToldOf { number: answer.number, shown_as: &answer.shown_as };
                    found(connection, *rule, &told, &Finding::Answer, now)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Tells, as one sum, what each rule has found beyond the limit, once an hour has passed since the first of it.
    /// Returns whether there was any.
    pub(crate) async fn alert_of_more(&self, now: Timestamp) -> Result<bool, StoreError> {
        let now = now.as_millisecond();
        let held = self
            .read(move |connection| {
                let mut held = connection.prepare_cached(
                    "SELECT 1 FROM alert_rules WHERE held > 0 AND held_since <= ?",
                )?;
                Ok(held.exists([now - HOUR])?)
            })
            .await?;
        if !held {
            return Ok(false);
        }
        self.write(move |ledger| {
            let connection = ledger.connection();
            let rules: Vec<(i64, i64)> = connection
                .prepare_cached(
                    "SELECT rule, held FROM alert_rules WHERE held > 0 AND held_since <= ?",
                )?
                .query_map([now - HOUR], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            for (rule, answers) in rules {
                connection
                    .prepare_cached(
                        "UPDATE alert_rules SET held = 0, held_since = NULL WHERE rule = ?",
                    )?
                    .execute([rule])?;
                add(
                    connection,
                    rule,
                    None,
                    &Finding::More { answers: answers.unsigned_abs() },
                    now,
                )?;
            }
            Ok(true)
        })
        .await
    }

    /// Tells of a silence or a fall: once for the day `run_on`. Without a finding only remembers that the rule was run.
    pub(crate) async fn alert_once(
        &self,
        rule: i64,
        run_on: i64,
        finding: Option<Finding>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let is_first = connection
                .prepare_cached(
                    "UPDATE alert_rules SET run_on = ?2
                     WHERE rule = ?1 AND is_on = 1 AND run_on IS NOT ?2",
                )?
                .execute([rule, run_on])?;
            if is_first > 0
                && let Some(finding) = &finding
            {
                add(connection, rule, None, finding, now.as_millisecond())?;
            }
            Ok(())
        })
        .await
    }

    /// Erases alerts that are too old to matter. Those about an answer stay as long as the answer: they tell who has to
    /// be told when it is erased.
    pub(crate) async fn expire_alerts(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = now.as_millisecond() - KEPT_MS;
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute(
                "DELETE FROM deliveries WHERE alert IN
                     (SELECT alert FROM alerts WHERE at < ? AND number IS NULL)",
                [before],
            )?;
            connection.execute("DELETE FROM alerts WHERE at < ? AND number IS NULL", [before])?;
            Ok(())
        })
        .await
    }

    /// The latest alerts, newest first.
    pub(crate) async fn alerts(&self, most: u32) -> Result<Vec<Alert>, StoreError> {
        let public_ids = std::sync::Arc::clone(&self.public_ids);
        self.read(move |connection| {
            let mut alerts = connection.prepare_cached(
                "SELECT a.alert, a.at, a.rule, a.finding, u.condition, r.id, r.score, r.touchpoint
                 FROM alerts a LEFT JOIN alert_rules u USING (rule)
                     LEFT JOIN responses r ON r.number = a.number
                 -- That a case was given to somebody is in its history, and matters to nobody else.
                 WHERE a.finding ->> '$.found' <> 'assigned'
                 ORDER BY a.alert DESC LIMIT ?",
            )?;
            let alert = |row: &Row<'_>| {
                let condition: Option<String> = row.get("condition")?;
                let finding: String = row.get("finding")?;
                let answer = match row.get::<_, Option<String>>("id")? {
                    None => None,
                    Some(id) => {
                        let touchpoint: String = row.get("touchpoint")?;
                        Some(AlertedAnswer {
                            id: public_ids.public(&id),
                            score: row.get("score")?,
                            touchpoint: afterword_response::Touchpoint::from_name(&touchpoint),
                        })
                    }
                };
                Ok::<_, StoreError>(Alert {
                    alert: row.get("alert")?,
                    at: time(row, "at")?,
                    condition: condition.as_deref().map(read_condition).transpose()?,
                    is_of_own_case: row.get::<_, i64>("rule")? == own_cases::RULE,
                    finding: serde_json::from_str(&finding)
                        .map_err(|_| StoreError::unexpected("what an alert is about"))?,
                    answer,
                })
            };
            alerts.query_and_then([most], alert)?.collect()
        })
        .await
    }

    /// The number of answers and displays, except tests, by day of the shop's calendar, from a day on.
    pub(crate) async fn signs(&self, survey: Option<&str>, from: i64) -> Result<Signs, StoreError> {
        let mut query = Query::new("SELECT day, sum(number) FROM (");
        for (index, (table, number)) in
            [("daily_scores", "answers"), ("daily_displays", "shown")].into_iter().enumerate()
        {
            query.push(if index > 0 { " UNION ALL " } else { "" });
            query.push("SELECT day, ").push(number).push(" AS number FROM ").push(table);
            query.push(" WHERE day >= ").bind(from);
            of_survey(&mut query, survey);
        }
        query.push(") GROUP BY day");
        self.read(move |connection| {
            let mut days = connection.prepare_cached(&query.sql)?;
            let signs = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()));
            let days = days.query_map(&*query.parameters(), signs)?;
            Ok(days.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The answers of the week that begins on the day `monday`, and those of the `weeks` before it, to the question as
    /// most were asked it in that week: answers to another question are not comparable.
    pub(crate) async fn weeks(
        &self,
        survey: Option<&str>,
        monday: i64,
        weeks: i64,
    ) -> Result<Weeks, StoreError> {
        let mut asked = Query::new("SELECT method FROM daily_scores WHERE flagged = 0 AND day >= ");
        asked.bind(monday).push(" AND day < ").bind(monday + 7);
        of_survey(&mut asked, survey);
        asked.push(" GROUP BY method ORDER BY sum(answers) DESC, method LIMIT 1");
        let mut counted = Query::new(
            "SELECT day, s9 + s10, s7 + s8, s0 + s1 + s2 + s3 + s4 + s5 + s6 FROM daily_scores
             WHERE flagged = 0 AND day >= ",
        );
        counted.bind(monday - 7 * weeks).push(" AND day < ").bind(monday + 7);
        of_survey(&mut counted, survey);
        counted.push(" AND method = ");
        self.read(move |connection| {
            let method: Option<i64> = connection
                .prepare_cached(&asked.sql)?
                .query_row(&*asked.parameters(), |row| row.get(0))
                .optional()?;
            let mut found = Weeks::default();
            let Some(method) = method else { return Ok(found) };
            counted.bind(method);
            let mut days = connection.prepare_cached(&counted.sql)?;
            let mut rows = days.query(&*counted.parameters())?;
            while let Some(row) = rows.next()? {
                let side = if row.get::<_, i64>(0)? < monday {
                    &mut found.before
                } else {
                    &mut found.week
                };
                let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                side.add(&Segments {
                    promoters: count(1)?,
                    passives: count(2)?,
                    detractors: count(3)?,
                });
            }
            Ok(found)
        })
        .await
    }
}

/// Narrows a query to a survey, or to all that are not archived.
fn of_survey(query: &mut Query, survey: Option<&str>) {
    query.push(" AND ");
    match survey {
        Some(survey) => query.push("survey = ").bind(survey.to_owned()),
        None => query.push(NOT_ARCHIVED),
    };
}

/// Sets which targets a rule tells; returns whether the rule exists.
fn tell_targets(connection: &Connection, rule: i64, tells: &Tells) -> Result<bool, StoreError> {
    let changed = connection.execute(
        "UPDATE alert_rules SET tells_all = ?2 WHERE rule = ?1",
        params![rule, *tells == Tells::All],
    )?;
    connection.execute("DELETE FROM alert_rule_targets WHERE rule = ?", [rule])?;
    if let Tells::Only(targets) = tells
        && changed > 0
    {
        for target in targets {
            connection
                .prepare_cached(
                    "INSERT INTO alert_rule_targets (rule, target)
                     SELECT ?1, target FROM alert_targets WHERE target = ?2
                     ON CONFLICT DO NOTHING",
                )?
                .execute([rule, *target])?;
        }
    }
    Ok(changed > 0)
}

/// Whether there is a rule about answers that is on.
pub(super) fn are_on_answers(connection: &Connection) -> Result<bool, StoreError> {
    let mut rules =
        connection.prepare_cached("SELECT condition FROM alert_rules WHERE is_on = 1")?;
    let mut rows = rules.query([])?;
    while let Some(row) = rows.next()? {
        if matches!(
            read_condition(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?.of,
            Trigger::Answer(_)
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Erases the alerts about an answer, with what waits to be sent about them.
pub(super) fn remove(connection: &Connection, number: i64) -> Result<(), StoreError> {
    outbox::retract(connection, number, Timestamp::now().as_millisecond())?;
    connection.prepare_cached("DELETE FROM alerts WHERE number = ?")?.execute([number])?;
    Ok(())
}

/// A customer wrote back on the page of an answer: the rules about that, and the owner of the case if they want to know.
pub(super) fn customer_wrote_back(
    connection: &Connection,
    public_ids: &PublicIds,
    case: &StoredCase,
    now: i64,
) -> Result<(), StoreError> {
    let (id, survey, aside): (String, String, u16) = connection
        .prepare_cached("SELECT id, survey, aside FROM responses WHERE number = ?")?
        .query_row([case.number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if !may_alert(Aside::from_bits(aside)) {
        return Ok(());
    }
    let shown_as = public_ids.public(&id);
    let told = ToldOf { number: case.number, shown_as: &shown_as };
    let rules: Vec<(i64, String)> = connection
        .prepare_cached("SELECT rule, condition FROM alert_rules WHERE is_on = 1")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut owner = case.owner;
    for (rule, condition) in rules {
        let condition = read_condition(&condition)?;
        if condition.of != Trigger::WroteBack
            || condition.survey.is_some_and(|wanted| wanted != survey)
        {
            continue;
        }
        if found(connection, rule, &told, &Finding::WroteBack, now)? == Told::OneByOne {
            // Whoever has chosen mails about the rule is told once.
            if let Some(account) = owner
                && mails::has_chosen(connection, rule, account)?
            {
                owner = None;
            }
        }
    }
    let Some(owner) = owner else { return Ok(()) };
    if mails::wants_own_cases(connection, owner)? {
        own_cases::tell(connection, &told, &Finding::WroteBack, &[owner], now)?;
    }
    Ok(())
}

/// How a finding is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    OneByOne,
    /// Later, in one sum; or not at all, as the rule is off.
    Otherwise,
}

/// A rule has found an answer: an alert, or one more to be told as a sum.
fn found(
    connection: &Connection,
    rule: i64,
    answer: &ToldOf<'_>,
    finding: &Finding,
    now: i64,
) -> Result<Told, StoreError> {
    let is_on = connection
        .prepare_cached("SELECT 1 FROM alert_rules WHERE rule = ? AND is_on = 1")?
        .exists([rule])?;
    if !is_on {
        return Ok(Told::Otherwise);
    }
    let told: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM alerts WHERE rule = ? AND at > ? AND number IS NOT NULL",
        )?
        .query_row([rule, now - HOUR], |row| row.get(0))?;
    if told.unsigned_abs() < MAX_ALERTS_PER_HOUR {
        add(connection, rule, Some(answer), finding, now)?;
        return Ok(Told::OneByOne);
    }
    connection
        .prepare_cached(
            "UPDATE alert_rules SET held = held + 1, held_since = coalesce(held_since, ?2)
             WHERE rule = ?1",
        )?
        .execute([rule, now])?;
    Ok(Told::Otherwise)
}

/// Writes an alert, and the messages about it.
fn add(
    connection: &Connection,
    rule: i64,
    answer: Option<&ToldOf<'_>>,
    finding: &Finding,
    now: i64,
) -> Result<(), StoreError> {
    let alert = write(connection, rule, answer, finding, now)?;
    outbox::announce(connection, alert, rule, now)
}

fn written(condition: &Condition) -> Result<String, StoreError> {
    serde_json::to_string(condition).map_err(|_| StoreError::unexpected("a rule"))
}

fn rule(connection: &Connection, row: &Row<'_>) -> Result<StoredRule, StoreError> {
    let condition: String = row.get("condition")?;
    let rule: i64 = row.get("rule")?;
    Ok(StoredRule {
        rule,
        tells: tells(connection, rule, row.get("tells_all")?)?,
        condition: read_condition(&condition)?,
        is_on: row.get("is_on")?,
        created_at: time(row, "created_at")?,
        run_on: row.get("run_on")?,
    })
}

fn tells(connection: &Connection, rule: i64, tells_all: bool) -> Result<Tells, StoreError> {
    if tells_all {
        return Ok(Tells::All);
    }
    let mut chosen = connection
        .prepare_cached("SELECT target FROM alert_rule_targets WHERE rule = ? ORDER BY target")?;
    let chosen = chosen.query_map([rule], |row| row.get(0))?;
    Ok(Tells::Only(chosen.collect::<Result<_, _>>()?))
}
