// What the app may do in the storage account of our own, which is the host's as well.

@description('The name of the storage account.')
param accountName string

@description('The principal id of the app\'s identity.')
param principalId string

var roles = loadJsonContent('../roles.json')

// The host asks for the first one; it keeps locks and keys in blobs.
var needed = [
  roles.storageBlobDataOwner
  roles.storageQueueDataContributor
  roles.storageTableDataContributor
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in needed: {
  name: guid(account.id, principalId, role)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: the host and the app keep their own things'
  }
}]
