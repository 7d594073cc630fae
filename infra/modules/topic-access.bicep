// Rights of a system topic in our storage account: add messages to queues, and store undeliverable events.

@description('Name of the storage account.')
param accountName string

@description('Queues to which the topic delivers.')
param queueNames array

@description('Container of dead letters.')
param deadLetterContainer string

@description('Principal id of the topic\'s identity.')
param principalId string

var roles = loadJsonContent('../roles.json')

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [for name in queueNames: {
  parent: queueService
  name: name
}]

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: blobService
  name: deadLetterContainer
}

resource sends 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (name, index) in queueNames: {
  name: guid(queue[index].id, principalId, roles.storageQueueDataMessageSender)
  scope: queue[index]
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataMessageSender)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: Event Grid delivers to ${name}'
  }
}]

resource keeps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(deadLetters.id, principalId, roles.storageBlobDataContributor)
  scope: deadLetters
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: Event Grid stores undeliverable events'
  }
}
