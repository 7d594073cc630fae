//! Role assignments in the management API.

use domain::address::ContainerAddress;
use domain::decide::posture::{MaybeKnown, ResourceId, Role};
use pipeline::ports::posture::Read;
use serde::Deserialize;

use super::client::Management;

const VERSION: &str = "2022-04-01";

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    role_definition_id: String,
    principal_id: String,
}

impl Management {
    /// Role assignments of the container and of every scope around it.
    pub(super) async fn roles(&self, account: &ResourceId, at: &ContainerAddress) -> Read<Vec<Role>> {
        let container = at.container.as_str();
        let scope = format!("{account}/blobServices/default/containers/{container}");
        let path = format!("{scope}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()");
        let listed: MaybeKnown<Option<Vec<Wire>>> = self.list(&path, VERSION).await?;
        let role = |Wire { properties }: Wire| Role {
            definition: properties.role_definition_id.rsplit('/').next().unwrap_or_default().to_owned(),
            principal: properties.principal_id,
        };
        Ok(listed.map(|all| all.unwrap_or_default().into_iter().map(role).collect()))
    }
}
