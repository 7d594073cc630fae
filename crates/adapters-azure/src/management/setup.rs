//! Reads settings that a storage account reports about itself.

use azure_core::error::ErrorKind;
use azure_core::http::{StatusCode, Url};
use azure_core::time::OffsetDateTime;
use azure_storage_blob::BlobServiceClient;
use azure_storage_blob::models::{self, BlobContainerClientGetPropertiesResultHeaders};
use domain::address::ContainerName;
use domain::decide::posture::{ContainerFacts, CorsRule, MaybeKnown, ServiceFacts, StoredPolicy};
use jiff::Timestamp;
use pipeline::ports::posture::Read;

use crate::blobs::{is_container_absent, service};
use crate::client::{AccessError, Failure, ServiceAnswer, StorageAccess, date};

/// Account, asked through its own services.
pub(super) struct StorageSetup {
    service: BlobServiceClient,
}

impl StorageSetup {
    pub(super) fn new(access: &StorageAccess, endpoint: &Url) -> Result<Self, AccessError> {
        Ok(Self { service: service(access, endpoint)? })
    }

    pub(super) async fn service(&self) -> Read<ServiceFacts> {
        let object = "read the settings of the blob service";
        let answer = match self.service.get_properties(None).await {
            Ok(answer) => answer.into_model(),
            Err(error) => Err(error),
        };
        let answer = match seen(answer, object)? {
            MaybeKnown::Read(answer) => answer,
            MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
        };
        let soft = answer.delete_retention_policy.filter(|policy| policy.enabled == Some(true));
        Ok(MaybeKnown::Read(ServiceFacts {
            cors: answer.cors.unwrap_or_default().into_iter().map(rule).collect(),
            is_versioned: MaybeKnown::unread("only the management API shows whether versioning is on"),
            soft_delete_days: soft.map(|policy| policy.days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0)),
        }))
    }

    pub(super) async fn container(&self, name: &ContainerName) -> Read<Option<ContainerFacts>> {
        let object = format!("read container {}", name.as_str());
        let answer = self.service.blob_container_client(name.as_str()).get_properties(None).await;
        let answer = match answer.map_err(Failure::from) {
            Err(failure) if failure.answer == ServiceAnswer::NotFound || is_container_absent(&failure) => {
                return Ok(MaybeKnown::Read(None));
            }
            Err(failure) => return unseen(failure, &object),
            Ok(answer) => answer,
        };
        let read = || -> azure_core::Result<ContainerFacts> {
            Ok(ContainerFacts {
                public_access: answer.access()?.map(|level| level.to_string()),
                is_immutable: answer.has_immutability_policy()?.unwrap_or(false)
                    || answer.is_immutable_storage_with_versioning_enabled()?.unwrap_or(false),
                has_legal_hold: answer.has_legal_hold()?.unwrap_or(false),
            })
        };
        read().map(|facts| MaybeKnown::Read(Some(facts))).map_err(|error| Failure::from(error).fault(object))
    }

    pub(super) async fn policies(&self, name: &ContainerName) -> Read<Vec<StoredPolicy>> {
        let object = format!("read the access policies of container {}", name.as_str());
        let answer = match self.service.blob_container_client(name.as_str()).get_access_policy(None).await {
            Ok(answer) => answer.into_model(),
            Err(error) => Err(error),
        };
        Ok(seen(answer, &object)?
            .map(|answer| answer.items.unwrap_or_default().into_iter().filter_map(policy).collect()))
    }

    /// Reads the `Date` header of any answer, in whole seconds. A refusal carries it as well: the app has no right to
    /// read the settings of the archivist's own account.
    pub(super) async fn time(&self) -> Read<Timestamp> {
        let answer = match self.service.get_properties(None).await {
            Ok(answer) => Ok(date(answer.headers())),
            Err(error) => match error.kind() {
                ErrorKind::HttpResponse { status: StatusCode::Forbidden, raw_response: Some(refusal), .. } => {
                    Ok(date(refusal.headers()))
                }
                _ => Err(error),
            },
        };
        Ok(match seen(answer, "ask storage for the time")? {
            MaybeKnown::Read(answer) => {
                answer.map_or_else(|| MaybeKnown::unread("the answer of storage has no date"), MaybeKnown::Read)
            }
            MaybeKnown::NotReadable(why) => MaybeKnown::NotReadable(why),
        })
    }
}

fn seen<T>(answer: azure_core::Result<T>, object: &str) -> Read<T> {
    match answer.map_err(Failure::from) {
        Ok(value) => Ok(MaybeKnown::Read(value)),
        Err(failure) => unseen(failure, object),
    }
}

/// Maps a refusal to `NotReadable`: a missing right is no fault of the service.
fn unseen<T>(failure: Failure, object: &str) -> Read<T> {
    let fault = failure.fault(object);
    if fault.kind == pipeline::ports::FaultKind::Refused {
        return Ok(MaybeKnown::unread(fault.to_string()));
    }
    Err(fault)
}

fn rule(rule: models::CorsRule) -> CorsRule {
    let list = |text: Option<String>| {
        let text = text.unwrap_or_default();
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    CorsRule {
        origins: list(rule.allowed_origins),
        methods: list(rule.allowed_methods),
        headers: list(rule.allowed_headers),
        max_age: rule.max_age_in_seconds.map_or(0, i64::from),
    }
}

fn policy(answer: models::SignedIdentifier) -> Option<StoredPolicy> {
    let at = |at: Option<OffsetDateTime>| at.and_then(|at| Timestamp::from_second(at.unix_timestamp()).ok());
    let policy = answer.access_policy.unwrap_or_default();
    Some(StoredPolicy {
        id: answer.id?,
        start: at(policy.start),
        expiry: at(policy.expiry),
        permissions: policy.permission,
    })
}
