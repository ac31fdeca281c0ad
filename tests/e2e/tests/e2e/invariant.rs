//! Tests the promise of delivery in browsers: customer and endpoint do random things in random order.
//!
//! If the customer is thanked, the answer is stored exactly once, as the highest revision of one response. For an
//! answer that is not stored there are no thanks, and it is not dropped silently while the page is open.
//! src/survey/tests/invariant.rs tests the same with the state machine alone, a thousand times faster. These tests run
//! everything: painted form and widget, the browser's network, real pages that are left and opened again.
//!
//! An ordinary run plays a few cases, always the same ones. `AFTERWORD_CASES=300` plays 300 cases, different ones each
//! time; `AFTERWORD_SEED` fixes them. A failing case is reduced.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Fixture, Form};
use afterword_e2e::survey::Page;
use anyhow::{Context, Result, anyhow, bail, ensure};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::{Visit, scenarios};

scenarios!(whatever_happens_it_thanks_for_what_is_stored(form));

/// A page that records the customer's actions, and whose clock runs four times as fast. It has no links, so that
/// random clicks do not leave it.
pub(crate) fn page(endpoint: &str) -> Fixture {
    Fixture::shop().bare().run("/clock.js?4").run("/invariant.js").endpoint(endpoint).attributes(&[
        ("survey", "post-purchase"),
        ("subject", "Harbour & Hill"),
        ("order-id", "A-1001"),
    ])
}

/// Cases that an ordinary run plays in each browser and form.
const DEFAULT_CASES: u64 = 6;

/// How long a failing case may be reduced, in an ordinary run and in a long one.
const REDUCTION_TIME: Duration = Duration::from_secs(15);
const LONG_REDUCTION_TIME: Duration = Duration::from_secs(5 * 60);

/// One event of a case.
#[derive(Clone, Debug)]
enum Act {
    Tap(u8),
    /// Keys are pressed in the comment, where a click has put the caret.
    Write(String),
    /// The customer presses Send or Try again.
    Press,
    /// The page is reported as hidden or shown.
    Hide,
    /// The browser reports that the network is back.
    Online,
    /// The customer goes to another page and back. The browser may or may not have kept this page.
    Leave,
    Reload,
    Rest(u64),
}

/// How a case ends. The endpoint works again once its faults are used up.
#[derive(Clone, Copy, Debug)]
enum Ending {
    /// The customer presses the button until there are thanks.
    Press,
    /// The customer does nothing: unsent data is sent when the browser reports the network.
    Online,
}

#[derive(Clone, Debug)]
struct Case {
    /// The actions of the endpoint for one request after the other, in the form of its path.
    faults: Vec<String>,
    /// Whether the customer waits for the widget. Otherwise it arrives while they answer, or later.
    patient: bool,
    /// The first score tapped.
    first: u8,
    acts: Vec<Act>,
    ending: Ending,
    /// The text that they write first.
    words: String,
}

fn fault() -> impl Strategy<Value = String> {
    let faults = vec![
        "500", "200", "cut", "html", "unheard", "404", "503;1", "429;1", "204", "413", "short",
        "empty",
    ];
    let wait = prop_oneof![3 => Just(0), 1 => 150..400_u32];
    (prop::sample::select(faults), wait).prop_map(|(fault, wait)| match wait {
        0 => fault.to_owned(),
        wait => format!("{fault}@{wait}"),
    })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Press),
        3 => (0..=10_u8).prop_map(Act::Tap),
        // The private character is WebDriver's Backspace.
        4 => "[ab \u{e003}]{1,3}".prop_map(Act::Write),
        2 => Just(Act::Online),
        1 => Just(Act::Hide),
        1 => Just(Act::Leave),
        1 => Just(Act::Reload),
        2 => (50..500_u64).prop_map(Act::Rest),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let faults = prop::collection::vec(fault(), 1..6);
    let ending = prop::sample::select(vec![Ending::Press, Ending::Online]);
    let acts = prop::collection::vec(act(), 2..8);
    (faults, any::<bool>(), 0..=10_u8, acts, ending, "[ab ]{0,3}").prop_map(
        |(faults, patient, first, acts, ending, words)| Case {
            faults,
            patient,
            first,
            acts,
            ending,
            words,
        },
    )
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

pub(crate) fn is_a_long_run() -> bool {
    variable("AFTERWORD_CASES").is_some()
}

