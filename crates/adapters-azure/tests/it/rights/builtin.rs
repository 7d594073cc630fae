//! Rights of the built-in roles that the templates assign, and of roles with fewer rights that could replace them.
//!
//! After "Azure built-in roles for Storage", "… for General", "… for Monitor" and "… for Security" of the
//! documentation of Azure RBAC, which list actions and data actions of each role.

use super::grants::Rights;

/// A built-in role.
#[derive(Debug, PartialEq)]
pub struct BuiltinRole {
    pub name: &'static str,
    pub id: &'static str,
    pub actions: &'static [&'static str],
    pub data_actions: &'static [&'static str],
}

impl BuiltinRole {
    pub fn rights(&self) -> Rights {
        Rights::new(self.actions, self.data_actions)
    }
}

macro_rules! blob {
    ($rest:literal) => {
        concat!("Microsoft.Storage/storageAccounts/blobServices/", $rest)
    };
}

macro_rules! queue {
    ($rest:literal) => {
        concat!("Microsoft.Storage/storageAccounts/queueServices/queues/", $rest)
    };
}

macro_rules! table {
    ($rest:literal) => {
        concat!("Microsoft.Storage/storageAccounts/tableServices/tables/", $rest)
    };
}

pub const ROLES: [BuiltinRole; 12] = [
    BuiltinRole { name: "Reader", id: "acdd72a7-3385-48ef-bd42-f606fba81ae7", actions: &["*/read"], data_actions: &[] },
    BuiltinRole {
        name: "Storage Blob Data Owner",
        id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        actions: &[blob!("containers/*"), blob!("generateUserDelegationKey/action")],
        data_actions: &[blob!("containers/blobs/*")],
    },
    BuiltinRole {
        name: "Storage Blob Data Contributor",
        id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        actions: &[
            blob!("containers/delete"),
            blob!("containers/read"),
            blob!("containers/write"),
            blob!("generateUserDelegationKey/action"),
        ],
        data_actions: &[
            blob!("containers/blobs/delete"),
            blob!("containers/blobs/read"),
            blob!("containers/blobs/write"),
            blob!("containers/blobs/move/action"),
            blob!("containers/blobs/add/action"),
        ],
    },
    BuiltinRole {
        name: "Storage Blob Data Reader",
        id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        actions: &[blob!("containers/read"), blob!("generateUserDelegationKey/action")],
        data_actions: &[blob!("containers/blobs/read")],
    },
    BuiltinRole {
        name: "Storage Queue Data Contributor",
        id: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        actions: &[queue!("delete"), queue!("read"), queue!("write")],
        data_actions: &[
            queue!("messages/delete"),
            queue!("messages/read"),
            queue!("messages/write"),
            queue!("messages/process/action"),
        ],
    },
    BuiltinRole {
        name: "Storage Queue Data Message Processor",
        id: "8a0f0c08-91a1-4084-bc3d-661d67233fed",
        actions: &[],
        data_actions: &[queue!("messages/read"), queue!("messages/process/action")],
    },
    BuiltinRole {
        name: "Storage Queue Data Message Sender",
        id: "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
        actions: &[],
        data_actions: &[queue!("messages/add/action")],
    },
    BuiltinRole {
        name: "Storage Queue Data Reader",
        id: "19e7f393-937e-4f77-808e-94535e297925",
        actions: &[queue!("read")],
        data_actions: &[queue!("messages/read")],
    },
    BuiltinRole {
        name: "Storage Table Data Contributor",
        id: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        actions: &[table!("read"), table!("write"), table!("delete")],
        data_actions: &[
            table!("entities/read"),
            table!("entities/write"),
            table!("entities/delete"),
            table!("entities/add/action"),
            table!("entities/update/action"),
        ],
    },
    BuiltinRole {
        name: "Storage Table Data Reader",
        id: "76199698-9eea-4c19-bc75-cec21354c6b6",
        actions: &[table!("read")],
        data_actions: &[table!("entities/read")],
    },
    BuiltinRole {
        name: "Monitoring Metrics Publisher",
        id: "3913510d-42f4-4e42-8a64-420c390055eb",
        actions: &[],
        data_actions: &["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"],
    },
    BuiltinRole {
        name: "Key Vault Secrets User",
        id: "4633458b-17de-408a-b874-0445c86b69e6",
        actions: &[],
        data_actions: &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    },
];

pub fn by_id(id: &str) -> &'static BuiltinRole {
    ROLES.iter().find(|role| role.id == id).unwrap_or_else(|| panic!("the rights of role {id} are not in the table"))
}

pub fn by_name(name: &str) -> Option<&'static BuiltinRole> {
    ROLES.iter().find(|role| role.name == name)
}
