// What happens in one container goes to one queue.

@description('The name of the system topic of the container\'s account.')
param topicName string

@description('The name of the subscription.')
param name string

@description('The container.')
param container string

@description('The types of events that are delivered, by their full names.')
param eventTypes array

@description('The resource id of the storage account with the queue.')
param stateAccountId string

@description('The queue.')
param queueName string

@description('The container of dead letters, in the same account as the queue.')
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
      // Without the slash at its end, a container whose name begins so would be heard, too.
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
          // Never: the app may be down for longer than the week after which messages go otherwise.
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
