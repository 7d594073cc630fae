// Rights of people with the command line in our storage account: catalogue, queues, ledger and quarantine.

@description('Name of the storage account.')
param accountName string

@description('Object id of the person or group in Microsoft Entra ID.')
param principalId string

@description('Kind of principal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string

var roles = loadJsonContent('../roles.json')

var needed = [
  roles.storageBlobDataContributor
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
    principalType: principalType
    description: 'Bastion Archivist: work with the command line'
  }
}]
