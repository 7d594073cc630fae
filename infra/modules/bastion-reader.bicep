// The right to look at the settings of the bastion, for the checks of the configuration.

@description('The name of the bastion.')
param bastionName string

@description('The principal id of the app\'s identity.')
param principalId string

var roles = loadJsonContent('../roles.json')

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' existing = {
  name: bastionName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bastion.id, principalId, roles.reader)
  scope: bastion
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.reader)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: the configuration is checked'
  }
}
