//! Tells the shop what its rules find.
//!
//! One task looks every few seconds. An answer's rules are run once: the store keeps when they are due
//! ([`rules::due`]), outside of the transaction that stores the answer, and writes what they find together with the fact
//! that they were run. Rules about time are run once a day or a week. Whatever is found is written to the outbox in the
//! same transaction, and sent from there ([`Post`]).

mod letter;
pub(crate) mod message;
mod post;
pub(crate) mod secrets;
pub(crate) mod signature;

use std::{convert::Infallible, sync::Arc, time::Duration};

use jiff::{Timestamp, ToSpan as _};
use tokio::{sync::Notify, time};

pub(crate) use self::post::{Post, Sending};

use crate::{
    report::{calendar, statistics},
    rules::{self, Finding, Trigger, WATCHED_DAYS, WEEKS_BEFORE},
    store::{
        Store, StoreError,
        alerts::{DueAnswer, RunAnswer, StoredRule},
    },
};

/// Time between two looks.
const INTERVAL: Duration = Duration::from_secs(2);
/// Time before the next look after a failure.
const RETRY_INTERVAL: Duration = Duration::from_secs(30);
/// Looks between two runs of the rules about time, and of the erasure of old alerts: half an hour.
const LOOKS_PER_RUN: u32 = 900;
/// Answers that the rules are run on at a time.
const MAX_BATCH: u32 = 200;

/// Tells the shop what its rules find, and never ends. `due` is notified when a message shall be sent at once.
pub(crate) async fn keep_watch(store: &Store, post: &Arc<Post>, due: &Notify) -> Infallible {
    let mut looks = 0;
    let mut sending = Sending::default();
    loop {
        let looked = async {
            run_on_answers(store, Timestamp::now()).await?;
            if looks % LOOKS_PER_RUN == 0 {
                run_on_time(store, Timestamp::now()).await?;
            }
            post.begin(&mut sending, Timestamp::now()).await
        };
        match looked.await {
            Ok(()) => {
                looks = looks.wrapping_add(1);
                // An error means that nothing was due before the next look.
                let _ = time::timeout(INTERVAL, due.notified()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the rules of alerts could not be run; trying again soon");
                time::sleep(RETRY_INTERVAL).await;
            }
        }
    }
}

/// Runs the rules on every answer that is due.
pub(crate) async fn run_on_answers(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let due = store.due_answers(now, MAX_BATCH).await?;
        if due.is_empty() {
            break;
        }
        let is_last = due.len() < MAX_BATCH as usize;
        let rules: Vec<_> = store
            .alert_rules()
            .await?
            .iter()
            .filter(|rule| rule.is_on)
            .filter_map(|rule| Some((rule.rule, rule.condition.on_answers()?)))
            .collect();
        let run = |answer: &DueAnswer| RunAnswer {
            number: answer.number,
            revision: answer.response.revision,
            aside: answer.aside,
            shown_as: store.public_id(&answer.response.id),
            found_by: rules
                .iter()
                .filter(|(_, rule)| rules::may_alert(answer.aside) && rule.finds(&answer.response))
                .map(|(rule, _)| *rule)
                .collect(),
        };
        store.alert(due.iter().map(run).collect(), now).await?;
        if is_last {
            break;
        }
    }
    store.alert_of_more(now).await.map(drop)
}

/// Runs the rules about time, those about weeks once a week, and erases old alerts.
pub(crate) async fn run_on_time(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let today = now.to_zoned(store.time_zone().await?).date();
    for rule in store.alert_rules().await? {
        if rule.is_on && is_of_a_survey(store, &rule).await? {
            match rule.condition.of {
                // These are run as something happens.
                Trigger::Answer(_) | Trigger::WroteBack => {}
                Trigger::Silence { days } => silence(store, &rule, days, today, now).await?,
                Trigger::Fall => fall(store, &rule, today, now).await?,
            }
        }
    }
    let days = store.waiting_days().await?;
    if days > 0 {
        store.tell_of_waiting(days, now).await?;
    }
    store.expire_alerts(now).await?;
    store.expire_deliveries(now).await
}

/// Whether the rule's survey is one that customers are still asked.
async fn is_of_a_survey(store: &Store, rule: &StoredRule) -> Result<bool, StoreError> {
    let Some(survey) = &rule.condition.survey else { return Ok(true) };
    Ok(store.survey(survey).await?.is_some_and(|survey| survey.archived_at.is_none()))
}

async fn silence(
    store: &Store,
    rule: &StoredRule,
    days: u32,
    today: jiff::civil::Date,
    now: Timestamp,
) -> Result<(), StoreError> {
    let today = i64::from(calendar::day(today));
    let survey = rule.condition.survey.as_deref();
    let signs = store.signs(survey, today - WATCHED_DAYS).await?;
    if let Some((days, last)) = rules::silence(&signs, today, days)
        && rule.run_on != Some(last)
    {
        store.alert_once(rule.rule, last, Some(Finding::Silence { days }), now).await?;
    }
    Ok(())
}

async fn fall(
    store: &Store,
    rule: &StoredRule,
    today: jiff::civil::Date,
    now: Timestamp,
) -> Result<(), StoreError> {
    let since_monday = i64::from(today.weekday().to_monday_zero_offset());
    let week = today.saturating_sub((since_monday + 7).days());
    let monday = i64::from(calendar::day(week));
    if rule.run_on == Some(monday) {
        return Ok(());
    }
    let weeks = store.weeks(rule.condition.survey.as_deref(), monday, WEEKS_BEFORE).await?;
    let finding = statistics::has_fallen(&weeks.before, &weeks.week).then(|| Finding::Fall {
        week: week.to_string(),
        before: weeks.before.nps().unwrap_or_default(),
        before_answers: weeks.before.answers(),
        now: weeks.week.nps().unwrap_or_default(),
        now_answers: weeks.week.answers(),
    });
    store.alert_once(rule.rule, monday, finding, now).await
}
