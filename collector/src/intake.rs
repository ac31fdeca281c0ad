//! The only way into the store: every answer and every display passes through here, from every kind of sender.
//!
//! The steps are, in this order: the checks that may refuse a message (budgets, its origin), the redaction
//! ([`redact`]), and the write, in a task that outlives the connection. `ingest` (for scripts and plain forms)
//! and `exchange` (for files) read the message and report the outcome. Rules for every answer belong here.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use afterword_response::{Response, display::Step, receive::Message};
use jiff::Timestamp;
use serde::Serialize;
use tokio_util::task::TaskTracker;

use crate::{
    abuse::{
        Abuse, Sender,
        budgets::{ExceededBudget, Kind},
        network::Network,
    },
    access::{secret::Secret, trial::Trials},
    aside::Aside,
    config::{Demo, Redaction},
    metrics::Metrics,
    redact,
    repeats::{Mark, Place, RefusedAnswers, Repeats},
    store::{Conflict, Preparing, PutOutcome, Store, StoreError, Stored, surveys::Admission},
};

/// Characters of a refused origin that are stored; a host has at most 253.
const MAX_ORIGIN_LENGTH: usize = 280;

/// Delays after which earlier answers are flagged: at once, and later for those that are not written yet.
const FLAG_DELAYS: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_secs(2)];

/// Checks and stores answers and displays.
pub(crate) struct Intake {
    store: Arc<Store>,
    redaction: Redaction,
    demo: Demo,
    abuse: Arc<Abuse>,
    metrics: Arc<Metrics>,
    /// The latest plain forms, so that a double click becomes one answer.
    repeats: Repeats,
    /// Answers that were refused a while ago.
    refused: RefusedAnswers,
    /// Recognises messages from a page that the shop opened as a test.
    trials: Arc<Trials>,
    /// Writes in progress, which outlive their connections.
    writes: TaskTracker,
}

/// The source of a message, as far as it matters for the checks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// Its network, whose budgets it uses.
    pub(crate) sender: Sender,
    /// The origin of its page. Browsers always name it; a message without one comes from a program.
    pub(crate) origin: Option<&'a str>,
    /// The collector's own origin, as the sender knows it, which the demo shop and the preview have.
    pub(crate) own: &'a str,
    /// The same according to the request alone, without the configured public address.
    pub(crate) here: &'a str,
    /// The mark of a page that the shop opened as a test, not yet checked.
    pub(crate) trial: Option<&'a str>,
}

/// The receipt for a stored message: the id and revision of a response, or the id and step of a display.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(crate) enum Receipt {
    Response { id: String, revision: u32 },
    Display { id: String, display: Step },
}

