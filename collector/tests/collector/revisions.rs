//! Revisions: the highest one is kept, also after repeats, late ones and simultaneous ones.

use std::collections::HashSet;

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::bench::{Bench, new_id, response_with};

fn revision(id: &str, number: u32) -> Value {
    response_with(&[
        ("id", json!(id)),
        ("revision", json!(number)),
        ("comment", json!(format!("as of revision {number}"))),
    ])
}

#[tokio::test]
async fn a_comment_becomes_the_next_revision_of_the_same_response() {
    let bench = Bench::new().await;
    let id = new_id();
    let score = response_with(&[
        ("id", json!(id)),
        ("complete", json!(false)),
        ("comment", Value::Null),
        ("score", json!(3)),
    ]);
    assert_eq!(bench.post_json(&score).await.json(), json!({ "id": id, "revision": 1 }));
    let first = bench.kept(&json!(id)).await;
    assert_eq!((&first["complete"], first.get("comment")), (&json!(false), None));

    assert_eq!(bench.post_json(&revision(&id, 2)).await.json(), json!({ "id": id, "revision": 2 }));
    let second = bench.kept(&json!(id)).await;
    assert_eq!(second["comment"], "as of revision 2");
    assert_eq!(second["score"], 9);
    assert_eq!(second["received_at"], first["received_at"], "its place in the list stays");
}

#[tokio::test]
async fn a_repeat_and_an_older_revision_change_nothing_and_succeed() {
    let bench = Bench::new().await;
    let id = new_id();
    bench.post_json(&revision(&id, 3)).await;
    let kept = bench.kept(&json!(id)).await;
    let mut repeat = revision(&id, 3);
    repeat["score"] = json!(0);
    for late in [repeat, revision(&id, 2), revision(&id, 1)] {
        let answer = bench.post_json(&late).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({ "id": id, "revision": 3 }));
        assert_eq!(bench.kept(&json!(id)).await, kept);
    }
}

#[test]
fn any_order_with_any_repeats_ends_in_the_highest_revision() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bench = runtime.block_on(Bench::new());
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(1_u32..8, 1..12), |order| {
            runtime.block_on(async {
                let id = new_id();
                let mut highest = 0;
                for number in &order {
                    highest = highest.max(*number);
                    let answer = bench.post_json(&revision(&id, *number)).await;
                    prop_assert_eq!(answer.json(), json!({ "id": id, "revision": highest }));
                }
                let comment = format!("as of revision {highest}");
                let kept = bench.kept(&json!(id)).await;
                prop_assert_eq!(&kept["comment"], &json!(comment));
                Ok(())
            })
        })
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_sent_at_once_end_in_the_highest() {
    let bench = std::sync::Arc::new(Bench::new().await);
    let ids = [new_id(), new_id(), new_id()];
    let mut posts = tokio::task::JoinSet::new();
    for number in [4_u32, 1, 7, 3, 7, 2, 6, 5] {
        for id in ids.clone() {
            let bench = std::sync::Arc::clone(&bench);
            posts.spawn(async move {
                let answer = bench.post_json(&revision(&id, number)).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                let kept = answer.json()["revision"].as_u64().unwrap();
                assert!(kept >= u64::from(number), "{kept} is said after {number} was stored");
            });
        }
    }
    while let Some(post) = posts.join_next().await {
        post.unwrap();
    }
    for id in &ids {
        assert_eq!(bench.kept(&json!(id)).await["comment"], "as of revision 7");
    }
    let list = bench.list("").await;
    let kept: HashSet<&str> =
        list["responses"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(kept.len(), 3);
}
