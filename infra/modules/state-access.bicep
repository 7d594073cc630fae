// Rights of the app in our storage account, which the host uses as well.

@description('Name of the storage account.')
param accountName string

@description('Principal id of the app\'s identity.')
param principalId string

var roles = loadJsonContent('../roles.json')

// The host needs the first: it stores locks and keys in blobs.
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
    description: 'Bastion Archivist: the host and the app store their state'
  }
}]
