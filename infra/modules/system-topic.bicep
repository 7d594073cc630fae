// The system topic of one source. There can be one only: where somebody has made it already, that one is taken.

@description('The name of the topic that is there already; empty to make one.')
param existingName string

@description('The name of the one that is made.')
param newName string

@description('The region of the source; global for a resource group.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('The resource id of what raises the events.')
param source string

@description('What raises the events.')
@allowed([
  'Microsoft.Resources.ResourceGroups'
  'Microsoft.Storage.StorageAccounts'
])
param topicType string

resource made 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(existingName)) {
  name: newName
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: source
    topicType: topicType
  }
}

resource found 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (!empty(existingName)) {
  name: empty(existingName) ? newName : existingName
}

@description('Its resource id.')
output id string = empty(existingName) ? made.id : found.id

@description('Its name.')
output name string = empty(existingName) ? newName : existingName

@description('The principal id of its identity. One that is there already must have been given a system-assigned identity.')
output principalId string = empty(existingName) ? made!.identity.principalId : found!.identity.principalId
