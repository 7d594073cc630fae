//! Writes recordings into an account of the emulator.

use azurite::Account;
use domain::address::BlobAddress;
use domain::record::blob::{BlobEvent, ETag, Happening};
use hyper::header::{ETAG, LAST_MODIFIED};
use hyper::{Method, Response};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::bare::{BareStorage, Service};
use crate::Measured;
use crate::world::{LandedRecording, Number, name, sequencer};

const CONTAINER: &str = "recordings";

/// An account with a container of recordings.
pub struct BenchStorage {
    pub account: Account,
    blobs: BareStorage,
    landed: Number,
}

impl BenchStorage {
    /// Creates the empty container in the account.
    pub async fn new(account: Account) -> Measured<Self> {
        let mut blobs = BareStorage::new(&account, Service::Blob, 0)?;
        blobs.send(Method::PUT, CONTAINER, "restype=container", &[], "").await?;
        Ok(Self { account, blobs, landed: 0 })
    }

    /// Writes more recordings of one byte each. Returns their events.
    pub async fn land(&mut self, count: usize) -> Measured<Vec<LandedRecording>> {
        let mut landed = Vec::with_capacity(count);
        for _ in 0..count {
            let number = self.landed;
            self.landed += 1;
            let name = name(number);
            let headers = [("x-ms-blob-type", "BlockBlob"), ("content-type", "application/octet-stream")];
            let written = self.blobs.send(Method::PUT, &format!("{CONTAINER}/{name}"), "", &headers, "x").await?;
            let (etag, at) = (ETag::new(header(&written, &ETAG)?), header(&written, &LAST_MODIFIED)?);
            let at: Timestamp = rfc2822::parse(at)?.timestamp();
            let what = Happening::Written { etag: Some(etag.clone()), size: 1 };
            let event = BlobEvent { sequencer: sequencer(number)?, at, what };
            landed.push(LandedRecording {
                address: BlobAddress::parse(&self.account.name, CONTAINER, &name)?,
                event,
                etag,
            });
        }
        Ok(landed)
    }
}

fn header<'a, B>(response: &'a Response<B>, name: &hyper::header::HeaderName) -> Measured<&'a str> {
    let value = response.headers().get(name).ok_or_else(|| format!("the answer has no {name}"))?;
    Ok(value.to_str()?)
}
