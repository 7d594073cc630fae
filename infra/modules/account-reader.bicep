// Right to read the settings of a storage account and of its system topic, for the checks of the configuration.

@description('Principal that a role is assigned to.')
type assignee = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string

  @description('Kind of principal.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('Name of the storage account.')
param accountName string

@description('Name of the system topic of the account.')
param topicName string

@description('App and its operators.')
param principals assignee[]

var roles = loadJsonContent('../roles.json')

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principal in principals: {
  name: guid(account.id, principal.principalId, roles.reader)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.reader)
    principalId: principal.principalId
    principalType: principal.principalType
    description: 'Bastion Archivist: check the configuration'
  }
}]

// Without this right the list of topics is empty, and the check would report missing events.
resource readsTopic 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principal in principals: {
  name: guid(topic.id, principal.principalId, roles.reader)
  scope: topic
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.reader)
    principalId: principal.principalId
    principalType: principal.principalType
    description: 'Bastion Archivist: check the configuration'
  }
}]
