//! Plans the files from a survey.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::{fs, io};

use configuration::{AppPlace, Outline};
use serde_json::Value;

use super::compared::{Change, change, edited, entry_of, written_id};
use super::found::{Around, Found, Note};
use super::limits::{Count, counts};
use super::survey::Survey;
use super::{InitArgs, InitContext, parameters, render};
use crate::CliError;
use crate::config::checked;

/// Result of the command, before anything is written.
pub(crate) struct Outcome {
    pub(super) bastions: Vec<(Found, Change)>,
    /// Names of entries whose bastion is not visible.
    pub(super) gone: Vec<String>,
    /// Notes that concern no single bastion.
    pub(super) notes: Vec<Note>,
    pub(super) counts: Vec<Count>,
    /// `archivist.yaml`, then the parameters. Empty if there is nothing to write.
    pub(super) files: Vec<PlannedFile>,
}

/// A file with its present and its future text.
pub(crate) struct PlannedFile {
    pub(super) path: PathBuf,
    pub(super) before: Option<String>,
    pub(super) after: String,
}

/// Compares the survey with the files, and returns their new texts.
pub(super) fn plan(args: &InitArgs, context: &InitContext<'_>, survey: &Survey) -> Result<Outcome, CliError> {
    let path = args.file(context.config);
    let before = read(&path)?;
    let outline = outline(&path, before.as_deref())?;
    let extra = &context.settings.extra_suffixes;
    let given = args.given();
    let around = Around { survey, given: &given, extra, cloud: context.cloud };
    if let Some((name, url)) = given.iter().find(|(_, url)| around.container(url).is_none()) {
        let wrong = format!(
            "--recordings: {url} of {name} is no container; write https://ACCOUNT.blob.core.windows.net/CONTAINER"
        );
        return Err(CliError::Problems(wrong));
    }
    let is_visible = |name: &&String| survey.bastions.iter().any(|one| one.id.name().eq_ignore_ascii_case(name));
    if let Some(name) = given.keys().find(|name| !is_visible(name)) {
        return Err(CliError::Problems(format!("--recordings: no bastion called {name} is visible")));
    }
    let mut bastions: Vec<(Found, Change)> = Vec::new();
    for one in &survey.bastions {
        let entry = entry_of(&outline, &one.id);
        let found = around.found(one, entry);
        let change = change(&found, entry, extra);
        bastions.push((found, change));
    }
    give_names(&mut bastions, &outline);
    share_no_container(&mut bastions);
    let gone = gone(args, &outline, &bastions);
    let parameters_at = path.with_file_name(parameters::FILE);
    let parameters_before = read(&parameters_at)?;
    let known: Vec<&Found> =
        bastions.iter().filter(|(_, change)| *change != Change::LeftOut).map(|(found, _)| found).collect();
    let json = parameters_before.as_deref().map(serde_json::from_str::<Value>).transpose();
    let json =
        json.map_err(|error| CliError::Problems(format!("{}: is not JSON: {error}", parameters_at.display())))?;
    let mut notes = Vec::new();
    let parameters = parameters::parameters(json.as_ref(), &known, survey, &mut notes);
    let counts = counts(&parameters, survey);
    let mut outcome = Outcome { bastions, gone, notes, counts, files: Vec::new() };
    if outcome.bastions.iter().all(|(_, change)| *change == Change::LeftOut) {
        return Ok(outcome);
    }
    let today = context.today.to_string();
    let text = before.as_deref().unwrap_or(render::HEAD);
    let after = edited(text, &outline, &outcome.bastions, extra, &today);
    let after = after.map_err(|by_hand| CliError::Problems(by_hand.join("\n")))?;
    if before.as_ref() != Some(&after) {
        let name = path.display().to_string();
        let checked = checked::check(&name, &after, AppPlace::Azure, context.settings);
        checked.map_err(|error| CliError::Problems(format!("{name} would not be valid:\n{}", error.message())))?;
    }
    outcome.files = vec![
        PlannedFile { path, before, after },
        PlannedFile { path: parameters_at, before: parameters_before, after: parameters::text(&parameters) },
    ];
    Ok(outcome)
}

fn read(path: &std::path::Path) -> Result<Option<String>, CliError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CliError::Problems(format!("{} cannot be read: {error}", path.display()))),
    }
}

