// Resources next to the existing storage accounts: system topics, alerts on them, and the rights of app and operators.
targetScope = 'subscription'

@description('Container with recordings or audit logs.')
type sourceContainer = {
  @description('Resource id of the storage account.')
  accountId: string

  @description('Name of the container.')
  container: string

  @description('Contents of the container.')
  kind: 'recordings' | 'audit'

  @description('Name of the existing system topic of the account; empty if it has none.')
  topicName: string
}

@description('Person or group that works with the command line.')
type commandLineUser = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string

  @description('Kind of principal.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('Name of the environment.')
param environmentName string

@description('Token that distinguishes the deployments of several environments.')
param token string

@description('Tags of all our resources.')
param tags object

@description('Containers with recordings and audit logs, each once; account ids in lower case. The first is the recordings container of the first bastion.')
param sources sourceContainer[]

@description('Resource ids of the accounts that receive accesses of recordings, each once, in lower case.')
param accessLogAccountIds string[]

@description('Resource id of the account with the first bastion\'s audit log; empty without one.')
param firstAuditAccountId string

@description('Resource group of our storage account.')
param stateGroupName string

@description('Name of our storage account.')
param stateAccountName string

@description('Container of dead letters.')
param deadLetterContainer string

@description('Principal id of the app\'s identity.')
param principalId string

@description('People and groups that work with the command line.')
param operators commandLineUser[]

@description('Resource id of an existing role for the app on containers with recordings; empty to create one.')
param recordingsRoleId string

@description('Resource id of an existing role for operators on containers with recordings; empty to create one.')
param operatorRoleId string

@description('Gives the app the right to delete recordings.')
param mayDelete bool

@description('Gives the app the right to read the settings of the accounts.')
param checkConfiguration bool

@description('True if alerts have recipients.')
param hasReceivers bool

@description('Resource id of the action group; empty without recipients.')
param actionGroupId string

var abbreviations = loadJsonContent('../abbreviations.json')

// Each account once: an account can have only one system topic.
var accountKeys = union([], map(sources, source => source.accountId))

var accounts = map(accountKeys, key => filter(sources, source => source.accountId == key)[0])

var recordings = filter(sources, source => source.kind == 'recordings')

var audits = filter(sources, source => source.kind == 'audit')

// Containers with accesses, as named by the platform.
var accessContainers = ['insights-logs-storageread', 'insights-logs-storagewrite', 'insights-logs-storagedelete']

var logAccountIds = union(map(audits, source => source.accountId), accessLogAccountIds)

var recordingGroups = union([], map(recordings, source => '${split(source.accountId, '/')[2]}/${split(source.accountId, '/')[4]}'))

var hasOperators = !empty(operators)

var app = { principalId: principalId, principalType: 'ServicePrincipal' }

module facts 'account-facts.bicep' = [for account in accounts: {
  name: 'archivist-facts-${uniqueString(account.accountId)}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    accountName: last(split(account.accountId, '/'))
  }
}]

// Custom roles first: Azure accepts an assignment only after the definition has replicated.
module recordingsRole 'recordings-role.bicep' = [for path in recordingGroups: if (empty(recordingsRoleId) || (hasOperators && empty(operatorRoleId))) {
  name: 'archivist-role-${token}'
  scope: resourceGroup(split(path, '/')[0], split(path, '/')[1])
  params: {
    environmentName: environmentName
    token: token
    mayDelete: mayDelete
    forApp: empty(recordingsRoleId)
    forOperators: hasOperators && empty(operatorRoleId)
  }
}]

module topic 'system-topic.bicep' = [for (account, index) in accounts: {
  name: 'archivist-topic-${uniqueString(account.accountId)}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    existingName: account.topicName
    newName: '${abbreviations.systemTopic}-archivist-${last(split(account.accountId, '/'))}'
    location: facts[index].outputs.location
    tags: tags
    source: account.accountId
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}]

module topicAccess 'topic-access.bicep' = [for (account, index) in accounts: {
  name: 'archivist-topic-access-${uniqueString(account.accountId)}-${token}'
  scope: resourceGroup(stateGroupName)
  params: {
    accountName: stateAccountName
    queueNames: ['recording-events', 'audit-log-events']
    deadLetterContainer: deadLetterContainer
    principalId: topic[index].outputs.principalId
  }
}]

module deadLetterAlert 'dead-letter-alert.bicep' = [for (account, index) in accounts: if (hasReceivers) {
  name: 'archivist-dead-letters-${uniqueString(account.accountId)}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    name: 'archivist-${last(split(account.accountId, '/'))}-${token}'
    tags: tags
    topicId: topic[index].outputs.id
    actionGroupId: actionGroupId
  }
}]

module recordingsAccess 'recordings-access.bicep' = [for source in recordings: {
  name: 'archivist-recordings-${uniqueString(source.accountId, source.container)}-${token}'
  scope: resourceGroup(split(source.accountId, '/')[2], split(source.accountId, '/')[4])
  params: {
    accountName: last(split(source.accountId, '/'))
    container: source.container
    token: token
    principalId: principalId
    recordingsRoleId: recordingsRoleId
    operators: operators
    operatorRoleId: operatorRoleId
  }
  // The topics and their rights in between give the role definitions time to replicate.
  dependsOn: [recordingsRole, topicAccess]
}]

module auditAccess 'audit-access.bicep' = [for id in logAccountIds: {
  name: 'archivist-audit-${uniqueString(id)}-${token}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    accountName: last(split(id, '/'))
    containers: union(map(filter(audits, source => source.accountId == id), source => source.container), contains(accessLogAccountIds, id) ? accessContainers : [])
    principals: concat([app], operators)
  }
}]

module accountReader 'account-reader.bicep' = [for (account, index) in accounts: if (checkConfiguration || hasOperators) {
  name: 'archivist-reader-${uniqueString(account.accountId)}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    accountName: last(split(account.accountId, '/'))
    topicName: topic[index].outputs.name
    principals: concat(checkConfiguration ? [app] : [], operators)
  }
}]

@description('Blob endpoint of the account with the first bastion\'s recordings.')
output recordingsAccountUrl string = facts[0].outputs.blobEndpoint

@description('Blob endpoint of the account with its audit log; of the one with the recordings if there is none.')
output auditAccountUrl string = facts[max(indexOf(accountKeys, toLower(firstAuditAccountId)), 0)].outputs.blobEndpoint

@description('Name of the system topic of each source, in the order of the sources.')
output topicNames array = [for source in sources: topic[indexOf(accountKeys, source.accountId)].outputs.name]
