// System topic of one source. Azure allows only one, so an existing topic is used if there is one.

@description('Name of the existing topic; empty to create one.')
param existingName string

@description('Name of a created topic.')
param newName string

@description('Region of the source; global for a resource group.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Resource id of the source.')
param source string

@description('Kind of source.')
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

@description('Resource id of the created resource.')
output id string = empty(existingName) ? made.id : found.id

@description('Name of the resource.')
output name string = empty(existingName) ? newName : existingName

@description('Principal id of its identity. An existing topic must have a system-assigned identity.')
output principalId string = empty(existingName) ? made!.identity.principalId : found!.identity.principalId
