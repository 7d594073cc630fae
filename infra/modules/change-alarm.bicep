// Whoever changes the bastion or an account with recordings is heard within minutes, by the events of their resource groups.
targetScope = 'subscription'

@description('What tells the deployments of several environments apart.')
param token string

@description('What all our resources are labelled with.')
param tags object

@description('The resource ids that are watched.')
param watched array

@description('The system topics that resource groups have already, by the name of the group in lower case.')
param topicNames object

@description('The resource group of our own storage account.')
param stateGroupName string

@description('The name of our own storage account.')
param stateAccountName string

@description('The resource id of our own storage account.')
param stateAccountId string

@description('The container of dead letters.')
param deadLetterContainer string

@description('Whether somebody hears of alerts.')
param hasReceivers bool

@description('The resource id of the action group; empty where nobody hears of alerts.')
param actionGroupId string

var abbreviations = loadJsonContent('../abbreviations.json')

var queueName = 'resource-events'

var paths = union([], map(watched, id => toLower('${split(id, '/')[2]}/${split(id, '/')[4]}')))

var groups = map(paths, path => { subscription: split(path, '/')[0], name: split(path, '/')[1] })

module topic 'system-topic.bicep' = [for (group, index) in groups: {
  name: 'archivist-changes-topic-${index}-${token}'
  scope: resourceGroup(group.subscription, group.name)
  params: {
    existingName: topicNames[?group.name] ?? ''
    // The name of a group may have signs that the name of a topic must not.
    newName: '${abbreviations.systemTopic}-archivist-${uniqueString(group.subscription, group.name)}'
    // Resource groups are a global source.
    location: 'global'
    tags: tags
    source: '/subscriptions/${group.subscription}/resourceGroups/${group.name}'
    topicType: 'Microsoft.Resources.ResourceGroups'
  }
}]

module topicAccess 'topic-access.bicep' = [for (group, index) in groups: {
  name: 'archivist-changes-access-${index}-${token}'
  scope: resourceGroup(stateGroupName)
  params: {
    accountName: stateAccountName
    queueNames: [queueName]
    deadLetterContainer: deadLetterContainer
    principalId: topic[index].outputs.principalId
  }
}]

module deadLetterAlert 'dead-letter-alert.bicep' = [for (group, index) in groups: if (hasReceivers) {
  name: 'archivist-changes-dead-letters-${index}-${token}'
  scope: resourceGroup(group.subscription, group.name)
  params: {
    name: 'archivist-changes-${token}'
    tags: tags
    topicId: topic[index].outputs.id
    actionGroupId: actionGroupId
  }
}]

module subscriptions 'change-subscription.bicep' = [for (group, index) in groups: {
  name: 'archivist-changes-${index}-${token}'
  scope: resourceGroup(group.subscription, group.name)
  params: {
    topicName: topic[index].outputs.name
    name: 'archivist-changes-${token}'
    watched: filter(watched, id => toLower('${split(id, '/')[2]}/${split(id, '/')[4]}') == '${group.subscription}/${group.name}')
    stateAccountId: stateAccountId
    queueName: queueName
    deadLetterContainer: deadLetterContainer
  }
  // Refused until the topic may deliver.
  dependsOn: [topicAccess]
}]
