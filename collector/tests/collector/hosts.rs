//! The host with which a page is requested: it is not used if the public address is known.

use afterword_collector::Collector;

use crate::{
    bench::{Bench, LOGIN, response},
    markup::{all, one},
    process::{Process, TOKEN},
};

const PUBLIC: &str = "https://feedback.shop.example";

async fn public() -> Bench {
    Bench::with(|config| config.public_url(PUBLIC)).await
}

#[tokio::test]
async fn a_page_asked_for_under_another_host_names_the_right_address() {
    let bench = public().await;
    for (path, login) in [("/login?next=/data", None), ("/surveys?done=deleted", Some(LOGIN))] {
        for (host, names) in [("10.0.0.7:8080", true), ("feedback.shop.example", false)] {
            let headers: Vec<(&str, &str)> = login.into_iter().chain([("host", host)]).collect();
            let answer = bench.get(path, &headers).await;
            assert_eq!(answer.status, 200, "{path}");
            let page = answer.page();
            let found = all(&page, "[data-notice='elsewhere']").len();
            assert_eq!(found, usize::from(names), "{path} under {host}");
            if names {
                let link = one(&page, "[data-notice='elsewhere'] a").attr("href");
                assert_eq!(link, Some(format!("{PUBLIC}{path}").as_str()));
            }
        }
    }
}

#[tokio::test]
async fn with_a_public_address_no_answer_repeats_the_host_of_its_request() {
    let bench = public().await;
    assert_eq!(bench.post_json(&response()).await.status, 200);
    for (method, path, _) in Collector::rules() {
        if method != "GET" {
            continue;
        }
        let path = path
            .replace("/surveys/{id}", "/surveys/post-purchase")
            .replace("{owner}", "order")
            .replace("{file}", "x")
            .replace("{secret}", "x")
            .replace("{id}", "1");
        let headers = [
            LOGIN,
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("accept-language", "de"),
        ];
        let answer = bench.get(&path, &headers).await;
        assert!(!String::from_utf8_lossy(&answer.body).contains("evil.example"), "{path}");
        for (name, value) in &answer.headers {
            assert!(!value.to_str().unwrap_or_default().contains("evil.example"), "{path}: {name}");
        }
    }
}

#[test]
fn a_start_without_a_public_address_warns() {
    for (arguments, warns) in [(&[][..], true), (&["--public-url", PUBLIC][..], false)] {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::start(folder.path(), arguments, &[TOKEN]);
        process.stop();
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert_eq!(log.contains("does not know its own address"), warns, "{log}");
    }
}
