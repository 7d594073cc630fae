// The role of our own, on one container with recordings and nowhere else.

@description('The name of the storage account.')
param accountName string

@description('The container.')
param container string

@description('What keeps the roles of several deployments apart.')
param token string

@description('The principal id of the app\'s identity.')
param principalId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource recordings 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: blobService
  name: container
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' existing = {
  // Its group is written here as people write it, and where the role is made in lower case.
  name: guid(toLower(resourceGroup().id), token, 'bastion-archivist-recordings')
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(recordings.id, principalId, role.name)
  scope: recordings
  properties: {
    // Roles are of the subscription, wherever they can be given.
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.name)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: recordings are read and tagged'
  }
}
