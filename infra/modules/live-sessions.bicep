// Right to list the running sessions of the bastions of one resource group for the page. The app cannot end a session; only people can.

@description('Names of the bastions.')
param bastionNames array

@description('Name of the environment, part of the role\'s name.')
param environmentName string

@description('Token that distinguishes the roles of several deployments.')
param token string

@description('Resource id of an existing role with this right; empty to create one.')
param roleId string

@description('Principal id of the app\'s identity.')
param principalId string

var roleName = empty(roleId) ? guid(toLower(resourceGroup().id), token, 'bastion-archivist-live-sessions') : last(split(roleId, '/'))

resource bastion 'Microsoft.Network/bastionHosts@2025-01-01' existing = [for name in bastionNames: {
  name: name
}]

// Built-in roles with this action can also change the bastion.
resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (empty(roleId)) {
  name: guid(toLower(resourceGroup().id), token, 'bastion-archivist-live-sessions')
  properties: {
    // Two roles of a tenant cannot have the same name.
    roleName: 'Bastion Archivist, live sessions (${environmentName}, ${uniqueString(toLower(resourceGroup().id), token)})'
    description: 'Lists the running sessions of a bastion'
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

resource asks 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (name, index) in bastionNames: {
  name: guid(bastion[index].id, principalId, roleName)
  scope: bastion[index]
  properties: {
    // A role definition has an id in each subscription, regardless of its assignable scopes.
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: the page lists running sessions'
  }
  dependsOn: [role]
}]
