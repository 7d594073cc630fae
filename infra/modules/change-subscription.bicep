// Event subscription of the change alarm: changes of the watched resources of one resource group go to one queue.

@description('Name of the system topic of the resource group.')
param topicName string

@description('Name of the subscription.')
param name string

@description('Resource ids; resources below them are included.')
@maxLength(10)
param watched array

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
      // The regeneration of keys is an action; all other changes are writes or deletes.
      includedEventTypes: [
        'Microsoft.Resources.ResourceWriteSuccess'
        'Microsoft.Resources.ResourceDeleteSuccess'
        'Microsoft.Resources.ResourceActionSuccess'
      ]
      advancedFilters: [
        {
          operatorType: 'StringBeginsWith'
          key: 'subject'
          values: watched
        }
        {
          // Actions that change nothing: the portal lists keys, and the page lists sessions.
          operatorType: 'StringNotIn'
          key: 'data.operationName'
          values: [
            'Microsoft.Storage/storageAccounts/listKeys/action'
            'Microsoft.Storage/storageAccounts/listAccountSas/action'
            'Microsoft.Storage/storageAccounts/listServiceSas/action'
            'Microsoft.Network/bastionHosts/getActiveSessions/action'
          ]
        }
      ]
    }
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: stateAccountId
          queueName: queueName
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
