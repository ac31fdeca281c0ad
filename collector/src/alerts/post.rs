//! Sends what waits in the outbox, and replies to customers by mail.
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
    letter::letter,
    message::{About, Kind, ToldAnswer, body},
    secrets::Secrets,
    signature::signatures,
};
use crate::{
    access::seal::SealKey,
    locales,
    mail::Mailer,
    outgoing::{Outgoing, Target},
    replying::mail_text,
    store::{
        Store, StoreError,
        alerts::{Attempt, DueDelivery, DueMail, Outcome, StoredAbout, StoredTarget},
        replies::DueReply,
    },
};

/// Seconds between an attempt and the next; after the last of them a message is given up.
const WAITS: [i64; 11] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 18_000, 18_000, 20_000];
/// How long a message is tried.
const TRIED: SignedDuration = SignedDuration::from_hours(24);
/// Each wait is made longer or shorter by up to this share, so that messages do not come in waves.
const JITTER: f64 = 0.1;
/// Alerts in one mail.
const MAX_PER_MAIL: u32 = 100;
/// Messages that are sent to a target before others are looked for.
const MAX_BATCH: u32 = 20;

/// Sends messages.
pub(crate) struct Post {
    store: Arc<Store>,
    outgoing: Outgoing,
    /// The key of the targets' secrets; without it nothing can be sent.
    key: Option<SealKey>,
    /// The shop's mail server, if there is one.
    mailer: Option<Mailer>,
    /// The collector's own origin, with which links begin.
    origin: Option<String>,
}

/// Tasks that send, each to a target.
#[derive(Default)]
pub(crate) struct Sending {
    tasks: JoinSet<Lane>,
    busy: HashSet<Lane>,
}

