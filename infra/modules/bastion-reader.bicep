// Right to read the settings of the bastion, for the checks of the configuration.

@description('Principal that a role is assigned to.')
type assignee = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string

  @description('Kind of principal.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('Name of the bastion.')
param bastionName string

@description('App and its operators.')
param principals assignee[]

var roles = loadJsonContent('../roles.json')

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' existing = {
  name: bastionName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principal in principals: {
  name: guid(bastion.id, principal.principalId, roles.reader)
  scope: bastion
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.reader)
    principalId: principal.principalId
    principalType: principal.principalType
    description: 'Bastion Archivist: check the configuration'
  }
}]
