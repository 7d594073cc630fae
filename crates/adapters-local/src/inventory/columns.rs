//! Finds the columns of a report.

use csv::ByteRecord;

/// Columns every report must have, as Azure names them.
const NEEDED: [&str; 7] = ["Name", "Creation-Time", "Last-Modified", "Content-Length", "Etag", "AccessTier", "Tags"];

/// Positions of the columns.
pub(super) struct Columns {
    needed: [usize; NEEDED.len()],
    snapshot: Option<usize>,
    version: Option<usize>,
    is_current_version: Option<usize>,
    deleted: Option<usize>,
    /// Columns left empty in rows of existing blobs.
    deletion: [Option<usize>; 3],
    is_folder: Option<usize>,
}

/// Fields of one row.
pub(super) struct Fields<'a> {
    pub name: &'a [u8],
    pub created_at: &'a [u8],
    pub last_modified: &'a [u8],
    pub size: &'a [u8],
    pub etag: &'a [u8],
    pub tier: &'a [u8],
    pub tags: &'a [u8],
}

impl Columns {
    /// Parses the header; the columns may be in any order among others. Returns the names of missing columns as the
    /// error.
    pub(super) fn parse(header: &ByteRecord) -> Result<Self, Vec<&'static str>> {
        let place = |wanted: &str| {
            header.iter().position(|name| {
                let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii();
                name.eq_ignore_ascii_case(wanted.as_bytes())
            })
        };
        let found = NEEDED.map(place);
        let missing: Vec<&str> =
            NEEDED.into_iter().zip(&found).filter(|(_, place)| place.is_none()).map(|(name, _)| name).collect();
        if missing.is_empty() {
            let needed = found.map(Option::unwrap_or_default);
            let (snapshot, is_current_version) = (place("Snapshot"), place("IsCurrentVersion"));
            let deletion = ["DeletionId", "DeletedTime", "RemainingRetentionDays"].map(place);
            let (version, deleted, is_folder) = (place("VersionId"), place("Deleted"), place("hdi_isfolder"));
            Ok(Self { needed, snapshot, version, is_current_version, deleted, deletion, is_folder })
        } else {
            Err(missing)
        }
    }

    /// Fields of a row. `None` if it has too few.
    pub(super) fn fields<'a>(&self, row: &'a ByteRecord) -> Option<Fields<'a>> {
        let [name, created_at, last_modified, size, etag, tier, tags] =
            self.needed.map(|place| row.get(place).map(<[u8]>::trim_ascii));
        Some(Fields {
            // Spaces may belong to a name.
            name: name.and(row.get(self.needed[0]))?,
            created_at: created_at?,
            last_modified: last_modified?,
            size: size?,
            etag: etag?,
            tier: tier?,
            tags: tags?,
        })
    }

    /// True if the row is an existing blob: no snapshot, no earlier version, no deleted blob, no folder. A version
    /// counts only if the report marks it as current.
    pub(super) fn is_current(&self, row: &ByteRecord) -> bool {
        let field = |place: Option<usize>| place.and_then(|place| row.get(place)).unwrap_or_default().trim_ascii();
        let is = |place: Option<usize>, text: &str| field(place).eq_ignore_ascii_case(text.as_bytes());
        let is_current_version = if is(self.version, "") {
            !is(self.is_current_version, "false")
        } else {
            is(self.is_current_version, "true")
        };
        let is_there = !is(self.deleted, "true") && self.deletion.iter().all(|place| is(*place, ""));
        is(self.snapshot, "") && is_current_version && is_there && !is(self.is_folder, "true")
    }
}
