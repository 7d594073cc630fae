//! Reads the same file with a general parser: one struct per line, dates left as texts.

use std::path::Path;

use serde::Deserialize;

use super::{Sum, each_chunk};
use crate::Measured;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    time: &'a str,
    resource_id: &'a str,
    operation_name: &'a str,
    category: &'a str,
    #[serde(borrow)]
    properties: Properties<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    message: &'a str,
    user_name: &'a str,
    user_email: &'a str,
    client_ip_address: &'a str,
    client_port: u16,
    protocol: &'a str,
    target_resource_id: &'a str,
    #[serde(rename = "targetVMIPAddress")]
    target_vm_ip_address: &'a str,
    resource_type: &'a str,
    tunnel_id: &'a str,
    user_agent: &'a str,
    session_start_time: Option<&'a str>,
    session_end_time: Option<&'a str>,
    duration: Option<u64>,
}

/// Reads the file line by line. A line that crosses a chunk's end is copied to the next chunk.
pub fn read(file: &Path) -> Measured<Sum> {
    let (mut sum, mut rest) = (Sum::default(), Vec::new());
    each_chunk(file, |chunk| {
        let mut chunk = chunk;
        if !rest.is_empty()
            && let Some(end) = memchr::memchr(b'\n', chunk)
        {
            rest.extend_from_slice(&chunk[..end]);
            sum.line(&rest)?;
            rest.clear();
            chunk = &chunk[end + 1..];
        }
        while let Some(end) = memchr::memchr(b'\n', chunk) {
            sum.line(&chunk[..end])?;
            chunk = &chunk[end + 1..];
        }
        rest.extend_from_slice(chunk);
        Ok(())
    })?;
    Ok(sum)
}

impl Sum {
    fn line(&mut self, line: &[u8]) -> Measured<()> {
        let line: Line<'_> = sonic_rs::from_slice(line)?;
        let its = &line.properties;
        let texts = [
            line.resource_id, line.operation_name, its.message, its.user_name, its.user_email, its.client_ip_address,
            its.protocol, its.target_resource_id, its.target_vm_ip_address, its.resource_type, its.tunnel_id,
            its.user_agent,
        ];
        if line.category != "BastionAuditLogs" {
            return Err("another category".into());
        }
        self.records += 1;
        self.letters += texts.into_iter().map(str::len).sum::<usize>();
        self.ports += u64::from(its.client_port);
        let times = [Some(line.time), its.session_start_time, its.session_end_time];
        self.ends += times.into_iter().flatten().count() as u64 + u64::from(its.duration.is_some());
        Ok(())
    }
}