/// The seed of the first case; each case has its own, so that it can be played alone.
fn seed(engine: Engine) -> u64 {
    // Seeds whose six cases cover eight kinds of faults after Send; few seeds do.
    let usual = match engine {
        Engine::Chromium => 5869,
        Engine::Firefox => 2085,
        Engine::WebKit => 1729,
    };
    variable("AFTERWORD_SEED").unwrap_or_else(|| {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(now) if is_a_long_run() => now.as_secs(),
            _ => usual,
        }
    })
}

/// Plays the cases, and reduces one that fails.
async fn whatever_happens_it_thanks_for_what_is_stored(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let first = seed(visit.page.engine);
    let count = variable("AFTERWORD_CASES").unwrap_or(DEFAULT_CASES);
    let mut played = 0;
    for seed in (first..).take(count.try_into()?) {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), random);
        let mut tree = case().new_tree(&mut runner).map_err(|reason| anyhow!("{reason}"))?;
        let case = tree.current();
        let Err(error) = play(visit, form, &case, &mut played).await else { continue };
        let replay = format!("AFTERWORD_SEED={seed} AFTERWORD_CASES=1, {form:?}");
        // Printed at once, in case the browser hangs while the case is reduced.
        eprintln!("{replay}: {case:?}: {error:#}");
        let mut least = (case, error);
        let time = if is_a_long_run() { LONG_REDUCTION_TIME } else { REDUCTION_TIME };
        let end = Instant::now() + time;
        let mut smaller = tree.simplify();
        while smaller {
            let case = tree.current();
            let Ok(result) = timeout_at(end, play(visit, form, &case, &mut played)).await else {
                break;
            };
            smaller = match result {
                Ok(()) => tree.complicate(),
                Err(error) => {
                    least = (case, error);
                    tree.simplify()
                }
            };
        }
        let (case, error) = least;
        return Err(error.context(format!("{replay}: at its smallest {case:?}")));
    }
    Ok(())
}

async fn play(visit: &Visit<'_>, form: Form, case: &Case, played: &mut u32) -> Result<()> {
    let page = &visit.page;
    *played += 1;
    // The number makes the endpoint unique.
    let endpoint = format!("/endpoint/{},200?{played}.", case.faults.join(","));
    visit.open(&self::page(&endpoint).form(form)).await?;
    page.read("(invariant.begin(), 0)").await?;
    if case.patient && form == Form::Widget {
        page.taken_over().await?;
    }
    page.score(case.first).await?;
    if !case.words.is_empty() {
        perform(page, &Act::Write(case.words.clone())).await?;
    }
    for act in &case.acts {
        perform(page, act).await.with_context(|| format!("{act:?}"))?;
        check(visit, &endpoint).await.with_context(|| format!("after {act:?}"))?;
    }
    let ended = match case.ending {
        Ending::Press => press_until_thanked(visit, &endpoint, case.faults.len()).await,
        Ending::Online => arrives_by_itself(visit, &endpoint).await,
    };
    ended.with_context(|| format!("{:?}", case.ending))
}

async fn perform(page: &Page<'_>, act: &Act) -> Result<()> {
    match act {
        Act::Tap(score) => click(page, &format!("input[value=\"{score}\"] + span")).await.map(drop),
        Act::Write(keys) => {
            if click(page, "textarea").await? {
                page.keys(keys).await?;
            }
            Ok(())
        }
        Act::Press => click(page, ".send").await.map(drop),
        Act::Hide => {
            let hide = "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))";
            page.read(&format!("({hide}, 0)")).await.map(drop)
        }
        Act::Online => online(page).await,
        Act::Leave => {
            let here = page.client.current_url().await?;
            page.client.goto(here.join("/page.css")?.as_str()).await?;
            page.client.back().await?;
            page.wait("the question, or the thanks", |state| !state.is_null()).await.map(drop)
        }
        Act::Reload => {
            page.client.refresh().await?;
            page.wait("the question", |state| state["question"].is_string()).await.map(drop)
        }
        // The customer reads or thinks.
        Act::Rest(milliseconds) => page.pass(4 * milliseconds).await,
    }
}

async fn online(page: &Page<'_>) -> Result<()> {
    page.read("(dispatchEvent(new Event('online')), 0)").await.map(drop)
}