/// What one task sends to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Lane {
    Target(i64),
    /// The mail server, with mails to colleagues.
    Mail,
    /// The mail server, with replies to customers.
    Replies,
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
        mailer: Option<Mailer>,
        origin: Option<String>,
    ) -> Self {
        Self { store, outgoing, key, mailer, origin }
    }

    /// The shop's mail server, if there is one.
    pub(crate) const fn mailer(&self) -> Option<&Mailer> {
        self.mailer.as_ref()
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
            if let Ok(lane) = ended {
                sending.busy.remove(&lane);
            }
        }
        self.begin_mails(sending, now).await?;
        self.begin_replies(sending, now).await?;
        for target in self.store.alert_targets().await? {
            if target.waiting == 0 || sending.busy.contains(&Lane::Target(target.target)) {
                continue;
            }
            let due = self.store.due_deliveries(target.target, now, MAX_BATCH).await?;
            if due.is_empty() {
                continue;
            }
            let lane = Lane::Target(target.target);
            sending.busy.insert(lane);
            let post = Arc::clone(self);
            sending.tasks.spawn(async move {
                post.send_all(target, due, now).await;
                lane
            });
        }
        Ok(())
    }

    /// Begins to send the mails that are due, unless some are being sent.
    async fn begin_mails(
        self: &Arc<Self>,
        sending: &mut Sending,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if sending.busy.contains(&Lane::Mail) {
            return Ok(());
        }
        let mails = self.store.due_mails(now, MAX_PER_MAIL).await?;
        if mails.is_empty() {
            return Ok(());
        }
        sending.busy.insert(Lane::Mail);
        let post = Arc::clone(self);
        sending.tasks.spawn(async move {
            for mail in mails {
                if let Err(error) = post.send_mail(mail, now).await {
                    tracing::warn!(%error, "what became of a mail could not be written");
                    break;
                }
            }
            Lane::Mail
        });
        Ok(())
    }

    /// Begins to send the replies to customers that are due, unless some are being sent.
    async fn begin_replies(
        self: &Arc<Self>,
        sending: &mut Sending,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if sending.busy.contains(&Lane::Replies) {
            return Ok(());
        }
        if self.store.due_reply(now).await?.is_none() {
            return Ok(());
        }
        sending.busy.insert(Lane::Replies);
        let post = Arc::clone(self);
        sending.tasks.spawn(async move {
            if let Err(error) = post.send_replies(now).await {
                tracing::warn!(%error, "a reply could not be read, or what became of it not written");
            }
            Lane::Replies
        });
        Ok(())
    }

    /// Sends the replies that are due. Each is read right before it is sent, so that none leaves whose answer or contact was
    /// erased while others were sent.
    async fn send_replies(&self, now: Timestamp) -> Result<(), StoreError> {
        for _ in 0..MAX_BATCH {
            let Some(reply) = self.store.due_reply(now).await? else { break };
            self.send_reply(reply, now).await?;
        }
        Ok(())
    }

    /// Sends a reply to the customer who left a contact.
    async fn send_reply(&self, reply: DueReply, now: Timestamp) -> Result<(), StoreError> {
        let locale = locales::best([reply.locale.as_str()]);
        let sent = match (&self.mailer, reply.contact.as_deref().map(str::trim)) {
            (None, _) => Err(Failure::unanswered("no-mail")),
            (_, None) => Err(Failure { is_final: true, ..Failure::unanswered("no-contact") }),
            (Some(mailer), Some(to)) => {
                let page =
                    answer_page_link(&self.store, self.origin.as_deref(), reply.number).await?;
                let imprint = self.store.shop().await?.imprint;
                let text = mail_text(&reply.words, page.as_deref(), imprint.as_deref(), locale);
                let subject = &locale.pages.mail_subject;
                let sent = mailer.send_reply(to, subject, &text, &reply.public_id).await;
                // The error's text may name the customer.
                sent.map_err(|error| Failure {
                    is_final: error.is_final(),
                    status: error.code(),
                    ..Failure::unanswered("mail")
                })
            }
        };
        let outcome = match &sent {
            Ok(()) => Outcome::Delivered,
            Err(failure) => {
                tracing::warn!(
                    reply = reply.reply,
                    status = failure.status,
                    problem = failure.problem,
                    "a reply was not sent by mail"
                );
                after(failure, reply.attempts, reply.since, now)
            }
        };
        self.store.reply_attempted(reply.reply, outcome, now).await
    }

    /// Sends all that waits for a colleague in one mail, or lets it wait until their quiet hours end.
    async fn send_mail(&self, mail: DueMail, now: Timestamp) -> Result<(), StoreError> {
        let DueMail { choice, deliveries, outdated } = mail;
        if !outdated.is_empty() {
            self.store.drop_messages(outdated).await?;
        }
        if deliveries.is_empty() {
            return Ok(());
        }
        if let Some(quiet) = choice.quiet
            && let Some(end) = quiet.end(now, &self.store.time_zone().await?)
        {
            let numbers = deliveries.iter().map(|it| it.delivery).collect();
            return self.store.postpone(numbers, end).await;
        }
        let abouts: Vec<About> = deliveries.iter().map(|it| about(it.about.clone())).collect();
        let letter = letter(&abouts, self.origin.as_deref(), choice.language);
        let sent = match &self.mailer {
            None => Err(Failure::unanswered("no-mail")),
            Some(mailer) => {
                mailer.send(&choice.address, &letter.subject, &letter.text).await.map_err(|error| {
                    tracing::warn!(
                        cause = ?std::error::Error::source(&error),
                        "a mail was not sent: {error}"
                    );
                    Failure { is_final: error.is_final(), ..Failure::unanswered("mail") }
                })
            }
        };
        for delivery in &deliveries {
            let (outcome, problem) = match &sent {
                Ok(()) => (Outcome::Delivered, None),
                Err(failure) => (
                    after(failure, delivery.attempts, delivery.since, now),
                    Some(failure.problem.to_owned()),
                ),
            };
            let attempt = Attempt { delivery: delivery.delivery, outcome, status: None, problem };
            self.store.attempted(attempt, now).await?;
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
                        outcome: after(&failure, delivery.attempts, delivery.since, now),
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
fn after(failure: &Failure, attempts: u32, since: Timestamp, now: Timestamp) -> Outcome {
    let attempt = usize::try_from(attempts).unwrap_or(usize::MAX);
    let Some(wait) = WAITS.get(attempt).filter(|_| !failure.is_final) else {
        return Outcome::Failed;
    };
    let jitter = 1.0 + JITTER * (2.0 * fastrand::f64() - 1.0);
    let wait = SignedDuration::from_secs(*wait).mul_f64(jitter);
    let asked = failure.wait.and_then(|wait| SignedDuration::try_from(wait).ok());
    let next = now + wait.max(asked.unwrap_or_default());
    if next > since + TRIED { Outcome::Failed } else { Outcome::Again(next) }
}

/// An address of the customer's answer page, for a mail; `None` if the collector does not know its own address.
async fn answer_page_link(
    store: &Store,
    origin: Option<&str>,
    number: i64,
) -> Result<Option<String>, StoreError> {
    let Some(origin) = origin else { return Ok(None) };
    // A new address each time: of those before only the hash is stored.
    let secret = store.open_answer_page(number).await?;
    Ok(secret.map(|secret| format!("{origin}/r/{}", secret.reveal())))
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

    #[test]
    fn a_message_is_tried_for_a_day_and_not_longer() {
        let since: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        let failure = Failure::unanswered("x");
        let (mut now, mut attempts) = (since, 0);
        while let Outcome::Again(next) = after(&failure, attempts, since, now) {
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
        let after_busy = after(&busy, 0, now, now);
        assert_eq!(after_busy, Outcome::Again(now + SignedDuration::from_secs(600)));
        let gone = Failure { is_final: true, ..Failure::unanswered("gone") };
        assert_eq!(after(&gone, 0, now, now), Outcome::Failed);
    }
}
