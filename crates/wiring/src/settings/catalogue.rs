//! Place of the catalogue.

use std::path::{Path, PathBuf};

/// Place of the catalogue, as written in `ARCHIVIST_CATALOGUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueSetting {
    /// In the table service of `state`: `table`.
    Table,
    /// In a database file: `sqlite:PATH`.
    Sqlite(PathBuf),
}

impl CatalogueSetting {
    /// Parses one of the two forms. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("sqlite:") {
            Some(path) => Some(path).filter(|path| !path.is_empty()).map(|path| Self::Sqlite(PathBuf::from(path))),
            None => (text == "table").then_some(Self::Table),
        }
    }

    /// Parses an argument.
    ///
    /// # Errors
    /// Returns the accepted forms.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| "write table or sqlite:PATH".to_owned())
    }

    /// Returns the database file, or `None` for the table service.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Table => None,
        }
    }
}
