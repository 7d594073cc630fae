// Event subscriptions, created after the app: by then the rights of the topics have taken effect, and every event finds
// an app that can read its container.
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

@description('System topic of a resource group, and the resources whose changes are reported.')
type changeTopic = {
  @description('Id of the subscription.')
  subscription: string

  @description('Name of the resource group.')
  group: string

  @description('Name of the topic.')
  name: string

  @description('Number of this part of the group\'s resources, from 0.')
  part: int

  @description('Resource ids.')
  watched: string[]
}

@description('Token that distinguishes the deployments of several environments.')
param token string

@description('Containers with recordings and audit logs.')
param sources sourceContainer[]

@description('Name of the system topic of each source, in the order of the sources.')
param topicNames array

@description('System topics of the change alarm.')
param changeTopics changeTopic[]

@description('Resource id of our storage account.')
param stateAccountId string

@description('Container of dead letters.')
param deadLetterContainer string

// Queue and event types by kind of container.
var events = {
  recordings: {
    queue: 'recording-events'
    types: [
      'Microsoft.Storage.BlobCreated'
      'Microsoft.Storage.BlobDeleted'
      'Microsoft.Storage.BlobTierChanged'
    ]
  }
  audit: {
    queue: 'audit-log-events'
    types: [
      'Microsoft.Storage.BlobCreated'
    ]
  }
}

// One after the other: Event Grid refuses two at once on one topic.
@batchSize(1)
module subscriptions 'storage-subscription.bicep' = [for (source, index) in sources: {
  name: 'archivist-subscription-${uniqueString(source.accountId, source.container)}-${token}'
  scope: resourceGroup(split(source.accountId, '/')[2], split(source.accountId, '/')[4])
  params: {
    topicName: topicNames[index]
    // With the token: two deployments whose environments have the same name may subscribe to one container.
    // A name has at most 64 characters, and long names of containers may differ only at the end.
    name: take('archivist-${token}-${length(source.container) > 40 ? uniqueString(source.container) : source.container}', 64)
    container: source.container
    eventTypes: events[source.kind].types
    stateAccountId: stateAccountId
    queueName: events[source.kind].queue
    deadLetterContainer: deadLetterContainer
  }
}]

@batchSize(1)
module changes 'change-subscription.bicep' = [for topic in changeTopics: {
  name: 'archivist-changes-${topic.part}-${token}'
  scope: resourceGroup(topic.subscription, topic.group)
  params: {
    topicName: topic.name
    name: 'archivist-changes-${token}-${topic.part}'
    watched: topic.watched
    stateAccountId: stateAccountId
    queueName: 'resource-events'
    deadLetterContainer: deadLetterContainer
  }
}]
