//! Reads an inventory report.

use std::collections::BTreeMap;
use std::io::Read;
use std::str;

use csv::{ByteRecord, ReaderBuilder};
use domain::address::{BlobName, ContainerName, Printable};
use jiff::Timestamp;
use thiserror::Error;

use super::columns::{Columns, Fields};
use super::rows::{InventoryRows, New};
use super::value;

/// Most unreadable rows kept.
const BAD_KEPT: usize = 100;

/// Blobs of a report, by container.
#[derive(Debug, Default)]
pub struct Inventory {
    pub(super) containers: BTreeMap<ContainerName, InventoryRows>,
    /// Number of rows about snapshots, earlier versions and deleted blobs, which are no recordings.
    pub skipped: u64,
    /// Number of unreadable rows.
    pub bad: u64,
    /// First unreadable rows, at most 100.
    pub bad_rows: Vec<BadRow>,
    /// Number of rows whose tags could not be parsed; the tags of these blobs are unknown.
    pub untagged: u64,
    /// First rows with such tags, at most 100.
    pub untagged_rows: Vec<BadRow>,
}

/// Unreadable row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line on which it begins, counted from 1.
    pub line: u64,
    /// Reason why it could not be read.
    pub reason: String,
}

/// Reason why a report could not be read.
#[derive(Debug, Error)]
pub enum InventoryError {
    /// The file is not a report or lacks columns.
    #[error("the report lacks {}: have the inventory rule write {}", columns(.0), if .0.len() == 1 { "it" } else { "them" })]
    Columns(Vec<&'static str>),
    /// The file cannot be read.
    #[error("the report cannot be read")]
    Unreadable(#[source] csv::Error),
}

fn columns(names: &[&str]) -> String {
    let noun = if names.len() == 1 { "column" } else { "columns" };
    format!("the {noun} {}", names.join(", "))
}

impl Inventory {
    /// Reads a report row by row. Invalid rows are skipped and counted.
    pub fn read(report: impl Read) -> Result<Self, InventoryError> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(report);
        let header = reader.byte_headers().map_err(InventoryError::Unreadable)?;
        let columns = Columns::parse(header).map_err(InventoryError::Columns)?;
        let (mut inventory, mut row) = (Self::default(), ByteRecord::new());
        while reader.read_byte_record(&mut row).map_err(InventoryError::Unreadable)? {
            if !columns.is_current(&row) {
                inventory.skipped += 1;
                continue;
            }
            let fields = columns.fields(&row).ok_or("it has too few fields".to_owned());
            let line = row.position().map_or(0, csv::Position::line);
            match fields.and_then(|fields| inventory.add(&fields)) {
                Ok(None) => {}
                Ok(Some(reason)) => {
                    inventory.untagged += 1;
                    keep(&mut inventory.untagged_rows, line, reason);
                }
                Err(reason) => {
                    inventory.bad += 1;
                    keep(&mut inventory.bad_rows, line, reason);
                }
            }
        }
        inventory.containers.values_mut().for_each(InventoryRows::finish);
        Ok(inventory)
    }

    /// Containers in the report.
    pub fn containers(&self) -> impl Iterator<Item = &ContainerName> {
        self.containers.keys()
    }

    /// Number of blobs of a container in the report.
    pub fn count(&self, container: &ContainerName) -> usize {
        self.containers.get(container).map_or(0, InventoryRows::len)
    }

    /// Adds a row. Returns the reason why its tags are unknown, or `None` if they are known.
    fn add(&mut self, fields: &Fields<'_>) -> Result<Option<String>, String> {
        let path = text("Name", fields.name)?;
        let (container, name) = path.split_once('/').ok_or(format!("Name {} is not container/blob", shown(path)))?;
        let container = ContainerName::parse(container).map_err(|error| format!("Name: {error}"))?;
        let name = BlobName::parse(name).map_err(|error| format!("Name: {error}"))?;
        let (etag, tags) = (text("Etag", fields.etag)?, text("Tags", fields.tags)?);
        if etag.is_empty() {
            return Err("Etag is empty".to_owned());
        }
        let unknown =
            value::tags(tags).is_none().then(|| format!("Tags {} are neither JSON nor key=value", shown(tags)));
        let size = text("Content-Length", fields.size)?;
        let new = New {
            created_at: time("Creation-Time", fields.created_at)?,
            last_modified: time("Last-Modified", fields.last_modified)?,
            size: size.parse().map_err(|_| format!("Content-Length {} is not a number", shown(size)))?,
            tier: text("AccessTier", fields.tier)?,
            name: &name,
            etag,
            tags,
        };
        if new.last_modified < new.created_at {
            return Err("Last-Modified is before Creation-Time, so neither is known".to_owned());
        }
        let rows = self.containers.entry(container).or_default();
        rows.add(&new).then_some(unknown).ok_or_else(|| "its texts are longer than storage allows".to_owned())
    }
}

fn keep(rows: &mut Vec<BadRow>, line: u64, reason: String) {
    if rows.len() < BAD_KEPT {
        rows.push(BadRow { line, reason });
    }
}

fn text<'a>(column: &str, field: &'a [u8]) -> Result<&'a str, String> {
    str::from_utf8(field).map_err(|_| format!("{column} is not UTF-8 text"))
}

fn time(column: &str, field: &[u8]) -> Result<Timestamp, String> {
    let text = text(column, field)?;
    let none = || format!("{column} {} is not a time: neither RFC 3339, nor RFC 1123, nor milliseconds", shown(text));
    value::time(text).ok_or_else(none)
}

/// First 60 bytes of a text at most, quoted and with control characters escaped.
fn shown(text: &str) -> String {
    let end = text.floor_char_boundary(60);
    let more = if end < text.len() { "…" } else { "" };
    format!("\"{}{more}\"", Printable(&text[..end]))
}
