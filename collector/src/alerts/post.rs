//! Sends what waits in the outbox.
//!
//! Each target has a task of its own, so that one that does not answer delays no other. A message is tried for 24 hours;
//! each attempt has the same `webhook-id`, by which a receiver knows what it got before.

use std::{collections::HashSet, sync::Arc, time::Duration};

use hyper::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::{
    message::{About, Kind, ToldAnswer, body},
    secrets::Secrets,
    signature::signatures,
};
use crate::{
    access::seal::SealKey,
    outgoing::{Outgoing, Target},
    store::{
        Store, StoreError,
        alerts::{Attempt, DueDelivery, Outcome, StoredAbout, StoredTarget},
    },
};

/// Seconds between an attempt and the next; after the last of them a message is given up.
const WAITS: [i64; 11] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 18_000, 18_000, 20_000];
/// How long a message is tried.
const TRIED: SignedDuration = SignedDuration::from_hours(24);
/// Each wait is made longer or shorter by up to this share, so that messages do not come in waves.
const JITTER: f64 = 0.1;
/// Messages that are sent to a target before others are looked for.
const MAX_BATCH: u32 = 20;

/// Sends messages.
pub(crate) struct Post {
    store: Arc<Store>,
    outgoing: Outgoing,
    /// The key of the targets' secrets; without it nothing can be sent.
    key: Option<SealKey>,
    /// The collector's own origin, with which links begin.
    origin: Option<String>,
}

/// Tasks that send, each to a target.
#[derive(Default)]
pub(crate) struct Sending {
    tasks: JoinSet<i64>,
    busy: HashSet<i64>,
}

/// Why a message was not delivered, by names that the page about it says in words.
#[derive(Debug)]
struct Failure {
    status: Option<u16>,
    problem: &'static str,
    /// How long the target asks to wait.
    wait: Option<Duration>,
    is_final: bool,
}

impl Post {
    pub(crate) const fn new(
        store: Arc<Store>,
        outgoing: Outgoing,
        key: Option<SealKey>,
        origin: Option<String>,
    ) -> Self {
        Self { store, outgoing, key, origin }
    }

    /// The key of secrets, if there is one.
    pub(crate) const fn key(&self) -> Option<&SealKey> {
        self.key.as_ref()
    }

    /// The client, whose rules also hold for addresses that are entered.
    pub(crate) const fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// Begins to send to every target that has something due and is not being sent to.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        sending: &mut Sending,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        while let Some(ended) = sending.tasks.try_join_next() {
            // A task that panicked says nothing; its target is then tried again after a restart.
            if let Ok(target) = ended {
                sending.busy.remove(&target);
            }
        }
        for target in self.store.alert_targets().await? {
            if target.waiting == 0 || sending.busy.contains(&target.target) {
                continue;
            }
            let due = self.store.due_deliveries(target.target, now, MAX_BATCH).await?;
            if due.is_empty() {
                continue;
            }
            sending.busy.insert(target.target);
            let post = Arc::clone(self);
            sending.tasks.spawn(async move {
                let number = target.target;
                post.send_all(target, due, now).await;
                number
            });
        }
        Ok(())
    }

    /// Waits until every task has ended.
    pub(crate) async fn finish(sending: &mut Sending) {
        while sending.tasks.join_next().await.is_some() {}
        sending.busy.clear();
    }

    async fn send_all(&self, target: StoredTarget, due: Vec<DueDelivery>, now: Timestamp) {
        for delivery in due {
            let attempt = match self.send(&target, &delivery, now).await {
                Ok(status) => Attempt {
                    delivery: delivery.delivery,
                    outcome: Outcome::Delivered,
                    status: Some(status),
                    problem: None,
                },
                Err(failure) => {
                    tracing::warn!(
                        target = target.target,
                        host = target.host,
                        status = failure.status,
                        problem = failure.problem,
                        "an alert was not delivered"
                    );
                    Attempt {
                        delivery: delivery.delivery,
                        outcome: after(&failure, &delivery, now),
                        status: failure.status,
                        problem: Some(failure.problem.to_owned()),
                    }
                }
            };
            if let Err(error) = self.store.attempted(attempt, now).await {
                // It stays due, and is sent again: at least once.
                tracing::warn!(%error, "what became of an alert could not be written");
                return;
            }
        }
    }

    /// Sends a message once; returns the status of the answer.
    async fn send(
        &self,
        target: &StoredTarget,
        delivery: &DueDelivery,
        now: Timestamp,
    ) -> Result<u16, Failure> {
        let key = self.key.as_ref().ok_or_else(|| Failure::unanswered("no-key"))?;
        let secrets = Secrets::open(key, &target.sealed, target.target)
            .map_err(|_| Failure::unanswered("other-key"))?;
        let address = Target::read(&secrets.address, self.outgoing.allowed())
            .map_err(|_| Failure::unanswered("address"))?;
        let kind = Kind::from_name(&target.kind).ok_or_else(|| Failure::unanswered("kind"))?;
        let about = about(delivery.about.clone());
        let body = body(kind, &about, self.origin.as_deref(), target.language);
        let body = serde_json::to_vec(&body).map_err(|_| Failure::unanswered("body"))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if secrets.signing.is_some() {
            let timestamp = now.as_second();
            let signature = signatures(&secrets.signing(now), &delivery.message, timestamp, &body)
                .ok_or_else(|| Failure::unanswered("secret"))?;
            for (name, value) in [
                ("webhook-id", delivery.message.clone()),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signature),
            ] {
                let value =
                    HeaderValue::try_from(value).map_err(|_| Failure::unanswered("secret"))?;
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let answer = self.outgoing.post(&address, headers, body).await.map_err(|error| {
            tracing::debug!(%error, cause = ?std::error::Error::source(&error), "no answer");
            Failure::unanswered(error.name())
        })?;
        let status = answer.status;
        if status.is_success() {
            return Ok(status.as_u16());
        }
        Err(Failure {
            status: Some(status.as_u16()),
            problem: "status",
            wait: answer.wait,
            // The receiver says that it is gone for good.
            is_final: status == StatusCode::GONE,
        })
    }
}

