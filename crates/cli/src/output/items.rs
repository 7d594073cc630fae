//! Writes the items of a list one at a time: CSV rows, JSON lines or one JSON document.

use std::io::{BufWriter, Write};

use pipeline::view::csv::{CsvColumn, csv_row};
use serde::Serialize;
use serde_json::Value;

use super::json;
use crate::CliError;
use crate::arguments::ItemFormat;

/// Writer of a list for programs and spreadsheets.
pub(crate) enum ItemWriter<'a> {
    /// A header and one row per item.
    Csv(Box<csv::Writer<&'a mut dyn Write>>, &'static [CsvColumn]),
    /// One document of all items and the cursor of the next page.
    Json(BufWriter<&'a mut dyn Write>, &'static str),
    /// One object per line.
    Jsonl(BufWriter<&'a mut dyn Write>),
}

impl<'a> ItemWriter<'a> {
    /// Starts a list.
    pub(crate) fn begin(
        format: ItemFormat,
        columns: &'static [CsvColumn],
        out: &'a mut dyn Write,
    ) -> Result<Self, CliError> {
        match format {
            ItemFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(columns.iter().map(|(name, _)| name))?;
                Ok(Self::Csv(Box::new(writer), columns))
            }
            ItemFormat::Json => {
                let mut writer = BufWriter::new(out);
                writer.write_all(b"{\"items\":[")?;
                Ok(Self::Json(writer, ""))
            }
            ItemFormat::Jsonl => Ok(Self::Jsonl(BufWriter::new(out))),
        }
    }

    /// Writes one item in its public form.
    pub(crate) fn write(&mut self, item: &impl Serialize) -> Result<(), CliError> {
        match self {
            Self::Csv(writer, columns) => Ok(writer.write_record(csv_row(columns, item)?)?),
            Self::Json(writer, separator) => {
                writer.write_all(separator.as_bytes())?;
                *separator = ",";
                json::write(writer, item)
            }
            Self::Jsonl(writer) => json::write_line(writer, item),
        }
    }

    /// Ends the list. Only a JSON document contains the cursor of the next page.
    pub(crate) fn finish(self, next_cursor: Option<String>) -> Result<(), CliError> {
        match self {
            Self::Csv(mut writer, _) => Ok(writer.flush()?),
            Self::Jsonl(mut writer) => Ok(writer.flush()?),
            Self::Json(mut writer, _) => {
                let next = next_cursor.map_or(Value::Null, Value::String);
                writeln!(writer, "],\"next_cursor\":{next}}}")?;
                Ok(writer.flush()?)
            }
        }
    }
}
