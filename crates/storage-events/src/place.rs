//! Parses account, container and blob from the resource id and the subject of an event.

/// Returns the account in the resource id of a storage account; segment names match case-insensitively.
pub(crate) fn account(resource_id: &str) -> Option<&str> {
    let mut segments = resource_id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case("storageAccounts"))?;
    segments.next().filter(|account| !account.is_empty())
}

/// Returns container and blob name of the subject `/blobServices/default/containers/{container}/blobs/{name}`.
///
/// The name is everything after the first `/blobs/`, unchanged: it may itself contain `/`, `%` and `/blobs/`.
pub(crate) fn container_and_name(subject: &str) -> Option<(&str, &str)> {
    let path = subject.strip_prefix('/').unwrap_or(subject);
    let (container, rest) = path.strip_prefix("blobServices/default/containers/")?.split_once('/')?;
    let name = rest.strip_prefix("blobs/")?;
    (!container.is_empty() && !name.is_empty()).then_some((container, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_follows_its_segment_in_any_case() {
        for id in [
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stbastionrec01",
            "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/stbastionrec01",
            "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/stbastionrec01/blobServices/default",
        ] {
            assert_eq!(account(id), Some("stbastionrec01"), "{id}");
        }
    }

    #[test]
    fn a_resource_of_another_kind_has_no_account() {
        for id in ["", "/", "/subscriptions/s", "/storageAccounts", "/storageAccounts/", "/xstorageAccounts/a"] {
            assert_eq!(account(id), None, "{id}");
        }
    }

    #[test]
    fn a_subject_may_lack_its_leading_slash() {
        let subject = "blobServices/default/containers/recordings/blobs/vm-user";
        assert_eq!(container_and_name(subject), Some(("recordings", "vm-user")));
    }

    #[test]
    fn the_name_is_everything_after_the_first_blobs_segment() {
        for name in ["blobs/x", "a/blobs/b", "/", "..", "a//b", "%2Fx", " "] {
            let subject = format!("/blobServices/default/containers/recordings/blobs/{name}");
            assert_eq!(container_and_name(&subject), Some(("recordings", name)));
        }
    }

    #[test]
    fn a_subject_without_container_and_blob_is_not_parsed() {
        for subject in [
            "",
            "/blobServices/default/containers/recordings",
            "/blobServices/default/containers/recordings/blobs/",
            "/blobServices/default/containers//blobs/x",
            "/blobServices/default/containers/recordings/x/blobs/y",
            "//blobServices/default/containers/recordings/blobs/x",
            "BlobDataManagement/LifeCycleManagement/SummaryReport",
        ] {
            assert_eq!(container_and_name(subject), None, "{subject}");
        }
    }
}