/// Clicks an element, if need be after the comment has appeared. Returns whether there was one.
async fn click(page: &Page<'_>, selector: &str) -> Result<bool> {
    let state = page
        .wait("the text", |state| {
            state["comment"].is_string() || state["thanks"].is_string() || state["score"].is_null()
        })
        .await?;
    let there = if selector.starts_with("input") { &state["question"] } else { &state["comment"] };
    if there.is_null() || (selector == ".send" && state["button"].is_null()) {
        return Ok(false);
    }
    match page.click(selector).await {
        Ok(()) => Ok(true),
        // The thanks have appeared meanwhile.
        Err(_) if page.state().await?["thanks"].is_string() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The state of the page and the endpoint at one moment.
struct Snapshot {
    /// The page's state, as the fixture's script describes it.
    page: Value,
    /// The messages that the endpoint got, and whether it stored each.
    sent: Vec<(Value, bool)>,
}

impl Snapshot {
    fn is_thanked(&self) -> bool {
        self.page["thanks"].is_string()
    }

    fn is_sending(&self) -> bool {
        self.page["button"] == "Sending …"
    }

    /// Whether the page says that the answer could not be sent, and offers to try again, or that it was refused.
    fn is_said(&self) -> bool {
        (self.page["button"] == "Try again" || self.is_refused())
            && self.page["failed"].as_str().is_some_and(|text| !text.is_empty())
    }

    /// Whether there is a text, and no button to send it with.
    fn is_refused(&self) -> bool {
        self.page["comment"].is_string() && self.page["button"].is_null()
    }

    /// A description for a failure's message.
    fn told(&self) -> String {
        let mut told = format!("the page: {}", self.page);
        for (body, stored) in &self.sent {
            let what = [
                &body["id"],
                &body["revision"],
                &body["complete"],
                &body["score"],
                &body["comment"],
            ];
            let what = what.map(Value::to_string).join(" ");
            told += &format!("\nsent, {}: {what}", if *stored { "stored" } else { "not stored" });
        }
        told
    }

    /// The stored revision of a response that counts: the highest one.
    fn stored(&self, id: &Value) -> Option<&Value> {
        let stored = self.sent.iter().filter(|(body, stored)| *stored && body["id"] == *id);
        stored.map(|(body, _)| body).max_by_key(|body| body["revision"].as_u64())
    }

    /// The answer on which Send was pressed last on this page, and the corrections of its score since.
    fn pressed(&self) -> &[Value] {
        let pressed = self.page["pressed"].as_array().map_or(&[][..], |pressed| pressed);
        let id = &self.page["form"]["id"];
        let last = pressed.iter().rposition(|p| p["correction"] == false && p["id"] == *id);
        last.map_or(&[], |last| &pressed[last..])
    }

    /// Whether the endpoint has the answer on which Send was pressed, possibly with a corrected score.
    fn has_arrived(&self) -> bool {
        self.stored(&self.page["form"]["id"])
            .is_some_and(|stored| self.pressed().iter().any(|pressed| is_whole(stored, pressed)))
    }

    /// Whether the endpoint has the current score, and the words on which Send was pressed last.
    fn is_kept(&self) -> bool {
        let form = &self.page["form"];
        self.stored(&form["id"]).is_some_and(|stored| match self.pressed().last() {
            Some(pressed) => is_whole(stored, pressed),
            None => stored["score"] == form["score"],
        })
    }
}

/// Whether a revision is the whole answer that was in the form.
fn is_whole(revision: &Value, form: &Value) -> bool {
    let said = |field: &str| revision[field] == form[field];
    revision["complete"] == true && said("id") && said("score") && said("comment")
}

/// Takes a snapshot, and checks what has to hold at any time.
async fn check(visit: &Visit<'_>, endpoint: &str) -> Result<Snapshot> {
    // The page is read before the endpoint, so that everything that the page knows of has reached the
    // endpoint's record.
    let page = visit.page.read("invariant.seen()").await?;
    let posts = visit.shop.requests("POST", endpoint);
    let sent = posts.iter().map(|post| Ok((serde_json::from_str(&post.body)?, post.stored)));
    let seen = Snapshot { page, sent: sent.collect::<Result<_>>()? };
    promise(&seen).with_context(|| seen.told())?;
    Ok(seen)
}

fn promise(seen: &Snapshot) -> Result<()> {
    let page = &seen.page;
    let list = |name: &str| page[name].as_array().with_context(|| name.to_owned());
    let (pressed, thanked) = (list("pressed")?, list("thanked")?);

    let mut revisions = HashMap::new();
    for (body, _) in &seen.sent {
        let before = revisions.insert((body["id"].to_string(), body["revision"].as_u64()), body);
        ensure!(before.is_none_or(|before| before == body), "a revision with two contents");
        let was_pressed = pressed.iter().any(|pressed| is_whole(body, pressed));
        ensure!(body["complete"] == false || was_pressed, "sent without Send: {body}");
        ensure!(body["complete"] == true || body["comment"].is_null(), "a draft: {body}");
        let replaced = seen.sent.iter().any(|(whole, _)| {
            whole["complete"] == true
                && whole["id"] == body["id"]
                && whole["revision"].as_u64() < body["revision"].as_u64()
        });
        ensure!(body["complete"] == true || !replaced, "a bare score replaces an answer: {body}");
    }

    let mut answers = Vec::new();
    for form in thanked {
        let stored = seen.stored(&form["id"]).unwrap_or(&Value::Null);
        ensure!(is_whole(stored, form), "thanked for {form}, stored is {stored}");
        let last = pressed.iter().rfind(|pressed| pressed["id"] == form["id"]);
        ensure!(last.is_some_and(|last| is_whole(stored, last)), "thanked for what was not sent");
        ensure!(!answers.contains(&&form["id"]), "thanked twice");
        answers.push(&form["id"]);
    }
    if seen.is_thanked() {
        ensure!(answers.contains(&&page["form"]["id"]), "thanks that nobody was told of");
        return Ok(());
    }

    // Without thanks, all input is still in the form …
    for (done, there) in [("tapped", "score"), ("typed", "comment")] {
        let kept = page[done].is_null() || page[done] == page[there];
        ensure!(kept, "the {there} {} has become {}", page[done], page[there]);
    }
    // … and for an answer that was sent but is not stored, one of these holds: a request is running, the failure is
    // shown, or the customer has read it. (Text that was refused for good is sent with a corrected score until Send is
    // pressed again; once it is changed, it is another answer.)
    let was_refused = seen.pressed().last().is_some_and(|last| {
        let is_last =
            |refused: &Value| refused["id"] == last["id"] && refused["comment"] == last["comment"];
        page["refused"].as_array().is_some_and(|refused| refused.iter().any(is_last))
    });
    let dropped = !seen.pressed().is_empty() && !seen.has_arrived() && !was_refused;
    ensure!(!dropped || seen.is_sending() || seen.is_said(), "dropped without a word");
    let offers = page["button"] == "Try again" || seen.is_refused();
    ensure!(offers == seen.is_said(), "half a message");
    Ok(())
}

/// Waits until nothing is being sent any more: failed attempts are repeated automatically, and end.
async fn settled(visit: &Visit<'_>, endpoint: &str) -> Result<Snapshot> {
    let ended = afterword_e2e::until("an end of the sending", || async {
        let seen = check(visit, endpoint).await?;
        Ok((!seen.is_sending()).then_some(seen))
    });
    match ended.await {
        Ok(seen) => Ok(seen),
        Err(error) => Err(error.context(check(visit, endpoint).await?.told())),
    }
}

async fn press_until_thanked(visit: &Visit<'_>, endpoint: &str, faults: usize) -> Result<()> {
    // Each press is an attempt and uses up a fault. One more press makes up for a click that misses
    // because the page changed at that moment.
    for _ in 0..faults + 2 {
        let seen = settled(visit, endpoint).await?;
        if seen.is_thanked() || seen.page["score"].is_null() {
            return Ok(());
        }
        // Other words are another answer.
        if seen.is_refused() {
            perform(&visit.page, &Act::Write("b".to_owned())).await?;
        }
        click(&visit.page, ".send").await?;
    }
    let seen = settled(visit, endpoint).await?;
    ensure!(seen.is_thanked(), "never thanked: {}", seen.told());
    Ok(())
}

async fn arrives_by_itself(visit: &Visit<'_>, endpoint: &str) -> Result<()> {
    // First without the customer: sending comes to an end.
    let seen = settled(visit, endpoint).await?;
    if seen.page["score"].is_null() {
        return Ok(());
    }
    let arrived = afterword_e2e::until("what was sent to arrive", || async {
        online(&visit.page).await?;
        let seen = check(visit, endpoint).await?;
        let told = !seen.is_sending() && !seen.is_said();
        Ok((seen.is_kept() && told).then_some(()))
    });
    if let Err(error) = arrived.await {
        let seen = check(visit, endpoint).await?;
        bail!(error.context(seen.told()));
    }
    // And no later message replaces it.
    visit.page.pass(800).await?;
    online(&visit.page).await?;
    visit.page.pass(800).await?;
    visit.page.quiet().await?;
    let seen = check(visit, endpoint).await?;
    ensure!(seen.is_kept(), "replaced: {}", seen.told());
    Ok(())
}
