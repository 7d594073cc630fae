// The right to ask the bastion which sessions go on, which the page shows. It ends none of them: that is for people.

@description('The name of the bastion.')
param bastionName string

@description('The environment, by which people know the role.')
param environmentName string

@description('What keeps the roles of several deployments apart, also of environments that are called the same.')
param token string

@description('The principal id of the app\'s identity.')
param principalId string

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' existing = {
  name: bastionName
}

// No built-in role has this action without those that change the bastion.
resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(toLower(resourceGroup().id), token, 'bastion-archivist-live-sessions')
  properties: {
    // No two roles of a tenant may have the same name.
    roleName: 'Bastion Archivist, live sessions (${environmentName}, ${uniqueString(toLower(resourceGroup().id), token)})'
    description: 'Asks a bastion which sessions go on'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: ['Microsoft.Network/bastionHosts/getactivesessions/action']
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource asks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(bastion.id, principalId, role.name)
  scope: bastion
  properties: {
    // Roles are of the subscription, wherever they can be given.
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.name)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: the page shows which sessions go on'
  }
}
