// Right to read the containers of an account with audit logs and accesses. Azure creates a container with its first
// record, so the right is assigned on the account, with a condition that names the containers. One assignment has all of
// them: a principal has a role only once on an account.

@description('Principal that a role is assigned to.')
type assignee = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string

  @description('Kind of principal.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('Name of the storage account.')
param accountName string

@description('Names of the containers, at least one.')
param containers string[]

@description('App and its operators.')
param principals assignee[]

var roles = loadJsonContent('../roles.json')

var readsBlob = 'ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'}'

var isContainer = join(map(containers, name => '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals \'${name}\''), ' OR ')

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principal in principals: {
  // A constant text, not the first of the containers: Azure refuses an assignment under a second name.
  name: guid(account.id, 'insights-logs-bastionauditlogs', principal.principalId, roles.storageBlobDataReader)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    principalId: principal.principalId
    principalType: principal.principalType
    condition: '((!(${readsBlob})) OR (${isContainer}))'
    conditionVersion: '2.0'
    description: 'Bastion Archivist: read audit logs and accesses'
  }
}]
