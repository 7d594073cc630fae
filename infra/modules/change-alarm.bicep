// System topics of the resource groups with the bastions and the accounts, for events about changes of them.
targetScope = 'subscription'

@description('Token that distinguishes the deployments of several environments.')
param token string

@description('Tags of all our resources.')
param tags object

@description('Resource ids of the bastions and the accounts, in lower case.')
param watched array

@description('Names of existing system topics, by subscription id, slash and resource group in lower case.')
param topicNames object

@description('Resource group of our storage account.')
param stateGroupName string

@description('Name of our storage account.')
param stateAccountName string

@description('Container of dead letters.')
param deadLetterContainer string

@description('True if alerts have recipients.')
param hasReceivers bool

@description('Resource id of the action group; empty without recipients.')
param actionGroupId string

var abbreviations = loadJsonContent('../abbreviations.json')

var paths = union([], map(watched, id => '${split(id, '/')[2]}/${split(id, '/')[4]}'))

var groups = map(paths, path => {
  subscription: split(path, '/')[0]
  name: split(path, '/')[1]
  watched: filter(watched, id => '${split(id, '/')[2]}/${split(id, '/')[4]}' == path)
})

// An event subscription takes 25 values in its filters, some of them for operations: ten resources for each.
var parts = flatten(map(groups, group => map(range(0, (length(group.watched) + 9) / 10), part => {
  path: '${group.subscription}/${group.name}'
  part: part
  watched: take(skip(group.watched, part * 10), 10)
})))

module topic 'system-topic.bicep' = [for group in groups: {
  name: 'archivist-changes-topic-${token}'
  scope: resourceGroup(group.subscription, group.name)
  params: {
    existingName: topicNames[?'${group.subscription}/${group.name}'] ?? ''
    // The name of a group may have characters that are not allowed in the name of a topic.
    newName: '${abbreviations.systemTopic}-archivist-${uniqueString(group.subscription, group.name)}'
    // Resource groups are a global source.
    location: 'global'
    tags: tags
    source: '/subscriptions/${group.subscription}/resourceGroups/${group.name}'
    topicType: 'Microsoft.Resources.ResourceGroups'
  }
}]

module topicAccess 'topic-access.bicep' = [for (group, index) in groups: {
  name: 'archivist-changes-access-${uniqueString(group.subscription, group.name)}-${token}'
  scope: resourceGroup(stateGroupName)
  params: {
    accountName: stateAccountName
    queueNames: ['resource-events']
    deadLetterContainer: deadLetterContainer
    principalId: topic[index].outputs.principalId
  }
}]

module deadLetterAlert 'dead-letter-alert.bicep' = [for (group, index) in groups: if (hasReceivers) {
  name: 'archivist-changes-dead-letters-${token}'
  scope: resourceGroup(group.subscription, group.name)
  params: {
    name: 'archivist-changes-${token}'
    tags: tags
    topicId: topic[index].outputs.id
    actionGroupId: actionGroupId
  }
}]

@description('Topics, and the resources whose changes each reports, at most ten at once.')
output topics array = [for part in parts: {
  subscription: split(part.path, '/')[0]
  group: split(part.path, '/')[1]
  name: topic[indexOf(paths, part.path)].outputs.name
  part: part.part
  watched: part.watched
}]
