//! What starts the image beside Caddy: read by Compose and by Caddy, as far as that takes no registry and no free port 80.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::run::{Program, Step, command};
use crate::tools;

/// The host name that the checks give.
const HOST: &str = "feedback.shop.example";

/// The collector's address in the network of the containers, in `Caddyfile`.
const COLLECTOR: &str = "collector:8080";

/// Reads `compose.yaml` with Compose and `Caddyfile` with Caddy. Returns what could not be tried.
pub(super) fn read(out: &Path) -> Result<Vec<String>> {
    let mut not_tried = Vec::new();
    let step = Step::begin("compose.yaml and Caddyfile, read by Compose and Caddy");
    let of_docker = || command("docker").arg("compose");
    let compose: Option<fn() -> Program> = if of_docker().arg("version").output_quietly().is_some()
    {
        Some(of_docker)
    } else {
        let needed = [("docker-compose", "docker-compose")];
        tools::programs(&needed, "Compose").is_ok().then_some(|| command("docker-compose"))
    };
    if let Some(compose) = compose {
        let config = |host: &str| {
            let read = compose().args(["--file", "compose.yaml", "config"]).folder(out);
            read.env("AFTERWORD_HOST", host).output_quietly()
        };
        let read = config(HOST).unwrap_or_default();
        let address = format!("https://{HOST}");
        let image = format!("image: afterword-collector:{}", super::VERSION);
        for part in [&address, &image, "read_only: true", "no-new-privileges:true", "caddy:2"] {
            ensure!(read.contains(part), "Compose finds no {part} in compose.yaml: {read}");
        }
        ensure!(config("").is_none(), "Compose takes compose.yaml without a host name");
    } else {
        not_tried.push("compose.yaml, without Compose".to_owned());
    }
    if tools::programs(&[("caddy", "caddy")], "Caddy").is_ok() {
        let read = command("caddy").args(["adapt", "--config", "Caddyfile"]).folder(out);
        let read = read.env("AFTERWORD_HOST", HOST).output_quietly().unwrap_or_default();
        for part in [HOST, COLLECTOR, "X-Forwarded-For"] {
            ensure!(read.contains(part), "Caddy finds no {part} in Caddyfile: {read}");
        }
    } else {
        not_tried.push("Caddyfile, without Caddy".to_owned());
    }
    step.done();
    not_tried.push("starting what compose.yaml describes".to_owned());
    Ok(not_tried)
}
