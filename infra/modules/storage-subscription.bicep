// Event subscription from one container to one queue.

@description('Name of the system topic of the container\'s account.')
param topicName string

@description('Name of the subscription.')
param name string

@description('Name of the container.')
param container string

@description('Full names of the delivered event types.')
param eventTypes array

@description('Resource id of the storage account with the queue.')
param stateAccountId string

@description('Name of the queue.')
param queueName string

@description('Container of dead letters in the account of the queue.')
param deadLetterContainer string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: eventTypes
      // Without the final slash, containers whose names begin with this one would match, too.
      subjectBeginsWith: '/blobServices/default/containers/${container}/'
      isSubjectCaseSensitive: true
    }
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: stateAccountId
          queueName: queueName
          // No expiry: by default, messages expire after a week, and the app may be down for longer.
          queueMessageTimeToLiveInSeconds: -1
        }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: stateAccountId
          blobContainerName: deadLetterContainer
        }
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
}
