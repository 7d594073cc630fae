//! Queries over a range of one partition.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Rows of one partition between two keys.
#[derive(Debug, Clone)]
pub(in crate::tables) struct Range {
    partition: String,
    above: Option<(&'static str, String)>,
    below: Option<(&'static str, String)>,
}

impl Range {
    /// Covers all rows of a partition.
    pub(in crate::tables) fn partition(partition: impl Into<String>) -> Self {
        Self { partition: partition.into(), above: None, below: None }
    }

    /// Keeps only rows after this key.
    pub(in crate::tables) fn behind(mut self, row: impl Into<String>) -> Self {
        self.above = Some(("gt", row.into()));
        self
    }

    /// Keeps only this key and rows after it.
    pub(in crate::tables) fn from(mut self, row: impl Into<String>) -> Self {
        self.above = Some(("ge", row.into()));
        self
    }

    /// Keeps only rows before this key.
    pub(in crate::tables) fn before(mut self, row: impl Into<String>) -> Self {
        self.below = Some(("lt", row.into()));
        self
    }

    fn filter(&self) -> String {
        let mut filter = format!("PartitionKey eq '{}'", quoted(&self.partition));
        for (operator, row) in [&self.above, &self.below].into_iter().flatten() {
            filter.push_str(&format!(" and RowKey {operator} '{}'", quoted(row)));
        }
        filter
    }

    /// Query string for at most `top` rows with the selected columns, or all of them.
    pub(super) fn query(&self, top: usize, select: Option<&str>, next: Option<&Continuation>) -> String {
        let mut query = format!("$filter={}&$top={top}", encoded(&self.filter()));
        if let Some(select) = select {
            query.push_str(&format!("&$select={}", encoded(select)));
        }
        if let Some(Continuation { partition, row }) = next {
            query.push_str(&format!("&NextPartitionKey={}", encoded(partition)));
            if let Some(row) = row {
                query.push_str(&format!("&NextRowKey={}", encoded(row)));
            }
        }
        query
    }
}

/// Position after a page, as the service gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tables) struct Continuation {
    pub(super) partition: String,
    pub(super) row: Option<String>,
}

/// Escapes a text for the quotes of a filter or a key.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_partition_between_two_keys() {
        let range = Range::partition("all").behind("a'b").before("c");
        assert_eq!(range.filter(), "PartitionKey eq 'all' and RowKey gt 'a''b' and RowKey lt 'c'");
    }

    #[test]
    fn a_continuation_is_sent_back_verbatim() {
        let next = Continuation { partition: "1!8!YWxs".to_owned(), row: Some("1!4!Yg--".to_owned()) };
        let query = Range::partition("p").query(5, Some("RowKey"), Some(&next));
        assert_eq!(
            query,
            "$filter=PartitionKey%20eq%20%27p%27&$top=5&$select=RowKey&NextPartitionKey=1%218%21YWxs&NextRowKey=1%214%21Yg%2D%2D"
        );
    }
}
