//! Lists every question of the checks.

/// Part of the setup addressed by a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Recording container of a bastion.
    Container,
    /// CORS rules for the portal's player.
    Cors,
    /// Network access to the account.
    Network,
    /// Write access of the bastion.
    Access,
    /// The bastion itself.
    Bastion,
    /// Audit log of the bastion.
    AuditLog,
    /// Log of the accesses of recordings.
    AccessLog,
    /// Way of writing recordings.
    Matching,
    /// Our own deployment.
    Own,
}

impl Group {
    /// Every group, in display order.
    pub const ALL: [Self; 9] = [
        Self::Container,
        Self::Cors,
        Self::Network,
        Self::Access,
        Self::Bastion,
        Self::AuditLog,
        Self::AccessLog,
        Self::Matching,
        Self::Own,
    ];

    /// Heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Container => "Recording container",
            Self::Cors => "CORS",
            Self::Network => "Network",
            Self::Access => "Access",
            Self::Bastion => "Bastion",
            Self::AuditLog => "Audit log",
            Self::AccessLog => "Access log",
            Self::Matching => "Matching",
            Self::Own => "Our own side",
        }
    }
}

macro_rules! questions {
    ($($variant:ident $group:ident $name:literal $asks:literal),+ $(,)?) => {
        /// Question about the setup.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Question {
            $(#[doc = $asks] $variant,)+
        }

        impl Question {
            /// Every question, in the order of the groups.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Stable name in documents and in the stored memory.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Parses a [`name`](Self::name). `None` if it is unknown.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|question| question.name() == name)
            }

            /// Text of the question for people.
            pub fn asks(self) -> &'static str {
                match self {
                    $(Self::$variant => $asks,)+
                }
            }

            /// Group of the question.
            pub fn group(self) -> Group {
                match self {
                    $(Self::$variant => Group::$group,)+
                }
            }
        }
    };
}

questions! {
    ContainerExists Container "container.exists" "the container exists",
    ContainerPrivate Container "container.private" "reading it requires signing in",
    ContainerVersioning Container "container.versioning" "blob versioning is off",
    ContainerImmutability Container "container.immutability" "it has no immutability policy and no legal hold of storage",
    ContainerNamespace Container "container.namespace" "the account has no hierarchical namespace, which has no tags",
    ContainerSoftDelete Container "container.soft_delete" "how long deleted blobs can be restored",
    ContainerRegion Container "container.region" "it is in the region of the bastion",
    ContainerContent Container "container.content" "only recordings are in it",
    ContainerSuffixes Container "container.suffixes" "no name is near its last suffix",
    CorsOrigin Cors "cors.origin" "the bastion's own origin may read",
    CorsMethod Cors "cors.method" "it may use GET",
    CorsHeaders Cors "cors.headers" "it may send every header",
    CorsMaxAge Cors "cors.max_age" "answers are remembered for a day",
    NetworkReach Network "network.reach" "viewers of recordings can reach the account",
    AccessKind Access "access.kind" "the configuration says how the bastion writes",
    AccessExpiry Access "access.expiry" "its access does not end soon",
    AccessSharedKey Access "access.shared_key" "the account accepts signatures made with its keys",
    AccessKeys Access "access.keys" "no account key is newer than the signature",
    AccessRole Access "access.role" "its identity may write to the container",
    SasContainer Access "sas.container" "the signature is for the configured container",
    SasPermissions Access "sas.permissions" "the signature permits read, create, write and list",
    SasHttps Access "sas.https" "the signature is for https only",
    SasStart Access "sas.start" "the signature began at least 15 minutes ago",
    SasExpiry Access "sas.expiry" "the signature does not end soon",
    BastionSku Bastion "bastion.sku" "it is of the Premium tier",
    BastionRecording Bastion "bastion.recording" "session recording is on",
    BastionContainer Bastion "bastion.container" "it records into the configured container",
    BastionShared Bastion "bastion.shared" "no other bastion records into its container",
    BastionNativeClient Bastion "bastion.native_client" "native clients, which are not recorded, are refused",
    AuditSetting AuditLog "audit_log.setting" "a diagnostic setting sends the audit log to storage",
    AuditRegion AuditLog "audit_log.region" "that storage is in the region of the bastion",
    AuditContainer AuditLog "audit_log.container" "the container of the log exists",
    AuditNewest AuditLog "audit_log.newest" "it continues while sessions are recorded",
    AccessLogSetting AccessLog "access_log.setting" "a diagnostic setting sends the accesses of recordings to storage",
    MatchingAlone Matching "matching.alone" "enough recordings stand alone to learn how it writes them",
    MatchingWay Matching "matching.way" "it writes recordings in one way",
    MatchingOffsets Matching "matching.offsets" "usual offsets lie well within the tolerances",
    MatchingClocks Matching "matching.clocks" "usual offsets are stable",
    OwnRecordingEvents Own "own.recording_events" "events of recordings come to the queue",
    OwnAuditEvents Own "own.audit_events" "events of audit logs come to the queue",
    OwnTags Own "own.tags" "tags can be read and written",
    OwnLifecycle Own "own.lifecycle" "rules of the platform delete recordings as the policy says, and no others",
    OwnQueues Own "own.queues" "queues are being processed",
    OwnPoison Own "own.poison" "the host gave up no messages",
    OwnDeadLetters Own "own.dead_letters" "the event service gave up no events",
    OwnQuarantine Own "own.quarantine" "quarantine is empty",
    OwnLedger Own "own.ledger" "the segments of the ledger can be listed",
    OwnChannels Own "own.channels" "channels accept notifications",
    OwnConfiguration Own "own.configuration" "the newest configuration is the one in use",
    OwnStores Own "own.stores" "containers are in the store that the catalogue was made from",
    OwnClock Own "own.clock" "our clock is right",
    OwnSettings Own "own.settings" "the host and the app use the same queue endpoint",
    OwnReach Own "own.reach" "every check can be made",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_names_are_unique_and_sorted_by_group() {
        let mut names: Vec<&str> = Question::ALL.iter().map(|question| question.name()).collect();
        assert!(Question::ALL.is_sorted_by_key(|question| question.group()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Question::ALL.len());
    }
}
