//! Where the catalogue is kept.

use std::path::{Path, PathBuf};

/// Where the catalogue is kept, as `ARCHIVIST_CATALOGUE` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catalogue {
    /// In the table service of `state`: `table`.
    Table,
    /// In a database file: `sqlite:PATH`.
    Sqlite(PathBuf),
}

impl Catalogue {
    /// Reads one of the two forms.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("sqlite:") {
            Some(path) => Some(path).filter(|path| !path.is_empty()).map(|path| Self::Sqlite(PathBuf::from(path))),
            None => (text == "table").then_some(Self::Table),
        }
    }

    /// Reads an argument.
    ///
    /// # Errors
    /// What to write instead.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| "write table or sqlite:PATH".to_owned())
    }

    /// The database file, where the catalogue is kept in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Table => None,
        }
    }
}