/// The reason why a message was not accepted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    /// A budget is used up.
    #[error("a budget is used up")]
    Exceeded(ExceededBudget),
    /// Its site is not listed by its survey.
    #[error("the survey takes no answers from this site")]
    Origin,
    /// Its survey was deleted.
    #[error("the survey was deleted")]
    Deleted,
    /// It does not belong to the answer that is stored under its id.
    #[error("it is not a revision of the answer that is kept")]
    Conflict(Conflict),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The task that wrote it panicked or was cancelled.
    #[error("the write ended before its time")]
    Task(#[from] tokio::task::JoinError),
    /// The system gave no random bits for an id.
    #[error("the system has no random bits")]
    Random(#[from] getrandom::Error),
}

impl Intake {
    pub(crate) fn new(
        store: Arc<Store>,
        (redaction, demo): (Redaction, Demo),
        abuse: Arc<Abuse>,
        metrics: Arc<Metrics>,
        trials: Arc<Trials>,
    ) -> Self {
        let (repeats, refused) = (Repeats::default(), RefusedAnswers::default());
        let writes = TaskTracker::new();
        Self { store, redaction, demo, abuse, metrics, repeats, refused, trials, writes }
    }

    /// Takes a message from a sender that counts its revisions: a script or a program. `size` is its number of
    /// bytes as it was sent.
    ///
    /// # Errors
    /// The message was refused, or could not be stored.
    pub(crate) async fn take(
        self: &Arc<Self>,
        mut message: Message,
        size: usize,
        source: Source<'_>,
    ) -> Result<Receipt, IntakeError> {
        if self.is_trial(&message, source) {
            match &mut message {
                Message::Response(it) => it.test = Some(true),
                Message::Display(it) => it.test = Some(true),
            }
        }
        match &message {
            Message::Response(it) => {
                self.admit(Kind::Answer, &it.survey, &it.id, size, source).await?;
            }
            Message::Display(it) => {
                self.admit(Kind::Display, &it.survey, &it.id, size, source).await?;
            }
        }
        let page = match &message {
            Message::Response(it) => &it.page,
            Message::Display(it) => &it.page,
        };
        if self.demo == Demo::Shown && is_demo(page, source) {
            return Ok(match message {
                Message::Response(it) => Receipt::Response { id: it.id, revision: it.revision },
                Message::Display(it) => Receipt::Display { id: it.id, display: it.display },
            });
        }
        let (intake, network) = (Arc::clone(self), source.sender.network);
        self.complete(async move {
            match message {
                Message::Response(mut response) => {
                    let flags = intake.judge(&response, network);
                    redact(intake.redaction, &mut response);
                    let revision = match intake.store.put(&response, flags).await? {
                        // An erased answer is not stored, and its sender must not try again.
                        PutOutcome::Stored | PutOutcome::Erased => response.revision,
                        PutOutcome::Known(revision) => revision,
                        PutOutcome::Refused(conflict) => {
                            return Err(IntakeError::Conflict(conflict));
                        }
                        PutOutcome::Deleted => return Err(IntakeError::Deleted),
                        PutOutcome::NoRoom => {
                            return Err(IntakeError::Exceeded(ExceededBudget::WAITING));
                        }
                    };
                    Ok(Receipt::Response { id: response.id, revision })
                }
                Message::Display(display) => {
                    intake.abuse.watch.note(&display, Timestamp::now());
                    intake.store.put_display(&display, Aside::NONE).await?;
                    Ok(Receipt::Display { id: display.id, display: display.display })
                }
            }
        })
        .await
    }

    /// Takes the answer of a plain form, which counts no revisions: `mark` recognises a form that was sent
    /// before. `secret` opens the page of the answer, if the form asks for one.
    ///
    /// Returns the secret that opens it: this one, or that of the form's first copy. `None` if the answer got no page, or
    /// that of another sender, who alone may know its secret.
    ///
    /// # Errors
    /// It was refused, or could not be stored.
    pub(crate) async fn take_form(
        self: &Arc<Self>,
        mut response: Response,
        mark: Mark,
        secret: Option<Secret>,
        size: usize,
        source: Source<'_>,
    ) -> Result<Option<Secret>, IntakeError> {
        self.admit(Kind::Answer, &response.survey, &response.id, size, source).await?;
        if self.demo == Demo::Shown && is_demo(&response.page, source) {
            return Ok(None);
        }
        let first = Place::first(response.id.clone(), secret);
        let place = self.repeats.place(mark, first, Instant::now());
        let (intake, network) = (Arc::clone(self), source.sender.network);
        self.complete(async move {
            let flags = intake.judge(&response, network);
            redact(intake.redaction, &mut response);
            take_place(&mut response, &place);
            let (put, kept) = intake.store.put_and_read(&response, flags).await?;
            let Some(kept) = kept else {
                return match put {
                    PutOutcome::Deleted => Err(IntakeError::Deleted),
                    PutOutcome::NoRoom => Err(IntakeError::Exceeded(ExceededBudget::WAITING)),
                    // It was erased meanwhile.
                    _ => Ok(None),
                };
            };
            // The customer may have withdrawn a part of the form's first copy.
            let is_same = has_same_content(&kept, &response)
                || has_same_content(
                    &kept,
                    &intake.store.without_withdrawn(response.clone()).await?,
                );
            if is_same && matches!(put, PutOutcome::Stored | PutOutcome::Known(_)) {
                return Ok(place.secret.filter(|_| kept.answer_page == response.answer_page));
            }
            // Another customer's answer has this id: the shop's cache serves a page with one id to all.
            let secret = place.secret.as_ref().map(|_| Secret::new("")).transpose()?;
            let first = Place::first(new_id()?, secret);
            let Some(place) = intake.repeats.move_on(mark, &place, first) else {
                return Ok(None);
            };
            take_place(&mut response, &place);
            match intake.store.put(&response, flags).await? {
                PutOutcome::Refused(conflict) => Err(IntakeError::Conflict(conflict)),
                PutOutcome::Deleted => Err(IntakeError::Deleted),
                PutOutcome::NoRoom => Err(IntakeError::Exceeded(ExceededBudget::WAITING)),
                PutOutcome::Stored | PutOutcome::Known(_) => Ok(place.secret),
                PutOutcome::Erased => Ok(None),
            }
        })
        .await
    }

    /// The recognition of plain forms that are sent twice.
    pub(crate) const fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    /// Whether comments are redacted.
    pub(crate) const fn redaction(&self) -> Redaction {
        self.redaction
    }

    /// Whether a message comes from a page that the shop opened as a test.
    fn is_trial(&self, message: &Message, source: Source<'_>) -> bool {
        let (id, survey) = match message {
            Message::Response(it) => (&it.id, &it.survey),
            Message::Display(it) => (&it.id, &it.survey),
        };
        let Some(mark) = source.trial else { return false };
        let now = Timestamp::now();
        // The id, a UUIDv7, contains the time at which the question was painted.
        let opened = uuid::Uuid::parse_str(id).ok().and_then(|id| id.get_timestamp());
        let opened =
            opened.and_then(|at| Timestamp::from_second(at.to_unix().0.try_into().ok()?).ok());
        self.trials.know(mark, survey, opened.unwrap_or(now), now)
    }

    /// The checks that may refuse a message before it is stored.
    async fn admit(
        &self,
        kind: Kind,
        survey: &str,
        id: &str,
        size: usize,
        source: Source<'_>,
    ) -> Result<(), IntakeError> {
        let budgets = &self.abuse.budgets;
        budgets.take(kind, source.sender.network, survey, size).map_err(IntakeError::Exceeded)?;
        match (self.store.admission(survey), kind) {
            (Admission::Deleted, _) => return Err(IntakeError::Deleted),
            (Admission::NoRoom, Kind::Answer) => {
                return Err(IntakeError::Exceeded(ExceededBudget::WAITING));
            }
            // Displays of a survey that waits to be added are not stored.
            (Admission::NoRoom, Kind::Display) | (Admission::Open, _) => {}
        }
        self.check_origin(kind, survey, id, source).await
    }

    /// The flags of an answer. Also flags earlier answers that turn out to be implausible only now.
    fn judge(self: &Arc<Self>, response: &Response, network: Option<Network>) -> Aside {
        let verdict = self.abuse.watch.judge(response, network, Timestamp::now(), Instant::now());
        for flag in verdict.flags.flags() {
            self.metrics.flagged(flag);
        }
        if !verdict.earlier.is_empty() {
            tracing::warn!(
                survey = response.survey,
                flags = ?verdict.flags,
                "implausible answers arrive; they are kept, flagged and left out of the report"
            );
            let intake = Arc::clone(self);
            let mut earlier = verdict.earlier;
            // In the background, so that no request waits for it.
            self.writes.spawn(async move {
                for wait in FLAG_DELAYS {
                    tokio::time::sleep(wait).await;
                    match intake.store.flag(earlier).await {
                        Ok(missing) if missing.is_empty() => break,
                        // Those are not written yet, or were erased.
                        Ok(missing) => earlier = missing,
                        Err(error) => {
                            tracing::error!(%error, "earlier answers could not be flagged");
                            break;
                        }
                    }
                }
            });
        }
        verdict.flags
    }

    /// Refuses a message from a site that the survey does not allow. This keeps other people's pages out, but
    /// not programs, which can leave the header out. The sender learns of the refusal and can try again. The
    /// shop sees each refused answer once, however many revisions of it are refused.
    async fn check_origin(
        &self,
        kind: Kind,
        survey: &str,
        id: &str,
        Source { origin, own, .. }: Source<'_>,
    ) -> Result<(), IntakeError> {
        let Some(origin) = origin else { return Ok(()) };
        let allowed = self.store.allowed_origins(survey);
        let is_allowed = allowed.is_empty()
            || origin == own
            || allowed.iter().any(|allowed| allowed.allows(origin));
        if is_allowed {
            return Ok(());
        }
        if kind == Kind::Answer && self.refused.is_new(survey, id) {
            let origin: String = origin.chars().take(MAX_ORIGIN_LENGTH).collect();
            self.store.note_refusal(survey, &origin, Timestamp::now()).await?;
        }
        Err(IntakeError::Origin)
    }

    /// Runs a write to its end in a new task. Without it, a page that closes its connection would cancel a
    /// running write, and lose an answer that has arrived.
    ///
    /// # Errors
    /// Those of the write, or its task panicked or was cancelled.
    pub(crate) async fn complete<T, E>(
        &self,
        write: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<tokio::task::JoinError> + Send + 'static,
    {
        self.writes.spawn(write).await?
    }

    /// Waits for the writes in progress, and allows no new ones.
    pub(crate) async fn close(&self) {
        self.writes.close();
        self.writes.wait().await;
    }
}

/// Whether a page belongs to the collector's own demo shop: under its public address, or under the address of
/// this request. The scheme is not compared, since proxies may change it.
fn is_demo(page: &str, Source { own, here, .. }: Source<'_>) -> bool {
    let without_scheme = |address: &str| address.split_once("://").map(|(_, rest)| rest.to_owned());
    let Some(page) = without_scheme(page) else { return false };
    [own, here].into_iter().filter_map(without_scheme).any(|host| {
        page.strip_prefix(&host).is_some_and(|path| path == "/demo" || path.starts_with("/demo/"))
    })
}

/// Begins to prepare a batch of answers from a file for [`Store::begin_put_all`], in the background. The shop's own file needs no
/// budget and no origin; redaction is the same as for every answer.
pub(crate) fn prepare_batch(
    store: &Store,
    redaction: Redaction,
    answers: Vec<Stored>,
) -> Preparing {
    store.prepare(answers, move |response| redact(redaction, response))
}

/// Removes contacts from a comment, unless redaction is switched off.
pub(crate) fn redact(redaction: Redaction, response: &mut Response) {
    if let Some(comment) = &mut response.comment {
        *comment = redacted(redaction, comment, &response.locale);
    }
}

/// Gives a form's answer its id, its revision, and the mark of its page.
fn take_place(response: &mut Response, place: &Place) {
    response.id.clone_from(&place.id);
    response.revision = place.revision;
    response.answer_page = place.secret.as_ref().map(|secret| secret.hash().hex());
}

/// A customer's words without contacts, unless redaction is switched off.
pub(crate) fn redacted(redaction: Redaction, words: &str, locale: &str) -> String {
    let redacted = (redaction == Redaction::On).then(|| redact::redact(words, locale)).flatten();
    redacted.unwrap_or_else(|| words.to_owned())
}

/// Whether two responses with one id have the same content, and so come from one customer.
fn has_same_content(one: &Response, other: &Response) -> bool {
    one.score == other.score
        && one.comment == other.comment
        && one.reasons == other.reasons
        && one.quotable == other.quotable
        && one.quote_name == other.quote_name
        && one.contact == other.contact
        && one.order == other.order
        && one.customer == other.customer
}

/// A new id for a response without one: a UUID of version 7, as the script makes it.
pub(crate) fn new_id() -> Result<String, getrandom::Error> {
    let mut random = [0; 10];
    getrandom::fill(&mut random)?;
    let milliseconds = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid().to_string())
}
