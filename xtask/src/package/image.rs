//! The container image: the static binary, a folder for the data, and nothing
//! else. Written by hand after the OCI image specification 1.1, which takes no tool and no daemon.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use anyhow::Result;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Architecture, Epoch, VERSION, gzip, hex, put};
use crate::run::{Step, command};

/// Who the collector is in a container: a number without a name, and not root.
const USER: &str = "65532";

/// Writes the archive for registries and Podman, which has every architecture; one for Docker for each, since not every
/// Docker reads the other; and the files to start it with.
pub(super) fn build(
    programs: &[(Architecture, PathBuf)],
    work: &Path,
    out: &Path,
    epoch: Epoch,
) -> Result<()> {
    let step = Step::begin("The container image");
    layout(programs, "oci", work, out, epoch)?;
    for program in programs {
        layout(slice::from_ref(program), &format!("docker-{}", program.0.name), work, out, epoch)?;
    }
    for file in ["compose.yaml", "Caddyfile"] {
        put(&super::ours("image").join(file), &out.join(file), 0o644)?;
    }
    step.done();
    Ok(())
}

/// Writes one archive: an OCI image layout, and, of a single image, Docker's own list of its parts besides.
fn layout(
    programs: &[(Architecture, PathBuf)],
    name: &str,
    work: &Path,
    out: &Path,
    epoch: Epoch,
) -> Result<()> {
    let folder = work.join(name);
    let blobs = Blobs { folder: folder.join("blobs/sha256") };
    fs::create_dir_all(&blobs.folder)?;
    let created = epoch.tell(command("date")).args(["--utc", "+%Y-%m-%dT%H:%M:%SZ", "--date"]);
    let created = created.arg(epoch.for_tar()).output()?.trim().to_owned();
    let mut manifests = Vec::new();
    let mut of_docker = Vec::new();
    for (architecture, program) in programs {
        let tar = layer(*architecture, program, work, epoch)?;
        let (mut manifest, parts) = manifest(&blobs, *architecture, &tar, &created)?;
        manifest["platform"] = json!({ "architecture": architecture.name, "os": "linux" });
        manifests.push(manifest);
        of_docker.push(parts);
    }
    let index = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": manifests,
    });
    let mut index = blobs.add("application/vnd.oci.image.index.v1+json", &bytes(&index)?)?;
    let reference = format!("docker.io/library/afterword-collector:{VERSION}");
    index["annotations"] = json!({
        // The first is read by containerd, the second by everybody else.
        "io.containerd.image.name": reference,
        "org.opencontainers.image.ref.name": VERSION,
    });
    let top = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [index],
    });
    fs::write(folder.join("index.json"), bytes(&top)?)?;
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    if let [parts] = &of_docker[..] {
        fs::write(folder.join("manifest.json"), bytes(&json!([parts]))?)?;
    }
    let archive = out.join(format!("afterword-collector-{VERSION}-{name}.tar"));
    super::archive::pack(&folder, ".", &archive, epoch)
}

fn bytes(value: &Value) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(value)?)
}

/// What the image consists of, by digest.
struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Adds one, and gives its descriptor.
    fn add(&self, kind: &str, bytes: &[u8]) -> Result<Value> {
        let digest = hex(&Sha256::digest(bytes));
        fs::write(self.folder.join(&digest), bytes)?;
        Ok(json!({ "mediaType": kind, "digest": format!("sha256:{digest}"), "size": bytes.len() }))
    }
}

/// The one layer: the program, and the data's folder, which is the user's.
fn layer(architecture: Architecture, program: &Path, work: &Path, epoch: Epoch) -> Result<Vec<u8>> {
    let folder = work.join(format!("layer-{}", architecture.name));
    put(program, &folder.join("afterword-collector"), 0o755)?;
    fs::create_dir_all(folder.join("data"))?;
    let tar = work.join(format!("layer-{}.tar", architecture.name));
    super::archive::pack(&folder, "afterword-collector", &tar, epoch)?;
    epoch
        .tell(command("tar"))
        .args(["--append", "--format=ustar", "--numeric-owner", "--mode=0700", "--mtime"])
        .arg(epoch.for_tar())
        .args([&format!("--owner={USER}"), &format!("--group={USER}")])
        .arg("--directory")
        .arg(&folder)
        .arg("--file")
        .arg(&tar)
        .arg("data")
        .run()?;
    Ok(fs::read(tar)?)
}

/// Adds an image's parts; gives the descriptor of its manifest, and what Docker's list says of it.
fn manifest(
    blobs: &Blobs,
    architecture: Architecture,
    tar: &[u8],
    created: &str,
) -> Result<(Value, Value)> {
    let layer = blobs.add("application/vnd.oci.image.layer.v1.tar+gzip", &gzip(tar)?)?;
    let config = json!({
        "created": created, "architecture": architecture.name, "os": "linux",
        "config": {
            "User": format!("{USER}:{USER}"),
            "Entrypoint": ["/afterword-collector"],
            "Cmd": ["serve"],
            // All addresses of the container, which has a network of its own.
            "Env": [
                "AFTERWORD_LISTEN=0.0.0.0:8080",
                "DATABASE_URL=sqlite:///data/afterword.db",
                // There is no /tmp, and SQLite writes temporary files at a migration.
                "SQLITE_TMPDIR=/data",
            ],
            "ExposedPorts": { "8080/tcp": {} },
            "Volumes": { "/data": {} },
            "WorkingDir": "/data",
            "StopSignal": "SIGTERM",
            "Labels": {
                "org.opencontainers.image.title": "Afterword's collector",
                "org.opencontainers.image.version": VERSION,
                "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
            },
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{}", hex(&Sha256::digest(tar)))] },
        "history": [{ "created": created, "created_by": "cargo xtask package" }],
    });
    let config = blobs.add("application/vnd.oci.image.config.v1+json", &bytes(&config)?)?;
    let path = |descriptor: &Value| {
        descriptor["digest"].as_str().unwrap_or_default().replacen("sha256:", "blobs/sha256/", 1)
    };
    let of_docker = json!({
        "Config": path(&config), "RepoTags": [format!("afterword-collector:{VERSION}")],
        "Layers": [path(&layer)],
    });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config, "layers": [layer],
    });
    let manifest = blobs.add("application/vnd.oci.image.manifest.v1+json", &bytes(&manifest)?)?;
    Ok((manifest, of_docker))
}