impl Failure {
    /// One without an answer.
    const fn unanswered(problem: &'static str) -> Self {
        Self { status: None, problem, wait: None, is_final: false }
    }
}

/// What follows from a failed attempt.
fn after(failure: &Failure, delivery: &DueDelivery, now: Timestamp) -> Outcome {
    let attempt = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
    let Some(wait) = WAITS.get(attempt).filter(|_| !failure.is_final) else {
        return Outcome::Failed;
    };
    let jitter = 1.0 + JITTER * (2.0 * fastrand::f64() - 1.0);
    let wait = SignedDuration::from_secs(*wait).mul_f64(jitter);
    let asked = failure.wait.and_then(|wait| SignedDuration::try_from(wait).ok());
    let next = now + wait.max(asked.unwrap_or_default());
    if next > delivery.since + TRIED { Outcome::Failed } else { Outcome::Again(next) }
}

fn about(stored: StoredAbout) -> About {
    match stored {
        StoredAbout::Test { at } => About::Test { at },
        StoredAbout::Erased { at, id } => About::Erased { at, id },
        StoredAbout::Alert { at, rule, condition, finding, answer } => {
            let answer = answer.map(|answer| {
                let (response, received_at) = *answer;
                let shown_as = response.id.clone();
                Box::new(ToldAnswer::new(response, shown_as, received_at))
            });
            About::Alert { at, rule, condition, finding, answer }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn delivery(attempts: u32, since: Timestamp) -> DueDelivery {
        let about = StoredAbout::Test { at: since };
        DueDelivery { delivery: 1, message: "msg_1".into(), about, since, attempts }
    }

    #[test]
    fn a_message_is_tried_for_a_day_and_not_longer() {
        let since: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        let failure = Failure::unanswered("x");
        let (mut now, mut attempts) = (since, 0);
        while let Outcome::Again(next) = after(&failure, &delivery(attempts, since), now) {
            assert!(next > now);
            (now, attempts) = (next, attempts + 1);
        }
        let tried = now.duration_since(since);
        assert!(tried > SignedDuration::from_hours(17) && tried <= TRIED, "{tried:?}");
        assert!(attempts >= 9, "{attempts}");
    }

    #[test]
    fn a_receiver_can_ask_to_wait_and_can_be_gone() {
        let now: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        let busy = Failure {
            wait: Some(Duration::from_secs(600)),
            status: Some(429),
            ..Failure::unanswered("busy")
        };
        let after_busy = after(&busy, &delivery(0, now), now);
        assert_eq!(after_busy, Outcome::Again(now + SignedDuration::from_secs(600)));
        let gone = Failure { is_final: true, ..Failure::unanswered("gone") };
        assert_eq!(after(&gone, &delivery(0, now), now), Outcome::Failed);
    }
}
