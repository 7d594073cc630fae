//! Stores the blobs of one container compactly: a report may list millions.

use domain::address::BlobName;
use domain::record::blob::{BlobProperties, ETag, whole_second};
use jiff::Timestamp;
use pipeline::ports::{BlobPage, ListedBlob};

use super::value;

/// Rows sorted by name, with their texts in one buffer.
#[derive(Debug, Default)]
pub(super) struct InventoryRows {
    texts: String,
    rows: Vec<Row>,
    tiers: Vec<String>,
}

/// Offset and lengths of a row's texts, and its numbers.
#[derive(Debug, Clone, Copy)]
struct Row {
    begins: usize,
    name: u16,
    etag: u16,
    tags: u32,
    tier: u8,
    created_at: i64,
    last_modified: i64,
    size: u64,
}

/// Row to add.
pub(super) struct New<'a> {
    pub name: &'a BlobName,
    pub created_at: Timestamp,
    pub last_modified: Timestamp,
    pub size: u64,
    pub etag: &'a str,
    pub tier: &'a str,
    /// In a form that [`value::tags`] reads.
    pub tags: &'a str,
}

impl InventoryRows {
    /// Adds a row. Returns false if a text is longer than storage allows.
    pub(super) fn add(&mut self, new: &New<'_>) -> bool {
        let name = new.name.as_str();
        let lengths = (u16::try_from(name.len()), u16::try_from(new.etag.len()), u32::try_from(new.tags.len()));
        let (Ok(name_length), Ok(etag), Ok(tags), Some(tier)) = (lengths.0, lengths.1, lengths.2, self.tier(new.tier))
        else {
            return false;
        };
        let begins = self.texts.len();
        [name, new.etag, new.tags].iter().for_each(|text| self.texts.push_str(text));
        let (created_at, last_modified) = (new.created_at.as_second(), new.last_modified.as_second());
        self.rows.push(Row { begins, name: name_length, etag, tags, tier, created_at, last_modified, size: new.size });
        true
    }

    /// Sorts the rows. If several have one name, keeps the one with the latest modification.
    pub(super) fn finish(&mut self) {
        let texts = &self.texts;
        let name = |row: &Row| &texts[row.begins..row.begins + usize::from(row.name)];
        self.rows.sort_by(|one, other| name(one).cmp(name(other)).then(other.last_modified.cmp(&one.last_modified)));
        self.rows.dedup_by(|later, kept| name(later) == name(kept));
        self.rows.shrink_to_fit();
        self.texts.shrink_to_fit();
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn find(&self, name: &str) -> Option<ListedBlob> {
        let at = self.rows.binary_search_by(|row| self.name(row).cmp(name)).ok()?;
        self.rows.get(at).and_then(|row| self.blob(row))
    }

    pub(super) fn page(&self, prefix: &str, marker: Option<&str>, limit: usize) -> BlobPage {
        let begins = self.rows.partition_point(|row| {
            let name = self.name(row);
            name < prefix || marker.is_some_and(|marker| name <= marker)
        });
        let mut matching = self.rows[begins..].iter().take_while(|row| self.name(row).starts_with(prefix)).peekable();
        let mut page = BlobPage::default();
        for row in matching.by_ref().take(limit) {
            page.next = Some(self.name(row).to_owned());
            page.blobs.extend(self.blob(row));
        }
        if matching.peek().is_none() {
            page.next = None;
        }
        page
    }

    fn name(&self, row: &Row) -> &str {
        &self.texts[row.begins..row.begins + usize::from(row.name)]
    }

    fn blob(&self, row: &Row) -> Option<ListedBlob> {
        let behind_name = row.begins + usize::from(row.name);
        let behind_etag = behind_name + usize::from(row.etag);
        let tags = &self.texts[behind_etag..behind_etag + usize::try_from(row.tags).ok()?];
        let tier = self.tiers.get(usize::from(row.tier)).filter(|tier| !tier.is_empty());
        let time = |second| Timestamp::from_second(second).ok().map(whole_second);
        Some(ListedBlob {
            name: BlobName::parse(self.name(row)).ok()?,
            properties: BlobProperties {
                created_at: time(row.created_at)?,
                last_modified: time(row.last_modified)?,
                etag: ETag::new(&self.texts[behind_name..behind_etag]),
                size: row.size,
                tier: tier.cloned(),
                content_type: None,
            },
            // Malformed tags are unknown, and not none.
            tags: value::tags(tags),
        })
    }

    /// Index of a tier's name. There are a handful of tiers, so rows share their names.
    fn tier(&mut self, name: &str) -> Option<u8> {
        let known = self.tiers.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            self.tiers.push(name.to_owned());
            self.tiers.len() - 1
        });
        u8::try_from(at).ok()
    }
}
