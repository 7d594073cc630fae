// Changes of the watched resources of one resource group go to one queue: the change alarm.

@description('The name of the system topic of the resource group.')
param topicName string

@description('The name of the subscription.')
param name string

@description('The resource ids that are watched, with all that is below them.')
@maxLength(10)
param watched array

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
      // That keys were made anew is an action; a write or a delete is all the rest.
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
          // Every page of the portal lists keys, and every look at live sessions is an action, too.
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
