//! Compares the page for people with the page made of the data.
//!
//! The facts at the head of the page come last in the archive, and its rows may be long. The part behind the head is
//! therefore hashed as its lines are read. Its length gives that of the head, which is kept until the manifest is read.

use domain::record::ledger::{Hashing, Sha256};
use serde::Serialize;

use super::finding::{BundleProblem, Finding};
use crate::documents::{RecordingDocument, Unknown};
use crate::manifest::Manifest;
use crate::names::PAGE;
use crate::page::{PAGE_VERSION, PageEnd, PageHead, beginning, row};

/// Maximum length of the beginning in bytes.
const LONGEST_BEGINNING: u64 = 4 << 20;

/// Relation of the page to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Another version of the archivist made it, or there is none.
    #[default]
    NotCompared,
    /// It is, byte for byte, the page of the data.
    OfTheData,
    /// It differs.
    Differs,
}

/// Part of a page.
#[derive(Default)]
struct Part {
    length: u64,
    hashing: Hashing,
}

impl Part {
    fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.hashing.add(bytes);
    }

    fn done(self) -> (u64, Sha256) {
        (self.length, self.hashing.done())
    }
}

/// Expected page, and the one in the bundle.
#[derive(Default)]
pub struct PageCheck {
    end: PageEnd,
    /// Rows of the recordings and end.
    expected: Part,
    is_read: bool,
    /// Length of the beginning in the bundle. `None` if the page is too short or the beginning too long.
    beginning_length: Option<u64>,
    beginning: Vec<u8>,
    found: Part,
}

impl PageCheck {
    /// Adds the next recording.
    pub fn recording(&mut self, document: &RecordingDocument) {
        self.expected.add(row(document).as_bytes());
    }

    /// Adds the next unknown thing.
    pub fn unknown(&mut self, one: &Unknown) {
        let piece = self.end.unknown(one);
        self.expected.add(piece.as_bytes());
    }

    /// Begins the page, once recordings and unknown things are complete.
    pub fn begin(&mut self, size: u64) {
        let end = std::mem::take(&mut self.end).finish();
        self.expected.add(end.as_bytes());
        self.is_read = true;
        let length = size.checked_sub(self.expected.length);
        self.beginning_length = length.filter(|length| *length <= LONGEST_BEGINNING);
    }

    /// Adds a piece of the page.
    pub fn take(&mut self, piece: &[u8]) {
        let Some(length) = self.beginning_length else { return };
        let room = usize::try_from(length).unwrap_or(usize::MAX).saturating_sub(self.beginning.len());
        let (beginning, rest) = piece.split_at(piece.len().min(room));
        self.beginning.extend_from_slice(beginning);
        self.found.add(rest);
    }

    /// Compares the page. `None` stands for a manifest that cannot be read.
    pub fn finish(self, manifest: Option<&Manifest>, report: &mut dyn FnMut(Finding)) -> PageState {
        let Some(manifest) = manifest.filter(|manifest| self.is_read && manifest.page == PAGE_VERSION) else {
            return PageState::NotCompared;
        };
        let is_beginning = self.beginning == beginning(&PageHead::from_manifest(manifest)).as_bytes();
        if self.beginning_length.is_some() && is_beginning && self.found.done() == self.expected.done() {
            return PageState::OfTheData;
        }
        report(Finding::new(
            PAGE,
            BundleProblem::Contradiction,
            "it is not the page of this data: do not rely on its text",
        ));
        PageState::Differs
    }
}
