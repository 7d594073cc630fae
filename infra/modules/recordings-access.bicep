// Assigns the custom roles on one container with recordings, and on nothing else.

@description('Person or group that works with the command line.')
type commandLineUser = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string

  @description('Kind of principal.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('Name of the storage account.')
param accountName string

@description('Name of the container.')
param container string

@description('Token that distinguishes the roles of several deployments.')
param token string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Resource id of an existing role for the app; empty for the role of recordings-role.bicep.')
param recordingsRoleId string

@description('People and groups that work with the command line.')
param operators commandLineUser[]

@description('Resource id of an existing role for operators; empty for the role of recordings-role.bicep.')
param operatorRoleId string

// The same names as in recordings-role.bicep, which must be deployed before.
var roleName = empty(recordingsRoleId) ? guid(toLower(resourceGroup().id), token, 'bastion-archivist-recordings') : last(split(recordingsRoleId, '/'))

var operatorRoleName = empty(operatorRoleId) ? guid(toLower(resourceGroup().id), token, 'bastion-archivist-operators') : last(split(operatorRoleId, '/'))

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

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(recordings.id, principalId, roleName)
  scope: recordings
  properties: {
    // A role definition has an id in each subscription, regardless of its assignable scopes.
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: read and tag recordings'
  }
}

resource operatorAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for operator in operators: {
  name: guid(recordings.id, operator.principalId, operatorRoleName)
  scope: recordings
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', operatorRoleName)
    principalId: operator.principalId
    principalType: operator.principalType
    description: 'Bastion Archivist: read and tag recordings with the command line'
  }
}]
