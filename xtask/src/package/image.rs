//! The container image: only the static binary and a folder for the data. This module writes it by the OCI image
//! specification 1.1, so that neither a tool nor a daemon is needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use anyhow::Result;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Architecture, Epoch, VERSION, gzip, hex, put};
use crate::run::{Step, command};

/// The user of the collector in a container: a number without a name, and not root.
pub(super) const USER: &str = "65532";

/// Writes one archive with all architectures, for registries and Podman; one archive for each architecture, because some
/// versions of Docker cannot read the first one; and the files that start the container.
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

/// Writes one archive: an OCI image layout, and for a single image also Docker's own manifest.
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
        // containerd reads the first annotation, all others the second.
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

/// The blobs of the image, by digest.
struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Adds a blob, and returns its descriptor.
    fn add(&self, kind: &str, bytes: &[u8]) -> Result<Value> {
        let digest = hex(&Sha256::digest(bytes));
        fs::write(self.folder.join(&digest), bytes)?;
        Ok(json!({ "mediaType": kind, "digest": format!("sha256:{digest}"), "size": bytes.len() }))
    }
}

/// The only layer: the program, and the folder for the data, which belongs to the user.
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

/// Adds the blobs of an image; returns the descriptor of its manifest, and its entry for Docker's manifest.
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
            // All addresses, because a container has its own network.
            "Env": [
                "AFTERWORD_LISTEN=0.0.0.0:8080",
                "DATABASE_URL=sqlite:///data/afterword.db",
                // SQLite writes temporary files in a migration, and the image has no /tmp.
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
