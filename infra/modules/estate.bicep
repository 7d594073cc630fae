// What is made at the storage accounts that are there already: events come from there, and the app is let in.
targetScope = 'subscription'

@description('The name of the environment.')
param environmentName string

@description('What tells the deployments of several environments apart.')
param token string

@description('What all our resources are labelled with.')
param tags object

@description('Every container that is heard: accountId, container, kind and topicName. The first is the one that the bastion records into, the second the one of its audit log.')
param sources array

@description('The resource group of our own storage account.')
param stateGroupName string

@description('The name of our own storage account.')
param stateAccountName string

@description('The resource id of our own storage account.')
param stateAccountId string

@description('The container of dead letters.')
param deadLetterContainer string

@description('The principal id of the app\'s identity.')
param principalId string

@description('Whether the archivist itself deletes what its policy lets go.')
param mayDelete bool

@description('Whether the app may look at the settings of the accounts, to check them.')
param checkConfiguration bool

@description('Whether somebody hears of alerts.')
param hasReceivers bool

@description('The resource id of the action group; empty where nobody hears of alerts.')
param actionGroupId string

var abbreviations = loadJsonContent('../abbreviations.json')

// By the kind of a container: the queue that hears of it, and of what.
var hears = {
  recordings: {
    queue: 'recording-events'
    eventTypes: [
      'Microsoft.Storage.BlobCreated'
      'Microsoft.Storage.BlobDeleted'
      'Microsoft.Storage.BlobTierChanged'
    ]
  }
  audit: {
    queue: 'audit-log-events'
    eventTypes: [
      'Microsoft.Storage.BlobCreated'
    ]
  }
}

// Each account once, whatever number of its containers is heard: it can have one system topic only.
var accountKeys = union([], map(sources, source => toLower(source.accountId)))

var accounts = map(accountKeys, key => filter(sources, source => toLower(source.accountId) == key)[0])

var recordings = filter(sources, source => source.kind == 'recordings')

var audits = filter(sources, source => source.kind == 'audit')

var recordingGroups = union([], map(recordings, source => toLower('${split(source.accountId, '/')[2]}/${split(source.accountId, '/')[4]}')))

module facts 'account-facts.bicep' = [for (account, index) in accounts: {
  name: 'archivist-facts-${index}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    accountName: last(split(account.accountId, '/'))
  }
}]

module topic 'system-topic.bicep' = [for (account, index) in accounts: {
  name: 'archivist-topic-${index}-${token}'
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
  name: 'archivist-topic-access-${index}-${token}'
  scope: resourceGroup(stateGroupName)
  params: {
    accountName: stateAccountName
    queueNames: [hears.recordings.queue, hears.audit.queue]
    deadLetterContainer: deadLetterContainer
    principalId: topic[index].outputs.principalId
  }
}]

module deadLetterAlert 'dead-letter-alert.bicep' = [for (account, index) in accounts: if (hasReceivers) {
  name: 'archivist-dead-letters-${index}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    name: 'archivist-${last(split(account.accountId, '/'))}-${token}'
    tags: tags
    topicId: topic[index].outputs.id
    actionGroupId: actionGroupId
  }
}]

// One after the other: two at once on one topic are refused.
@batchSize(1)
module subscriptions 'storage-subscription.bicep' = [for (source, index) in sources: {
  name: 'archivist-subscription-${index}-${token}'
  scope: resourceGroup(split(source.accountId, '/')[2], split(source.accountId, '/')[4])
  params: {
    topicName: topic[indexOf(accountKeys, toLower(source.accountId))].outputs.name
    // Of the token: two deployments whose environments are called the same may hear the same container.
    name: take('archivist-${token}-${source.container}', 64)
    container: source.container
    eventTypes: hears[source.kind].eventTypes
    stateAccountId: stateAccountId
    queueName: hears[source.kind].queue
    deadLetterContainer: deadLetterContainer
  }
  // Refused until the topic may deliver.
  dependsOn: [topicAccess]
}]

module recordingsRole 'recordings-role.bicep' = [for (path, index) in recordingGroups: {
  name: 'archivist-role-${index}-${token}'
  scope: resourceGroup(split(path, '/')[0], split(path, '/')[1])
  params: {
    environmentName: environmentName
    token: token
    mayDelete: mayDelete
  }
}]

module recordingsAccess 'recordings-access.bicep' = [for (source, index) in recordings: {
  name: 'archivist-recordings-${index}-${token}'
  scope: resourceGroup(split(source.accountId, '/')[2], split(source.accountId, '/')[4])
  params: {
    accountName: last(split(source.accountId, '/'))
    container: source.container
    token: token
    principalId: principalId
  }
  dependsOn: [recordingsRole]
}]

module auditAccess 'audit-access.bicep' = [for (source, index) in audits: {
  name: 'archivist-audit-${index}-${token}'
  scope: resourceGroup(split(source.accountId, '/')[2], split(source.accountId, '/')[4])
  params: {
    accountName: last(split(source.accountId, '/'))
    container: source.container
    principalId: principalId
  }
}]

module accountReader 'account-reader.bicep' = [for (account, index) in accounts: if (checkConfiguration) {
  name: 'archivist-reader-${index}-${token}'
  scope: resourceGroup(split(account.accountId, '/')[2], split(account.accountId, '/')[4])
  params: {
    accountName: last(split(account.accountId, '/'))
    topicName: topic[index].outputs.name
    principalId: principalId
  }
}]

@description('The blob endpoint of the account that the bastion records into.')
output recordingsAccountUrl string = facts[0].outputs.blobEndpoint

@description('The blob endpoint of the account that its audit log is exported into.')
output auditAccountUrl string = facts[indexOf(accountKeys, toLower(sources[1].accountId))].outputs.blobEndpoint
