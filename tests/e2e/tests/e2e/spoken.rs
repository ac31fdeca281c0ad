//! What a screen reader says: Orca, with Firefox, by its own log of what it gives to the speech synthesizer.
//!
//! `cargo xtask orca` plays this; other runs have no screen reader.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Fixture, Form};
use anyhow::{Context, Result, ensure};

use crate::{Scenario, Visit, register};

fn scenarios() -> Vec<Scenario> {
    let Some(log) = std::env::var_os("AFTERWORD_ORCA").map(PathBuf::from) else {
        return Vec::new();
    };
    Form::BOTH
        .into_iter()
        .map(|form| {
            let log = log.clone();
            let name = format!("orca_says_every_step::{}", form.name());
            let scenario = Scenario::new(name, move |visit| {
                let orca = Orca { log: log.clone() };
                Box::pin(async move { says_every_step(visit, form, orca).await })
            });
            scenario.only_in(vec![Engine::Firefox])
        })
        .collect()
}
register!(scenarios);

struct Orca {
    log: PathBuf,
}

impl Orca {
    /// What it has said so far.
    fn said(&self) -> Result<Vec<String>> {
        let log = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        // The words, and then what Orca says of their sound: `SPEECH OUTPUT: 'Send push button'{'established': False}`.
        let spoken = log.lines().filter_map(|line| line.split_once("SPEECH OUTPUT: '"));
        let words = spoken.map(|(_, rest)| rest.rsplit_once("'{").map_or(rest, |(words, _)| words));
        Ok(words.map(str::to_owned).collect())
    }

    /// Waits until it has said all of this, in this order, after its first `from` utterances, and is silent then; returns
    /// all that it has said since.
    async fn says(&self, from: usize, expected: &[&str]) -> Result<Vec<String>> {
        let heard = async || {
            let said = self.said()?.split_off(from);
            let mut rest = said.iter();
            let all = expected.iter().all(|words| rest.any(|said| said.contains(words)));
            Ok(all.then_some(()))
        };
        let all = afterword_e2e::until(&format!("{expected:?} to be said"), heard).await;
        // Who presses a key before it has finished does not hear the rest.
        let mut said = self.said()?.len();
        loop {
            tokio::time::sleep(SILENCE).await;
            let now = self.said()?.len();
            if now == said {
                break;
            }
            said = now;
        }
        let said = self.said()?.split_off(from);
        all.with_context(|| format!("{said:?}"))?;
        println!("{}", said.join(" | "));
        Ok(said)
    }
}

/// How long it has said nothing when it has finished.
const SILENCE: Duration = Duration::from_secs(3);

const TAB: &str = "\u{E004}";

async fn says_every_step(visit: &Visit<'_>, form: Form, orca: Orca) -> Result<()> {
    let page = &visit.page;
    let question = "How likely are you to recommend Harbour to a friend or colleague?";
    let begin = orca.said()?.len();
    let fixture = Fixture::shop()
        .bare()
        .before("<p><a href=\"#parcel\">Track the parcel</a></p>")
        .attribute("subject", "Harbour")
        // As long as an answer takes on the way: where it takes no time, the thanks come while Orca still looks at the button.
        .endpoint("/endpoint/200@300");
    visit.open_as(form, &fixture).await?;
    orca.says(begin, &["Thank you for your order", "Page has"]).await?;

    let step = async |keys: &str, expected: &[&str]| -> Result<Vec<String>> {
        let from = orca.said()?.len();
        page.keys(keys).await?;
        orca.says(from, expected).await
    };
    step(TAB, &["Track the parcel link"]).await?;
    step(TAB, &[question, "not selected radio button"]).await?;
    step("9", &["9", "selected radio button", "Your 9 is saved."]).await?;
    step(TAB, &["What did you like best? (optional) entry"]).await?;
    page.keys("Good.").await?;
    step(TAB, &["Send push button"]).await?;
    let said = step(" ", &["Thank you. We are delighted!"]).await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    page.quiet().await?;
    let thanks = said.iter().filter(|said| said.contains("Thank you")).count();
    ensure!(thanks == 1, "the thanks are said {thanks} times: {said:?}");
    Ok(())
}
