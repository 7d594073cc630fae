//! Entity group transactions: several changes in one partition, all or nothing.

use azure_core::Uuid;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::{StatusCode, Url};

use super::code::failure_of;
use super::row::Row;
use crate::client::Failure;

/// Most operations of a transaction.
pub(in crate::tables) const MOST_OPERATIONS: usize = 100;

/// One change within a transaction.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::tables) enum Operation {
    /// Adds a row; fails if it exists.
    Insert(Row),
    /// Writes a row, replacing any existing one.
    Replace(Row),
    /// Removes a row; fails if it is absent.
    Delete { partition: String, row: String },
}

impl Operation {
    /// Key of the changed row in its partition.
    pub(in crate::tables) fn row(&self) -> &str {
        match self {
            Self::Insert(row) | Self::Replace(row) => &row.row,
            Self::Delete { row, .. } => row,
        }
    }
}

/// Encodes a transaction; returns its body and content type.
pub(super) fn encode(
    operations: &[Operation],
    address: impl Fn(Option<(&str, &str)>) -> Url,
) -> serde_json::Result<(String, String)> {
    let (batch, changes) = (format!("batch_{}", Uuid::new_v4()), format!("changeset_{}", Uuid::new_v4()));
    let mut body = format!("--{batch}\r\nContent-Type: multipart/mixed; boundary={changes}\r\n\r\n");
    for operation in operations {
        let (method, at, content, condition) = match operation {
            Operation::Insert(row) => ("POST", address(None), Some(row), ""),
            Operation::Replace(row) => ("PUT", address(Some((&row.partition, &row.row))), Some(row), ""),
            Operation::Delete { partition, row } => {
                ("DELETE", address(Some((partition, row))), None, "If-Match: *\r\n")
            }
        };
        let content = content.map(serde_json::to_string).transpose()?.unwrap_or_default();
        body.push_str(&format!(
            "--{changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
             {method} {at} HTTP/1.1\r\nAccept: application/json;odata=nometadata\r\nDataServiceVersion: 3.0\r\n\
             Content-Type: application/json\r\nPrefer: return-no-content\r\n{condition}\r\n{content}\r\n"
        ));
    }
    body.push_str(&format!("--{changes}--\r\n--{batch}--\r\n"));
    Ok((body, format!("multipart/mixed; boundary={batch}")))
}

/// Decodes the result of a transaction. The response has a success status even if an operation failed. A response
/// without any operation is truncated or not from the service.
pub(super) fn decode(body: &str) -> Result<(), Failure> {
    let mut answers = body.split("HTTP/1.1 ").skip(1).peekable();
    if answers.peek().is_none() {
        let message = "no answer to any operation of a transaction";
        return Err(Failure::from(Error::with_message(ErrorKind::DataConversion, message)));
    }
    for answer in answers {
        let status = answer.get(..3).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(500);
        if status >= 300 {
            let content = answer.find('{').zip(answer.rfind('}')).and_then(|(from, to)| answer.get(from..=to));
            return Err(failure_of(StatusCode::from(status), content.unwrap_or_default().as_bytes(), None));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use pipeline::ports::FaultKind;

    use super::*;
    use crate::client::ServiceAnswer;

    #[test]
    fn the_first_failed_response_of_a_batch_counts() {
        let good = "--batch\r\nContent-Type: multipart/mixed\r\n\r\n--changeset\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
        let bad = "--changeset\r\n\r\nHTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\n\r\n\
                   {\"odata.error\":{\"code\":\"EntityAlreadyExists\",\"message\":{\"value\":\"1:exists\"}}}\r\n--changeset--";
        assert!(decode(good).is_ok());
        assert_eq!(decode(&format!("{good}{bad}")).unwrap_err().answer, ServiceAnswer::Exists);
    }

    #[test]
    fn a_batch_response_without_operations_is_a_transient_fault() {
        for body in ["", "<html>sign in</html>", "--batch\r\nContent-Type: multipart/mixed\r\n\r\n--batch--"] {
            let fault = decode(body).unwrap_err().fault("save");
            assert_eq!(fault.kind, FaultKind::Transient { retry_after: None }, "{body}");
        }
    }

    #[test]
    fn a_transaction_is_one_changeset_of_whole_requests() {
        let url = |keys: Option<(&str, &str)>| {
            let path = keys.map_or("t".to_owned(), |(partition, row)| format!("t({partition},{row})"));
            Url::parse("http://127.0.0.1/account/").unwrap().join(&path).unwrap()
        };
        let operations = [
            Operation::Insert(Row::new("p", "a")),
            Operation::Delete { partition: "p".to_owned(), row: "b".to_owned() },
        ];
        let (body, content_type) = encode(&operations, url).unwrap();
        assert!(content_type.starts_with("multipart/mixed; boundary=batch_"));
        let lines: Vec<&str> = body.split("\r\n").filter(|line| line.ends_with("HTTP/1.1")).collect();
        assert_eq!(
            lines,
            ["POST http://127.0.0.1/account/t HTTP/1.1", "DELETE http://127.0.0.1/account/t(p,b) HTTP/1.1"]
        );
        assert_eq!(body.matches("If-Match: *").count(), 1);
        assert!(body.contains("{\"PartitionKey\":\"p\",\"RowKey\":\"a\"}\r\n"));
    }
}