fn outline(path: &std::path::Path, text: Option<&str>) -> Result<Outline, CliError> {
    configuration::outline(text.unwrap_or(render::HEAD)).ok_or_else(|| {
        let what = "cannot be read as lines of keys; correct it with archivist config check, or write a new file with --output DIR";
        CliError::Problems(format!("{} {what}", path.display()))
    })
}

/// Gives each new bastion a name that no other has: two subscriptions may have bastions of one name.
fn give_names(bastions: &mut [(Found, Change)], outline: &Outline) {
    let mut taken: BTreeSet<String> = outline.entries.iter().map(|entry| entry.name.to_ascii_lowercase()).collect();
    for (found, _) in bastions.iter_mut().filter(|(found, _)| entry_of(outline, &found.id).is_none()) {
        let group = found.id.named("resourceGroups").unwrap_or_default();
        let subscription: String = found.id.subscription().chars().take(8).collect();
        let full = format!("{}-{group}-{subscription}", found.name);
        let names = [found.name.clone(), format!("{}-{group}", found.name), full];
        if let Some(free) = names.into_iter().find(|name| taken.insert(name.to_ascii_lowercase())) {
            found.name = free;
        }
    }
}

/// Leaves out new bastions that record into the container of another one: the catalogue could not tell them apart.
fn share_no_container(bastions: &mut [(Found, Change)]) {
    let key = |found: &Found| found.recordings.as_ref().map(|it| (it.account.clone(), it.container.clone()));
    // Those of the file come first.
    let is_new = |change: Change| change == Change::New;
    let mut owners = std::collections::BTreeMap::new();
    for round in [false, true] {
        for (found, change) in bastions.iter_mut().filter(|(_, change)| is_new(*change) == round) {
            let Some(container) = key(found) else { continue };
            let owner = owners.entry(container).or_insert_with(|| found.name.clone());
            if *owner != found.name {
                let what = format!("{owner} records into the same container");
                let fix = "give each bastion a container of its own: portal > bastion > Session recordings";
                found.notes.push(Note::missing(what, fix));
                *change = if round { Change::LeftOut } else { Change::Same };
            }
        }
    }
}

/// Returns the names of entries that should have been found.
fn gone(args: &InitArgs, outline: &Outline, bastions: &[(Found, Change)]) -> Vec<String> {
    let is_searched = |id: &domain::decide::posture::ResourceId| {
        args.subscription.is_empty() || args.subscription.iter().any(|one| one.eq_ignore_ascii_case(id.subscription()))
    };
    let is_gone =
        |id: domain::decide::posture::ResourceId| is_searched(&id) && bastions.iter().all(|(found, _)| found.id != id);
    let entries = outline.entries.iter().filter(|entry| written_id(entry).is_some_and(is_gone));
    entries.map(|entry| entry.name.clone()).collect()
}

impl Outcome {
    pub(super) fn has_findings(&self) -> bool {
        !self.gone.is_empty()
            || !self.notes.is_empty()
            || self.bastions.iter().any(|(found, _)| !found.notes.is_empty())
            || self.counts.iter().any(Count::is_beyond)
    }

    pub(super) fn has_changes(&self) -> bool {
        self.files.iter().any(|file| file.before.as_ref() != Some(&file.after))
    }

    /// Returns true if an existing configuration changes.
    pub(super) fn is_update(&self) -> bool {
        self.files.iter().any(|file| file.before.as_ref().is_some_and(|before| *before != file.after))
    }

    /// Returns an error if files may not be written.
    pub(super) fn may_be_written(&self, update: bool) -> Result<(), CliError> {
        let Some(file) = self.files.first() else {
            let what = "there is nothing to write: no container of a visible bastion is known. Run archivist init without --write";
            return Err(CliError::Problems(what.to_owned()));
        };
        if self.is_update() && !update {
            let what = format!("{} exists: add --update to change it. Nothing was written", file.path.display());
            return Err(CliError::Problems(what));
        }
        Ok(())
    }
}

impl PlannedFile {
    /// Writes the file if its text changes. A reader sees the old or the new text, never a part.
    pub(super) fn write(&self) -> io::Result<()> {
        if self.before.as_ref() == Some(&self.after) {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let part = self.path.with_extension("part");
        fs::write(&part, &self.after)?;
        fs::rename(part, &self.path)
    }
}
