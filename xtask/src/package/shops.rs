//! The plugins for shops in `integrations/`, zipped in the form that each shop system expects.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;

use super::{Epoch, VERSION};
use crate::places::root;
use crate::run::{Step, command};

/// A plugin: its folder in `integrations/`, its folder in the archive, and the archive's name.
const PLUGINS: [(&str, &str, &str); 3] = [
    ("woocommerce", "afterword-for-woocommerce", "afterword-for-woocommerce-VERSION.zip"),
    // OpenCart recognises an extension by the ending of the name, and takes the extension's code from the rest.
    ("opencart", "", "nps_afterword.ocmod.zip"),
    ("shopware", "AfterwordSurvey", "afterword-for-shopware-VERSION.zip"),
];

/// Writes the archives.
pub(super) fn build(out: &Path, epoch: Epoch) -> Result<()> {
    let step = Step::begin("Plugins for shops");
    let time = epoch.tell(command("date")).args(["--utc", "+%Y %m %d %H %M %S", "--date"]);
    let time = time.arg(epoch.for_tar()).output()?;
    let numbers: Vec<u16> = time.split_whitespace().filter_map(|part| part.parse().ok()).collect();
    let [year, month, day, hour, minute, second] = numbers[..] else {
        anyhow::bail!("date said {time:?}");
    };
    let small = |number: u16| u8::try_from(number);
    let time = zip::DateTime::from_date_and_time(
        year,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
    )?;
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(time)
        .unix_permissions(0o644);
    for (folder, inside, archive) in PLUGINS {
        let listed = command("git").args(["ls-files", "-z", "integrations/"]).output()?;
        let prefix = format!("integrations/{folder}/");
        let mut files: Vec<_> = listed
            .split('\0')
            .filter_map(|file| file.strip_prefix(&prefix))
            // Files that only our tests need are left out.
            .filter(|file| !file.starts_with("tests/"))
            .collect();
        files.sort_unstable();
        let mut zip =
            zip::ZipWriter::new(fs::File::create(out.join(archive.replace("VERSION", VERSION)))?);
        for file in files {
            let name = if inside.is_empty() { file.to_owned() } else { format!("{inside}/{file}") };
            zip.start_file(name, options)?;
            let path = root().join(&prefix).join(file);
            zip.write_all(&fs::read(&path).with_context(|| path.display().to_string())?)?;
        }
        zip.finish()?;
    }
    step.done();
    Ok(())
}
