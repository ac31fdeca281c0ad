//! `GET /v1/rules`: the rules of alerts, for programs.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use schemars::SchemaGenerator;
use serde::Serialize;

use crate::{
    http::{
        conditional::tagged_json,
        describe::{Operation, in_json},
        error::Error,
    },
    query::RuleQuery,
    rules::Condition,
    state::Shared,
    store::alerts::Tells,
};

/// A page of the list.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct RulePage {
    rules: Vec<RuleJson>,
    /// What to pass as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// A rule of alerts.
#[derive(Serialize, schemars::JsonSchema)]
struct RuleJson {
    /// The number that alerts name it by.
    id: i64,
    /// Whether it is run.
    on: bool,
    condition: Condition,
    /// The targets that it tells; null for all of them, also those that are added later.
    targets: Option<Vec<TargetJson>>,
    /// In UTC.
    created_at: String,
}

/// A target of a rule.
#[derive(Serialize, schemars::JsonSchema)]
struct TargetJson {
    /// Its number.
    id: i64,
    /// The name that the shop gave it.
    name: String,
}

pub(crate) async fn list(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = RuleQuery::read(query.as_deref().unwrap_or_default())?;
    let mut found = shared.store.alert_rules_after(query.after, query.limit + 1).await?;
    let length = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let has_more = found.len() > length;
    found.truncate(length);
    let next = found.last().filter(|_| has_more).map(|last| last.rule.to_string());
    let targets = shared.store.alert_targets().await?;
    let named = |chosen: &[i64]| {
        let chosen = targets.iter().filter(|it| chosen.contains(&it.target));
        chosen.map(|it| TargetJson { id: it.target, name: it.name.clone() }).collect()
    };
    let rules = found.into_iter().map(|rule| RuleJson {
        id: rule.rule,
        on: rule.is_on,
        condition: rule.condition,
        targets: match &rule.tells {
            Tells::All => None,
            Tells::Only(chosen) => Some(named(chosen)),
        },
        created_at: rule.created_at.to_string(),
    });
    Ok(tagged_json(&headers, &RulePage { rules: rules.collect(), next }))
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "listRules",
        summary: "List the rules of alerts, oldest first",
        description: "What the shop is told of, page by page: pass next as after, unchanged. The header ETag changes with \
            the page: send it as If-None-Match to be answered 304 as long as nothing has changed.",
        parameters: RuleQuery::parameters(),
        body: None,
        answer: in_json::<RulePage>(generator),
        problems: &[400],
    }
}
