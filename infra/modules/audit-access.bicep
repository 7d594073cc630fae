// The right to read one container with audit logs. Azure makes that container with its first record, so it may not be
// there yet: the right is given on the account, under a condition that names the container.

@description('The name of the storage account.')
param accountName string

@description('The container.')
param container string

@description('The principal id of the app\'s identity.')
param principalId string

var roles = loadJsonContent('../roles.json')

var readsBlob = 'ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'}'

var isContainer = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals \'${container}\''

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, container, principalId, roles.storageBlobDataReader)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    principalId: principalId
    principalType: 'ServicePrincipal'
    condition: '((!(${readsBlob})) OR (${isContainer}))'
    conditionVersion: '2.0'
    description: 'Bastion Archivist: audit logs are read'
  }
}
